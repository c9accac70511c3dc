using System.Runtime.CompilerServices;
using System.Text;

namespace Crm.Wfm.Rules;

/// <summary>How JavaScript, and so JsonLogic, takes one kind of value for another. Allocates only where a list or an object has to become text.</summary>
internal static class Coercion
{
    // The order of ValueKind helps: up to Number, AsNumber is the value's number; after Text come the kinds that are not primitive.

    /// <summary>JsonLogic's truth: JavaScript's, but an empty list is false.</summary>
    public static bool Truthy(in Value value) => value.Kind switch
    {
        <= ValueKind.Number => Truthy(value.AsNumber),
        ValueKind.Text => value.AsText!.Length > 0,
        ValueKind.List => value.AsList.Length > 0,
        _ => true,
    };

    public static bool Truthy(double number) => number != 0 && !double.IsNaN(number);

    /// <summary><c>Number(value)</c>.</summary>
    public static double Number(in Value value) => value.Kind <= ValueKind.Number ? value.AsNumber : EcmaNumber.Read(Text(in value));

    /// <summary><c>parseFloat(value)</c>, which <c>+</c> and <c>*</c> use: unlike <see cref="Number"/> it finds no number in null, booleans and blank text.</summary>
    public static double ParsedNumber(in Value value) => value.Kind switch
    {
        ValueKind.Number => value.AsNumber,
        ValueKind.Text => EcmaNumber.ReadStart(value.AsText),
        ValueKind.List => EcmaNumber.ReadStart(Text(in value)),
        _ => double.NaN,
    };

    /// <summary><c>String(value)</c>.</summary>
    public static string Text(in Value value)
    {
        if (value.AsText is { } text) return text;
        if (value.Kind != ValueKind.List) return Scalar(in value, stackalloc char[EcmaNumber.MaxLength]).ToString();
        var joined = new StringBuilder();
        Join(joined, in value);
        return joined.ToString();
    }

    /// <summary>Appends what <c>[value].join()</c> gives: null is nothing, a list's items are parted by commas.</summary>
    public static void Join(StringBuilder text, in Value value)
    {
        if (value.IsNull) return;
        if (value.Kind != ValueKind.List)
        {
            AppendScalar(text, in value);
            return;
        }

        RuntimeHelpers.EnsureSufficientExecutionStack();
        var items = value.AsList;
        for (var i = 0; i < items.Length; i++)
        {
            if (i > 0) text.Append(',');
            Join(text, in items[i]);
        }
    }

    private static void AppendScalar(StringBuilder text, in Value value) => text.Append(Scalar(in value, stackalloc char[EcmaNumber.MaxLength]));

    /// <summary><c>String(value)</c> for all but lists.</summary>
    public static ReadOnlySpan<char> Scalar(in Value value, Span<char> buffer) => value.Kind switch
    {
        ValueKind.Null => "null",
        ValueKind.Boolean => value.AsBoolean ? "true" : "false",
        ValueKind.Number => EcmaNumber.Write(value.AsNumber, buffer),
        ValueKind.Text => value.AsText,
        _ => "[object Object]",
    };

    /// <summary>A list or an object as the text that a comparison with text or a number sees.</summary>
    public static Value Primitive(in Value value) => value.Kind > ValueKind.Text ? Value.From(Text(in value)) : value;

    /// <summary>
    /// <c>===</c>, but lists and objects are compared deeply: JavaScript asks whether they are one and the same, which facts that were
    /// stored and read again (a backtest) would answer differently. NaN equals nothing.
    /// </summary>
    public static bool StrictlyEqual(in Value left, in Value right)
    {
        if (left.AsText is { } text) return string.Equals(text, right.AsText);
        if (left.Kind != right.Kind) return false;
        return left.Kind <= ValueKind.Number ? left.AsNumber == right.AsNumber : left.Equals(right);
    }

    /// <summary><c>==</c>.</summary>
    public static bool LooselyEqual(in Value left, in Value right)
    {
        if (left.Kind == right.Kind || (left.Kind > ValueKind.Text && right.Kind > ValueKind.Text)) return StrictlyEqual(in left, in right);
        if (left.IsNull || right.IsNull) return false;
        var (a, b) = (Primitive(in left), Primitive(in right));
        return a.Kind == ValueKind.Text && b.Kind == ValueKind.Text ? string.Equals(a.AsText, b.AsText) : Number(in a) == Number(in b);
    }
}
