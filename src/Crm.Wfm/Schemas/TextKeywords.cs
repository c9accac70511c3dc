using Crm.Wfm.Rules;

namespace Crm.Wfm.Schemas;

/// <summary>Keywords for texts.</summary>
internal static class TextKeywords
{
    public static IReadOnlyDictionary<string, Action<SchemaReader, SchemaNode, Value>> All { get; } =
        new Dictionary<string, Action<SchemaReader, SchemaNode, Value>>
        {
            ["minLength"] = (reader, node, value) =>
            {
                var least = reader.Count(node, "minLength", value);
                node.Checks.Add((v, run) => CheckLength(v, length => length >= least, run, "min-length", $"at least {Counted.Of(least, "character")}"));
            },
            ["maxLength"] = (reader, node, value) =>
            {
                var most = reader.Count(node, "maxLength", value);
                node.Checks.Add((v, run) => CheckLength(v, length => length <= most, run, "max-length", $"at most {Counted.Of(most, "character")}"));
            },
            ["pattern"] = ReadPattern,
            ["format"] = ReadFormat,
        };

    /// <summary>Counts characters as the standard does: a pair of surrogates is one.</summary>
    private static void CheckLength(Value value, Func<int, bool> holds, SchemaRun run, string key, string wanted)
    {
        if (value.AsText is not { } text) return;
        var length = text.Length - text.Count(char.IsLowSurrogate);
        if (!holds(length)) run.Refuse(key, $"must be {wanted}, has {length}");
    }

    private static void ReadPattern(SchemaReader reader, SchemaNode node, Value value)
    {
        if (reader.Text(node, "pattern", value) is not { } pattern || reader.Pattern(node, "pattern", pattern) is not { } compiled) return;
        node.Checks.Add((v, run) =>
        {
            if (v.AsText is not { } text || run.Matches(compiled, text)) return;
            run.Refuse("pattern", node.Description is { } description ? $"does not match {pattern}: {description}" : $"must match {pattern}");
        });
    }

    private static void ReadFormat(SchemaReader reader, SchemaNode node, Value value)
    {
        if (reader.Text(node, "format", value) is not { } name) return;
        if (!Formats.All.TryGetValue(name, out var format))
        {
            var hint = Closest.Hint(name, Formats.All.Keys);
            reader.Refuse(node, "format", $"'{name}' is no format known here{hint} (known are {string.Join(", ", Formats.All.Keys)})", "unknown-format");
            return;
        }

        node.Checks.Add((v, run) =>
        {
            if (v.AsText is { } text && !format.Accepts(text)) run.Refuse("format", $"must be {format.Words}");
        });
    }
}

/// <summary>Says how many of a thing there are.</summary>
internal static class Counted
{
    public static string Of(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";
}
