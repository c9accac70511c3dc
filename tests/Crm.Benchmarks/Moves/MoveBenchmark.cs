using System.Diagnostics;
using System.Globalization;

namespace Crm.Benchmarks.Moves;

/// <summary>
/// Question: how many moves per second does the engine make, and what does deciding in C# cost on top of what PostgreSQL has to do anyway?
/// Baseline: pgbench with the same statements in the same two round trips, on the same server, with as many clients. Each client has its own projects.
/// </summary>
internal static class MoveBenchmark
{
    /// <summary>Projects of one client; the script's own ones start at <see cref="PgBenchProjects"/>.</summary>
    private const int Projects = 16;
    private const int PgBenchProjects = 500;

    private static readonly TimeSpan Time = TimeSpan.FromSeconds(2);

    public static async Task RunAsync(string[] args)
    {
        if (PgBench.Program is null) throw new InvalidOperationException("pgbench is needed: it comes with an installed PostgreSQL.");
        int[] numbers = args.Length > 0 ? [.. args.Select(n => int.Parse(n, CultureInfo.InvariantCulture))] : [1, 4, 8, 16];
        foreach (var durable in new[] { true, false })
        {
            await using var database = await BenchmarkDatabase.StartAsync(durable);
            await database.PublishAsync(Parcels.Bundle);
            var users = new List<Client>();
            for (var i = 0; i < numbers.Max(); i++) users.Add(await Client.CreateAsync(database, i));
            foreach (var clients in numbers)
            {
                var cost = new Cost();
                Console.WriteLine($"{(durable ? "durable" : "fsync off")}, {clients} client(s)");
                await new Rounds("moves/s", 5).RunAsync(
                    new Contestant("pgbench, the same statements", () => PgBench.RunAsync("move.sql", database.Application, clients, Time, ("projects", Projects))),
                    new Contestant("MoveEngine", () => MoveAsync(users[..clients], cost)));
                cost.Write();
            }
        }
    }

    private static async Task<double> MoveAsync(List<Client> clients, Cost cost)
    {
        var watch = Stopwatch.StartNew();
        cost.Begin();
        var moves = (await Task.WhenAll(clients.Select(client => Task.Run(() => client.MoveAsync(watch))))).Sum();
        cost.End(moves);
        return moves / watch.Elapsed.TotalSeconds;
    }

    /// <summary>What the moves cost this process.</summary>
    private sealed class Cost
    {
        private TimeSpan _processor;
        private long _allocated;
        private int _moves;

        public void Begin()
        {
            _processor -= Environment.CpuUsage.TotalTime;
            _allocated -= GC.GetTotalAllocatedBytes();
        }

        public void End(int moves)
        {
            _processor += Environment.CpuUsage.TotalTime;
            _allocated += GC.GetTotalAllocatedBytes();
            _moves += moves;
        }

        public void Write() => Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"MoveEngine: {_processor.TotalMicroseconds / _moves:N0} µs of processor and {_allocated / _moves / 1024.0:N1} KB of memory per move in this process"));
    }

    /// <summary>Moves its own projects to and fro.</summary>
    private sealed class Client(BenchmarkDatabase database, int number)
    {
        private int _moves;

        public static async Task<Client> CreateAsync(BenchmarkDatabase database, int number)
        {
            for (var i = 0; i < Projects; i++)
            {
                await StartAsync(database, PgBench.Id(number, i));
                await StartAsync(database, PgBench.Id(number, PgBenchProjects + i));
            }

            return new(database, number);
        }

        public async Task<int> MoveAsync(Stopwatch watch)
        {
            var before = _moves;
            while (watch.Elapsed < Time)
            {
                // A scope per move, as a request has one.
                await using var scope = database.Scope();
                await Parcels.MoveAsync(scope, PgBench.Id(number, _moves % Projects), _moves / Projects, CancellationToken.None);
                _moves++;
            }

            return _moves - before;
        }

        private static async Task StartAsync(BenchmarkDatabase database, Guid id)
        {
            await using var scope = database.Scope();
            await Parcels.StartAsync(scope, id, CancellationToken.None);
        }
    }
}
