using System.Diagnostics;
using System.Text;
using Crm.Testing;
using Crm.Wfm;
using Crm.Wfm.Rules;

namespace Crm.Benchmarks.Rules;

/// <summary>
/// Question: how long does the host think about a rule made to take all the time there is? From JSON to the verdict: reading, compiling, evaluating and, as a refusal does,
/// evaluating once more for the trace. Baseline: the same for an ordinary guard. The promise is 60 ms.
/// </summary>
internal static class BombBenchmark
{
    private const string Guard = """{"and":[{">":[{"var":"entity.amount"},0]},{"<=":[{"var":"entity.discount"},0.15]}]}""";

    public static Task RunAsync(string[] args)
    {
        Contestant[] all = [Of("an ordinary guard", Guard, """{"entity":{"amount":0,"discount":0.1}}"""), .. Bomb.All.Select(bomb => Of(bomb.Name, bomb.Rule, bomb.Data))];
        return new Rounds("ms", 20).RunAsync(all);
    }

    private static Contestant Of(string name, string rule, string data)
    {
        var (bytes, facts) = (Encoding.UTF8.GetBytes(rule), Value.Parse(data));
        return new(name, () =>
        {
            var watch = Stopwatch.StartNew();
            var compiled = Rule.CompileLeniently(StrictJson.Read(bytes, [])!.Value);
            if (compiled.Holds(facts)) throw new InvalidOperationException($"{name} holds.");
            compiled.Explain(facts);
            return Task.FromResult(watch.Elapsed.TotalMilliseconds);
        });
    }
}
