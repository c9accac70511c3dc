using Xunit.Abstractions;

namespace Crm.Wfm.Tests.Bundles.Proofs;

/// <summary>What the proofs find of defects that are made on purpose, of every kind, all over the samples.</summary>
public class SeededDefectTests(ITestOutputHelper output)
{
    private static readonly Lazy<IReadOnlyList<Examined>> All = new(() => [.. Defects.All().Select(Examined.Of)]);

    [Fact]
    public void Nearly_all_seeded_defects_are_found_where_they_are()
    {
        foreach (var kind in All.Value.GroupBy(d => d.Kind)) output.WriteLine($"{kind.Key}: {kind.Count(d => d.Found is not null)} of {kind.Count()}");
        var missed = All.Value.Where(d => d.Found is null).ToList();
        output.WriteLine($"{All.Value.Count - missed.Count} of {All.Value.Count}; missed:\n{string.Join('\n', missed.Select(d => d.Name))}");
        All.Value.Count.ShouldBeGreaterThanOrEqualTo(200);
        ((double)missed.Count / All.Value.Count).ShouldBeLessThanOrEqualTo(0.05);
    }

    /// <summary>Every example is a test that the engine passes, and shows what its finding says.</summary>
    [Fact]
    public void Every_example_is_played_in_the_engine_as_it_says()
    {
        All.Value.SelectMany(d => d.Untrue).ShouldBeEmpty();
        All.Value.SelectMany(d => d.Shown).Distinct().Order(StringComparer.Ordinal).ShouldBe(["always-false", "always-true", "dead-end", "four-eyes-alone", "four-eyes-idle", "guards-contradict", "never-taken", "no-path-to-final", "transitions-overlap", "unreachable-step"]);
    }

    [Fact]
    public void Every_finding_of_a_defect_has_an_example_but_of_names_there_are_not() =>
        All.Value.Select(d => d.Found).OfType<Fault>().Where(f => f.Example.IsNull && f.Key is not ("unknown-reference" or "unknown-fact")).ShouldBeEmpty();

    /// <summary>What was told of a defect, without the bundle: there are many.</summary>
    /// <param name="Shown">Keys of the findings whose examples were played.</param>
    /// <param name="Untrue">Examples that did not do what their findings say.</param>
    private sealed record Examined(string Kind, string Name, Fault? Found, IReadOnlyList<string> Shown, IReadOnlyList<string> Untrue)
    {
        public static Examined Of(Defect defect)
        {
            var reading = defect.Read();
            var examples = reading.Faults.Concat(reading.Warnings).Where(f => !f.Example["workflow"].IsNull).ToList();
            var untrue = examples.Select(f => (Finding: f, Play: Played.Of(defect, f))).Where(p => !p.Play.Result.Passed || !p.Play.Shows(p.Finding));
            return new(defect.Kind, defect.ToString(), defect.Find(reading), [.. examples.Select(f => f.Key).Distinct()], [.. untrue.Select(p => $"{defect}: {p.Finding} {string.Join(' ', p.Play.Result.Failures)}")]);
        }
    }
}
