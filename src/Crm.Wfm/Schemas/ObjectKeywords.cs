using Crm.Wfm.Rules;

namespace Crm.Wfm.Schemas;

/// <summary>Keywords for objects.</summary>
internal static class ObjectKeywords
{
    public static IReadOnlyDictionary<string, Action<SchemaReader, SchemaNode, Value>> All { get; } =
        new Dictionary<string, Action<SchemaReader, SchemaNode, Value>>
        {
            ["properties"] = (reader, node, value) => reader.Members(node, "properties", value, node.Properties.Add),
            ["patternProperties"] = ReadPatterns,
            ["additionalProperties"] = (reader, node, value) => node.Additional = reader.Child(node, "/additionalProperties", value),
            ["propertyNames"] = ReadNames,
            ["required"] = ReadRequired,
            ["minProperties"] = (reader, node, value) =>
            {
                var least = reader.Count(node, "minProperties", value);
                node.Checks.Add((v, run) =>
                {
                    if (v.AsObject is { } o && o.Count < least)
                        run.Refuse("min-properties", $"must have at least {Counted.Of(least, "member")}, has {o.Count}");
                });
            },
            ["maxProperties"] = (reader, node, value) =>
            {
                var most = reader.Count(node, "maxProperties", value);
                node.Checks.Add((v, run) =>
                {
                    if (v.AsObject is { } o && o.Count > most)
                        run.Refuse("max-properties", $"must have at most {Counted.Of(most, "member")}, has {o.Count}");
                });
            },
        };

    /// <summary>Looks at each member once; which schemas apply depends on three keywords together.</summary>
    public static void CheckMembers(SchemaNode node, Value value, SchemaRun run)
    {
        if (value.AsObject is not { } members) return;
        foreach (var (name, member) in members)
        {
            var listed = node.Properties.TryGetValue(name, out var property);
            if (listed) run.Visit(property!, name, member);
            foreach (var (pattern, schema) in node.Patterns)
            {
                if (!run.Matches(pattern, name)) continue;
                listed = true;
                run.Visit(schema, name, member);
            }

            if (listed || node.Additional is null) continue;
            if (node.Additional.AllowsNothing)
                run.RefuseMember(name, "additional-property", $"'{name}' is not known here{run.Hint(name, node.Properties.Keys)}");
            else run.Visit(node.Additional, name, member);
        }
    }

    private static void ReadPatterns(SchemaReader reader, SchemaNode node, Value value) => reader.Members(node, "patternProperties", value, (pattern, schema) =>
    {
        if (reader.Pattern(node, "patternProperties" + JsonPointer.Token(pattern), pattern) is { } regex) node.Patterns.Add((regex, schema));
    });

    private static void ReadNames(SchemaReader reader, SchemaNode node, Value value)
    {
        var names = reader.Child(node, "/propertyNames", value);
        node.Checks.Add((v, run) =>
        {
            if (v.AsObject is not { } members) return;
            foreach (var name in members.Shape.Names)
            {
                if (run.Try(names, Value.From(name)) is [var fault, ..]) run.RefuseMember(name, "property-name", $"the name '{name}' {fault.Message}");
            }
        });
    }

    private static void ReadRequired(SchemaReader reader, SchemaNode node, Value value)
    {
        var names = reader.List(node, "required", value).Select(v => v.AsText).OfType<string>().ToArray();
        if (names.Length != value.AsList.Length) reader.Refuse(node, "required", "must hold names only");
        node.Checks.Add((v, run) =>
        {
            if (v.AsObject is not { } members) return;
            foreach (var name in names)
            {
                if (!members.Has(name)) run.RefuseMember(name, "required", "is required");
            }
        });
    }
}
