using Crm.Wfm.Rules;

namespace Crm.Wfm.Bundles;

/// <summary>How the values at a place of a bundle are put together, which decides how they are compared and merged.</summary>
internal enum StructureKind
{
    /// <summary>One thing: a scalar, a rule, a list whose items have no names.</summary>
    Whole,

    /// <summary>A version: of two that changed, the higher one counts.</summary>
    Version,

    /// <summary>An object the format says nothing about.</summary>
    Open,

    /// <summary>An object with members of its own kind each: a transition, say.</summary>
    Record,

    /// <summary>Things by key, all of one kind: the transitions, say.</summary>
    Map,

    /// <summary>Things in an order, each with a key of its own: the steps, say.</summary>
    List,

    /// <summary>Values, each there or not: roles, say.</summary>
    Set,
}

/// <summary>
/// What the format's schema says about a place. <c>x-noun</c> names what a collection holds, <c>x-key</c> the members that tell the items of a list apart
/// (<c>*</c>: the item itself), <c>x-merge</c> is <c>whole</c> for what is never taken apart and <c>higher</c> for versions.
/// </summary>
internal sealed class Structure
{
    private const string JsonSchemaUri = "https://json-schema.org/draft/2020-12/schema";

    // What JSON Schema's own keywords hold.
    private static readonly Value JsonSchema = Value.Parse("""
        {
          "properties": {
            "properties": {"x-noun": "field", "additionalProperties": {"$ref": "https://json-schema.org/draft/2020-12/schema"}},
            "patternProperties": {"x-noun": "pattern", "additionalProperties": {"$ref": "https://json-schema.org/draft/2020-12/schema"}},
            "$defs": {"x-noun": "definition", "additionalProperties": {"$ref": "https://json-schema.org/draft/2020-12/schema"}},
            "items": {"$ref": "https://json-schema.org/draft/2020-12/schema"},
            "additionalProperties": {"$ref": "https://json-schema.org/draft/2020-12/schema"},
            "propertyNames": {"$ref": "https://json-schema.org/draft/2020-12/schema"},
            "required": {"x-key": ["*"]}, "enum": {"x-key": ["*"]}, "type": {"x-key": ["*"]},
            "const": {"x-merge": "whole"}, "default": {"x-merge": "whole"}, "examples": {"x-merge": "whole"}
          }
        }
        """);

    private static readonly Structure Anything = new(Value.From(FactObject.Empty), StructureKind.Open);

    private readonly Value _schema;
    private readonly Dictionary<string, Structure> _members = new(StringComparer.Ordinal);
    private readonly string[][] _key;

    private Structure(Value schema, StructureKind kind)
    {
        (_schema, Kind, Noun) = (schema, kind, schema["x-noun"].AsText);
        _key = [.. schema["x-key"].AsList.ToArray().Select(part => part.AsText!.Split('|'))];
    }

    /// <summary>Gets the structure of a whole bundle.</summary>
    public static Structure OfBundle { get; } = Of(BundleReader.Schema.Source);

    public StructureKind Kind { get; }

    /// <summary>Gets what the collection holds, in the singular; <c>null</c> when it is none, or of nothing with a name.</summary>
    public string? Noun { get; }

    /// <summary>Gets whether both sides may have begun it: it is but the sum of what it holds.</summary>
    public bool IsCollection => Kind is StructureKind.Map or StructureKind.List or StructureKind.Set;

    /// <summary>Gets the structure of a member of an object.</summary>
    public Structure this[string member]
    {
        get
        {
            lock (_members)
            {
                if (!_members.TryGetValue(member, out var known)) _members[member] = known = Find(member);
                return known;
            }
        }
    }

    /// <summary>Gets the structure of the items of a list.</summary>
    public Structure Items => this["items"];

    /// <summary>Gives the items of a list by their keys; <c>null</c> when this is no list, or an item has no key, or shares it with another.</summary>
    public OrderedDictionary<string, Value>? Keyed(Value list)
    {
        if (list.Kind != ValueKind.List || Kind is not (StructureKind.List or StructureKind.Set)) return null;
        var items = new OrderedDictionary<string, Value>(StringComparer.Ordinal);
        foreach (var item in list.AsList)
        {
            if (KeyOf(item) is not { } key || !items.TryAdd(key, item)) return null;
        }

        return items;
    }

    /// <summary>Gives what an element is besides its key: two that have the same are one that was renamed.</summary>
    public Value WithoutKey(Value item) => Kind == StructureKind.List ? item.Without([.. _key.SelectMany(names => names)]) : item;

    /// <summary>Copies an element of a list with another one's key, so that the two can be compared for the rest.</summary>
    public Value WithKeyOf(Value item, Value other)
    {
        if (Kind != StructureKind.List || item.AsObject is null) return item;
        var copy = new FactObjectBuilder(item.Without([.. KeyMembers(item)]).AsObject!);
        foreach (var name in KeyMembers(other)) copy[name] = other[name];
        return Value.From(copy.Build());
    }

    private IEnumerable<string> KeyMembers(Value item) => _key.Select(names => names.FirstOrDefault(name => item[name].AsText is not null)).OfType<string>();

    private string? KeyOf(Value item)
    {
        if (Kind == StructureKind.Set) return item.ToString();
        return string.Join(' ', KeyMembers(item).Select(name => item[name].AsText)) is { Length: > 0 } key ? key : null;
    }

    private Structure Find(string member)
    {
        if (Kind is StructureKind.List) return Of(_schema["items"]);
        if (member.StartsWith("x-", StringComparison.Ordinal)) return Anything;
        if (_schema["properties"].AsObject is { } properties && properties.Has(member)) return Of(properties[member]);
        return _schema["additionalProperties"].AsObject is null ? Anything : Of(_schema["additionalProperties"]);
    }

    private static Structure Of(Value schema)
    {
        schema = Resolve(schema);
        return new(schema, KindOf(schema));
    }

    /// <summary>Follows references; what stands beside one counts more than what it leads to.</summary>
    private static Value Resolve(Value schema)
    {
        while (schema["$ref"].AsText is { } reference)
        {
            var target = reference == JsonSchemaUri ? JsonSchema : JsonPointer.Find(BundleReader.Schema.Source, reference[1..])!.Value;
            var merged = new FactObjectBuilder(target.AsObject!);
            foreach (var (name, value) in schema.AsObject!.Where(m => m.Key != "$ref")) merged[name] = value;
            schema = Value.From(merged.Build());
        }

        // Of alternatives, a list or an object is what can be taken apart.
        var parts = schema["oneOf"].AsList.ToArray().Select(Resolve).Where(s => KindOf(s) != StructureKind.Whole).ToList();
        return schema["properties"].IsNull && parts.Count > 0 ? Value.From(parts[0].AsObject!) : schema;
    }

    private static StructureKind KindOf(Value schema) => schema switch
    {
        _ when schema["x-merge"].AsText == "whole" => StructureKind.Whole,
        _ when schema["x-merge"].AsText == "higher" => StructureKind.Version,
        _ when schema["properties"].AsObject is not null => StructureKind.Record,
        _ when schema["additionalProperties"].AsObject is not null => StructureKind.Map,
        _ when schema["uniqueItems"].AsBoolean || schema["x-key"].AsList is [{ AsText: "*" }] => StructureKind.Set,
        _ when schema["x-key"].AsList.Length > 0 => StructureKind.List,
        _ when schema["type"].AsText is "object" => StructureKind.Open,
        _ when schema["type"].IsNull && schema["enum"].IsNull && schema["const"].IsNull => StructureKind.Open,
        _ => StructureKind.Whole,
    };
}
