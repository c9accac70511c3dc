using Crm.Wfm.Rules;

namespace Crm.Wfm.Decisions.Cells;

/// <summary>What a row asks of one input. Nothing is taken for anything else: a text is never a number, and an absent input is null and nothing besides.</summary>
internal abstract class Cell(Value source)
{
    /// <summary>Gets the cell as the bundle has it.</summary>
    public Value Source { get; } = source;

    /// <summary>Gets the values at which the answer may change, all numbers, texts or booleans.</summary>
    public virtual IEnumerable<Value> Borders => [];

    /// <summary>Gets whether texts are compared by their order.</summary>
    public virtual bool OrdersTexts => false;

    public abstract bool Holds(in Value value);
}

/// <summary>Whatever the input is.</summary>
internal sealed class Anything() : Cell(Value.Null)
{
    public static Anything Instance { get; } = new();

    public override bool Holds(in Value value) => true;
}

/// <summary>One of these values; with one of them, that value.</summary>
internal sealed class OneOf(Value source, Value[] values) : Cell(source)
{
    public override IEnumerable<Value> Borders => values;

    public override bool Holds(in Value value)
    {
        foreach (ref readonly var wanted in values.AsSpan())
        {
            if (Scalars.Same(in value, in wanted)) return true;
        }

        return false;
    }
}

/// <summary>A number beyond or up to another, or a text after or before another.</summary>
internal sealed class Bound(Value source, Value bound, bool above, bool inclusive) : Cell(source)
{
    public override IEnumerable<Value> Borders => [bound];

    public override bool OrdersTexts => bound.Kind == ValueKind.Text;

    public override bool Holds(in Value value)
    {
        if (value.Kind != bound.Kind || double.IsNaN(value.AsNumber)) return false;
        var order = Scalars.Compare(in value, in bound);
        return order == 0 ? inclusive : order > 0 == above;
    }
}

/// <summary>Everything a cell does not ask for.</summary>
internal sealed class Not(Value source, Cell cell) : Cell(source)
{
    public override IEnumerable<Value> Borders => cell.Borders;

    public override bool OrdersTexts => cell.OrdersTexts;

    public override bool Holds(in Value value) => !cell.Holds(in value);
}

/// <summary>Several conditions, which all have to hold.</summary>
internal sealed class All(Value source, Cell[] cells) : Cell(source)
{
    public override IEnumerable<Value> Borders => cells.SelectMany(cell => cell.Borders);

    public override bool OrdersTexts => Array.Exists(cells, cell => cell.OrdersTexts);

    public override bool Holds(in Value value)
    {
        foreach (var cell in cells)
        {
            if (!cell.Holds(in value)) return false;
        }

        return true;
    }
}

/// <summary>A rule that decides. Nothing is known of it beforehand: as far as the value alone tells, it may hold.</summary>
internal sealed class ByRule(Value source, Rule rule) : Cell(source)
{
    public Rule Rule { get; } = rule;

    public override bool Holds(in Value value) => true;
}

/// <summary>Comparing what is neither list nor object.</summary>
internal static class Scalars
{
    public static bool Same(in Value left, in Value right) => left.Kind == right.Kind && left.Kind switch
    {
        <= ValueKind.Number => left.AsNumber == right.AsNumber,
        ValueKind.Text => string.Equals(left.AsText, right.AsText, StringComparison.Ordinal),
        _ => false,
    };

    /// <summary>Orders two numbers, or two texts by their UTF-16 code units.</summary>
    public static int Compare(in Value left, in Value right) =>
        left.Kind == ValueKind.Text ? string.CompareOrdinal(left.AsText, right.AsText) : left.AsNumber.CompareTo(right.AsNumber);
}
