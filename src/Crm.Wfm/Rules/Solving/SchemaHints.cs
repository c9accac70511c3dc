using Crm.Wfm.Schemas;

namespace Crm.Wfm.Rules.Solving;

/// <summary>What a schema says that helps to find values: hints, as the schema itself is asked whether it allows them.</summary>
internal sealed class SchemaHints
{
    private const int MaxDepth = 16;
    private const int MostEnumerated = 100;

    private readonly Value _root;

    private SchemaHints(Value root) => _root = root;

    public HashSet<string> Types { get; } = [];

    public List<Value> Examples { get; } = [];

    public List<Value> Members { get; } = [];

    public List<double> Numbers { get; } = [];

    public HashSet<string> Formats { get; } = [];

    public HashSet<string> Patterns { get; } = [];

    public double Step { get; private set; }

    public int MinLength { get; private set; }

    public int? MaxLength { get; private set; }

    public int MinItems { get; private set; }

    public JsonSchema? Items { get; private set; }

    /// <summary>Gets all values there are, where they are few; <c>null</c> where they are not.</summary>
    public IReadOnlyList<Value>? All { get; private set; }

    /// <summary>Gets whether texts have a form; of those of times everything is known.</summary>
    public bool ShapesText => Patterns.Count > 0 || Formats.Any(f => f is not ("date" or "date-time"));

    public static SchemaHints Of(JsonSchema? schema)
    {
        var hints = new SchemaHints(schema?.Source ?? Value.True);
        hints.Read(hints._root, 0);
        hints.All = hints.Finite(hints._root, 0);
        hints.Items = schema?.At("/0");
        return hints;
    }

    public bool Has(string type) => Types.Count == 0 || Types.Contains(type);

    private void Read(in Value schema, int depth)
    {
        if (schema.AsObject is not { } keywords || depth > MaxDepth) return;
        foreach (var (name, value) in keywords)
        {
            switch (name)
            {
                case "type": Types.UnionWith(Texts(value)); break;
                case "enum": Members.AddRange(value.AsList); break;
                case "const": Members.Add(value); break;
                case "default": Examples.Add(value); break;
                case "examples": Examples.AddRange(value.AsList); break;
                case "minimum" or "maximum" or "exclusiveMinimum" or "exclusiveMaximum": Numbers.Add(value.AsNumber); break;
                case "multipleOf": Step = Math.Max(Step, value.AsNumber); break;
                case "minLength": MinLength = Math.Max(MinLength, (int)value.AsNumber); break;
                case "maxLength": MaxLength = Math.Min(MaxLength ?? int.MaxValue, (int)value.AsNumber); break;
                case "minItems": MinItems = Math.Max(MinItems, (int)value.AsNumber); break;
                case "format" when value.AsText is { } format: Formats.Add(format); break;
                case "pattern" when value.AsText is { } pattern: Patterns.Add(pattern); break;
                case "allOf" or "anyOf" or "oneOf":
                    foreach (var branch in value.AsList) Read(branch, depth + 1);
                    break;
                case "$ref": Read(Target(value), depth + 1); break;
            }
        }

        if (Types.Contains("integer") && !Types.Contains("number") && Step == 0) Step = 1;
    }

    private Value Target(in Value reference) =>
        reference.AsText is ['#', .. var pointer] && JsonPointer.Find(_root, Uri.UnescapeDataString(pointer)) is { } target ? target : Value.Null;

    /// <summary>Lists the values a schema allows; every one of them, or <c>null</c>.</summary>
    private List<Value>? Finite(in Value schema, int depth)
    {
        if (schema.AsObject is not { } keywords || depth > MaxDepth) return null;
        if (keywords.Has("enum")) return [.. keywords["enum"].AsList];
        if (keywords.Has("const")) return [keywords["const"]];
        if (keywords.Has("$ref") && Finite(Target(keywords["$ref"]), depth + 1) is { } referred) return referred;
        foreach (var branch in keywords["allOf"].AsList)
        {
            if (Finite(in branch, depth + 1) is { } found) return found;
        }

        return Union(keywords["anyOf"], depth) ?? Union(keywords["oneOf"], depth) ?? OfTypes(keywords);
    }

    private List<Value>? Union(in Value branches, int depth)
    {
        var all = new List<Value>();
        foreach (var branch in branches.AsList)
        {
            if (Finite(in branch, depth + 1) is not { } found) return null;
            all.AddRange(found);
        }

        return all.Count == 0 ? null : all;
    }

    private static List<Value>? OfTypes(FactObject keywords)
    {
        var all = new List<Value>();
        if (!keywords.Has("type")) return null;
        foreach (var type in Texts(keywords["type"]))
        {
            switch (type)
            {
                case "boolean": all.AddRange([Value.True, Value.False]); break;
                case "null": all.Add(Value.Null); break;
                case "integer" when keywords["minimum"] is { Kind: ValueKind.Number, AsNumber: var least } && keywords["maximum"] is { Kind: ValueKind.Number, AsNumber: var most } && most - least < MostEnumerated:
                    for (var n = Math.Ceiling(least); n <= most; n++) all.Add(Value.From(n));
                    break;
                default: return null;
            }
        }

        return all;
    }

    private static IEnumerable<string> Texts(Value names) => names.AsText is { } one ? [one] : names.AsList.ToArray().Select(n => n.AsText).OfType<string>();
}
