using System.Globalization;
using System.Text;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Definitions;

/// <summary>Elsa's names of types. Studio keeps what people type as text: a variable's <c>"4"</c> is a number when its type is one.</summary>
internal static class TypeNames
{
    private static readonly HashSet<string> Numbers = ["Byte", "Int16", "Int32", "Int64", "Single", "Double", "Decimal"];

    /// <summary>Converts a value to a type; <c>null</c> when it is none of its values. Types that JSON keeps as text, and those not known here, take anything.</summary>
    public static Value? Convert(Value value, string typeName, bool isArray = false)
    {
        if (value.IsNull) return value;
        if (isArray || typeName.EndsWith("[]", StringComparison.Ordinal)) return List(value);
        if (Numbers.Contains(typeName)) return Number(value);
        return typeName switch
        {
            "Boolean" => Boolean(value),
            "String" => value.Kind is ValueKind.Text ? value : Value.From(value.ToString()),
            _ => value,
        };
    }

    // A list, or a text that holds the JSON of one.
    private static Value? List(Value value)
    {
        if (value.AsText is { } json) value = StrictJson.Read(Encoding.UTF8.GetBytes(json), []) ?? Value.False;
        return value.Kind is ValueKind.List or ValueKind.Null ? value : null;
    }

    private static Value? Number(Value value)
    {
        if (value.Kind == ValueKind.Number) return value;
        return double.TryParse(value.AsText, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? Value.From(number) : null;
    }

    private static Value? Boolean(Value value)
    {
        if (value.Kind == ValueKind.Boolean) return value;
        return bool.TryParse(value.AsText, out var truth) ? Value.From(truth) : null;
    }
}
