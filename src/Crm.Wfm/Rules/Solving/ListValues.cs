namespace Crm.Wfm.Rules.Solving;

/// <summary>Lists that stand for all others: what is there with or without each item that is looked for.</summary>
internal sealed class ListValues(SchemaHints hints, Candidates all, Fuel fuel)
{
    /// <summary>Up to that many items every combination is tried.</summary>
    public const int MostCombined = 6;

    public void Add(Boundaries found, Value? present)
    {
        var items = present?.AsList.ToArray() ?? [];
        all.Add(Value.From([]), Candidates.Empty - 1);
        var members = found.Members.Where(IsItem).ToList();
        foreach (var member in members)
        {
            all.Add(Value.From([.. items, member]), Candidates.Plain);
            all.Add(Value.From([.. items.Where(i => i != member)]), Candidates.Plain);
        }

        var others = Others(members);
        foreach (var combination in Combinations(members.Take(MostCombined).ToList()))
        {
            var missing = Math.Max(hints.MinItems - combination.Count, combination.Count == 0 ? 1 : 0);
            all.Add(Value.From([.. combination]), Candidates.Plain + 1);
            all.Add(Value.From([.. combination, .. others.Take(missing)]), Candidates.MadeUp);
        }
    }

    /// <summary>Finds items nobody looks for.</summary>
    private List<Value> Others(List<Value> members)
    {
        var ofItems = SchemaHints.Of(hints.Items);
        var candidates = (ofItems.All ?? [.. ofItems.Examples, .. ofItems.Members, Value.From("text"), Value.From("other"), Value.From(1), Value.From(FactObject.Empty)]).Except(members);
        return [.. candidates.Where(IsItem)];
    }

    private bool IsItem(Value item) => hints.Items is not { } items || fuel.Allows(items, item);

    private static IEnumerable<List<Value>> Combinations(List<Value> members)
    {
        for (var mask = 0; mask < 1 << members.Count; mask++)
        {
            yield return [.. members.Where((_, i) => (mask >> i & 1) != 0)];
        }
    }
}
