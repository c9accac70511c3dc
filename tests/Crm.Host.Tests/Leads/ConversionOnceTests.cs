using System.Net;
using Npgsql;

namespace Crm.Host.Tests.Leads;

/// <summary>A conversion happens once, and as a whole or not at all: repeated, raced, interrupted.</summary>
public sealed class ConversionOnceTests(LeadHost host) : IClassFixture<LeadHost>
{
    [Fact]
    public async Task Repeated_conversion_answers_the_same_and_makes_nothing()
    {
        var lead = await host.QualifiedAsync();
        var first = await host.ConvertAsync(lead);
        var (rows, made) = (await host.RowsAsync(), await host.MadeAsync());

        var again = await host.ConvertAsync(lead);
        var another = await host.ConvertAsync(lead, new { dealName = "Another", personId = Guid.CreateVersion7(), transition = "disqualify" });

        first.Status.ShouldBe(HttpStatusCode.Created, first.Text);
        (again.Status, again.Text).ShouldBe((HttpStatusCode.OK, first.Text));
        (another.Status, another.Text).ShouldBe((HttpStatusCode.OK, first.Text));
        (await host.RowsAsync()).ShouldBe(rows);
        (await host.MadeAsync()).ShouldBe(made);
    }

    [Fact]
    public async Task Under_an_idempotency_key_even_the_status_is_the_first_ones()
    {
        var lead = await host.QualifiedAsync();
        var key = ("Idempotency-Key", $"convert {lead["id"]}");

        var answers = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => host.ConvertAsync(lead, null, key)));

        answers.ShouldAllBe(a => a == answers[0]);
        answers[0].Status.ShouldBe(HttpStatusCode.Created, answers[0].Text);
        (await host.ConvertAsync(await host.QualifiedAsync(), null, key)).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "invalid").Faults.ShouldBe([" idempotency-key-reused"]);
    }

    [Fact]
    public async Task Of_conversions_at_once_one_makes_and_all_answer_the_same()
    {
        for (var round = 0; round < 10; round++)
        {
            var lead = await host.QualifiedAsync($"Racer {round}", $"Racers {round}");
            var before = await host.MadeAsync();

            var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => host.ConvertAsync(lead)));

            answers.Select(a => a.Status).ShouldBe([HttpStatusCode.Created, HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK], ignoreOrder: true, string.Join('\n', answers.Select(a => a.Text)));
            answers.ShouldAllBe(a => a.Text == answers[0].Text);
            await ShouldHaveMadeOneSetAsync(before);
        }
    }

    [Fact]
    public async Task Move_and_conversion_at_once_make_one_set()
    {
        for (var round = 0; round < 10; round++)
        {
            var lead = await host.QualifiedAsync($"Mover {round}", $"Movers {round}");
            var before = await host.MadeAsync();

            var (moved, converted) = (host.MoveAsync(lead, "convert", 3), host.ConvertAsync(lead));

            (await converted).Status.ShouldBeOneOf(HttpStatusCode.Created, HttpStatusCode.OK);
            (await moved).Status.ShouldBe((await converted).Status == HttpStatusCode.OK ? HttpStatusCode.OK : HttpStatusCode.Conflict, (await moved).Text);
            await ShouldHaveMadeOneSetAsync(before);
        }
    }

    // Each statement of the conversion waits for a lock somebody else holds, and there its connection dies.
    [Theory]
    [InlineData("wfm.project")]
    [InlineData("crm.organization")]
    [InlineData("crm.person")]
    [InlineData("crm.deal")]
    [InlineData("wfm.event")]
    [InlineData("wfm.history")]
    public async Task Connection_that_dies_in_the_middle_leaves_nothing_and_the_next_try_converts(string table)
    {
        var lead = await host.QualifiedAsync();
        var rows = await host.RowsAsync();
        await using (var other = new NpgsqlConnection(host.Owner))
        {
            await other.OpenAsync();
            await using var transaction = await other.BeginTransactionAsync();
            await ExecuteAsync(other, $"lock table {table} in exclusive mode");
            var conversion = host.ConvertAsync(lead);
            await KillWhoWaitsAsync(other);
            (await conversion).ShouldBeProblem(HttpStatusCode.ServiceUnavailable, "service-unavailable");
        }

        (await host.RowsAsync()).ShouldBe(rows);
        (await host.Agent.GetAsync($"/api/v1/leads/{lead["id"]}"))["step"].GetValue<string>().ShouldBe("qualified");
        (await host.ConvertAsync(lead)).Status.ShouldBe(HttpStatusCode.Created);
    }

    private async Task ShouldHaveMadeOneSetAsync((long Organizations, long People, long Deals, long Events) before)
    {
        var after = await host.MadeAsync();
        (after.Organizations - before.Organizations, after.People - before.People, after.Deals - before.Deals, after.Events - before.Events).ShouldBe((1, 1, 1, 11));
    }

    private static async Task KillWhoWaitsAsync(NpgsqlConnection other)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await ExecuteAsync(other, $"select pg_terminate_backend(pid) from pg_stat_activity where {other.ProcessID} = any (pg_blocking_pids(pid)) limit 1") is not true) patience.Token.ThrowIfCancellationRequested();
    }

    private static async Task<object?> ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
