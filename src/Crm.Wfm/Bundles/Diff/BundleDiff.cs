using System.Text.Json.Serialization;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Bundles;

/// <summary>What is different between two versions of a bundle.</summary>
/// <param name="Changes">Every change in the order of the documents; layout last.</param>
/// <param name="SameContent">Whether the two have the same content hash: they differ in layout at most.</param>
public sealed record BundleDiff(IReadOnlyList<BundleChange> Changes, bool SameContent)
{
    /// <summary>Gets whether nothing but the layout differs.</summary>
    public bool IsLayoutOnly => SameContent && Changes.Count > 0;

    /// <summary>Gets whether running projects could be taken along as they are: no change has a <see cref="BundleChange.Hint"/>.</summary>
    public bool IsCompatible => Changes.All(change => change.Hint is null);

    /// <summary>Compares two bundles.</summary>
    public static BundleDiff Between(Bundle before, Bundle after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        return Between(before.Document, after.Document);
    }

    /// <summary>Compares two documents, which may have faults; things with keys are matched by them, never by their place.</summary>
    /// <param name="before">The older document; <see cref="Value.Null"/> for none: then everything is added.</param>
    /// <param name="after">The newer one.</param>
    public static BundleDiff Between(Value before, Value after)
    {
        var (old, young) = (Layout.Without(before), Layout.Without(after));
        var words = new ChangeWords(single: Math.Max(Count(before), Count(after)) <= 1);
        var changes = Moves.Find(new DiffRun(words).Compare(old, young), words).Select(change => change with { Hint = Compatibility.HintOf(change, after) });
        return new([.. changes, .. Layout.Changes(before, after)], ContentHash.Of(old, ["$schema"]) == ContentHash.Of(young, ["$schema"]));
    }

    private static int Count(Value bundle) => bundle["workflows"].AsObject?.Count ?? 0;
}

/// <summary>What happened to a part of a bundle.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ChangeKind>))]
public enum ChangeKind
{
    /// <summary>It was not there.</summary>
    [JsonStringEnumMemberName("added")]
    Added,

    /// <summary>It is no longer there.</summary>
    [JsonStringEnumMemberName("removed")]
    Removed,

    /// <summary>It is another.</summary>
    [JsonStringEnumMemberName("changed")]
    Changed,

    /// <summary>It has another key.</summary>
    [JsonStringEnumMemberName("renamed")]
    Renamed,

    /// <summary>It stands elsewhere.</summary>
    [JsonStringEnumMemberName("moved")]
    Moved,
}

/// <summary>One difference.</summary>
/// <param name="Concerns">What it is about: <c>workflow</c>, <c>step</c>, <c>transition</c>, <c>condition</c>, <c>validator</c>, <c>exit criterion</c>, <c>post-action</c>, <c>role</c>,
/// <c>status</c>, <c>project type</c>, <c>subject</c>, <c>schema</c>, <c>field</c>, <c>param</c>, <c>automation</c>, <c>activity</c>, <c>calendar</c>, <c>migration</c>, <c>test</c>, <c>layout</c>, else the document's member.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Pointer">Where it is in the newer document; in the older one, when it was removed.</param>
/// <param name="Sentence">The same in words.</param>
/// <param name="Old">What it was; <c>null</c> when it was not there.</param>
/// <param name="New">What it is; <c>null</c> when it is no longer there.</param>
public sealed record BundleChange(
    string Concerns,
    ChangeKind Kind,
    string Pointer,
    string Sentence,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Value? Old = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Value? New = null)
{
    /// <summary>Gets where it was in the older document, when it was renamed or moved.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? From { get; init; }

    /// <summary>Gets why running projects could not be taken along as they are; <c>null</c> when they could.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Hint { get; init; }

    /// <summary>Gets the place in words, for finding out what was moved.</summary>
    internal Place? Place { get; init; }
}
