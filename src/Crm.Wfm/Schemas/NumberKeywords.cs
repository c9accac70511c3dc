using System.Globalization;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Schemas;

/// <summary>Keywords for numbers, which are doubles here as everywhere in rules.</summary>
internal static class NumberKeywords
{
    public static IReadOnlyDictionary<string, Action<SchemaReader, SchemaNode, Value>> All { get; } =
        new Dictionary<string, Action<SchemaReader, SchemaNode, Value>>
        {
            ["minimum"] = Bound("minimum", "at least", (number, bound) => number >= bound),
            ["maximum"] = Bound("maximum", "at most", (number, bound) => number <= bound),
            ["exclusiveMinimum"] = Bound("exclusiveMinimum", "more than", (number, bound) => number > bound),
            ["exclusiveMaximum"] = Bound("exclusiveMaximum", "less than", (number, bound) => number < bound),
            ["multipleOf"] = ReadMultipleOf,
        };

    private static Action<SchemaReader, SchemaNode, Value> Bound(string keyword, string words, Func<double, double, bool> holds) => (reader, node, value) =>
    {
        var bound = reader.Number(node, keyword, value);
        var key = keyword.Replace("M", "-m", StringComparison.Ordinal);
        node.Checks.Add((v, run) =>
        {
            if (v.Kind == ValueKind.Number && !holds(v.AsNumber, bound)) run.Refuse(key, $"must be {words} {Shown(bound)}, is {Shown(v.AsNumber)}");
        });
    };

    private static void ReadMultipleOf(SchemaReader reader, SchemaNode node, Value value)
    {
        var unit = reader.Number(node, "multipleOf", value);
        if (unit <= 0) reader.Refuse(node, "multipleOf", "must be more than 0");
        node.Checks.Add((v, run) =>
        {
            if (v.Kind == ValueKind.Number && !IsMultiple(v.AsNumber, unit))
                run.Refuse("multiple-of", $"must be a multiple of {Shown(unit)}, is {Shown(v.AsNumber)}");
        });
    }

    /// <summary>Forgives what doubles cannot hold: 19.99 is a multiple of 0.01, though the division says 1998.9999999999998.</summary>
    private static bool IsMultiple(double number, double unit)
    {
        var times = number / unit;
        return double.IsFinite(times) && Math.Abs(times - Math.Round(times)) <= 1e-12 * Math.Max(1, Math.Abs(times));
    }

    private static string Shown(double number) => number.ToString(CultureInfo.InvariantCulture);
}
