using Crm.Wfm.Decisions;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Bundles.Scenarios;

/// <summary>A bundle in which one thing of a decision is different.</summary>
/// <param name="Pointer">Where it differs.</param>
/// <param name="Words">What is different.</param>
/// <param name="Topic">What a test that notices it is about.</param>
/// <param name="Bundle">The bundle as it would be.</param>
/// <param name="Input">Number of the input whose rule differs; <c>null</c> where something else does.</param>
internal sealed record DecisionNearMiss(string Pointer, string Words, Topic Topic, Bundle Bundle, int? Input);

/// <summary>Lists what a decision could be by mistake: a bound off by a little, a row left out, points that are wrong. What an import would refuse is none.</summary>
internal sealed class DecisionNearMisses(Bundle bundle, Decision decision)
{
    private const double Little = 0.01;

    private static readonly Dictionary<string, string> Strict = new() { ["<"] = "<=", ["<="] = "<", [">"] = ">=", [">="] = ">", ["=="] = "!=", ["!="] = "==" };

    private readonly HashSet<string> _actions = [.. bundle.Workflows.Values.SelectMany(w => w.Transitions).SelectMany(t => t.PostActions).Select(a => a.Do)];
    private readonly Member _place = new Member("", bundle.Document, "")["decisions"][decision.Key];
    // Tests that name a row which is gone would keep the mistake from being made.
    private readonly Value _document = Rules.Solving.FactTree.With(bundle.Document, ["tests"], null);
    private readonly RuleNearMisses _rules = new(name => bundle.Document["params"][name]["default"]);

    public IEnumerable<DecisionNearMiss> All() => Inputs()
        .Concat(Rows(_place["rows"])).Concat(_place["characteristics"].Items().SelectMany(c => Rows(c["rows"], c.Value["key"].AsText))).Concat(Rows(_place["bands"], "bands"))
        .Concat(Default());

    private IEnumerable<DecisionNearMiss> Inputs() =>
        from input in _place["inputs"].Items().Index()
        where input.Item.Has("value")
        from v in _rules.OfValue(input.Item["value"].Value)
        let key = input.Item["key"].Text
        from miss in Miss(input.Item["value"].Pointer, v.Rule, v.Words, new Topic($"{decision.Key}-{key}", $"{Name}: {decision.Inputs[input.Index].Title?.ToString() ?? key}"), input.Index)
        select miss;

    private IEnumerable<DecisionNearMiss> Default() => _place.Has("default") ? Miss(_place["default"].Pointer, null, "without the default", new($"{decision.Key}-default", $"{Name}: no row")) : [];

    private IEnumerable<DecisionNearMiss> Rows(Member rows, string? part = null)
    {
        foreach (var row in rows.Items())
        {
            var key = (part is null ? "" : part + "-") + row["key"].Text;
            var topic = new Topic($"{decision.Key}-{key}", $"{Name}: {row["title"].Text ?? row["title"].Value["en"].AsText ?? key.Replace('-', ' ')}");
            foreach (var miss in Miss(row.Pointer, null, $"without the row {key}", topic)) yield return miss;
            foreach (var by in row.Has("points") ? new[] { 1, -1 } : [])
            {
                foreach (var miss in Miss(row["points"].Pointer, Value.From(row["points"].Value.AsNumber + by), $"{row["points"].Value.AsNumber + by} points in place of {row["points"].Value}", topic)) yield return miss;
            }

            foreach (var cell in row["when"].Members())
            {
                foreach (var (other, words) in Cell(cell.Value).Append(new(Value.Null, "anything")).Where(c => c.Rule != cell.Value))
                {
                    foreach (var miss in Miss(cell.Pointer, other, $"{cell.Name}: {words} in place of {cell.Value}", topic)) yield return miss;
                }
            }

            foreach (var output in row["then"].Members())
            {
                var others = output.Value["rule"] is { IsNull: false } rule ? _rules.OfValue(rule).Select(v => new RuleNearMiss(new Members().Add("rule", v.Rule).Build(), v.Words)) : Literal(output.Value);
                foreach (var (other, words) in others)
                {
                    foreach (var miss in Miss(output.Pointer, other, $"{output.Name}: {words}", topic)) yield return miss;
                }
            }
        }
    }

    private IEnumerable<RuleNearMiss> Cell(Value cell)
    {
        if (cell.AsObject is not { } asked) return Literal(cell);
        if (asked.Has("rule")) return _rules.OfTest(asked["rule"]).Select(v => new RuleNearMiss(new Members().Add("rule", v.Rule).Build(), v.Words));
        if (asked.Has("not")) return [new(asked["not"], $"{asked["not"]}")];
        if (asked.Has("in")) return asked["in"].AsList.Length < 2 ? [] : asked["in"].AsList.ToArray().Select(item => new RuleNearMiss(new Members().Add("in", Without(asked["in"], item)).Build(), $"not {item}"));
        return asked.SelectMany(bound => Bound(cell, bound.Key, bound.Value));
    }

    private static IEnumerable<RuleNearMiss> Bound(Value cell, string name, Value bound)
    {
        var rest = cell.AsObject!.Where(m => m.Key != name).ToList();
        if (Strict.TryGetValue(name, out var other)) yield return With(other, bound);
        foreach (var near in Literal(bound)) yield return With(name, near.Rule);

        RuleNearMiss With(string op, Value value)
        {
            var made = new Members().Add(op, value);
            foreach (var (member, kept) in rest) made.Add(member, kept);
            var changed = made.Build();
            return new(changed, changed.ToString());
        }
    }

    private static IEnumerable<RuleNearMiss> Literal(Value value) => value switch
    {
        { Kind: ValueKind.Number } => new[] { 1, -1, Little, -Little }.Select(by => (double)((decimal)value.AsNumber + (decimal)by)).Where(n => n != value.AsNumber).Select(n => new RuleNearMiss(Value.From(n), $"{Value.From(n)}")),
        { AsText: { } text } => [new(Value.From(text + "-"), $"\"{text}-\"")],
        { Kind: ValueKind.Boolean } => [new(Value.From(!value.AsBoolean), Value.From(!value.AsBoolean).ToString())],
        _ => [],
    };

    private static Value Without(Value list, Value item) => Value.From([.. list.AsList.ToArray().Where(i => i != item)]);

    private IEnumerable<DecisionNearMiss> Miss(string pointer, Value? value, string words, Topic topic, int? input = null)
    {
        var reading = BundleReader.Read(Put(_document, JsonPointer.Tokens(pointer)!, value), _actions);
        return reading.Bundle is { } other ? [new(pointer, words, topic, other, input)] : [];
    }

    private static Value Put(Value whole, ReadOnlySpan<string> at, Value? value)
    {
        if (at.IsEmpty) return value!.Value;
        if (whole.AsObject is { } members)
        {
            var made = new Members();
            foreach (var (name, member) in members) made.Add(name, name == at[0] && !(at.Length == 1 && value is null) ? Put(member, at[1..], value) : member, !(name == at[0] && at.Length == 1 && value is null));
            return made.Build();
        }

        var items = whole.AsList.ToArray().ToList();
        var index = JsonPointer.Index(at[0])!.Value;
        if (at.Length == 1 && value is null) items.RemoveAt(index);
        else items[index] = Put(items[index], at[1..], value);
        return Value.From([.. items]);
    }

    private string Name => decision.Title?.ToString() ?? decision.Key;
}
