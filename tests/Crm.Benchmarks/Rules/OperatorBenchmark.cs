using BenchmarkDotNet.Attributes;
using Crm.Wfm.Rules;

namespace Crm.Benchmarks.Rules;

/// <summary>
/// Question: which operators cost memory at all? Baseline: 0 bytes. <c>RuleMemoryTests</c> holds them to it; map, filter, reduce, merge, cat and substr
/// make something new and so may.
/// </summary>
[MemoryDiagnoser]
public class OperatorBenchmark
{
    private readonly Value _facts = Value.Parse("""{"entity":{"amount":1200,"discount":0.1,"name":"Acme","tags":["hot","new"],"lines":[{"qty":2},{"qty":5}]}}""");
    private Rule? _rule;

    /// <summary>The rule to evaluate.</summary>
    [Params(
        """{"var":"entity.amount"}""",
        """{">":[{"var":"entity.amount"},0]}""",
        """{"==":[{"var":"entity.name"},"Acme"]}""",
        """{"and":[{"!":{"var":"entity.owner"}},{"!!":{"var":"entity.name"}}]}""",
        """{"<":[{"+":[{"*":[{"var":"entity.amount"},2]},{"-":[1,{"/":[{"var":"entity.discount"},{"%":[7,4]}]}]}]},9]}""",
        """{"in":["new",{"var":"entity.tags"}]}""",
        """{"all":[{"var":"entity.lines"},{">":[{"var":"qty"},1]}]}""",
        """{"some":[{"var":"entity.lines"},{">":[{"var":"qty"},4]}]}""",
        """{"none":[{"var":"entity.lines"},{">":[{"var":"qty"},9]}]}""",
        """{"reduce":[{"var":"entity.lines"},{"+":[{"var":"accumulator"},{"var":"current.qty"}]},0]}""")]
    public string Json { get; set; } = "";

    /// <summary>Compiles it.</summary>
    [GlobalSetup]
    public void Compile() => _rule = Rule.Compile(Value.Parse(Json));

    /// <summary>One evaluation.</summary>
    [Benchmark]
    public bool Holds() => _rule!.Holds(_facts);
}
