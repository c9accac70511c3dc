using Crm.Wfm.Decisions;
using Crm.Wfm.Decisions.Grids;
using Crm.Wfm.Rules;
using Crm.Wfm.Rules.Solving;
using Crm.Wfm.Schemas;

namespace Crm.Wfm.Bundles.Scenarios;

/// <summary>Makes the tests of one decision.</summary>
internal sealed class DecisionScenarios(Bundle bundle, Decision decision, Suite suite)
{
    private const int MostPoints = 5000;
    private const int MostProbes = 12;
    private const int Enough = 200_000;

    private static readonly JsonSchema Time = JsonSchema.Read(Value.Parse("""{"type": "string", "format": "date-time"}"""), [])!;

    /// <summary>Makes a test that shows a near miss.</summary>
    public bool Show(DecisionNearMiss miss)
    {
        if (Find(miss) is not { } test) return false;
        suite.Add(miss.Topic.Key, test);
        return true;
    }

    /// <summary>Finds a test that shows a near miss; <c>null</c> when there is none.</summary>
    public Value? Find(DecisionNearMiss miss)
    {
        var other = miss.Bundle.Decisions[decision.Key];
        foreach (var given in Proposals(miss, other))
        {
            if (Differs(other, given) && Write(miss.Topic.Title, given) is { } test && Suite.Tells(bundle, miss.Bundle, test)) return test;
        }

        return null;
    }

    private IEnumerable<Value> Proposals(DecisionNearMiss miss, Decision other)
    {
        if (miss.Input is not { } input) return Points(decision).Concat(Points(other)).Concat(Combined(decision)).Distinct().Select(point => new Members().Add("inputs", Value.From(point)).Build());
        var key = decision.Inputs[input].Key;
        return Facts(input, decision.Inputs[input].Value!, other.Inputs[input].Value!)
            .SelectMany(facts => Points(decision).Select(point => FactTree.With(Value.From(point), [key], null)).Prepend(Value.From(FactObject.Empty)).Distinct()
                .Select(inputs => new Members().Add("entity", facts["entity"]).Add("now", facts["now"], facts["now"] != Value.From(ScenarioRunner.DefaultNow)).Add("inputs", inputs, inputs.AsObject is { Count: > 0 }).Build()));
    }

    /// <summary>Finds facts for which two rules come to different values.</summary>
    private IEnumerable<Value> Facts(int input, Rule rule, Rule other)
    {
        var start = FactTree.With(DecisionRun.Facts(bundle, Value.From(FactObject.Empty)), ["entity"], Value.From(FactObject.Empty));
        var fields = rule.Variables.Concat(other.Variables).Distinct(StringComparer.Ordinal).Where(p => p.StartsWith("entity.", StringComparison.Ordinal))
            .Select(p => new Field(p, Schema(p)) { Empty = Emptiness.Absent, IsChecked = true }).ToList();
        var goals = Probes(input).Select(probe => new[] { Goal("===", rule, probe), Goal("!==", other, probe) }).Append([new(rule.Part(new Members().Add("!==", Value.From([rule.Source, other.Source])).Build()))]).ToList();
        foreach (var goal in goals)
        {
            if (Solver.Solve(goal, start, fields, new(Enough)) is Solution.Found found) yield return found.Facts;
        }

        fields.Add(new("now", Time) { Empty = Emptiness.Never, IsChecked = true });
        if (Solver.Solve(goals[^1], start, fields, new(Enough)) is Solution.Found later) yield return later.Facts;
    }

    private static Goal Goal(string name, Rule rule, Value other) => new(rule.Part(new Members().Add(name, Value.From([rule.Source, new Members().Add("preserve", other).Build()])).Build()));

    /// <summary>Gives values of an input of which rows make a difference.</summary>
    private IEnumerable<Value> Probes(int input) => decision.Tables.Where(t => t.Grid.Axes.Length == decision.Inputs.Count).Select(t => t.Grid.Axes[input]).OfType<Axis>()
        .SelectMany(axis => Enumerable.Range(0, axis.Count).Where(axis.IsPossible).Select(segment => axis.Probe(segment)!.Value)).Distinct().Take(MostProbes);

    private JsonSchema? Schema(string path) => bundle.Subjects.Values.Select(s => s.At(string.Concat(path.Split('.').Skip(1).Select(JsonPointer.Token)))).FirstOrDefault(s => s is not null);

    /// <summary>Gives, for each row, inputs that hit it, and those that differ from them in one input.</summary>
    private static IEnumerable<FactObject> Points(Decision decision)
    {
        foreach (var (_, table) in decision.Tables.Select((t, i) => (i, t)).Where(p => p.t.Grid.Axes.Length == decision.Inputs.Count))
        {
            foreach (var point in Enumerable.Range(0, table.Rows.Length).Select(row => Hitting(decision, table, row)).Append(Hitting(decision, table, null)))
            {
                yield return point;
                foreach (var (input, axis) in table.Grid.Axes.Index().Where(a => a.Item is not null))
                {
                    for (var segment = 0; segment < axis!.Count; segment++)
                    {
                        if (axis.IsPossible(segment)) yield return point.With(decision.Inputs[input].Key, axis.Probe(segment)!.Value);
                    }
                }
            }
        }
    }

    private static FactObject Hitting(Decision decision, Table table, int? row)
    {
        var point = new FactObjectBuilder();
        foreach (var (input, axis) in table.Grid.Axes.Index())
        {
            if (axis is null) continue;
            var segments = Enumerable.Range(0, axis.Count).Where(axis.IsPossible).ToList();
            var hit = segments.FindIndex(s => row is { } r ? RowSet.Has(table.Grid.At(input, s), r) : RowSet.IsEmpty(table.Grid.At(input, s)));
            if (segments.Count > 0) point[decision.Inputs[input].Key] = axis.Probe(segments[Math.Max(hit, 0)])!.Value;
        }

        return point.Build();
    }

    /// <summary>Gives inputs for which every characteristic hits each of its rows together with each of the others'.</summary>
    private static IEnumerable<FactObject> Combined(Decision decision)
    {
        if (decision.Kind != DecisionKind.Scorecard) return [];
        IEnumerable<FactObject> all = [FactObject.Empty];
        foreach (var table in decision.Tables.SkipLast(1))
        {
            var choices = Enumerable.Range(0, table.Rows.Length).Select(row => Hitting(decision, table, row)).Append(Hitting(decision, table, null)).ToList();
            all = all.SelectMany(_ => choices, Both);
        }

        return all.Take(MostPoints);
    }

    private static FactObject Both(FactObject one, FactObject two)
    {
        var both = new FactObjectBuilder(one);
        foreach (var (name, value) in two) both[name] = value;
        return both.Build();
    }

    private bool Differs(Decision other, Value given)
    {
        var facts = DecisionRun.Facts(bundle, given);
        var (one, two) = (decision.Explain(facts, given["inputs"].AsObject), other.Explain(facts, given["inputs"].AsObject));
        return !one.Result.IsError && (two.Result.IsError || one.Result.Outputs != two.Result.Outputs || !one.Hits.SequenceEqual(two.Hits));
    }

    private Value? Write(string title, Value given)
    {
        var trace = decision.Explain(DecisionRun.Facts(bundle, given), given["inputs"].AsObject);
        var expect = new Members().Add("outputs", trace.Result.Outputs).Add("rows", Value.From([.. trace.Hits.Select(Value.From)])).Build();
        return new Members().Add("title", Value.From(title)).Add("decision", Value.From(decision.Key)).Add("given", given).Add("expect", expect).Build();
    }
}
