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

    /// <summary>Keeps the place of what a side removed, after what stood before it and was not moved: the other side may have changed it, or added something after it.</summary>
    private static string[] WithRemoved(string[] origin, string[] side)
    {
        var place = origin.Index().ToDictionary(o => o.Item, o => o.Index, StringComparer.Ordinal);
        var spine = side.Where(place.ContainsKey).ToList();
        var stayed = LongestRise([.. spine.Select(key => place[key])]);
        var kept = spine.ToHashSet(StringComparer.Ordinal);
        string? anchor = null;
        foreach (var (i, key) in origin.Index())
        {
            if (!kept.Contains(key)) spine.Insert(anchor is null ? 0 : spine.IndexOf(anchor) + 1, key);
            else if (!stayed.Contains(i)) continue;
            anchor = key;
        }

        return [.. spine];
    }

    /// <summary>Finds the most numbers that rise from one to the next: what of a list was not moved.</summary>
    private static HashSet<int> LongestRise(int[] numbers)
    {
        // The end of the best rise of each length, and what each number follows in it.
        var (ends, before) = (new List<int>(), new Dictionary<int, int?>());
        foreach (var number in numbers)
        {
            var at = ends.BinarySearch(number) is < 0 and var next ? ~next : ends.Count;
            before[number] = at > 0 ? ends[at - 1] : null;
            if (at == ends.Count) ends.Add(number);
            else ends[at] = number;
        }

        var rise = new HashSet<int>();
        for (int? number = ends.Count > 0 ? ends[^1] : null; number is { } one; number = before[one]) rise.Add(one);
        return rise;
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
