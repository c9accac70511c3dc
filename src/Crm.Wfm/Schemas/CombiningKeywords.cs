using Crm.Wfm.Rules;

namespace Crm.Wfm.Schemas;

/// <summary>Keywords that apply several schemas to one value.</summary>
internal static class CombiningKeywords
{
    public static IReadOnlyDictionary<string, Action<SchemaReader, SchemaNode, Value>> All { get; } =
        new Dictionary<string, Action<SchemaReader, SchemaNode, Value>>
        {
            ["allOf"] = (reader, node, value) =>
            {
                var branches = Read(reader, node, "allOf", value);
                node.Checks.Add((v, run) => branches.ForEach(branch => run.Visit(branch, v)));
            },
            ["anyOf"] = (reader, node, value) =>
            {
                var branches = Read(reader, node, "anyOf", value);
                node.Checks.Add((v, run) => CheckAlternatives(branches, v, run));
            },
            ["oneOf"] = (reader, node, value) =>
            {
                var branches = Read(reader, node, "oneOf", value);
                node.Checks.Add((v, run) =>
                {
                    var matches = CheckAlternatives(branches, v, run);
                    if (matches > 1) run.Refuse("one-of", $"must match exactly one of {branches.Count} alternatives, matches {matches}");
                });
            },
        };

    private static List<SchemaNode> Read(SchemaReader reader, SchemaNode node, string keyword, Value value)
    {
        var branches = reader.Schemas(node, keyword, value);
        node.SameValue.AddRange(branches);
        return branches;
    }

    /// <summary>Counts the matching branches; when there is none, tells what is wrong with the closest, which is most likely the one that was meant.</summary>
    private static int CheckAlternatives(List<SchemaNode> branches, Value value, SchemaRun run)
    {
        var tries = branches.ConvertAll(branch => run.Try(branch, value));
        var matches = tries.Count(faults => faults.Count == 0);
        if (matches > 0 || tries.Count == 0) return matches;
        if (tries.TrueForAll(faults => IsOtherKind(faults, run))) RefuseAll(branches, tries, value, run);
        else
        {
            foreach (var fault in tries.Where(faults => !IsOtherKind(faults, run)).MinBy(faults => faults.Count)!) run.Add(fault);
        }

        return matches;
    }

    /// <summary>Tells whether a branch is about something else altogether.</summary>
    private static bool IsOtherKind(IReadOnlyList<Fault> faults, SchemaRun run) =>
        faults.Any(fault => fault.Key is "type" or "enum" or "const" && run.IsHere(fault));

    private static void RefuseAll(List<SchemaNode> branches, List<IReadOnlyList<Fault>> tries, Value value, SchemaRun run)
    {
        if (branches.TrueForAll(branch => branch.Target().Kinds is not null) && tries.TrueForAll(faults => faults.Any(f => f.Key == "type")))
            run.Refuse("type", $"must be {string.Join(" or ", branches.Select(branch => branch.Target().Kinds))}, is {AnyKeywords.Name(value)}");
        else run.Refuse("any-of", string.Join(", or ", tries.Select(faults => faults.First(f => run.IsHere(f)).Message).Distinct()));
    }
}
