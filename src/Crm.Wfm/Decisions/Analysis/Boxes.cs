using Crm.Wfm.Decisions.Grids;

namespace Crm.Wfm.Decisions.Analysis;

/// <summary>
/// A table's rows as boxes over the segments its inputs can be in. What is asked of single inputs is computed once for all rows that ask the same, so that comparing
/// every row with every other takes some bits per row and input.
/// </summary>
internal sealed class Boxes
{
    private readonly Grid _grid;
    private readonly int[][] _possible;
    private readonly Dictionary<(int Input, int Row), Reach> _reaches = [];

    public Boxes(Grid grid)
    {
        _grid = grid;
        Inputs = [.. Enumerable.Range(0, grid.Axes.Length).Where(input => grid.Axes[input] is not null)];
        _possible = Array.ConvertAll(grid.Axes, axis => axis is null ? [] : Enumerable.Range(0, axis.Count).Where(axis.IsPossible).ToArray());
    }

    /// <summary>Gets the inputs that some row asks for.</summary>
    public IReadOnlyList<int> Inputs { get; }

    /// <summary>Finds an input of which no value lets the row hit; <c>null</c> where there is none.</summary>
    public int? Impossible(int row)
    {
        foreach (var input in Inputs)
        {
            if (Of(input, row).Segments.Length == 0) return input;
        }

        return null;
    }

    /// <summary>Finds the rows that share values of every input with a row, itself among them.</summary>
    public ulong[] Touching(int row) => Together(row, reach => reach.Touching);

    /// <summary>Finds the rows that hit wherever a row does, itself among them.</summary>
    public ulong[] Covering(int row) => Together(row, reach => reach.Covering);

    /// <summary>Finds, for each input, a segment in which two rows meet.</summary>
    public int[] Meeting(int row, int other)
    {
        var point = new int[_grid.Axes.Length];
        foreach (var input in Inputs) point[input] = Array.Find(Of(input, row).Segments, segment => RowSet.Has(_grid.At(input, segment), other));
        return point;
    }

    /// <summary>Gets what can be said of an input: anywhere, or within a row.</summary>
    public Reach Of(int input, int? row)
    {
        var key = (input, row is { } r ? _grid.Alike(input, r) : -1);
        if (_reaches.TryGetValue(key, out var known)) return known;
        var segments = row is { } within ? Array.FindAll(_possible[input], segment => RowSet.Has(_grid.At(input, segment), within)) : _possible[input];
        var (touching, covering) = (new ulong[_grid.Words], new ulong[_grid.Words]);
        RowSet.Fill(covering, _grid.Rows);
        foreach (var segment in segments)
        {
            RowSet.Unite(touching, _grid.At(input, segment));
            RowSet.Intersect(covering, _grid.At(input, segment));
        }

        return _reaches[key] = new(segments, touching, covering);
    }

    private ulong[] Together(int row, Func<Reach, ulong[]> part)
    {
        var rows = new ulong[_grid.Words];
        RowSet.Fill(rows, _grid.Rows);
        foreach (var input in Inputs) RowSet.Intersect(rows, part(Of(input, row)));
        return rows;
    }
}

/// <summary>Segments of an input, and who holds there.</summary>
/// <param name="Segments">The segments that are possible.</param>
/// <param name="Touching">The rows that hold in some of them.</param>
/// <param name="Covering">The rows that hold in all of them.</param>
internal sealed record Reach(int[] Segments, ulong[] Touching, ulong[] Covering);
