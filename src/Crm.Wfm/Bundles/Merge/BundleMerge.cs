using System.Text.Json.Serialization;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Bundles;

/// <summary>Merges what two people made of the same bundle: by key, not by line.</summary>
public static class BundleMerge
{
    /// <summary>The member of the result in which conflicts wait until somebody has decided; a bundle that has any is not read.</summary>
    public const string ConflictsMember = "x-merge-conflicts";

    /// <summary>
    /// Takes over from each side what it alone changed. Things with keys (transitions, steps, roles, fields, …) are matched by them; of a rule, a text or a
    /// number that both changed nothing is guessed: it is a conflict. Of two versions that were both raised the higher one counts.
    /// </summary>
    /// <param name="origin">The document both started from; <see cref="Value.Null"/> when there was none.</param>
    /// <param name="ours">What stays where the two are in conflict.</param>
    /// <param name="theirs">The other side.</param>
    public static MergeResult Of(Value origin, Value ours, Value theirs)
    {
        var run = new MergeRun();
        var merged = run.Merge(Structure.OfBundle, [], origin.IsNull ? null : origin, ours, theirs)!.Value;
        var (places, theirPlaces) = (new KeyPath(merged), new KeyPath(theirs));
        return new(merged, [.. run.Conflicts.Select(c => c with { Pointer = places.Find(c.Path) ?? theirPlaces.Find(c.Path) ?? new KeyPath(origin).Find(c.Path)! })], run.Notes);
    }

    /// <summary>Copies a document with conflicts written down in it, so that none is lost before somebody has decided.</summary>
    public static Value WithConflicts(Value document, IReadOnlyList<MergeConflict> conflicts) => conflicts.Count == 0
        ? document
        : Value.From(document.AsObject!.With(ConflictsMember, Value.From([.. conflicts.Select(c => c.ToValue())])));
}

/// <summary>What came of a merge.</summary>
/// <param name="Document">The merged document; where there are conflicts, what ours says.</param>
/// <param name="Conflicts">What both sides changed in different ways.</param>
/// <param name="Notes">What was decided without asking.</param>
public sealed record MergeResult(Value Document, IReadOnlyList<MergeConflict> Conflicts, IReadOnlyList<string> Notes);

/// <summary>Something both sides changed in different ways.</summary>
/// <param name="Pointer">Where it is in the merged document; in theirs or the common one, when the merged one has it no more.</param>
/// <param name="Message">What the two did.</param>
/// <param name="Base">What it was; <c>null</c> when it was not there.</param>
/// <param name="Ours">What ours has; <c>null</c> when it was removed.</param>
/// <param name="Theirs">What theirs has; <c>null</c> when it was removed.</param>
public sealed record MergeConflict(
    string Pointer,
    string Message,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Value? Base,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Value? Ours,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Value? Theirs)
{
    /// <summary>Gets the place by names and keys, which do not change with the order of lists.</summary>
    internal KeyStep[] Path { get; init; } = [];

    internal Value ToValue()
    {
        var members = new FactObjectBuilder { ["pointer"] = Value.From(Pointer), ["message"] = Value.From(Message) };
        if (Base is { } origin) members["base"] = origin;
        if (Ours is { } ours) members["ours"] = ours;
        if (Theirs is { } theirs) members["theirs"] = theirs;
        return Value.From(members.Build());
    }
}
