using Crm.Wfm.Decisions.Cells;
using Crm.Wfm.Decisions.Grids;
using Crm.Wfm.Rules;
using Crm.Wfm.Schemas;

namespace Crm.Wfm.Decisions;

/// <summary>One row: what it asks of each input, and what it gives.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Pointer">Where it stands in the bundle.</param>
/// <param name="Cells">One per input, in their order.</param>
/// <param name="Answers">What it gives.</param>
/// <param name="Rank">Under priority the order in which rows are looked at, lower ones first.</param>
internal sealed record Row(string Key, string Pointer, Cell[] Cells, Answers Answers, double Rank = 0)
{
    public bool HasRule { get; } = Array.Exists(Cells, cell => cell is ByRule);
}

/// <summary>Rows over inputs, and how many of those that hit count.</summary>
internal sealed class Table
{
    public Table(IReadOnlyList<JsonSchema> inputs, IEnumerable<Row> rows, HitPolicy policy)
    {
        // Ranked rows are kept in the order of their ranks: then the first that hits is the one that counts.
        Rows = [.. rows.OrderBy(row => row.Rank)];
        Policy = policy;
        Grid = new Grid(inputs, [.. Rows.Select(row => row.Cells)]);
    }

    public Row[] Rows { get; }

    public HitPolicy Policy { get; }

    public Grid Grid { get; }

    public bool StopsAtFirst => Policy is HitPolicy.First or HitPolicy.Priority;

    /// <summary>Finds the rows that hit. Where the first counts, those behind it may be among them.</summary>
    /// <param name="question">What was asked.</param>
    /// <param name="hits">Receives them.</param>
    /// <param name="data">What rules see; made when needed.</param>
    public void Find(in Question question, Span<ulong> hits, ref Value data)
    {
        RowSet.Fill(hits, Grid.Rows);
        for (var input = 0; input < Grid.Axes.Length && !RowSet.IsEmpty(hits); input++)
        {
            if (Grid.Axes[input] is not { } axis) continue;
            question.Run.Charge(1 + hits.Length);
            var value = question.Input(input);
            RowSet.Intersect(hits, Grid.At(input, axis.Locate(in value)));
        }

        for (var row = RowSet.Next(hits, 0); row >= 0; row = RowSet.Next(hits, row + 1))
        {
            if (Rows[row].HasRule && FailingRule(Rows[row], in question, ref data) is not null) RowSet.Remove(hits, row);
            else if (StopsAtFirst) return;
        }
    }

    /// <summary>Finds the row that counts; <c>null</c> when none hits.</summary>
    public Row? FindOne(in Question question, ref Value data)
    {
        Span<ulong> hits = stackalloc ulong[Grid.Words];
        Find(in question, hits, ref data);
        if (RowSet.Next(hits, 0) is not (>= 0 and var hit)) return null;
        if (Policy == HitPolicy.Unique && RowSet.Next(hits, hit + 1) is > 0 and var second)
            throw Question.Unanswered($"Both {Rows[hit].Key} and {Rows[second].Key} hit, of which only one may.");
        return Rows[hit];
    }

    /// <summary>Tells of each row that is looked at whether it hits, or by which cell it does not.</summary>
    public IReadOnlyList<RowTrace> Explain(in Question question)
    {
        Value data = default;
        var values = new Value[Grid.Axes.Length];
        for (var input = 0; input < values.Length; input++) values[input] = question.Input(input);
        var traces = new List<RowTrace>(Rows.Length);
        foreach (var row in Rows)
        {
            var failing = FailingCell(row, values) ?? FailingRule(row, in question, ref data);
            traces.Add(new(row.Key, failing is { } input ? question.Key(input) : null, failing is { } cell ? row.Cells[cell].Source : Value.Null));
            if (failing is null && StopsAtFirst) break;
        }

        return traces;
    }

    private static int? FailingCell(Row row, Value[] values)
    {
        for (var input = 0; input < values.Length; input++)
        {
            if (!row.Cells[input].Holds(in values[input])) return input;
        }

        return null;
    }

    private static int? FailingRule(Row row, in Question question, ref Value data)
    {
        for (var input = 0; input < row.Cells.Length; input++)
        {
            if (row.Cells[input] is not ByRule { Rule: var rule }) continue;
            if (data.IsNull) data = question.WithInputs();
            if (!rule.Holds(new Scope(in data, ref question.Run))) return input;
        }

        return null;
    }
}
