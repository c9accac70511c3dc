namespace Crm.Wfm.Bundles;

/// <summary>Orders what three lists hold.</summary>
internal static class MergeOrder
{
    /// <summary>Gives all keys in one order: that of the side that changed it, with what each side added after what it stands after there.</summary>
    /// <returns><c>null</c> when both sides changed the order, in different ways.</returns>
    public static IReadOnlyList<string>? Of(string[] origin, string[] ours, string[] theirs)
    {
        var (a, b) = (Reordered(origin, ours), Reordered(origin, theirs));
        if (a && b && !ours.Intersect(origin).Intersect(theirs).SequenceEqual(theirs.Intersect(origin).Intersect(ours))) return null;
        var spine = a ? WithRemoved(origin, ours) : b ? WithRemoved(origin, theirs) : origin;
        var (runs, theirRuns) = (Runs(spine, ours), Runs(spine, theirs));
        var order = new List<string>();
        foreach (var anchor in spine.Prepend(""))
        {
            if (anchor.Length > 0) order.Add(anchor);
            foreach (var run in new[] { runs[anchor].ToList(), theirRuns[anchor].ToList() }.Where(r => r.Count > 0).OrderBy(r => r[0], StringComparer.Ordinal)) order.AddRange(run);
        }

        return [.. order.Distinct()];
    }

    private static bool Reordered(string[] origin, string[] side) => !origin.Intersect(side).SequenceEqual(side.Intersect(origin));

    /// <summary>Keeps the place of what a side removed: the other may have added something after it.</summary>
    private static string[] WithRemoved(string[] origin, string[] side)
    {
        var kept = side.ToHashSet(StringComparer.Ordinal);
        var spine = side.Intersect(origin).ToList();
        foreach (var (i, key) in origin.Index())
        {
            if (!kept.Contains(key)) spine.Insert(i == 0 ? 0 : spine.IndexOf(origin[i - 1]) + 1, key);
        }

        return [.. spine];
    }

    /// <summary>Groups what a side added by what it stands after; the empty key is the beginning.</summary>
    private static ILookup<string, string> Runs(string[] spine, string[] side)
    {
        var (known, anchor) = (spine.ToHashSet(StringComparer.Ordinal), "");
        var runs = new List<(string Anchor, string Key)>();
        foreach (var key in side)
        {
            if (known.Contains(key)) anchor = key;
            else runs.Add((anchor, key));
        }

        return runs.ToLookup(r => r.Anchor, r => r.Key);
    }
}
