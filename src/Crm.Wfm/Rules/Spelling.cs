namespace Crm.Wfm.Rules;

/// <summary>Guesses what somebody meant to write.</summary>
internal static class Spelling
{
    private const int MaxLength = 32;

    /// <summary>Finds the known word that takes the fewest edits, or <c>null</c> when none is near.</summary>
    public static string? Closest(string word, IEnumerable<string> known)
    {
        if (word.Length is 0 or > MaxLength) return null;
        var (distance, best) = known.Select(k => (Distance(word, k), k)).Min();
        return distance <= Math.Max(1, word.Length / 3) ? best : null;
    }

    /// <summary>Counts insertions, deletions and replacements, upper and lower case being the same (Levenshtein).</summary>
    private static int Distance(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 0; i < left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i + 1;
            for (var j = 0; j < right.Length; j++)
            {
                var replaced = diagonal + (char.ToLowerInvariant(left[i]) == char.ToLowerInvariant(right[j]) ? 0 : 1);
                diagonal = row[j + 1];
                row[j + 1] = Math.Min(replaced, 1 + Math.Min(row[j], row[j + 1]));
            }
        }

        return row[^1];
    }
}
