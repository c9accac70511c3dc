using System.Text;

namespace Crm.Wfm.Rules;

/// <summary>How the dialect takes one kind of value for another. Allocates only where a number, a list or an object has to become text.</summary>
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

    /// <summary>The value as a number: null is 0, a boolean 0 or 1, a text what JavaScript's <c>Number</c> reads; NaN for lists, objects and every other text.</summary>
    public static double Number(in Value value, ref Run run)
    {
        if (value.Kind <= ValueKind.Number) return value.AsNumber;
        if (value.AsText is not { } text) return double.NaN;
        run.ChargeCopy(text.Length);
        return EcmaNumber.Read(text);
    }

    /// <summary><c>String(value)</c>.</summary>
    public static string Text(in Value value, ref Run run)
    {
        if (value.AsText is { } text) return text;
        if (value.Kind != ValueKind.List) return Scalar(in value, stackalloc char[EcmaNumber.MaxLength]).ToString();
        var joined = new StringBuilder();
        Join(joined, in value, ref run);
        return joined.ToString();
    }

    /// <summary>The name of a member or the index of an item that a value stands for; <c>null</c> for lists and objects.</summary>
    public static string? Name(in Value value) => value.Kind > ValueKind.Text ? null : value.AsText ?? Scalar(in value, stackalloc char[EcmaNumber.MaxLength]).ToString();

    /// <summary>Appends what <c>[value].join()</c> gives: null is nothing, a list's items are parted by commas.</summary>
    public static void Join(StringBuilder text, in Value value, ref Run run)
    {
        if (value.IsNull) return;
        if (value.Kind != ValueKind.List)
        {
            AppendScalar(text, in value, ref run);
            return;
        }

        var items = value.AsList;
        run.Charge(items.Length);
        for (var i = 0; i < items.Length; i++)
        {
            if (i > 0) text.Append(',');
            Join(text, in items[i], ref run);
        }
    }

    private static void AppendScalar(StringBuilder text, in Value value, ref Run run)
    {
        var scalar = Scalar(in value, stackalloc char[EcmaNumber.MaxLength]);
        run.ChargeCopy(scalar.Length);
        text.Append(scalar);
    }

    /// <summary><c>String(value)</c> for all but lists.</summary>
    public static ReadOnlySpan<char> Scalar(in Value value, Span<char> buffer) => value.Kind switch
    {
        ValueKind.Null => "null",
        ValueKind.Boolean => value.AsBoolean ? "true" : "false",
        ValueKind.Number => EcmaNumber.Write(value.AsNumber, buffer),
        ValueKind.Text => value.AsText,
        _ => "[object Object]",
    };

    /// <summary>
    /// <c>===</c>, but lists and objects are compared deeply: JavaScript asks whether they are one and the same, which facts that were
    /// stored and read again (a backtest) would answer differently.
    /// </summary>
    public static bool StrictlyEqual(in Value left, in Value right, ref Run run)
    {
        if (left.Kind != right.Kind) return false;
        switch (left.Kind)
        {
            case <= ValueKind.Number: return left.AsNumber == right.AsNumber;
            case ValueKind.Text: return SameText(left.AsText!, right.AsText!, ref run);
            case ValueKind.List: return SameItems(left.AsList, right.AsList, ref run);
            default:
                var (a, b) = (left.AsObject!, right.AsObject!);
                return ReferenceEquals(a, b) || (a.Shape.IsLike(b.Shape) && SameItems(a.Slots, b.Slots, ref run));
        }
    }

    public static bool SameText(string left, string right, ref Run run)
    {
        if (left.Length != right.Length) return false;
        run.ChargeScan(left.Length);
        return string.Equals(left, right);
    }

    private static bool SameItems(ReadOnlySpan<Value> left, ReadOnlySpan<Value> right, ref Run run)
    {
        if (left.Length != right.Length) return false;
        run.Charge(left.Length);
        for (var i = 0; i < left.Length; i++)
        {
            if (!StrictlyEqual(in left[i], in right[i], ref run)) return false;
        }

        return true;
    }
}
