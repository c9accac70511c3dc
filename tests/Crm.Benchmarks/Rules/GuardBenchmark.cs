using BenchmarkDotNet.Attributes;
using Crm.Wfm.Rules;

namespace Crm.Benchmarks.Rules;

/// <summary>
/// Question: what does a guard cost, a JsonLogic rule compiled to closures over facts of any shape, and what does compiling it cost?
/// Baseline: the same condition written by hand over a typed record.
/// </summary>
[MemoryDiagnoser]
public class GuardBenchmark
{
    private static readonly Value Source = Value.Parse("""
        {"and":[{">":[{"var":"entity.amount"},0]},{"<=":[{"var":"entity.discount"},0.15]},{"in":["sales-manager",{"var":"actor.roles"}]}]}
        """);

    private readonly Rule _rule = Rule.Compile(Source);

    private readonly Value _facts = Value.Parse("""
        {"actor":{"id":"00000000-0000-0000-0000-0000000000aa","relations":[],"roles":["sales","sales-manager"]},"entity":{"amount":1200,"custom":{},"discount":0.1,"name":"Acme"},
         "event":null,"input":null,"now":"2026-01-01T00:00:00.000Z","param":{},"project":{"type":"sales-deal"},"step":{"key":"proposal"}}
        """);

    private readonly Deal _deal = new(1200, 0.1, "Acme", ["sales", "sales-manager"]);

    /// <summary>The baseline.</summary>
    [Benchmark(Baseline = true)]
    public bool Handwritten() => _deal.Amount > 0 && _deal.Discount <= 0.15 && Array.IndexOf(_deal.Roles, "sales-manager") >= 0;

    /// <summary>One evaluation.</summary>
    [Benchmark]
    public bool Guard() => _rule.Holds(_facts);

    /// <summary>What a published version pays once.</summary>
    [Benchmark]
    public Rule Compile() => Rule.Compile(Source);

    private sealed record Deal(double Amount, double Discount, string Name, string[] Roles);
}
