namespace Crm.Wfm.Bundles;

/// <summary>Finds what went from one collection to another: a condition that became a validator, say.</summary>
internal static class Moves
{
    public static IEnumerable<BundleChange> Find(IReadOnlyList<BundleChange> changes, ChangeWords words)
    {
        var removed = changes.Where(c => c is { Kind: ChangeKind.Removed, Old.AsObject.Count: > 0 }).ToLookup(c => (c.Place!.Name, c.Old!.Value));
        var moved = changes.Where(c => c.Kind == ChangeKind.Added && removed[(c.Place!.Name, c.New!.Value)].Any()).ToDictionary(c => c, c => removed[(c.Place!.Name, c.New!.Value)].First());
        var gone = moved.Values.ToHashSet();
        return changes.Where(c => !gone.Contains(c)).Select(c => moved.TryGetValue(c, out var from)
            ? c with { Kind = ChangeKind.Moved, From = from.Pointer, Old = from.Old, Sentence = words.Moved(from.Place!, c.Place!) }
            : c);
    }
}
