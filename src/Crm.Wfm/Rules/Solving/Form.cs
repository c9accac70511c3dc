namespace Crm.Wfm.Rules.Solving;

/// <summary>What a part of a rule is as seen from one field, everything else being known.</summary>
internal abstract record Form
{
    private Form()
    {
    }

    /// <summary>A value, whatever the field is.</summary>
    public sealed record Known(Value Value) : Form;

    /// <summary>The field itself.</summary>
    public sealed record Itself : Form;

    /// <summary>A multiple of the field, taken as a number, and something added.</summary>
    public sealed record Linear(double Slope, double Offset) : Form;

    /// <summary>A number divided by such a form.</summary>
    public sealed record Quotient(double Dividend, Linear Divisor) : Form;

    /// <summary>The field as text with something before and after it.</summary>
    public sealed record Joined(string Before, string After) : Form;

    /// <summary>The field's text from one place to another.</summary>
    public sealed record Part(int Start, int? Length) : Form;

    /// <summary>The field's text in other letters.</summary>
    public sealed record Recased : Form;

    /// <summary>The time the field has, and so much later.</summary>
    public sealed record Later(TimeSpan By) : Form;

    /// <summary>Whole days between the field's time and another.</summary>
    public sealed record DaysFrom(DateTimeOffset Time) : Form;

    /// <summary>Something that depends on fields which are not chosen yet.</summary>
    /// <param name="IsPlain">Whether it is such a field itself: the one is chosen before the other, and then it is a value.</param>
    public sealed record Pending(bool IsPlain) : Form;

    /// <summary>Whether fields are there: each is looked at by itself.</summary>
    public sealed record Presence : Form;

    /// <summary>Something nobody can solve for the field.</summary>
    public sealed record Opaque : Form;

    public static Form FieldItself { get; } = new Itself();

    public static Form Unclear { get; } = new Opaque();

    /// <summary>Takes the form for a number; <c>null</c> when it is none of a simple kind.</summary>
    public Linear? AsLinear() => this switch
    {
        Linear linear => linear,
        Itself => new Linear(1, 0),
        Known known => new Linear(0, NumberOf(known.Value)),
        _ => null,
    };

    /// <summary>What a value counts for in arithmetic: NaN when it is no number.</summary>
    public static double NumberOf(in Value value) =>
        value.Kind <= ValueKind.Number ? value.AsNumber : value.AsText is { } text ? EcmaNumber.Read(text) : double.NaN;
}
