using System.Diagnostics;
using System.Globalization;
using Crm.Wfm.Bundles;
using Crm.Wfm.Moves;
using Npgsql;

namespace Crm.Benchmarks.Import;

/// <summary>
/// Question: what does publishing a bundle of 1,000 steps cost, reading and checking it included? At most 40 times the baseline.
/// Baseline: one INSERT … SELECT of as many rows into tables of the same shape, on the same server.
/// </summary>
internal static class ImportBenchmark
{
    private const int Steps = 1000;

    private const string Copies = """
        create schema copy;
        create table copy.version (like wfm.workflow_version including all);
        create table copy.step (like wfm.step including all, constraint fk_step foreign key (workspace_id, workflow_version_id) references copy.version);
        create table copy.edge (like wfm.edge including all,
          constraint fk_from foreign key (workspace_id, workflow_version_id, from_step) references copy.step,
          constraint fk_to foreign key (workspace_id, workflow_version_id, to_step) references copy.step);
        """;

    // One statement, whose foreign keys are checked at its end. The four versions stand for the rows there is one of: bundle, version, project type, role.
    private static readonly string Insert = string.Create(CultureInfo.InvariantCulture, $$"""
        with v as (
          insert into copy.version select gen_random_uuid(), gen_random_uuid(), 'key', 'bundle', '1.0.0', 'hash', '{}' from generate_series(1, 4) n
          returning workspace_id, id),
        one as (select * from v limit 1),
        s as (
          insert into copy.step select v.workspace_id, v.id, 'step-' || n, 'open', n = 1, n = {{Steps}}, null from one v, generate_series(1, {{Steps}}) n)
        insert into copy.edge
          select v.workspace_id, v.id, 'step-' || (n + 1) / 2, 'go-' || n, 'step-' || least(n / 2 + 2, {{Steps}}), null from one v, generate_series(1, {{LargeBundle.Edges(Steps)}}) n
        """);

    public static async Task RunAsync(string[] args)
    {
        await using var database = await BenchmarkDatabase.StartAsync(durable: false);
        await database.ExecuteAsync(Copies);
        await using var connection = new NpgsqlConnection(database.Owner);
        await connection.OpenAsync();
        var bundles = 0;
        Console.WriteLine($"{Steps} steps, {LargeBundle.Edges(Steps)} edges, {LargeBundle.Write("bundle-0", Steps).Length / 1024} KB of JSON, {LargeBundle.Rows(Steps)} rows");
        await new Rounds("ms", 15).RunAsync(
            new Contestant("INSERT … SELECT of the same rows", InsertAsync),
            new Contestant("BundleReader alone", ReadAsync),
            new Contestant("BundlePublisher", PublishAsync));

        async Task<double> InsertAsync()
        {
            await using var command = new NpgsqlCommand(Insert, connection);
            return await MeasureAsync(() => command.ExecuteNonQueryAsync());
        }

        Task<double> ReadAsync()
        {
            var bytes = LargeBundle.Write($"bundle-{bundles++}", Steps);
            return MeasureAsync(() => Task.FromResult(BundleReader.Read(bytes)));
        }

        async Task<double> PublishAsync()
        {
            var bytes = LargeBundle.Write($"bundle-{bundles++}", Steps);
            await using var scope = database.Scope();
            return await MeasureAsync(async () =>
            {
                var result = await scope.Publisher.PublishAsync(bytes, Actor.System, false, CancellationToken.None);
                if (result is not PublishResult.Published) throw new InvalidOperationException(result is PublishResult.Faulty { Faults: [var first, ..] } ? first.ToString() : result.ToString());
            });
        }
    }

    private static async Task<double> MeasureAsync(Func<Task> act)
    {
        var watch = Stopwatch.StartNew();
        await act();
        return watch.Elapsed.TotalMilliseconds;
    }
}
