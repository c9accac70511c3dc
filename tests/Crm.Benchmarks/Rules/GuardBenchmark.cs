using System.Diagnostics;
using System.Runtime.CompilerServices;
using Crm.Wfm.Rules;

namespace Crm.Benchmarks.Rules;

/// <summary>
/// Question: what does a guard cost, a JsonLogic rule compiled to closures over facts of any shape, and what does compiling it cost?
/// Baseline: the same condition written by hand over a typed record. Rounds are short, so that a noisy neighbour meets all of them.
/// </summary>
internal static class GuardBenchmark
{
    private const int Times = 100_000;

    private static readonly Value Source = Value.Parse("""
        {"and":[{">":[{"var":"entity.amount"},0]},{"<=":[{"var":"entity.discount"},0.15]},{"in":["sales-manager",{"var":"actor.roles"}]}]}
        """);

    private static readonly Rule Rule = Rule.Compile(Source);

    // Several deals in turn, so that nothing can be computed beforehand. Their roles are texts that were read, not the program's own, which would be compared by reference.
    private static readonly Deal[] Deals = [.. Enumerable.Range(0, 8).Select(n => new Deal(1200 + n, 0.1, "Acme", "sales sales-manager".Split(' ')))];
    private static readonly Value[] Parsed = [.. Deals.Select(Facts)];
    private static readonly Value[] Alike = [.. Deals.Select(Like)];

    public static Task RunAsync(string[] args) => new Rounds("ns", 200).RunAsync(
        new Contestant("by hand over a typed record", () => MeasureAsync(n => ByHand(Deals[n & 7]), Times)),
        new Contestant("guard over facts of one shape", () => MeasureAsync(n => Rule.Holds(Alike[n & 7]), Times)),
        new Contestant("guard over facts each parsed anew", () => MeasureAsync(n => Rule.Holds(Parsed[n & 7]), Times)),
        new Contestant("compiling the guard", () => MeasureAsync(_ => Rule.Compile(Source) is not null, Times / 100)));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool ByHand(Deal deal) => deal.Amount > 0 && deal.Discount <= 0.15 && deal.Roles.Contains("sales-manager");

    private static Task<double> MeasureAsync(Func<int, bool> holds, int times)
    {
        var watch = Stopwatch.StartNew();
        for (var n = 0; n < times; n++)
        {
            if (!holds(n)) throw new InvalidOperationException("The guard does not hold.");
        }

        return Task.FromResult(watch.Elapsed.TotalNanoseconds / times);
    }

    private static Value Facts(Deal deal) => Value.Parse($$$"""
        {"actor":{"id":"00000000-0000-0000-0000-0000000000aa","relations":[],"roles":["sales","sales-manager"]},
         "entity":{"amount":{{{deal.Amount}}},"custom":{},"discount":0.1,"name":"Acme"},
         "event":null,"input":null,"now":"2026-01-01T00:00:00.000Z","param":{},"project":{"type":"sales-deal"},"step":{"key":"proposal"}}
        """);

    /// <summary>Makes facts with the names of the first ones.</summary>
    private static Value Like(Deal deal)
    {
        var first = Parsed[0].AsObject!;
        return Value.From(first.With("entity", Value.From(first["entity"].AsObject!.With("amount", Value.From(deal.Amount)))));
    }

    private sealed record Deal(double Amount, double Discount, string Name, string[] Roles);
}
