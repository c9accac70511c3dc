namespace Crm.Wfm;

/// <summary>Guesses which of the known words was meant.</summary>
public static class Closest
{
    private const int LongestWord = 64;
    private const int MostWords = 2000;

    /// <summary>Writes <c>; did you mean 'x'?</c>, or nothing when no word is close.</summary>
    public static string Hint(string word, IEnumerable<string> known) => To(word, known) is { } guess ? $"; did you mean '{guess}'?" : "";

    /// <summary>Finds the word with the fewest edits, at most a third of its letters and three; <c>null</c> when none is that close.</summary>
    public static string? To(string word, IEnumerable<string> known)
    {
        if (word.Length is 0 or > LongestWord) return null;
        var (best, limit) = ((string?)null, Math.Clamp(word.Length / 3, 1, 3));
        foreach (var candidate in known.Take(MostWords))
        {
            var edits = Edits(word, candidate, limit);
            if (edits > limit) continue;
            (best, limit) = (candidate, edits - 1);
        }

        return best;
    }

    /// <summary>Counts letters changed, added, left out or swapped with their neighbour, whatever their case; gives up above the limit, to be fast.</summary>
    private static int Edits(string a, string b, int limit)
    {
        if (Math.Abs(a.Length - b.Length) > limit) return int.MaxValue;
        Span<int> before = stackalloc int[b.Length + 1], above = stackalloc int[b.Length + 1], row = stackalloc int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++) above[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            var least = row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                row[j] = Math.Min(above[j - 1] + (Same(a, i, b, j) ? 0 : 1), Math.Min(row[j - 1], above[j]) + 1);
                if (i > 1 && j > 1 && Same(a, i, b, j - 1) && Same(a, i - 1, b, j)) row[j] = Math.Min(row[j], before[j - 2] + 1);
                least = Math.Min(least, row[j]);
            }

            if (least > limit) return int.MaxValue;
            var oldest = before;
            before = above;
            above = row;
            row = oldest;
        }

        return above[b.Length];
    }

    private static bool Same(string a, int i, string b, int j) => char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]);
}
