using Crm.Wfm.Rules;
using Crm.Wfm.Subjects;
using Crm.Wfm.Workflows;

namespace Crm.Wfm.Bundles.Scenarios;

/// <summary>Makes the tests of one workflow: ways that take every transition, then whatever shows a near miss no test shows yet.</summary>
internal sealed class WorkflowScenarios
{
    private readonly Dictionary<string, (string Key, Draft Draft)> _main = [];
    private readonly Suite _suite;
    private readonly Workflow _workflow;
    private readonly Stage _stage;
    private readonly Director _director;

    public WorkflowScenarios(Bundle bundle, Workflow workflow, Suite suite)
    {
        (_suite, _workflow, _stage) = (suite, workflow, new(bundle, workflow));
        _director = new(_stage);
    }

    /// <summary>Takes every transition that can be taken on a way from the initial step.</summary>
    public IEnumerable<Uncovered> Walk()
    {
        var from = _workflow.Initial.Key;
        var taken = _suite.Scenarios.Where(s => s.Workflow == _workflow.Key && (s.Given["step"].AsText ?? from) == from).SelectMany(Taken).ToHashSet(StringComparer.Ordinal);
        var ways = _workflow.Transitions.Where(t => t.Approvals is null).Select(t => (Transition: t, Way: Way(t))).OrderByDescending(w => w.Way?.Length ?? 0).ToList();
        foreach (var (transition, way) in ways)
        {
            if (taken.Contains(transition.Key)) continue;
            var at = $"/workflows/{_workflow.Key}/transitions/{transition.Key}";
            if (way is null) yield return new(at, "taken on a way from the initial step", $"no way leads from {from} to a step it leaves");
            else if (_director.Walker.Take(way, _ => null, out var why) is not { } walk) yield return new(at, "taken on a way from the initial step", why);
            else
            {
                _suite.Add($"way-to-{transition.Key}", _stage.Write(walk, $"The way to {transition.Title?.ToString() ?? transition.Key}"));
                taken.UnionWith(walk.Acts.Select(a => a.Do));
            }
        }
    }

    /// <summary>Makes a test that shows a near miss.</summary>
    /// <returns>Whether there is one.</returns>
    public bool Show(NearMiss miss, Verdict verdict)
    {
        foreach (var draft in _director.Propose(miss, verdict))
        {
            if (Folded(draft, miss) || Alone(draft, miss)) return true;
        }

        return false;
    }

    /// <summary>Tells whether some situation shows a near miss, without making a test.</summary>
    public bool CanShow(NearMiss miss, Verdict verdict) => _director.Propose(miss, verdict).Any(draft => Suite.Tells(_stage.Bundle, miss.Bundle, _stage.Write(draft, "")));

    private bool Alone(Draft draft, NearMiss miss)
    {
        if (draft.Acts.Count == 1 && !_main.ContainsKey(miss.Topic.Key) && !_stage.Passes(draft) && Start(draft, miss)) return true;
        var test = _stage.Write(draft, miss.Topic.Title);
        if (!Suite.Tells(_stage.Bundle, miss.Bundle, test)) return false;
        var key = _suite.Add(miss.Topic.Key, test);
        if (draft.Acts.Count == 1 && _stage.Passes(draft)) _main.TryAdd(miss.Topic.Key, (key, draft));
        return true;
    }

    /// <summary>Begins a test that is refused and then passes: with what is usual given, so that others can be added.</summary>
    private bool Start(Draft draft, NearMiss miss)
    {
        var usual = _director.Usual(new(_workflow.Transition(draft.Acts[0].Do)!, draft.Step));
        if (draft.Others is not null || !_stage.Passes(usual) || Fold(usual, draft) is not { } folded) return false;
        var test = _stage.Write(folded, miss.Topic.Title);
        if (!Suite.Tells(_stage.Bundle, miss.Bundle, test)) return false;
        _main[miss.Topic.Key] = (_suite.Add(miss.Topic.Key, test), folded);
        return true;
    }

    /// <summary>Adds an act that is refused to a test of the same topic, before the one that passes: a refused act leaves everything as it was.</summary>
    private bool Folded(Draft draft, NearMiss miss)
    {
        if (!_main.TryGetValue(miss.Topic.Key, out var main) || Fold(main.Draft, draft) is not { } folded) return false;
        var test = _stage.Write(folded, miss.Topic.Title);
        if (!Suite.Tells(_stage.Bundle, miss.Bundle, test)) return false;
        _suite.Replace(main.Key, test);
        _main[miss.Topic.Key] = (main.Key, folded);
        return true;
    }

    private Draft? Fold(Draft main, Draft other)
    {
        if (other.Acts.Count > 1 || main.Step != other.Step || main.Acts[^1].Do != other.Acts[0].Do || main.Now != other.Now || main.Others != other.Others || main.Project != other.Project || _stage.Passes(other)) return null;
        var changes = new FactObjectBuilder();
        foreach (var name in main.Entity.Concat(other.Entity).Select(m => m.Key).Distinct(StringComparer.Ordinal))
        {
            if (main.Entity[name] != other.Entity[name]) changes[name] = other.Entity[name];
        }

        var set = changes.Build();
        if (RecordFields.CheckChanges(set, _stage.Type is { } type ? _workflow.Subjects.GetValueOrDefault(type.Subject) : null).Count > 0) return null;
        var act = other.Acts[0] with { As = other.Actor, Changes = set };
        return main with { Acts = [.. main.Acts.SkipLast(1), act, main.Acts[^1]] };
    }

    private Way[]? Way(Transition transition) => transition.From.Select(from => _director.Walker.Between(_workflow.Initial.Key, from) is { } way ? (Way[])[.. way, new(transition, from)] : null)
        .OfType<Way[]>().MinBy(w => w.Length);

    private static IEnumerable<string> Taken(Scenario scenario) => scenario.Steps.Where(s => s.Do is not null && s.Expect.BlockedBy is null or { Count: 0 }).Select(s => s.Do!);
}
