using System.Collections.Frozen;
using Crm.Wfm.Patterns;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Schemas;

/// <summary>Turns a schema's JSON into nodes, refusing every keyword it does not know: a rule that is not enforced is worse than none.</summary>
internal sealed class SchemaReader(Value root)
{
    private const int MaxDepth = 64;
    private const int MaxNodes = 20_000;
    private const string MetaSchema = "https://json-schema.org/draft/2020-12/schema";

    private static readonly FrozenDictionary<string, Action<SchemaReader, SchemaNode, Value>> Keywords =
        new Dictionary<string, Action<SchemaReader, SchemaNode, Value>>
        {
            ["$ref"] = (reader, node, value) => reader.ReadReference(node, value),
            ["$defs"] = (reader, node, value) => reader.Members(node, "$defs", value, (_, _) => { }),
            ["$schema"] = (reader, node, value) => reader.Text(node, "$schema", value),
            ["$id"] = (reader, node, value) => reader.Text(node, "$id", value),
            ["$comment"] = (reader, node, value) => reader.Text(node, "$comment", value),
            ["title"] = (reader, node, value) => reader.Text(node, "title", value),
            ["description"] = (reader, node, value) => reader.Text(node, "description", value),
            ["default"] = (_, _, _) => { },
            ["examples"] = (reader, node, value) => reader.List(node, "examples", value),
            ["readOnly"] = (reader, node, value) => reader.Flag(node, "readOnly", value),
            ["deprecated"] = (reader, node, value) => reader.Flag(node, "deprecated", value),
        }
        .Concat(AnyKeywords.All).Concat(NumberKeywords.All).Concat(TextKeywords.All).Concat(ListKeywords.All).Concat(ObjectKeywords.All)
        .Concat(CombiningKeywords.All).ToFrozenDictionary();

    private readonly Dictionary<FactObject, SchemaNode> _nodes = new(ReferenceEqualityComparer.Instance);
    private readonly List<SchemaNode> _all = [];
    private readonly List<(SchemaNode Node, string Target)> _references = [];
    private int _depth;

    public List<Fault> Faults { get; } = [];

    public SchemaNode Read()
    {
        var node = Read(new SchemaNode(root));
        foreach (var (from, target) in _references) Resolve(from, target);
        RefuseCircles();
        return node;
    }

    /// <summary>Reads a schema that lies below another.</summary>
    public SchemaNode Child(SchemaNode parent, string token, Value source) => Read(new SchemaNode(source, parent, token));

    /// <summary>Reads an object of schemas.</summary>
    public void Members(SchemaNode node, string keyword, Value value, Action<string, SchemaNode> found)
    {
        if (value.AsObject is not { } members)
        {
            Refuse(node, keyword, "must be an object of schemas");
            return;
        }

        foreach (var (name, schema) in members) found(name, Child(node, $"/{keyword}{JsonPointer.Token(name)}", schema));
    }

    /// <summary>Reads a list of schemas.</summary>
    public List<SchemaNode> Schemas(SchemaNode node, string keyword, Value value)
    {
        var list = new List<SchemaNode>();
        if (value.AsList.IsEmpty) Refuse(node, keyword, "must be a list of at least one schema");
        for (var i = 0; i < value.AsList.Length; i++) list.Add(Child(node, $"/{keyword}/{i}", value.AsList[i]));
        return list;
    }

    public string? Text(SchemaNode node, string keyword, Value value)
    {
        if (value.AsText is null) Refuse(node, keyword, "must be a text");
        return value.AsText;
    }

    public bool Flag(SchemaNode node, string keyword, Value value)
    {
        if (value.Kind != ValueKind.Boolean) Refuse(node, keyword, "must be true or false");
        return value.AsBoolean;
    }

    public double Number(SchemaNode node, string keyword, Value value)
    {
        if (value.Kind != ValueKind.Number) Refuse(node, keyword, "must be a number");
        return value.AsNumber;
    }

    public int Count(SchemaNode node, string keyword, Value value)
    {
        if (value.Kind == ValueKind.Number && value.AsNumber is >= 0 and <= int.MaxValue && double.IsInteger(value.AsNumber)) return (int)value.AsNumber;
        Refuse(node, keyword, "must be a whole number of 0 or more");
        return 0;
    }

    public Value[] List(SchemaNode node, string keyword, Value value)
    {
        if (value.Kind != ValueKind.List) Refuse(node, keyword, "must be a list");
        return value.AsList.ToArray();
    }

