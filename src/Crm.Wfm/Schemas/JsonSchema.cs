using Crm.Wfm.Rules;

namespace Crm.Wfm.Schemas;

/// <summary>A JSON Schema of the 2020-12 subset this package understands.</summary>
public sealed class JsonSchema
{
    private readonly SchemaNode _node;

    private JsonSchema(SchemaNode node, Value source) => (_node, Source) = (node, source);

    /// <summary>Gets the schema as JSON.</summary>
    public Value Source { get; }

    /// <summary>Gets whether the schema says <c>readOnly</c>: users do not set such a field, post-actions may.</summary>
    public bool IsReadOnly => _node.IsReadOnly;

    /// <summary>Reads a schema; a keyword outside the subset is a fault with its pointer relative to the schema.</summary>
    /// <returns>The schema, or <c>null</c> when faults were added.</returns>
    public static JsonSchema? Read(Value source, ICollection<Fault> faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        var reader = new SchemaReader(source);
        var node = reader.Read();
        foreach (var fault in reader.Faults) faults.Add(fault);
        return reader.Faults.Count == 0 ? new JsonSchema(node, source) : null;
    }

    /// <summary>Validates a value; the faults' pointers are relative to it. Empty when it conforms.</summary>
    /// <remarks>
    /// A fault's key is the keyword's name in kebab-case; <c>required</c> and <c>additional-property</c> lie at the member itself. After 1,000 faults it gives
    /// up with <c>too-many</c>.
    /// </remarks>
    public IReadOnlyList<Fault> Validate(Value value)
    {
        var run = new SchemaRun();
        run.Visit(_node, value);
        return run.Faults;
    }

    /// <summary>Tells whether a value conforms, if that takes no more than so many looks; else it counts as one that does not.</summary>
    internal bool Allows(Value value, int most, out int looks)
    {
        var run = new SchemaRun(most);
        run.Visit(_node, value);
        looks = run.Visits;
        return run.Faults.Count == 0;
    }

    /// <summary>
    /// Finds the schema of the member at a JSON Pointer by following <c>properties</c>, <c>items</c> and local <c>$ref</c>; <c>null</c> when it says nothing of
    /// it. What is found has the <c>$defs</c> it refers to.
    /// </summary>
    public JsonSchema? At(string pointer)
    {
        ArgumentNullException.ThrowIfNull(pointer);
        if (JsonPointer.Tokens(pointer) is not { } tokens || Find(tokens).Node is not { } node) return null;
        // What only refers stands for what it refers to; with words of its own it keeps them.
        return new JsonSchema(node, SelfContained(node.Source.AsObject?.Count == 1 ? node.Target().Source : node.Source));
    }

    /// <summary>Follows a path; where it ends early, tells what is known there.</summary>
    internal SchemaPlace Find(ReadOnlySpan<string> path) => _node.Find(path);

    /// <summary>Gives a part of the schema the definitions it refers to.</summary>
    private Value SelfContained(Value part) =>
        part.AsObject is { } o && Source["$defs"] is { IsNull: false } definitions && !o.Has("$defs") && HasReference(part)
            ? Value.From(o.With("$defs", definitions))
            : part;

    private static bool HasReference(Value value)
    {
        foreach (var item in value.AsList)
        {
            if (HasReference(item)) return true;
        }

        return value.AsObject is { } o && (o.Has("$ref") || o.Any(member => HasReference(member.Value)));
    }
}
