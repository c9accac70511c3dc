using Crm.Wfm.Decisions.Cells;
using Crm.Wfm.Schemas;

namespace Crm.Wfm.Decisions.Grids;

/// <summary>
/// The rows of a table over its inputs: for every segment of every axis the rows whose cell holds there. What hits is found by one look per input, and what overlaps or
/// is left open by looking at segments in place of values. A cell with a rule counts as holding everywhere.
/// </summary>
internal sealed class Grid
{
    private readonly ulong[]?[] _holding;
    private readonly int[][] _alike;

    public Grid(IReadOnlyList<JsonSchema> inputs, IReadOnlyList<Cell[]> rows)
    {
        Rows = rows.Count;
        Words = RowSet.Words(Rows);
        Axes = new Axis?[inputs.Count];
        _holding = new ulong[inputs.Count][];
        _alike = new int[inputs.Count][];
        for (var input = 0; input < inputs.Count; input++)
        {
            var column = rows.Select(row => row[input]).ToArray();
            if (Array.TrueForAll(column, cell => cell is Anything)) continue;
            Axes[input] = new Axis(column, inputs[input]);
            _alike[input] = Alike(column);
            _holding[input] = Holding(Axes[input]!, column, _alike[input]);
        }
    }

    /// <summary>Gets the axis of each input; <c>null</c> where no row asks for it.</summary>
    public Axis?[] Axes { get; }

    public int Rows { get; }

    public int Words { get; }

    /// <summary>Gets the rows that hold in a segment of an input some row asks for.</summary>
    public ReadOnlySpan<ulong> At(int input, int segment) => _holding[input].AsSpan(segment * Words, Words);

    /// <summary>Gets a row that asks the same of an input: many rows say one thing, which is looked at once.</summary>
    public int Alike(int input, int row) => _alike[input][row];

    private static int[] Alike(Cell[] column)
    {
        var first = new Dictionary<string, int>(StringComparer.Ordinal);
        return [.. column.Select((cell, row) => first.TryAdd(cell.Source.ToString(), row) ? row : first[cell.Source.ToString()])];
    }

    private ulong[] Holding(Axis axis, Cell[] column, int[] alike)
    {
        var holding = new ulong[axis.Count * Words];
        var mask = new ulong[Words];
        foreach (var rows in alike.Index().GroupBy(row => row.Item, row => row.Index))
        {
            Array.Clear(mask);
            foreach (var row in rows) RowSet.Add(mask, row);
            var cell = column[rows.Key];
            for (var segment = 0; segment < axis.Count; segment++)
            {
                if (axis.Probe(segment) is { } probe && cell.Holds(in probe)) RowSet.Unite(holding.AsSpan(segment * Words, Words), mask);
            }
        }

        return holding;
    }
}