    public EcmaPattern? Pattern(SchemaNode node, string token, string pattern)
    {
        var compiled = EcmaPattern.Compile(pattern, out var problem);
        if (compiled is null) Refuse(node, token, $"is no pattern: {problem}", "invalid-pattern");
        return compiled;
    }

    public void Refuse(SchemaNode node, string token, string message, string key = "invalid-keyword") =>
        Faults.Add(new Fault($"{node.Pointer}/{token}", key, message));

    private SchemaNode Read(SchemaNode node)
    {
        _all.Add(node);
        if (node.Source.Kind == ValueKind.Boolean)
        {
            if (node.AllowsNothing) node.Checks.Add((_, run) => run.Refuse("not-allowed-here", "is not allowed here"));
        }
        else if (node.Source.AsObject is not { } members) Faults.Add(new Fault(node.Pointer, "invalid-schema", "a schema must be an object, true or false"));
        else if (_depth == MaxDepth) Faults.Add(new Fault(node.Pointer, "too-deep", $"is nested deeper than {MaxDepth} schemas"));
        else if (_all.Count > MaxNodes) Faults.Add(new Fault(node.Pointer, "too-complex", $"has more than {MaxNodes} schemas"));
        else ReadKeywords(node, members);
        return node;
    }

    private void ReadKeywords(SchemaNode node, FactObject members)
    {
        _nodes.TryAdd(members, node);
        _depth++;
        foreach (var (name, value) in members)
        {
            if (Keywords.TryGetValue(name, out var read)) read(this, node, value);
            else if (!name.StartsWith("x-", StringComparison.Ordinal)) RefuseUnknown(node, name);
        }

        if (node.Properties.Count > 0 || node.Patterns.Count > 0 || node.Additional is not null)
            node.Checks.Add((value, run) => ObjectKeywords.CheckMembers(node, value, run));
        _depth--;
    }

    private void RefuseUnknown(SchemaNode node, string name) =>
        Faults.Add(new Fault(node.Pointer + JsonPointer.Token(name), "unknown-keyword",
            $"the keyword '{name}' is not supported{Closest.Hint(name, Keywords.Keys)}"));

    private void ReadReference(SchemaNode node, Value value)
    {
        if (Text(node, "$ref", value) is not { } target) return;
        if (target != MetaSchema)
        {
            _references.Add((node, target));
            return;
        }

        node.Checks.Add((schema, run) =>
        {
            var faults = new List<Fault>();
            JsonSchema.Read(schema, faults);
            faults.ForEach(run.RefuseBelow);
        });
    }

    private void Resolve(SchemaNode node, string reference)
    {
        var target = reference.StartsWith('#') ? JsonPointer.Find(root, Uri.UnescapeDataString(reference[1..])) : null;
        var found = target switch
        {
            { AsObject: { } o } => _nodes.GetValueOrDefault(o),
            { Kind: ValueKind.Boolean } flag => Child(node, "/$ref", flag),
            _ => null,
        };
        if (found is null)
        {
            const string Advice = "only places in this document can be referred to, such as '#/$defs/name'";
            Refuse(node, "$ref", $"'{reference}' leads to no schema; {Advice}", "unresolved-ref");
            return;
        }

        node.Reference = found;
        node.SameValue.Add(found);
        node.Checks.Add((value, run) => run.Visit(found, value));
    }

    /// <summary>Takes away nodes nobody left applies to the same value; whatever remains goes round in circles.</summary>
    private void RefuseCircles()
    {
        var remaining = _all.ToDictionary(n => n, _ => 0);
        foreach (var target in _all.SelectMany(n => n.SameValue)) remaining[target]++;
        var free = new Stack<SchemaNode>(remaining.Where(n => n.Value == 0).Select(n => n.Key));
        while (free.TryPop(out var node))
        {
            remaining.Remove(node);
            foreach (var target in node.SameValue)
            {
                if (--remaining[target] == 0) free.Push(target);
            }
        }

        // Nodes that merely hang from a circle remain too; those that refer are the ones to mend.
        foreach (var node in remaining.Keys.Where(n => n.Reference is not null && remaining.ContainsKey(n.Reference)))
            Refuse(node, "$ref", "refers in a circle without looking at a smaller part of the value", "cyclic-ref");
    }
}
