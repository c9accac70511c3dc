using System.Diagnostics;
using Crm.Wfm;
using Npgsql;

namespace Crm.Benchmarks.History;

/// <summary>
/// Question: how many history rows per second does <c>HistoryVerifier</c> prove? It reads every row once, recomputes hash and digest and rebuilds each state.
/// Baseline: <c>wfm.broken_link</c> over all projects, which proves the chain inside the database and leaves out the digest and the canonical form.
/// </summary>
internal static class VerificationBenchmark
{
    private const int Projects = 500;
    private const int Moves = 9;

    public static async Task RunAsync(string[] args)
    {
        await using var database = await BenchmarkDatabase.StartAsync(durable: false);
        await database.PublishAsync(Parcels.Bundle);
        await Parallel.ForEachAsync(Enumerable.Range(0, Projects), async (_, ct) => await CreateAsync(database, ct));
        await using var connection = new NpgsqlConnection(database.Application);
        await connection.OpenAsync();
        await new Rounds("rows/s", 9).RunAsync(
            new Contestant("wfm.broken_link", () => RateAsync(async () =>
            {
                await using var command = new NpgsqlCommand(
                    $"select set_config('wfm.workspace', '{Workspace.Default}', false); select count(*) from wfm.project p where wfm.broken_link(p.id) is not null", connection);
                await command.ExecuteNonQueryAsync();
            })),
            new Contestant("HistoryVerifier", () => RateAsync(async () =>
            {
                await using var scope = database.Scope();
                var report = await scope.Verifier.VerifyAsync(CancellationToken.None);
                if (!report.Holds || report.Rows != Rows) throw new InvalidOperationException(report.ToString());
            })));
    }

    private static int Rows => Projects * (Moves + 1);

    private static async Task<double> RateAsync(Func<Task> act)
    {
        var watch = Stopwatch.StartNew();
        await act();
        return Rows / watch.Elapsed.TotalSeconds;
    }

    private static async Task CreateAsync(BenchmarkDatabase database, CancellationToken ct)
    {
        await using var scope = database.Scope();
        var project = await Parcels.StartAsync(scope, null, ct);
        for (var i = 0; i < Moves; i++) await Parcels.MoveAsync(scope, project, i, ct);
    }
}
