namespace Crm.Wfm.Bundles;

/// <summary>Orders of numbers.</summary>
internal static class Ordering
{
    /// <summary>Gives the indices of a longest row of numbers that rise, not necessarily neighbours.</summary>
    public static HashSet<int> LongestRising(int[] numbers)
    {
        var (ends, before) = (new List<int>(), new int[numbers.Length]);
        for (var i = 0; i < numbers.Length; i++)
        {
            var (low, high) = (0, ends.Count);
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (numbers[ends[middle]] < numbers[i]) low = middle + 1;
                else high = middle;
            }

            before[i] = low > 0 ? ends[low - 1] : -1;
            if (low == ends.Count) ends.Add(i);
            else ends[low] = i;
        }

        var row = new HashSet<int>();
        for (var i = ends.Count > 0 ? ends[^1] : -1; i >= 0; i = before[i]) row.Add(i);
        return row;
    }
}
