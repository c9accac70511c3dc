using Crm.Wfm.Bundles.Scenarios;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Bundles;

/// <summary>Tests made for a bundle.</summary>
/// <param name="Tests">The tests it lacked, by key, as they stand under <c>tests</c>.</param>
/// <param name="Document">The bundle with them; <see cref="CanonicalJson.Indented"/> writes it.</param>
/// <param name="Score">How much of what could be wrong its tests notice, the new ones among them.</param>
public sealed record GeneratedScenarios(IReadOnlyDictionary<string, Value> Tests, Value Document, NearMissScore Score);

/// <summary>How much of what could be wrong with a bundle its tests notice.</summary>
/// <param name="NearMisses">How many small mistakes were tried, one at a time.</param>
/// <param name="Noticed">Under how many of them some test fails.</param>
/// <param name="Equivalent">Which of the others are proved to change nothing, whatever the facts are that the schemas allow.</param>
/// <param name="Uncovered">The rest.</param>
public sealed record NearMissScore(int NearMisses, int Noticed, IReadOnlyList<Uncovered> Equivalent, IReadOnlyList<Uncovered> Uncovered);

/// <summary>Something no test sees.</summary>
/// <param name="Pointer">Where in the bundle.</param>
/// <param name="What">What would go unnoticed.</param>
/// <param name="Why">Why no test was made that sees it.</param>
/// <param name="CouldBe">Whether one could be made.</param>
public sealed record Uncovered(string Pointer, string What, string Why, bool CouldBe = false);

/// <summary>
/// Makes embedded tests: ways that take every transition, and for every small mistake that could be made in a bundle (a guard that always holds or never, <c>&lt;</c> for
/// <c>&lt;=</c>, a bound off by a little, <c>or</c> for <c>and</c>, a role too many) a situation in which it shows. They expect what the process does: they are for reading.
/// The same bundle gives the same tests.
/// </summary>
public static class ScenarioGenerator
{
    /// <summary>Makes the tests a bundle lacks; those it has are counted on.</summary>
    /// <param name="bundle">The bundle.</param>
    public static GeneratedScenarios Generate(Bundle bundle)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        var suite = new Suite(bundle);
        var score = Tally(bundle, suite, makes: true);
        return new(suite.Made, With(bundle.Document, suite.Made), score);
    }

    /// <summary>Tells how much of what could be wrong a bundle's own tests notice.</summary>
    /// <param name="bundle">The bundle.</param>
    public static NearMissScore Score(Bundle bundle)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        return Tally(bundle, new(bundle), makes: false);
    }

    private static NearMissScore Tally(Bundle bundle, Suite suite, bool makes)
    {
        var tally = new Tally();
        foreach (var workflow in bundle.Workflows.Values)
        {
            var scenarios = new WorkflowScenarios(bundle, workflow, suite);
            if (makes) tally.Uncovered.AddRange(scenarios.Walk());
            foreach (var miss in new WorkflowNearMisses(bundle, workflow).All())
            {
                var verdict = new Verdict();
                tally.Count(miss.Pointer, miss.Words, verdict, suite.Notices(miss.Bundle) || (makes ? scenarios.Show(miss, verdict) : scenarios.CanShow(miss, verdict) && !verdict.Could()));
            }
        }

        foreach (var decision in bundle.Decisions.Values)
        {
            var scenarios = new DecisionScenarios(bundle, decision, suite);
            foreach (var miss in new DecisionNearMisses(bundle, decision).All())
            {
                var verdict = new Verdict();
                tally.Count(miss.Pointer, miss.Words, verdict, suite.Notices(miss.Bundle) || (makes ? scenarios.Show(miss) : scenarios.Find(miss) is not null && !verdict.Could()));
            }
        }

        return tally.Score;
    }

    private static Value With(Value document, IReadOnlyDictionary<string, Value> made)
    {
        if (made.Count == 0) return document;
        var tests = new FactObjectBuilder(document["tests"].AsObject ?? FactObject.Empty);
        foreach (var (key, test) in made) tests[key] = test;
        return Value.From(document.AsObject!.With("tests", Value.From(tests.Build())));
    }
}

/// <summary>Counts near misses.</summary>
internal sealed class Tally
{
    private readonly List<Uncovered> _equivalent = [];
    private int _all;
    private int _noticed;

    public List<Uncovered> Uncovered { get; } = [];

    public NearMissScore Score => new(_all, _noticed, _equivalent, Uncovered);

    public void Count(string pointer, string words, Verdict verdict, bool isNoticed)
    {
        _all++;
        if (isNoticed) _noticed++;
        else if (verdict.IsEquivalent) _equivalent.Add(new(pointer, words, "it is proved to make no difference"));
        else Uncovered.Add(new(pointer, words, verdict.Why, verdict.CouldBe));
    }
}
