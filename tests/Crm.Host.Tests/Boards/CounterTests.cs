using System.Net;
using Crm.Host.Boards;
using Crm.Host.Database;
using Crm.Host.Tests.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Crm.Host.Tests.Boards;

/// <summary>Counters say what counting would, whoever changes what at the same time; and nobody waits for them.</summary>
public sealed class CounterTests(CrmHost host) : IClassFixture<CrmHost>
{
    // What the counters say and counting does not, and the other way round.
    private const string Wrong = """
        with told as (
          select workspace_id, noun, step, currency, sum(count) as count, sum(amount) as amount
          from (select workspace_id, noun, step, currency, count, amount from crm.step_sum union all select workspace_id, noun, step, currency, count, amount from crm.step_change) b
          group by 1, 2, 3, 4 having sum(count) <> 0 or sum(amount) <> 0
        ), counted as (
          select workspace_id, 'deal', step, currency, count(*)::numeric, coalesce(sum(amount), 0) from crm.deal where deleted_at is null and step is not null group by 1, 2, 3, 4
          union all select workspace_id, 'lead', step, currency, count(*), coalesce(sum(budget), 0) from crm.lead where deleted_at is null and step is not null group by 1, 2, 3, 4
          union all select workspace_id, 'record/' || type, step, '', count(*), 0 from wfm.record where deleted_at is null and step is not null group by 1, 2, 3, 4
        )
        select coalesce(string_agg(format('%s: %s', w.side, w.what), E'\n'), '') from (
          select 'told' as side, t::text as what from (table told except table counted) t
          union all select 'counted', c::text from (table counted except table told) c) w
        """;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Whatever_happens_at_once_counters_are_what_counting_finds(int seed)
    {
        using var done = new CancellationTokenSource();
        var folding = Enumerable.Range(0, 2).Select(i => FoldAsync(atOnce: 1 + (i * 6), done.Token)).ToList();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(i => LiveAsync(new Random((seed * 10) + i), i % 2 == 0 ? host.Admin : host.Stranger)));
        await done.CancelAsync();
        (await Task.WhenAll(folding)).Sum().ShouldBeGreaterThan(0);

