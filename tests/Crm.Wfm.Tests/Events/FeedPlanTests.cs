using System.Diagnostics;
using Crm.Wfm.Events;
using Crm.Wfm.Persistence;
using Crm.Wfm.Tests.Moves;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Crm.Wfm.Tests.Events;

/// <summary>How the database finds a place in a feed while its tables are new and it knows nothing of them.</summary>
public sealed class FeedPlanTests(WfmDatabase database) : IClassFixture<WfmDatabase>
{
    private const int Events = 3000, Reads = 20, Page = 10;

    [Fact]
    public async Task A_feed_that_has_never_been_analyzed_is_read_from_the_position_on()
    {
        await AskAsync("""
            with e as (
              insert into wfm.event (workspace_id, id, type, subject, time, actor_id, correlation_id, depth, data)
              select $1, gen_random_uuid(), 'test.told', 'test/1', now(), gen_random_uuid(), gen_random_uuid(), 0, '{}' from generate_series(1, $2) returning workspace_id, sequence)
            insert into wfm.feed (workspace_id, position, sequence) select e.workspace_id, row_number() over (order by e.sequence), e.sequence from e
            """, Workspace.Default, Events);
        await using (var scope = database.Services.CreateAsyncScope())
        {
            await using var transaction = await scope.ServiceProvider.GetRequiredService<EngineContext>().Database.BeginWorkspaceAsync(Workspace.Default);
            var feed = scope.ServiceProvider.GetRequiredService<EventFeed>();
            for (var i = 0; i < Reads; i++)
            {
                var read = await feed.ReadAsync(await feed.HeadAsync(default) - Page - i, Page, default);
                read.Select(e => e.Position).ShouldBe(Enumerable.Range(Events - Page + 1 - i, Page).Select(p => (long?)p));
            }
        }

        // The head, ten places and ten events. Statistics are sent when a session ends.
        await using (var application = new NpgsqlConnection(database.Application)) NpgsqlConnection.ClearPool(application);
        var since = Stopwatch.GetTimestamp();
        while (await AskAsync("select idx_scan from pg_stat_user_indexes where indexrelname = 'pk_feed'") < 2 * Reads) Stopwatch.GetElapsedTime(since).ShouldBeLessThan(TimeSpan.FromSeconds(30));
        (await AskAsync("select (select sum(idx_tup_read) from pg_stat_user_indexes where schemaname = 'wfm')::bigint + (select sum(seq_tup_read) from pg_stat_user_tables where schemaname = 'wfm')::bigint"))
            .ShouldBeInRange(Reads * 2 * Page, Reads * (2 * Page + 5));
    }

    private async Task<long> AskAsync(string sql, params object[] parameters)
    {
        await using var connection = new NpgsqlConnection(database.Owner);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters) command.Parameters.Add(new() { Value = parameter });
        return await command.ExecuteScalarAsync() is long number ? number : 0;
    }
}
