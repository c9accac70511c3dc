using System.Diagnostics;
using System.Text;
using Crm.Testing;
using Crm.Wfm;
using Crm.Wfm.Bundles;
using Crm.Wfm.Rules;

namespace Crm.Benchmarks.Rules;

/// <summary>
/// Question: how long does the host think about a rule made to take all the time there is? Evaluated: reading, compiling, evaluating and, as a refusal does, evaluating
/// once more for the trace. Imported: reading and checking a bundle whose guard it is. Baseline: the same for an ordinary guard. The promise is 60 ms.
/// </summary>
internal static class BombBenchmark
{
    private const string Guard = """{ "<": [{ "var": "entity.weight" }, 30] }""";

    public static async Task RunAsync(string[] args)
    {
        var rounds = new Rounds("ms", 20);
        await rounds.RunAsync([Evaluated("an ordinary guard", Guard, """{"entity":{"weight":40}}"""), .. Bomb.All.Select(b => Evaluated(b.Name, b.Rule, b.Data))]);
        await rounds.RunAsync([Imported("a bundle with an ordinary guard", Guard), .. Bomb.All.Where(b => b.Fault is not null).Select(b => Imported(b.Name, b.Rule))]);
    }

    private static Contestant Evaluated(string name, string rule, string data)
    {
        var (bytes, facts) = (Encoding.UTF8.GetBytes(rule), Value.Parse(data));
        return Measured(name, () =>
        {
            var compiled = Rule.CompileLeniently(StrictJson.Read(bytes, [])!.Value);
            if (compiled.Holds(facts)) throw new InvalidOperationException($"{name} holds.");
            compiled.Explain(facts);
        });
    }

    private static Contestant Imported(string name, string rule)
    {
        // Other guards of the bundle say the same.
        var (at, bundle) = (Parcels.Bundle.IndexOf(Guard, StringComparison.Ordinal), Parcels.Bundle);
        var bytes = Encoding.UTF8.GetBytes(bundle[..at] + rule + bundle[(at + Guard.Length)..]);
        return Measured(name, () =>
        {
            if (BundleReader.Read(bytes).Bundle is null != (rule != Guard)) throw new InvalidOperationException($"{name} is not as expected.");
        });
    }

    private static Contestant Measured(string name, Action decide) => new(name, () =>
    {
        var watch = Stopwatch.StartNew();
        decide();
        return Task.FromResult(watch.Elapsed.TotalMilliseconds);
    });
}
