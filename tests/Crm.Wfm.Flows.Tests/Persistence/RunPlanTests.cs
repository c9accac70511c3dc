using Crm.Wfm.Flows.Tests.Running;
using Npgsql;

namespace Crm.Wfm.Flows.Tests.Persistence;

/// <summary>How the database finds runs while their table is new and it knows nothing of it.</summary>
public sealed class RunPlanTests(FlowDesk desk) : IClassFixture<FlowDesk>
{
    private const int Before = 10, Others = 3000, Runs = 20;

    [Fact]
    public async Task A_run_among_thousands_is_found_by_its_id_though_the_table_was_never_analyzed()
    {
        var flow = Chart.Line("ticket.opened", Chart.Activity("note", "Test.Note", ("text", Chart.Literal("noted"))), Chart.Activity("sleep", "Elsa.Delay", ("timeSpan", Chart.Literal("00:00:10"))));
        var workspace = await desk.WorkspaceAsync(("greet", FlowDesk.On("ticket.opened", flow)));
        await desk.AskAsync<object>("do $$ begin alter table wfm_flows.run set (autovacuum_enabled = off); end $$");
        // The plans that are kept are made now.
        for (var i = 0; i < Before; i++) await desk.TellAndRunAsync(workspace, "ticket.opened");
        // Those that sleep for long are in the way.
        var columns = await desk.AskAsync<string>("select string_agg(quote_ident(attname), ', ' order by attnum) from pg_attribute where attrelid = 'wfm_flows.run'::regclass and attnum > 0 and not attisdropped and attname not in ('id', 'event_id', 'due_at')");
        await desk.AskAsync<object>($"with more as (insert into wfm_flows.run (id, due_at, {columns}) select gen_random_uuid(), r.due_at + '1 year', {columns} from wfm_flows.run r, generate_series(1, {Others / Before}) where r.workspace_id = $1 returning 1) select count(*) from more", workspace);
        var before = await ReadAsync();

        for (var i = 0; i < Runs; i++) await desk.TellAndRunAsync(workspace, "ticket.opened");
        desk.Clock.Now += TimeSpan.FromSeconds(10);
        await desk.RunAsync();

        // Each is claimed, loaded and written twice. What sessions have read is told when they end.
        await using (var application = new NpgsqlConnection(desk.Application)) NpgsqlConnection.ClearPool(application);
        await FlowRunnerTests.UntilAsync(async () => await desk.AskAsync<long>("select count(*) from pg_stat_activity where datname = current_database() and usename <> current_user") == 0);
        (await ReadAsync() - before).ShouldBeInRange(Runs, (Before + Runs) * 40);
        (await desk.AskAsync<long>("select count(*) from wfm_flows.run where workspace_id = $1 and status = 'finished'", workspace)).ShouldBe(Before + Runs);
    }

    private Task<long> ReadAsync() => desk.AskAsync<long>("""
        select (select sum(idx_tup_read) from pg_stat_user_indexes where schemaname = 'wfm_flows' and relname = 'run')::bigint + (select sum(seq_tup_read) from pg_stat_user_tables where schemaname = 'wfm_flows' and relname = 'run')::bigint
        """);
}
