using Crm.Wfm.Decisions.Grids;

namespace Crm.Wfm.Decisions.Analysis;

/// <summary>What came of looking for a place no row covers.</summary>
internal enum Cover
{
    /// <summary>Rows cover everything.</summary>
    Full,
    /// <summary>There is a place no row covers.</summary>
    Open,
    /// <summary>Looking took too long.</summary>
    Unknown,
}

/// <summary>
/// Looks for values that no row of a set covers, input by input: each segment keeps the rows that hold there, segments that keep the same rows are alike, and rows that
/// were found to cover the rest once do so again. Whether boxes cover a space cannot be told quickly in every case, so there is a budget.
/// </summary>
internal sealed class Coverage(Grid grid, Boxes boxes, long budget = Coverage.Enough)
{
    private const long Enough = 200_000_000;

    private int[] _inputs = [];
    private ulong[][] _full = [];
    private int? _within;
    private HashSet<Kept> _covered = [];
    private long _left = budget;

    /// <summary>Gets the segment of each input where nothing was found to cover.</summary>
    public int[] Point { get; } = new int[grid.Axes.Length];

    /// <summary>Looks for a place within a row, or anywhere, that none of the rows covers.</summary>
    public Cover Search(ulong[] rows, int? within)
    {
        _within = within;
        // What tells most rows apart comes first: then few are left soon.
        _inputs = [.. boxes.Inputs.OrderBy(input => RowSet.Count(boxes.Of(input, within).Covering))];
        _covered = [];
        _full = new ulong[_inputs.Length + 1][];
        _full[^1] = [.. rows];
        for (var depth = _inputs.Length - 1; depth >= 0; depth--)
        {
            _full[depth] = [.. _full[depth + 1]];
            RowSet.Intersect(_full[depth], boxes.Of(_inputs[depth], within).Covering);
        }

        return Search(0, rows);
    }

    private Cover Search(int depth, ulong[] rows)
    {
        if (RowSet.IsEmpty(rows)) return Open(depth);
        if (depth == _inputs.Length || RowSet.Overlap(rows, _full[depth]) || _covered.Contains(new(depth, rows))) return Cover.Full;
        var input = _inputs[depth];
        var seen = new HashSet<Kept>();
        foreach (var segment in boxes.Of(input, _within).Segments)
        {
            if ((_left -= rows.Length) < 0) return Cover.Unknown;
            ulong[] kept = [.. rows];
            RowSet.Intersect(kept, grid.At(input, segment));
            if (!seen.Add(new(depth, kept))) continue;
            Point[input] = segment;
            if (Search(depth + 1, kept) is var found and not Cover.Full) return found;
        }

        _covered.Add(new(depth, rows));
        return Cover.Full;
    }

    private Cover Open(int depth)
    {
        foreach (var input in _inputs.AsSpan(depth))
        {
            // An input that can be nothing at all leaves no place to be found.
            if (boxes.Of(input, _within).Segments is not [var any, ..]) return Cover.Full;
            Point[input] = any;
        }

        return Cover.Open;
    }

    /// <summary>Rows that are left when some inputs are looked at.</summary>
    private readonly struct Kept(int depth, ulong[] rows) : IEquatable<Kept>
    {
        private readonly int _depth = depth;
        private readonly ulong[] _rows = rows;

        public bool Equals(Kept other) => _depth == other._depth && _rows.AsSpan().SequenceEqual(other._rows);

        public override bool Equals(object? obj) => obj is Kept other && Equals(other);

        public override int GetHashCode()
        {
            var hash = new HashCode();
            hash.Add(_depth);
            foreach (var word in _rows) hash.Add(word);
            return hash.ToHashCode();
        }
    }
}
