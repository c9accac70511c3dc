using Crm.Wfm.Decisions.Grids;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Decisions;

/// <summary>How a decision comes to its result.</summary>
internal abstract class Logic
{
    /// <summary>Gives the outputs as an object; null where no row hits and nothing is said for that.</summary>
    public abstract Value Evaluate(in Question question);

    /// <summary>Tells how, table by table.</summary>
    public abstract IReadOnlyList<TableTrace> Explain(in Question question);

    /// <summary>Gets the tables it is made of; the name is <c>null</c> where the decision is the table.</summary>
    public abstract IReadOnlyList<(string? Name, Table Table)> Parts { get; }
}

/// <summary>One of the rows that hit, or what is said for none.</summary>
internal sealed class SingleHit(Table table, Answers? otherwise) : Logic
{
    public override IReadOnlyList<(string? Name, Table Table)> Parts { get; } = [(null, table)];

    public override Value Evaluate(in Question question)
    {
        Value data = default;
        return (table.FindOne(in question, ref data)?.Answers ?? otherwise)?.All(in question, ref data) ?? Value.Null;
    }

    public override IReadOnlyList<TableTrace> Explain(in Question question) => [new(null, table.Explain(in question), null)];
}

/// <summary>All rows that hit together: their outputs as lists, added up, the least or the greatest; or how many they are.</summary>
internal sealed class Collected(Table table, Shape shape, Aggregate aggregate, Answers? otherwise) : Logic
{
    public override IReadOnlyList<(string? Name, Table Table)> Parts { get; } = [(null, table)];

    public override Value Evaluate(in Question question)
    {
        Value data = default;
        Span<ulong> hits = stackalloc ulong[table.Grid.Words];
        table.Find(in question, hits, ref data);
        if (RowSet.IsEmpty(hits) && otherwise is not null) return otherwise.All(in question, ref data);
        if (RowSet.IsEmpty(hits) && aggregate is Aggregate.Sum or Aggregate.Min or Aggregate.Max) return Value.Null;
        var values = new Value[shape.Names.Length];
        for (var slot = 0; slot < values.Length; slot++) values[slot] = Together(slot, hits, in question, ref data);
        return Value.From(new FactObject(shape, values));
    }

    public override IReadOnlyList<TableTrace> Explain(in Question question) => [new(null, table.Explain(in question), null)];

    private Value Together(int slot, ReadOnlySpan<ulong> hits, in Question question, ref Value data)
    {
        if (aggregate == Aggregate.Count) return Value.From(RowSet.Count(hits));
        if (aggregate == Aggregate.List) return List(slot, hits, in question, ref data);
        double? total = null;
        for (var row = RowSet.Next(hits, 0); row >= 0; row = RowSet.Next(hits, row + 1))
        {
            var number = Number(table.Rows[row], slot, in question, ref data);
            total = total is not { } sofar ? number : aggregate switch
            {
                Aggregate.Sum => sofar + number,
                Aggregate.Min => Math.Min(sofar, number),
                _ => Math.Max(sofar, number),
            };
        }

        return Value.From(total!.Value);
    }

    private Value List(int slot, ReadOnlySpan<ulong> hits, in Question question, ref Value data)
    {
        var values = new List<Value>();
        question.Run.Charge(RowSet.Count(hits));
        for (var row = RowSet.Next(hits, 0); row >= 0; row = RowSet.Next(hits, row + 1)) values.Add(table.Rows[row].Answers.One(slot, in question, ref data));
        return Run.Made(Value.From([.. values]));
    }

    private double Number(Row row, int slot, in Question question, ref Value data)
    {
        var value = row.Answers.One(slot, in question, ref data);
        return value.Kind == ValueKind.Number ? value.AsNumber : throw Question.Unanswered($"{row.Key} gives {value} for {shape.Names[slot]}, which is no number.");
    }
}

/// <summary>One thing a scorecard looks at: its first row that hits gives points.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Weight">What its points are multiplied by.</param>
/// <param name="Table">Its rows, whose only output is their points.</param>
/// <param name="Otherwise">Points where no row hits.</param>
internal sealed record Characteristic(string Key, double Weight, Table Table, double Otherwise)
{
    public double Points(in Question question)
    {
        Value data = default;
        return Weight * (Table.FindOne(in question, ref data)?.Answers.Constant(0).AsNumber ?? Otherwise);
    }

    /// <summary>Gets whether it only gives whole points.</summary>
    public bool IsWhole => All.All(double.IsInteger);

    /// <summary>Tells between what its points lie.</summary>
    public (double Least, double Most) Range() => (All.Min(), All.Max());

    private IEnumerable<double> All => Table.Rows.Select(row => Weight * row.Answers.Constant(0).AsNumber).Append(Weight * Otherwise);
}

/// <summary>Points for each characteristic, added up, and what the score's band gives.</summary>
internal sealed class Scorecard(double start, IReadOnlyList<Characteristic> characteristics, Table bands, DecisionInput score, Shape shape, Answers? otherwise) : Logic
{
    public const string Score = "score";
    public const string Bands = "bands";

    private readonly int _score = shape.IndexOf(Score);

    public override IReadOnlyList<(string? Name, Table Table)> Parts { get; } = [.. characteristics.Select(c => ((string?)c.Key, c.Table)), (Bands, bands)];

    public override Value Evaluate(in Question question)
    {
        var total = start;
        foreach (var characteristic in characteristics) total += characteristic.Points(in question);
        return Band(total, in question);
    }

    public override IReadOnlyList<TableTrace> Explain(in Question question)
    {
        var traces = new List<TableTrace>();
        var total = start;
        foreach (var characteristic in characteristics)
        {
            var points = characteristic.Points(in question);
            traces.Add(new(characteristic.Key, characteristic.Table.Explain(in question), points));
            total += points;
        }

        if (bands.Rows.Length > 0) traces.Add(new(Bands, bands.Explain(question.With([score], Given(total))), null));
        return traces;
    }

    private Value Band(double total, in Question question)
    {
        if (shape.Names.Length == 1) return Value.From(new FactObject(shape, [Value.From(total)]));
        Value data = default;
        var asked = question.With([score], Given(total));
        var values = new Value[shape.Names.Length];
        var answers = bands.FindOne(in asked, ref data)?.Answers ?? otherwise;
        // The score itself is no band's to give: their answers have the other outputs, in the same order.
        for (var (slot, other) = (0, 0); slot < values.Length; slot++) values[slot] = slot == _score ? Value.From(total) : answers?.One(other++, in asked, ref data) ?? Value.Null;
        return Run.Made(Value.From(new FactObject(shape, values)));
    }

    private static FactObject Given(double total) => FactObject.Empty.With(Score, Value.From(total));
}
