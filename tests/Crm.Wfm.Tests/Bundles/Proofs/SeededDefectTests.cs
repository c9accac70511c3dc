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
}
