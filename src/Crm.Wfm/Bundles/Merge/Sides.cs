using Crm.Wfm.Rules;

namespace Crm.Wfm.Bundles;

/// <summary>Sees when both sides put something else in one thing's place: taken key by key, the result would have both.</summary>
internal static class Sides
{
    public static bool Replaced(Structure structure, OrderedDictionary<string, Value> before, OrderedDictionary<string, Value> ours, OrderedDictionary<string, Value> theirs)
    {
        var gone = before.Where(item => !ours.ContainsKey(item.Key) && !theirs.ContainsKey(item.Key)).ToList();
        if (gone.Count == 0) return false;
        var (a, b) = (Added(before, ours), Added(before, theirs));
        if (a.Count == 0 || b.Count == 0 || a.SetEquals(b)) return false;
        // Nothing else tells what a value or a free member took the place of; what has a key took it when it is the same but for the key.
        return structure.Kind is StructureKind.Set or StructureKind.Open || gone.Exists(item => Successor(structure, item.Value, a, ours) is { } x && Successor(structure, item.Value, b, theirs) is { } y && x != y);
    }

    private static HashSet<string> Added(OrderedDictionary<string, Value> before, OrderedDictionary<string, Value> side) => [.. side.Keys.Where(key => !before.ContainsKey(key))];

    private static string? Successor(Structure structure, Value value, HashSet<string> added, OrderedDictionary<string, Value> side) =>
        added.FirstOrDefault(key => structure.WithoutKey(side[key]) == structure.WithoutKey(value));
}
