using Xunit.Abstractions;

namespace Crm.Wfm.Tests.Bundles.Proofs;

/// <summary>What the proofs find of defects that are made on purpose, of every kind, all over the samples.</summary>
public class SeededDefectTests(ITestOutputHelper output)
{
    [Fact]
    public void Nearly_all_seeded_defects_are_found_where_they_are()
    {
        var (found, missed) = (0, new List<string>());
        foreach (var kind in Defects.All.GroupBy(d => d.Kind))
        {
            var before = found;
            foreach (var defect in kind)
            {
                if (defect.Find(defect.Read()) is not null) found++;
                else missed.Add(defect.ToString());
            }

            output.WriteLine($"{kind.Key}: {found - before} of {kind.Count()}");
        }

        output.WriteLine($"{found} of {Defects.All.Count}; missed:\n{string.Join('\n', missed)}");
        Defects.All.Count.ShouldBeGreaterThanOrEqualTo(200);
        ((double)found / Defects.All.Count).ShouldBeGreaterThanOrEqualTo(0.95);
    }

    /// <summary>Every example is a test that the engine passes, and shows what its finding says.</summary>
    [Fact]
    public void Every_example_is_played_in_the_engine_as_it_says()
    {
        var shown = new HashSet<string>();
        foreach (var defect in Defects.All)
        {
            var reading = defect.Read();
            foreach (var finding in reading.Faults.Concat(reading.Warnings).Where(f => !f.Example["workflow"].IsNull))
            {
                var play = Played.Of(defect, finding);
                play.Result.Failures.ShouldBeEmpty($"{defect}: {finding}");
                play.Shows(finding).ShouldBeTrue($"{defect}: {finding}");
                shown.Add(finding.Key);
            }
        }

        shown.Order(StringComparer.Ordinal).ShouldBe(["always-false", "always-true", "dead-end", "four-eyes-alone", "four-eyes-idle", "guards-contradict", "never-taken", "no-path-to-final", "transitions-overlap", "unreachable-step"]);
    }

    [Fact]
    public void Every_finding_of_a_defect_has_an_example_but_of_names_there_are_not() =>
        Defects.All.Select(d => (Defect: d, Found: d.Find(d.Read()))).Where(d => d.Found is { Example.IsNull: true, Key: not ("unknown-reference" or "unknown-fact") }).ShouldBeEmpty();
}
