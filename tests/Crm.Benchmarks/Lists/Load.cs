using System.Diagnostics;

namespace Crm.Benchmarks.Lists;

/// <summary>Clients that ask the host the same few things again and again, each on a connection of its own.</summary>
internal sealed class Load(FilledHost host, ListCase asked)
{
    private readonly List<double> _milliseconds = [];
    private long _allocated;

    /// <summary>Gets how many kilobytes of memory the host took for a request.</summary>
    public double Kilobytes => _allocated / 1024.0 / _milliseconds.Count;

    /// <summary>Gets after how many milliseconds so many of the answers were there: 0.5 is the half of them.</summary>
    public double Percentile(double part) => _milliseconds.Order().ElementAt((int)(_milliseconds.Count * part));

    /// <summary>Asks for a while.</summary>
    /// <returns>Answers per second.</returns>
    public async Task<double> RunAsync(int clients, TimeSpan time)
    {
        var before = GC.GetTotalAllocatedBytes();
        var watch = Stopwatch.StartNew();
        var took = await Task.WhenAll(Enumerable.Range(0, clients).Select(client => Task.Run(() => AskAsync(client, watch, time))));
        var seconds = watch.Elapsed.TotalSeconds;
        _allocated += GC.GetTotalAllocatedBytes() - before;
        foreach (var some in took) _milliseconds.AddRange(some);
        return took.Sum(t => t.Count) / seconds;
    }

    private async Task<List<double>> AskAsync(int client, Stopwatch watch, TimeSpan time)
    {
        using var caller = new Caller(host.Address, host.Key);
        var requests = asked.Paths.Select(path => caller.Request("GET", path)).ToList();
        var took = new List<double>();
        while (watch.Elapsed < time)
        {
            var start = Stopwatch.GetTimestamp();
            await caller.SendAsync(requests[(client + took.Count) % requests.Count]);
            took.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        return took;
    }
}
