using System.Numerics;

namespace Crm.Wfm.Decisions.Grids;

/// <summary>Rows of a table as bits, so that narrowing a thousand rows by one input takes some sixteen steps.</summary>
internal static class RowSet
{
    public static int Words(int rows) => (rows + 63) / 64;

    /// <summary>Makes a set of all rows.</summary>
    public static void Fill(Span<ulong> set, int rows)
    {
        set.Fill(ulong.MaxValue);
        if (rows % 64 is > 0 and var rest) set[^1] = (1UL << rest) - 1;
    }

    public static void Add(Span<ulong> set, int row) => set[row / 64] |= 1UL << (row % 64);

    public static void Remove(Span<ulong> set, int row) => set[row / 64] &= ~(1UL << (row % 64));

    public static bool Has(ReadOnlySpan<ulong> set, int row) => (set[row / 64] >> (row % 64) & 1) != 0;

    public static void Intersect(Span<ulong> set, ReadOnlySpan<ulong> other)
    {
        for (var i = 0; i < set.Length; i++) set[i] &= other[i];
    }

    public static void Unite(Span<ulong> set, ReadOnlySpan<ulong> other)
    {
        for (var i = 0; i < set.Length; i++) set[i] |= other[i];
    }

    public static void Subtract(Span<ulong> set, ReadOnlySpan<ulong> other)
    {
        for (var i = 0; i < set.Length; i++) set[i] &= ~other[i];
    }

    public static int Count(ReadOnlySpan<ulong> set)
    {
        var count = 0;
        foreach (var word in set) count += BitOperations.PopCount(word);
        return count;
    }

    public static bool IsEmpty(ReadOnlySpan<ulong> set) => !set.ContainsAnyExcept(0UL);

    public static bool Overlap(ReadOnlySpan<ulong> set, ReadOnlySpan<ulong> other)
    {
        for (var i = 0; i < set.Length; i++)
        {
            if ((set[i] & other[i]) != 0) return true;
        }

        return false;
    }

    /// <summary>Finds the first row from one on; -1 when there is none.</summary>
    public static int Next(ReadOnlySpan<ulong> set, int from)
    {
        if (from >= set.Length * 64) return -1;
        var word = from / 64;
        var bits = set[word] >> (from % 64) << (from % 64);
        while (bits == 0)
        {
            if (++word == set.Length) return -1;
            bits = set[word];
        }

        return word * 64 + BitOperations.TrailingZeroCount(bits);
    }
}
