using Crm.Wfm.Moves;
using Crm.Wfm.Tests.Moves;
using Npgsql;

namespace Crm.Wfm.Tests.Persistence;

/// <summary>How the database finds rows while its tables are new and it knows nothing of them.</summary>
public sealed class PlanTests(Desk desk) : IClassFixture<Desk>
{
    [Fact]
    public async Task A_table_that_has_never_been_analyzed_is_read_by_key_and_not_by_workspace()
    {
        const int Projects = 200;
        for (var i = 0; i < Projects; i++)
        {
            var project = (await desk.StartAsync(new(await desk.RecordAsync("{}"), Desk.Ann))).ShouldBeOfType<MoveResult.Moved>().Project;
            (await desk.MoveAsync(new(project, "begin", Desk.Ann))).ShouldBeOfType<MoveResult.Moved>();
        }

        var reads = await ReadsAsync();
        reads.Count.ShouldBeGreaterThan(5);
        // One row a look-up, and the few old versions of a row that was just updated.
        reads.Where(r => r.Rows > 4 * r.Scans + Projects).Select(r => $"{r.Relation} reads {r.Rows} rows in {r.Scans} scans").ShouldBeEmpty();
    }

    private async Task<List<(string Relation, long Scans, long Rows)>> ReadsAsync()
    {
        // Statistics are sent when a session has been idle for a while, or ends.
        await using (var application = new NpgsqlConnection(desk.Application)) NpgsqlConnection.ClearPool(application);
        await using var connection = new NpgsqlConnection(desk.Owner);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("""
            select indexrelname::text, idx_scan, idx_tup_read from pg_stat_user_indexes where schemaname = 'wfm' and idx_scan > 0
            union all
            select relname::text, seq_scan, seq_tup_read from pg_stat_user_tables where schemaname = 'wfm'
            """, connection);
        var reads = new List<(string, long, long)>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) reads.Add((reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2)));
        return reads;
    }
}
