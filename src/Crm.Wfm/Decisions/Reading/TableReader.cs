using Crm.Wfm.Bundles;
using Crm.Wfm.Decisions.Cells;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Decisions.Reading;

/// <summary>Reads the rows of a decision table and what is made of those that hit.</summary>
internal sealed class TableReader(BundleDraft draft, Member place, IReadOnlyList<DecisionInput> inputs, IReadOnlyList<DecisionOutput> outputs)
{
    private readonly RowReader _reader = new(draft, inputs, outputs);
    private readonly HitPolicy? _policy = Enum.TryParse<HitPolicy>(place["hitPolicy"].Text, ignoreCase: true, out var policy) ? policy : null;
    private readonly Aggregate _aggregate = Enum.TryParse<Aggregate>(place["aggregate"].Text, ignoreCase: true, out var aggregate) ? aggregate : Aggregate.List;

    public Logic? Read()
    {
        if (_policy is not { } policy) draft.Refuse(place["hitPolicy"], "required", "say which of the rows that hit count: unique, first, priority or collect");
        else if (!place.Has("rows")) draft.Refuse(place["rows"], "required", "a table has rows");
        else return Read(policy);
        return null;
    }

    private Logic Read(HitPolicy policy)
    {
        CheckAggregate(policy);
        Keys.Check(draft, place["rows"]);
        var ranks = new Ranks(draft, place, outputs, policy);
        var rows = place["rows"].Items().Select(row => ReadRow(row, ranks)).ToList();
        var table = new Table([.. inputs.Select(input => input.Schema)], ranks.Order(rows), policy);
        var otherwise = ReadDefault(policy);
        return policy == HitPolicy.Collect ? new Collected(table, _reader.Shape, _aggregate, otherwise) : new SingleHit(table, otherwise);
    }

    private Row ReadRow(Member row, Ranks ranks)
    {
        ranks.Check(row);
        if (_aggregate != Aggregate.Count) return new Row(row["key"].Text!, row.Pointer, _reader.Cells(row["when"]), _reader.Answers(row["then"]), ranks.Of(row));
        if (row.Has("then")) draft.Refuse(row["then"], "not-allowed-here", "rows that are counted give nothing");
        return new Row(row["key"].Text!, row.Pointer, _reader.Cells(row["when"]), new Answers(Shape.Of(), [], []));
    }

    private Answers? ReadDefault(HitPolicy policy)
    {
        if (!place.Has("default")) return null;
        if (policy == HitPolicy.Collect && _aggregate is Aggregate.List or Aggregate.Count)
            draft.Refuse(place["default"], "not-allowed-here", "where no row hits the list is empty and the count 0");
        return _reader.Answers(place["default"]);
    }

    private void CheckAggregate(HitPolicy policy)
    {
        if (policy != HitPolicy.Collect && place.Has("aggregate")) draft.Refuse(place["aggregate"], "not-allowed-here", "only what is collected is made one");
        if (_aggregate == Aggregate.Count && outputs.Count != 1) draft.Refuse(place["outputs"], "aggregate", "how many rows hit is one number: give it one output");
        if (_aggregate == Aggregate.List) return;
        foreach (var (index, output) in outputs.Index())
        {
            if (Kinds.Of(output.Schema.Source) is not { Count: 1 } kinds || !kinds.Contains(ValueKind.Number))
                draft.Refuse(place["outputs"].Items().ElementAt(index)["schema"], "aggregate", $"must be a number: it is {(_aggregate == Aggregate.Count ? "counted" : $"the {place["aggregate"].Text} of what rows give")}");
        }
    }
}

/// <summary>The order of rows under priority: by the numbers they have, or by the order of their outputs' enums.</summary>
internal sealed class Ranks(BundleDraft draft, Member place, IReadOnlyList<DecisionOutput> outputs, HitPolicy policy)
{
    private readonly bool _areGiven = policy == HitPolicy.Priority && place["rows"].Items().Any(row => row.Has("priority"));
    private readonly (string Key, Value[] Values)[] _ordered =
        [.. outputs.Select(output => (output.Key, output.Schema.Source["enum"].AsList.ToArray())).Where(output => output.Item2.Length > 0)];

    public void Check(Member row)
    {
        if (policy != HitPolicy.Priority && row.Has("priority")) draft.Refuse(row["priority"], "not-allowed-here", "only the hit policy priority looks at it");
        if (_areGiven && !row.Has("priority")) draft.Refuse(row["priority"], "priority", "other rows have a priority, so this one needs one");
        if (policy != HitPolicy.Priority || _areGiven) return;
        if (_ordered.Length == 0) draft.Refuse(row["priority"], "priority", "give the rows priorities, or the outputs an enum: then the value that stands first in it wins");
        foreach (var (key, _) in _ordered.Where(output => row["then"][output.Key].Has("rule")))
            draft.Refuse(row["then"][key], "priority", "decides about the row's priority, so it cannot be computed");
    }

    public double Of(Member row) => _areGiven ? -row["priority"].Value.AsNumber : 0;

    /// <summary>Gives rows without priorities the ranks of their outputs.</summary>
    public IEnumerable<Row> Order(IReadOnlyList<Row> rows)
    {
        if (policy != HitPolicy.Priority || _areGiven || _ordered.Length == 0) return rows;
        var places = place["rows"].Items().Select(row => Array.ConvertAll(_ordered, output => Array.IndexOf(output.Values, row["then"][output.Key].Value))).ToList();
        var ranks = places.Distinct(new SameNumbers()).Order(Comparer<int[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b))).Index()
            .ToDictionary(rank => rank.Item, rank => rank.Index, new SameNumbers());
        return rows.Select((row, i) => row with { Rank = ranks[places[i]] });
    }

    private sealed class SameNumbers : IEqualityComparer<int[]>
    {
        public bool Equals(int[]? x, int[]? y) => x!.AsSpan().SequenceEqual(y);

        public int GetHashCode(int[] numbers) => numbers.Aggregate(17, HashCode.Combine);
    }
}
