using Crm.Wfm.Patterns;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Schemas;

/// <summary>One keyword at work: looks at a value and tells the run what is wrong with it.</summary>
internal delegate void Check(Value value, SchemaRun run);

/// <summary>One schema within a schema: its keywords as checks, and its parts for those who walk it.</summary>
internal sealed class SchemaNode(Value source, SchemaNode? parent = null, string token = "")
{
    public Value Source { get; } = source;

    /// <summary>Gets the place in the schema; written when asked for, since a schema may have many places and few faults.</summary>
    public string Pointer => parent?.Pointer + token;

    public List<Check> Checks { get; } = [];

    public Dictionary<string, SchemaNode> Properties { get; } = new(StringComparer.Ordinal);

    public List<(EcmaPattern Name, SchemaNode Node)> Patterns { get; } = [];

    public SchemaNode? Additional { get; set; }

    public List<SchemaNode> Prefix { get; } = [];

    public SchemaNode? Items { get; set; }

    public SchemaNode? Reference { get; set; }

    /// <summary>Gets the schemas applied to the very same value; a circle of them would never end.</summary>
    public List<SchemaNode> SameValue { get; } = [];

    /// <summary>Gets the types in words; <c>null</c> when any is fine.</summary>
    public string? Kinds { get; set; }

    public string? Description => Source["description"].AsText;

    /// <summary>Tells whether this is the schema <c>false</c>.</summary>
    public bool AllowsNothing => Source == Value.False;

    /// <summary>Follows <c>$ref</c> until there is something else to see. Ends, because circles are refused at reading.</summary>
    public SchemaNode Target()
    {
        var node = this;
        while (node is { Reference: { } reference, Properties.Count: 0 }) node = reference;
        return node;
    }

    /// <summary>Gets whether this schema, or one it refers to, says <c>readOnly</c>.</summary>
    public bool IsReadOnly
    {
        get
        {
            for (var node = this; node is not null; node = node.Reference)
            {
                if (node.Source["readOnly"].AsBoolean) return true;
            }

            return false;
        }
    }

    public SchemaPlace Find(ReadOnlySpan<string> path)
    {
        var node = this;
        foreach (var token in path)
        {
            node = node.Target();
            if (node.Member(token) is { AllowsNothing: false } member) node = member;
            else return new SchemaPlace(null, node);
        }

        return new SchemaPlace(node, node);
    }

    /// <summary>Looks for a member here and in the schemas applied to the same value; each once, as they may be many ways to one.</summary>
    private SchemaNode? Member(string token)
    {
        var (seen, next) = (new HashSet<SchemaNode> { this }, new Queue<SchemaNode>([this]));
        while (next.TryDequeue(out var node))
        {
            if (node.OwnMember(token) is { } member) return member;
            foreach (var same in node.SameValue.Where(seen.Add)) next.Enqueue(same);
        }

        return null;
    }

    private SchemaNode? OwnMember(string token)
    {
        if (Properties.TryGetValue(token, out var property)) return property;
        if (Patterns.Find(p => p.Name.IsMatch(token)).Node is { } matching) return matching;
        if (JsonPointer.Index(token) is { } index && (Prefix.Count > 0 || Items is not null)) return index < Prefix.Count ? Prefix[index] : Items;
        // An additional member is known only where the schema says more of it than `true`.
        return Additional is { Source.AsObject: not null } ? Additional : null;
    }
}

/// <summary>How far a path could be followed in a schema.</summary>
/// <param name="Node">The schema at the end of the path; <c>null</c> when the schema says nothing of it.</param>
/// <param name="Last">The last schema on the way.</param>
internal readonly record struct SchemaPlace(SchemaNode? Node, SchemaNode Last)
{
    /// <summary>Gets whether the last schema refuses members it does not list.</summary>
    public bool IsClosed => Last.Additional is { AllowsNothing: true };

    /// <summary>Gets the members the last schema lists.</summary>
    public IEnumerable<string> Known => Last.Properties.Keys;
}
