using Crm.Wfm.Rules;

namespace Crm.Wfm.Schemas;

/// <summary>Keywords for values of every kind: <c>type</c>, <c>enum</c>, <c>const</c>.</summary>
internal static class AnyKeywords
{
    private static readonly string[] Types = ["null", "boolean", "number", "integer", "string", "array", "object"];

    public static IReadOnlyDictionary<string, Action<SchemaReader, SchemaNode, Value>> All { get; } =
        new Dictionary<string, Action<SchemaReader, SchemaNode, Value>>
        {
            ["type"] = ReadType,
            ["enum"] = ReadEnum,
            ["const"] = (_, node, wanted) => node.Checks.Add((value, run) =>
            {
                if (value != wanted) run.Refuse("const", $"must be {wanted}");
            }),
        };

    /// <summary>Names what a value is, with its article.</summary>
    public static string Name(Value value) => value.Kind switch
    {
        ValueKind.Null => "null",
        ValueKind.Boolean => "a boolean",
        ValueKind.Number => "a number",
        ValueKind.Text => "a text",
        ValueKind.List => "a list",
        _ => "an object",
    };

    private static string Name(string type) => type switch
    {
        "null" => "null",
        "string" => "a text",
        "array" => "a list",
        "integer" => "a whole number",
        "object" => "an object",
        _ => $"a {type}",
    };

    private static void ReadType(SchemaReader reader, SchemaNode node, Value value)
    {
        var types = value.AsText is { } one ? [one] : value.AsList.ToArray().Select(item => item.AsText ?? "").ToArray();
        if (types.Length == 0) reader.Refuse(node, "type", "must be the name of a type or a list of them");
        foreach (var type in types.Where(t => !Types.Contains(t)))
            reader.Refuse(node, "type", $"'{type}' is no type{Closest.Hint(type, Types)} (types are {string.Join(", ", Types)})");
        node.Kinds = string.Join(" or ", types.Select(Name));
        node.Checks.Add((v, run) =>
        {
            if (!Array.Exists(types, type => Is(v, type))) run.Refuse("type", $"must be {node.Kinds}, is {Name(v)}");
        });
    }

    private static bool Is(Value value, string type) => type switch
    {
        "null" => value.IsNull,
        "boolean" => value.Kind == ValueKind.Boolean,
        "number" => value.Kind == ValueKind.Number,
        "integer" => value.Kind == ValueKind.Number && double.IsInteger(value.AsNumber),
        "string" => value.Kind == ValueKind.Text,
        "array" => value.Kind == ValueKind.List,
        _ => value.Kind == ValueKind.Object,
    };

    private static void ReadEnum(SchemaReader reader, SchemaNode node, Value value)
    {
        var allowed = reader.List(node, "enum", value);
        var set = new HashSet<Value>(allowed);
        var texts = allowed.Select(a => a.AsText).OfType<string>().ToArray();
        node.Checks.Add((v, run) =>
        {
            if (!set.Contains(v)) run.Refuse("enum", $"must be one of {Shown(allowed)}{(v.AsText is { } text ? run.Hint(text, texts) : "")}");
        });
    }

    private static string Shown(Value[] values) =>
        string.Join(", ", values.Take(20).Select(v => v.AsText ?? v.ToString())) + (values.Length > 20 ? ", …" : "");
}
