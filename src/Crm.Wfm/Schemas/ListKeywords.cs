using Crm.Wfm.Rules;

namespace Crm.Wfm.Schemas;

/// <summary>Keywords for lists.</summary>
internal static class ListKeywords
{
    public static IReadOnlyDictionary<string, Action<SchemaReader, SchemaNode, Value>> All { get; } =
        new Dictionary<string, Action<SchemaReader, SchemaNode, Value>>
        {
            ["items"] = ReadItems,
            ["prefixItems"] = ReadPrefix,
            ["minItems"] = (reader, node, value) =>
            {
                var least = reader.Count(node, "minItems", value);
                node.Checks.Add((v, run) =>
                {
                    if (v.Kind == ValueKind.List && v.AsList.Length < least)
                        run.Refuse("min-items", $"must have at least {Counted.Of(least, "item")}, has {v.AsList.Length}");
                });
            },
            ["maxItems"] = (reader, node, value) =>
            {
                var most = reader.Count(node, "maxItems", value);
                node.Checks.Add((v, run) =>
                {
                    if (v.AsList.Length > most) run.Refuse("max-items", $"must have at most {Counted.Of(most, "item")}, has {v.AsList.Length}");
                });
            },
            ["uniqueItems"] = (reader, node, value) =>
            {
                if (reader.Flag(node, "uniqueItems", value)) node.Checks.Add(CheckUnique);
            },
        };

    private static void ReadItems(SchemaReader reader, SchemaNode node, Value value)
    {
        node.Items = reader.Child(node, "/items", value);
        node.Checks.Add((v, run) =>
        {
            for (var i = node.Prefix.Count; i < v.AsList.Length; i++) run.Visit(node.Items, i, v.AsList[i]);
        });
    }

    private static void ReadPrefix(SchemaReader reader, SchemaNode node, Value value)
    {
        node.Prefix.AddRange(reader.Schemas(node, "prefixItems", value));
        node.Checks.Add((v, run) =>
        {
            for (var i = 0; i < Math.Min(node.Prefix.Count, v.AsList.Length); i++) run.Visit(node.Prefix[i], i, v.AsList[i]);
        });
    }

    /// <summary>Compares lists and objects by their canonical text: their own hash is only their size, and a long list would take quadratic time.</summary>
    private static void CheckUnique(Value value, SchemaRun run)
    {
        var (simple, composed) = (new HashSet<Value>(), new HashSet<string>(StringComparer.Ordinal));
        for (var i = 0; i < value.AsList.Length; i++)
        {
            var item = value.AsList[i];
            var isNew = item.Kind is ValueKind.List or ValueKind.Object ? composed.Add(item.ToString()) : simple.Add(item);
            if (isNew) continue;
            run.Refuse("unique-items", $"must not have the same item twice; item {i} is one that came before");
            return;
        }
    }
}
