using Crm.Wfm.Rules;

namespace Crm.Wfm.Bundles;

/// <summary>Goes down three documents at once. A value that is <c>null</c> (not <see cref="Value.Null"/>) is not there.</summary>
internal sealed class MergeRun
{
    public List<MergeConflict> Conflicts { get; } = [];

    public List<string> Notes { get; } = [];

    public Value? Merge(Structure structure, KeyStep[] path, Value? origin, Value? ours, Value? theirs)
    {
        if (ours == theirs || theirs == origin) return ours;
        if (ours == origin) return theirs;
        if (structure.Kind == StructureKind.Version && HigherVersion(ours, theirs) is { } version) return version;
        // What both sides began is merged only when it is but the sum of what it holds.
        if (origin is null && path.Length > 0 && !structure.IsCollection) return Conflict(path, "both sides added it, each in its own way", origin, ours, theirs);
        if (MergeObjects(structure, path, origin, ours, theirs) is { } merged) return merged;
        return MergeLists(structure, path, origin, ours, theirs) ?? Conflict(path, Tell(ours, theirs), origin, ours, theirs);
    }

    private static string Tell(Value? ours, Value? theirs) =>
        ours is null ? "ours removed what theirs changed" : theirs is null ? "theirs removed what ours changed" : "both sides changed it";

    private Value? Conflict(KeyStep[] path, string message, Value? origin, Value? ours, Value? theirs)
    {
        Conflicts.Add(new("", message, origin, ours, theirs) { Path = path });
        return ours;
    }

    private Value? HigherVersion(Value? ours, Value? theirs)
    {
        if (ours?.AsText is not { } a || theirs?.AsText is not { } b || Semver.Parse(a) is not { } x || Semver.Parse(b) is not { } y) return null;
        var higher = x.CompareTo(y) >= 0 ? a : b;
        Notes.Add($"Ours is version {a}, theirs {b}: the merged bundle is {higher}. Raise it before publishing, should {higher} be published already.");
        return Value.From(higher);
    }

    private Value? MergeObjects(Structure structure, KeyStep[] path, Value? origin, Value? ours, Value? theirs)
    {
        if (structure.Kind is StructureKind.Whole || ours?.AsObject is not { } a || theirs?.AsObject is not { } b) return null;
        if (origin is not null && origin.Value.AsObject is null) return null;
        var before = Members(origin?.AsObject ?? FactObject.Empty);
        if (Sides.Replaced(structure, before, Members(a), Members(b))) return null;
        var merged = new FactObjectBuilder();
        foreach (var name in before.Keys.Union(a.Shape.Names.ToArray()).Union(b.Shape.Names.ToArray()))
        {
            if (Merge(structure[name], [.. path, new(name, null)], Get(before, name), a.Has(name) ? a[name] : null, b.Has(name) ? b[name] : null) is { } value) merged[name] = value;
        }

        return Value.From(merged.Build());
    }

    private Value? MergeLists(Structure structure, KeyStep[] path, Value? origin, Value? ours, Value? theirs)
    {
        if (ours is null || theirs is null || structure.Keyed(ours.Value) is not { } a || structure.Keyed(theirs.Value) is not { } b) return null;
        if ((origin is null ? new(StringComparer.Ordinal) : structure.Keyed(origin.Value)) is not { } before) return null;
        if (Sides.Replaced(structure, before, a, b) || MergeOrder.Of([.. before.Keys], [.. a.Keys], [.. b.Keys]) is not { } order) return null;
        var merged = new List<Value>();
        foreach (var key in order)
        {
            if (Merge(structure.Items, [.. path, new(key, structure)], Get(before, key), Get(a, key), Get(b, key)) is { } item) merged.Add(item);
        }

        return Value.From([.. merged]);
    }

    private static OrderedDictionary<string, Value> Members(FactObject members) => new(members, StringComparer.Ordinal);

    private static Value? Get(OrderedDictionary<string, Value> items, string key) => items.TryGetValue(key, out var value) ? value : null;
}
