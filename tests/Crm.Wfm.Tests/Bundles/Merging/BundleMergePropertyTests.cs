using Crm.Wfm.Bundles;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Tests.Bundles.Merging;

/// <summary>Random edits of the samples, by a generator whose seed is fixed: what fails once fails again.</summary>
public class BundleMergePropertyTests
{
    private const int Pairs = 1000;

    private static readonly Value[] Documents = [.. Directory.GetFiles(Samples.Folder, "*.json").Order(StringComparer.Ordinal).Select(file => Value.Parse(File.ReadAllText(file)))];

    [Fact]
    public void Independent_edits_merge_and_are_what_doing_one_after_the_other_gives()
    {
        var random = new Random(8785);
        var kinds = new Dictionary<string, int>();
        for (var pair = 0; pair < Pairs; pair++)
        {
            var origin = Documents[pair % Documents.Length];
            var (a, b) = Independent(origin, random);
            var (ours, theirs) = (a.Apply(origin), b.Apply(origin));

            var merged = BundleMerge.Of(origin, ours, theirs);

            var what = $"pair {pair}: {a} | {b}";
            merged.Conflicts.Select(c => c.Pointer).ShouldBeEmpty(what);
            (merged.Document == b.Apply(ours)).ShouldBeTrue(what);
            (merged.Document == a.Apply(theirs)).ShouldBeTrue(what);
            (BundleMerge.Of(origin, theirs, ours).Document == merged.Document).ShouldBeTrue(what);
            kinds[a.Name.Split(' ')[0]] = kinds.GetValueOrDefault(a.Name.Split(' ')[0]) + 1;
        }

        kinds.Keys.ShouldBe(["change", "remove", "add", "insert", "move"], ignoreOrder: true);
        kinds.Values.ShouldAllBe(count => count > Pairs / 20);
    }

    [Fact]
    public void Edits_of_the_same_thing_conflict_and_neither_is_lost()
    {
        var random = new Random(6901);
        for (var pair = 0; pair < Pairs; pair++)
        {
            var origin = Documents[pair % Documents.Length];
            var editor = new Editor(origin, random);
            var (a, b) = editor.Rivals();
            var beside = editor.Next(near: a);
            while (!beside.IsIndependentOf(a) || !beside.IsIndependentOf(b)) beside = editor.Next();
            var (ours, theirs) = (a.Apply(origin), beside.Apply(b.Apply(origin)));

            var (merged, turned) = (BundleMerge.Of(origin, ours, theirs), BundleMerge.Of(origin, theirs, ours));

            var what = $"pair {pair}: {a} | {b} | {beside}";
            merged.Conflicts.Select(c => c.Pointer).ShouldNotBeEmpty(what);
            (merged.Document == beside.Apply(ours)).ShouldBeTrue(what);
            // The sides changed, theirs is what stays: had anything of it been missing from the conflicts, it would be missing here.
            (turned.Document == theirs).ShouldBeTrue(what);
            turned.Conflicts.Select(c => (c.Base, c.Ours, c.Theirs)).SequenceEqual(merged.Conflicts.Select(c => (c.Base, c.Theirs, c.Ours))).ShouldBeTrue(what);
        }
    }

    private static (Edit A, Edit B) Independent(Value origin, Random random)
    {
        var editor = new Editor(origin, random);
        while (true)
        {
            var a = editor.Next();
            var b = editor.Next(near: random.Next(2) == 0 ? a : null);
            if (a.IsIndependentOf(b)) return (a, b);
        }
    }
}
