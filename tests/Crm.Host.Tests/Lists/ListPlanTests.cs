using System.Net;
using Npgsql;

namespace Crm.Host.Tests.Lists;

/// <summary>How the database finds rows of records while their tables are new and it knows nothing of them.</summary>
public sealed class ListPlanTests(ToldReads host) : IClassFixture<ToldReads>
{
    private const int Deals = 120;

    [Fact]
    public async Task Single_rows_are_read_by_their_key_while_the_table_is_new()
    {
        await StayNewAsync();
        var person = await host.PersonAsync();
        var before = await host.ReadsAsync();
        for (var i = 0; i < Deals; i++)
        {
            var path = $"/api/v1/deals/{(await host.Rep.DealAsync(new { name = "Acme", personId = person }))["id"]}";
            (await host.Rep.GetAsync(path)).Status.ShouldBe(HttpStatusCode.OK);
            (await host.Rep.PostAsync($"{path}/moves", new { transition = "contact", version = 1 })).Status.ShouldBe(HttpStatusCode.OK);
            (await host.Rep.PatchAsync(path, new { name = "Acme Ltd", version = 1 })).Status.ShouldBe(HttpStatusCode.OK);
        }

        var reads = await host.ReadsAsync(before);
        reads.ShouldContain(r => r.Relation == "pk_deal" && r.Scans > 4 * Deals);
        // Folding reads all there is to fold. Else: one row a look-up, and the few old versions of a row that was just updated.
        reads.Where(r => r.Table.StartsWith("crm.", StringComparison.Ordinal) && r.Table != "crm.step_change" && r.Rows > 4 * r.Scans + Deals).Select(r => $"{r.Relation} reads {r.Rows} rows in {r.Scans} scans").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("", "ix_deal_created")]
    [InlineData("sort=createdAt", "ix_deal_created")]
    [InlineData("sort=-amount", "ix_deal_amount")]
    [InlineData("sort=amount&currency=EUR", "ix_deal_amount")]
    [InlineData("sort=-expectedCloseOn", "ix_deal_close")]
    [InlineData("sort=-createdAt&ownerId={owner}&step=qualification,discovery", "ix_deal_owner")]
    [InlineData("sort=-stepEnteredAt&step=qualification", "ix_deal_board")]
    public async Task Page_is_read_in_an_indexs_order_and_no_further(string query, string index)
    {
        const int Limit = 5;
        var owner = await GivenAsync();
        var path = $"/api/v1/deals?{query.Replace("{owner}", owner)}&limit={Limit}";
        var before = await host.ReadsAsync();

        var first = await host.Rep.GetAsync(path);
        var second = await host.Rep.GetAsync($"{path}&after={first["next"]}");

        second.Items.Count.ShouldBe(Limit);
        var reads = (await host.ReadsAsync(before)).Where(r => r.Table == "crm.deal").ToList();
        reads.Select(r => r.Relation).ShouldBe([index]);
        // Those that lack the key are a page of their own, and old versions of rows not yet cleaned away are read too; of thousands, that is all.
        reads[0].Rows.ShouldBeInRange(2 * (Limit + 1), 8 * (Limit + 1));
    }

    // Enough that reading all of them would be silly; the planner knows how they are spread.
    private async Task<string> GivenAsync()
    {
        const int Many = 5000;
        var deal = (await host.Rep.GetAsync("/api/v1/deals?limit=1")).Items is [var known] ? known : (await host.Rep.DealAsync()).Json;
        await using var owner = NpgsqlDataSource.Create(host.Owner);
        await using var given = owner.CreateCommand("select count(*) from crm.deal");
        if ((long)(await given.ExecuteScalarAsync())! < Many)
        {
            await using var fill = owner.CreateCommand($$"""
                insert into crm.deal (workspace_id, id, name, amount, currency, owner_id, expected_close_on, step, step_entered_at, version, created_at, created_by, updated_at, updated_by)
                select d.workspace_id, gen_random_uuid(), 'Acme', case when i % 4 > 0 then i end, 'EUR', case when i % 50 = 0 then d.owner_id else '{{await host.UserAsync()}}' end,
                       case when i % 4 > 0 then date '2027-01-31' + i % 300 end, case when i % 10 = 0 then 'qualification' else 'discovery' end, d.created_at - i * interval '1 minute', 1,
                       d.created_at - i * interval '1 minute', d.created_by, d.created_at, d.created_by
                from crm.deal d, generate_series(1, {{Many}}) i where d.id = '{{deal["id"]}}'
                """);
            await fill.ExecuteNonQueryAsync();
            await using var analyze = owner.CreateCommand("vacuum analyze crm.deal");
            await analyze.ExecuteNonQueryAsync();
        }

        return deal["ownerId"]!.GetValue<string>();
    }

    // Nobody looks at the tables in between, however long this takes.
    private async Task StayNewAsync()
    {
        await using var owner = NpgsqlDataSource.Create(host.Owner);
        foreach (var table in new[] { "crm.deal", "crm.lead", "crm.person", "crm.organization", "wfm.project" })
        {
            await using var alter = owner.CreateCommand($"alter table {table} set (autovacuum_enabled = false)");
            await alter.ExecuteNonQueryAsync();
        }
    }
}
