using Crm.Wfm.Bundles;
using Crm.Wfm.Rules;
using Crm.Wfm.Tests.Bundles.Merging;

namespace Crm.Wfm.Tests.Bundles.Differing;

/// <summary>Random edits of the samples, by a generator whose seed is fixed.</summary>
public class BundleDiffPropertyTests
{
    private static readonly Value[] Documents = [.. Directory.GetFiles(Samples.Folder, "*.json").Order(StringComparer.Ordinal).Select(file => Value.Parse(File.ReadAllText(file)))];

    [Fact]
    public void Every_edit_is_told_and_every_pointer_leads_to_what_is_told()
    {
        var random = new Random(20261121);
        for (var round = 0; round < 500; round++)
        {
            var before = Documents[round % Documents.Length];
            var editor = new Editor(before, random);
            var edit = editor.Next();
            var after = edit.Apply(before);

            var changes = BundleDiff.Between(before, after).Changes;

            changes.ShouldNotBeEmpty(edit.Name);
            foreach (var change in changes)
            {
                change.Sentence.ShouldNotBeNullOrWhiteSpace(edit.Name);
                change.Sentence.Length.ShouldBeLessThan(800, edit.Name);
                if (change.New is { } young && change.Concerns != "layout") (JsonPointer.Find(Layout.Without(after), change.Pointer) ?? Missing(young)).ShouldBe(young, edit.Name);
                if (change.Old is { } old && change.Kind == ChangeKind.Removed) JsonPointer.Find(Layout.Without(before), change.Pointer).ShouldBe(old, edit.Name);
            }
        }

        // A collection that is gone is told as one without anything in it.
        static Value? Missing(Value value) => value.AsList.Length == 0 ? value : null;
    }

    [Fact]
    public void A_document_is_no_different_from_itself()
    {
        foreach (var document in Documents) BundleDiff.Between(document, document).ShouldSatisfyAllConditions(d => d.Changes.ShouldBeEmpty(), d => d.SameContent.ShouldBeTrue());
    }
}
