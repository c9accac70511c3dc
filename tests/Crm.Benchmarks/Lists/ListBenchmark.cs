using Crm.Benchmarks.Moves;
using static System.FormattableString;

namespace Crm.Benchmarks.Lists;

/// <summary>
/// Questions: what do lists, boards, search and timelines cost among 100,000 deals, what does the host add to the statements it sends, and how many rows does
/// it have read? Baseline: pgbench with those very statements, as the server's log has them, under the same row level security.
/// </summary>
internal static class ListBenchmark
{
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(1);
    private static readonly int[] Clients = [1, 4];

    /// <param name="args">Parts of the names of what to ask for, all unless named; <c>plans</c> before them shows the plans instead.</param>
    public static async Task RunAsync(string[] args)
    {
        if (PgBench.Program is null) throw new InvalidOperationException("pgbench is needed: it comes with an installed PostgreSQL.");
        var (plans, names) = args is ["plans", .. var rest] ? (true, rest) : (false, args);
        await using var host = await FilledHost.StartAsync();
        var cases = (await ListCases.AllAsync(host)).Where(c => names.Length == 0 || names.Any(n => c.Name.Contains(n, StringComparison.Ordinal))).ToList();
        var paths = cases.SelectMany(c => c.Paths).Distinct().ToList();
        var heard = (await new StatementLog(host).HearAsync([.. paths.Select(path => (Func<Task>)(() => host.GetAsync(path)))])).Zip(paths).ToDictionary(h => h.Second, h => h.First);
        var replay = new Replay(host);
        if (!plans) Console.WriteLine("| | statements | rows read | KB | clients | pgbench | host | ratio | p50 ms | p95 ms |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        foreach (var asked in cases)
        {
            var requests = asked.Paths.Select(path => heard[path]).ToList();
            if (plans) Console.WriteLine($"=== {asked.Name}\n{await replay.PlansAsync(requests[0])}");
            else await MeasureAsync(host, asked, requests, replay);
        }
    }

    private static async Task MeasureAsync(FilledHost host, ListCase asked, List<IReadOnlyList<Statement>> requests, Replay replay)
    {
        var rows = new List<double>();
        foreach (var request in requests) rows.Add(await replay.RowsAsync(request));
        foreach (var clients in Clients)
        {
            var load = new Load(host, asked);
            var figures = await new Rounds("requests/s", 5).MeasureAsync(
                new Contestant("pgbench", () => replay.PgBenchAsync(requests, clients, Time)),
                new Contestant("host", () => load.RunAsync(clients, Time)));
            var ratios = Rounds.Ratios(figures[1], figures[0]);
            Console.WriteLine(Invariant($"| {asked.Name} | {requests[0].Count} | {rows.Max():N0} | {load.Kilobytes:N0} | {clients} | {Rounds.Median(figures[0]):N0}/s | {Rounds.Median(figures[1]):N0}/s | {Rounds.Median(ratios):0.00} ({Rounds.Spread(ratios)}) | {load.Percentile(0.5):0.0} | {load.Percentile(0.95):0.0} |"));
        }
    }
}