        (await host.AskAsync<string>(Wrong)).ShouldBeEmpty();
        await Folding(10_000).RunOnceAsync(default);
        (await host.AskAsync<long>("select count(*) from crm.step_change")).ShouldBe(0);
        (await host.AskAsync<string>(Wrong)).ShouldBeEmpty();
        (await host.AskAsync<long>("select count(distinct noun) from crm.step_sum where count > 0")).ShouldBe(3);
    }

    [Fact]
    public async Task Rows_written_in_bulk_are_counted_and_so_are_those_that_are_gone()
    {
        await using var connection = await InWorkspaceAsync();
        const string Insert = """
            insert into crm.deal (workspace_id, id, name, amount, currency, step, step_entered_at, version, created_at, created_by, updated_at, updated_by)
            select wfm.workspace(), gen_random_uuid(), 'Bulk', n, case when n % 2 = 0 then 'EUR' else 'USD' end, 'discovery', now(), 1, now(), wfm.workspace(), now(), wfm.workspace() from generate_series(1, 500) n
            """;

        await ExecuteAsync(connection, Insert);
        await ExecuteAsync(connection, "commit");
        (await host.AskAsync<string>(Wrong)).ShouldBeEmpty();
        await ExecuteAsync(connection, "begin", $"select set_config('wfm.workspace', '{host.Workspace}', true)");
        await ExecuteAsync(connection, "update crm.deal set amount = amount * 2, currency = 'CHF', step = 'proposal' where name = 'Bulk' and amount > 100", "delete from crm.deal where name = 'Bulk' and amount < 50");
        await ExecuteAsync(connection, "commit");

        (await host.AskAsync<string>(Wrong)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_undone_counts_nothing()
    {
        await host.Rep.DealAsync();
        await using (var connection = await InWorkspaceAsync())
        {
            await ExecuteAsync(connection, "update crm.deal set amount = 1000000", "select crm.fold_step_changes(1000)", "rollback");
        }

        (await host.AskAsync<string>(Wrong)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Nobody_who_moves_a_record_waits_for_another_or_for_folding()
    {
        var (one, other) = (await host.Admin.DealAsync(), await host.Admin.DealAsync());
        await using var folding = await InWorkspaceAsync();
        await ExecuteAsync(folding, "select crm.fold_step_changes(1000000)");
        await using var moving = await InWorkspaceAsync();
        await ExecuteAsync(moving, "set local lock_timeout = '5s'", $"update crm.deal set step = 'initial-contact' where id = '{one["id"]}'");

        // The first two are not committed: whoever waited for them would do so for ever.
        (await host.Admin.PostAsync($"/api/v1/deals/{other["id"]}/moves", new { transition = "contact", version = 1 })).Status.ShouldBe(HttpStatusCode.OK);
        await ExecuteAsync(folding, "commit");
        await ExecuteAsync(moving, "rollback");
        (await host.AskAsync<string>(Wrong)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("insert into crm.step_change (workspace_id, noun, step, currency, count, amount) values (wfm.workspace(), 'deal', 'discovery', 'EUR', 1, 1)")]
    [InlineData("insert into crm.step_sum values (wfm.workspace(), 'deal', 'discovery', 'EUR', 1, 1)")]
    [InlineData("update crm.step_sum set count = 0")]
    [InlineData("delete from crm.step_sum")]
    [InlineData("delete from crm.step_change")]
    [InlineData("truncate crm.step_change")]
    public async Task The_application_cannot_write_counters_by_hand(string sql)
    {
        await using var connection = await InWorkspaceAsync();

        (await Should.ThrowAsync<PostgresException>(() => ExecuteAsync(connection, sql))).SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
    }

    [Fact]
    public async Task A_workspace_sees_its_own_counters_alone()
    {
        await host.Stranger.DealAsync(new { name = "Theirs", amount = 7, currency = "JPY" });
        await Folding(1).RunOnceAsync(default);
        await host.Stranger.DealAsync(new { name = "Theirs", amount = 7, currency = "JPY" });

        await using var ours = await InWorkspaceAsync();
        await using var theirs = await InWorkspaceAsync(host.OtherWorkspace);

        const string Sum = "select coalesce(sum(count), 0)::bigint from crm.step_sums('deal') where currency = 'JPY'";
        (await AskAsync<long>(theirs, Sum)).ShouldBe(2);
        (await AskAsync<long>(ours, Sum)).ShouldBe(0);
        foreach (var table in new[] { "step_sum", "step_change" }) (await AskAsync<long>(ours, $"select count(*) from crm.{table} where currency = 'JPY'")).ShouldBe(0);
    }

    private static async Task LiveAsync(Random random, Api api)
    {
        var deals = new List<string>();
        for (var i = 0; i < 25; i++)
        {
            var path = deals.Count > 0 ? $"/api/v1/deals/{deals[random.Next(deals.Count)]}" : "";
            var answer = random.Next(deals.Count > 0 ? 8 : 2) switch
            {
                0 => await api.PostAsync("/api/v1/deals", new { name = "Deal", amount = random.Next(4) == 0 ? (int?)null : random.Next(1000), currency = random.Next(2) == 0 ? "EUR" : "USD" }),
                1 => random.Next(2) == 0
                    ? await api.PostAsync("/api/v1/leads", new { name = "Lead", budget = random.Next(1000) })
                    : await api.PostAsync("/api/v1/projects", new { subject = new { type = "opportunity", id = await api.RecordAsync() } }),
                2 => await api.PatchAsync(path, new { amount = random.Next(3) == 0 ? (decimal?)null : random.Next(1000) / 4m }, await SeenAsync(api, path)),
                3 => await api.PatchAsync(path, new { currency = random.Next(2) == 0 ? "GBP" : "EUR" }, await SeenAsync(api, path)),
                4 => await api.SendAsync(HttpMethod.Delete, path, null, await SeenAsync(api, path)),
                5 => await api.PostAsync($"{path}/restore", new { }),
                _ => await api.PostAsync($"{path}/moves", new { transition = random.Next(3) == 0 ? "discover" : "contact", version = random.Next(1, 3), changes = new { amount = random.Next(1000) } }),
            };
            ((int)answer.Status).ShouldBeLessThan(500, answer.Text);
            if (answer.Location?.Contains("/deals/", StringComparison.Ordinal) is true) deals.Add(answer["id"].GetValue<string>());
        }
    }

    private static async Task<(string, string)> SeenAsync(Api api, string path) => ("If-Match", (await api.GetAsync(path)).ETag ?? "\"1\"");

    private async Task<int> FoldAsync(int atOnce, CancellationToken ct)
    {
        var (folding, count) = (Folding(atOnce), 0);
        while (!ct.IsCancellationRequested) count += await folding.RunOnceAsync(default);
        return count;
    }

    // As another host would do it.
    private StepFolding Folding(int atOnce) =>
        new(host.Services.GetRequiredService<CrmDatabase>(), Options.Create(new BoardOptions { FoldAtOnce = atOnce }), NullLogger<StepFolding>.Instance);

    private async Task<NpgsqlConnection> InWorkspaceAsync(Guid? workspace = null)
    {
        var connection = new NpgsqlConnection(host.Application);
        await connection.OpenAsync();
        await ExecuteAsync(connection, "begin", $"select set_config('wfm.workspace', '{workspace ?? host.Workspace}', true)");
        return connection;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, params string[] statements)
    {
        foreach (var sql in statements)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync();
        }
    }

    private static async Task<T> AskAsync<T>(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }
}
