using Crm.Wfm.Events;
using Crm.Wfm.Rules;
using Crm.Wfm.Rules.Solving;
using Crm.Wfm.Schemas;

namespace Crm.Wfm.Bundles.Proofs;

/// <summary>What waits for an event waits for one that is told of, and can start.</summary>
internal sealed class EventProofs(BundleDraft draft, Prover prover, IReadOnlyCollection<string>? ofHost)
{
    private static readonly string[] OfEngine = [EventTypes.ProjectStarted, EventTypes.ProjectMoved, EventTypes.ProjectCompleted];

    private const int MostNamed = 50;

    private readonly Emitted _here = Emitted.By(prover.Bundle, draft.Told);

    public void Check()
    {
        foreach (var automation in draft.Root["automations"].Members())
        {
            foreach (var type in automation["on"].Items()) CheckType(type);
            if (automation.Has("when")) CheckWhen(automation);
        }

        foreach (var transition in draft.Workflows.Values.SelectMany(w => w.Transitions).Where(t => t["trigger"].Text == "event")) CheckType(transition["on"]);
    }

    private void CheckType(Member place)
    {
        if (place.Text is not { } written) return;
        var type = written.Replace('/', '.');
        if (type.StartsWith("wfm.", StringComparison.Ordinal))
        {
            if (!OfEngine.Contains(type)) draft.Refuse(place, "unknown-event", $"the engine emits no '{type}', and nobody else may{draft.Hint(type, OfEngine)} (it emits {string.Join(", ", OfEngine)})", Example(place, type));
            return;
        }

        if (ofHost is null || _here.IsOpen || ofHost.Contains(type) || _here.Types.Contains(type)) return;
        var known = ofHost.Concat(_here.Types).ToList();
        draft.Warn(place, "unknown-event", $"neither the host nor a transition or flow here emits '{type}'{draft.Hint(type, known)}; another bundle would have to", Example(place, type));
    }

    private Value Example(Member place, string type) => Value.From(new FactObjectBuilder
    {
        ["on"] = Value.From(type),
        ["place"] = Value.From(place.Pointer),
        ["emitted"] = Value.From([.. OfEngine.Concat(ofHost ?? []).Concat(_here.Types).Distinct().Order(StringComparer.Ordinal).Take(MostNamed).Select(Value.From)]),
    }.Build());

    /// <summary>Of an event its type is known, one of those the automation listens to; what it holds is not.</summary>
    private void CheckWhen(Member automation)
    {
        if (draft.Rule(automation["when"]) is not { ReadsComputed: false, Size: < 400 } rule || rule.Variables.Count > 20) return;
        var types = automation["on"].Items().Select(t => t.Text).OfType<string>().Select(t => Value.From(t.Replace('/', '.'))).Distinct().ToArray();
        var param = new FactObjectBuilder();
        foreach (var p in draft.Root["params"].Members().Where(p => p.Has("default"))) param[p.Name] = p["default"].Value;
        var facts = Value.From(new FactObjectBuilder
        {
            ["event"] = Value.From(new FactObjectBuilder { ["type"] = types.FirstOrDefault() }.Build()),
            ["now"] = Value.From(ScenarioRunner.DefaultNow),
            ["param"] = Value.From(param.Build()),
        }.Build());
        var fields = rule.Variables.Where(v => v.Split('.')[0] is not "param").Select(v => Field(v, types)).ToList();
        if (types.Length == 0 || fields.Exists(f => f is null || fields.Exists(g => g != f && Expression.Overlap(f.Path, g!.Path)))) return;
        var free = rule.Variables.Where(v => v.StartsWith("param.", StringComparison.Ordinal)).Select(v => new Field(v, null)).Concat(fields!).ToList();
        var solution = prover.Budget.Ask(fuel => Solver.Solve([new(rule)], facts, free!, fuel));
        if (solution is not Solution.None || rule.Holds(facts)) return;
        draft.Refuse(automation["when"], "always-false", $"can never hold, whatever the event: '{automation.Name}' never starts", facts);
    }

    private static Field? Field(string path, Value[] types) => path switch
    {
        "now" => new(path, JsonSchema.Read(Value.Parse("""{"type": "string", "format": "date-time"}"""), [])) { Empty = Emptiness.Never },
        "event.type" => new(path, JsonSchema.Read(Value.From(new FactObjectBuilder { ["enum"] = Value.From(types) }.Build()), [])) { Empty = Emptiness.Never },
        _ when path.StartsWith("event.", StringComparison.Ordinal) => new(path, null),
        _ => null,
    };
}

/// <summary>The types of the events a bundle's transitions and flows emit.</summary>
/// <param name="Types">The types.</param>
/// <param name="IsOpen">Whether others may be: a rule computes them.</param>
internal sealed record Emitted(IReadOnlySet<string> Types, bool IsOpen)
{
    public static Emitted By(Bundle bundle, IReadOnlyList<IReadOnlyCollection<string>?> byFlows)
    {
        var (types, isOpen) = (new HashSet<string>(byFlows.SelectMany(told => told ?? []), StringComparer.Ordinal), byFlows.Contains(null));
        foreach (var action in bundle.Workflows.Values.SelectMany(w => w.Transitions).SelectMany(t => t.PostActions).Where(a => a.Do == "emit" && a.Value is not null))
            isOpen |= !Add(action.Value!.Source, types);
        return new(types, isOpen);
    }

    private static bool Add(Value value, HashSet<string> types)
    {
        if (value.AsText is { } type)
        {
            types.Add(type);
            return true;
        }

        if (value.AsObject is not { Count: 1 } call) return false;
        var arguments = call.Slots[0];
        return call.Shape.Names[0] switch
        {
            "preserve" when (arguments["type"].AsText ?? arguments.AsText) is { } kept => Add(Value.From(kept), types),
            "if" or "?:" => arguments.AsList.ToArray().Where((_, i) => i % 2 == 1 || i == arguments.AsList.Length - 1).All(result => Add(result, types)),
            _ => false,
        };
    }
}
