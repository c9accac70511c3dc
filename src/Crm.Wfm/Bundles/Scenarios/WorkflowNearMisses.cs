using Crm.Wfm.Rules;
using Crm.Wfm.Rules.Solving;
using Crm.Wfm.Testing;
using Crm.Wfm.Workflows;

namespace Crm.Wfm.Bundles.Scenarios;

/// <summary>Lists what a workflow could be by mistake, one thing at a time.</summary>
internal sealed class WorkflowNearMisses
{
    private const int MostWays = 8;

    private readonly Bundle _bundle;
    private readonly Workflow _workflow;
    private readonly RuleNearMisses _rules;

    public WorkflowNearMisses(Bundle bundle, Workflow workflow) => (_bundle, _workflow, _rules) = (bundle, workflow, new(name => workflow.Params[name]));

    public IEnumerable<NearMiss> All() => _workflow.Transitions.SelectMany(Of).Concat(_workflow.Steps.SelectMany(Of));

    private IEnumerable<NearMiss> Of(Transition t) =>
    [
        .. Guards(t, t.Conditions, "conditions", (guards) => t with { Conditions = guards }),
        .. Guards(t, t.Validators, "validators", (guards) => t with { Validators = guards }),
        .. Input(t), .. Allow(t), .. FourEyes(t), .. Actions(t), .. Ways(t),
        .. t.Approvals is null ? Array.Empty<NearMiss>() : [Miss(t, "/approvals", "without approvals", new($"{t.Key}-approval", $"{Name(t)}: approval"), t with { Approvals = null }, new Aim.Acted(new(t, t.From[0]), SceneSearch.ActorOf(t, 0)))],
    ];

    private IEnumerable<NearMiss> Of(Step step)
    {
        var at = $"/workflows/{_workflow.Key}/steps/{_workflow.Steps.ToList().IndexOf(step)}";
        IReadOnlyList<Way> ways = [.. _workflow.From(step.Key).Where(t => t.Approvals is null).Select(t => new Way(t, step.Key))];
        foreach (var (i, guard) in step.ExitCriteria.Index())
        {
            foreach (var (other, words) in Variants(guard))
            {
                var changed = step with { ExitCriteria = [.. step.ExitCriteria.Select((g, n) => n == i ? other : g)] };
                var bundle = With(_workflow with { Steps = [.. _workflow.Steps.Select(s => s == step ? changed : s)] });
                yield return new($"{at}/exitCriteria/{guard.Key}", words, new($"leave-{step.Key}-{guard.Key}", $"{step.Status.Title?.ToString() ?? step.Key}: {guard.Message}"), bundle,
                    ways.Count == 0 ? new Aim.Beyond("nothing leads on from there") : new Aim.Guarded(ways, guard, other.Rule));
            }
        }

        foreach (var miss in step.WipLimit is { } limit ? Limit(step, limit, at + "/wipLimit") : []) yield return miss;
    }

    private IEnumerable<NearMiss> Limit(Step step, int limit, string at)
    {
        IReadOnlyList<Way> ways = [.. _workflow.Transitions.Where(t => t.To == step.Key && t.Approvals is null).SelectMany(t => t.From.Select(from => new Way(t, from))).Where(w => w.From != step.Key).Take(MostWays)];
        var topic = new Topic($"limit-of-{step.Key}", $"{step.Status.Title?.ToString() ?? step.Key}: at most {limit}");
        foreach (var (other, count, words) in new (int?, int, string)[] { (null, limit, $"without the limit of {limit}"), (limit + 1, limit, $"{limit + 1} in place of {limit}"), (limit - 1, limit - 1, $"{limit - 1} in place of {limit}") })
        {
            var changed = step with { WipLimit = other };
            yield return new(at, words, topic, With(_workflow with { Steps = [.. _workflow.Steps.Select(s => s == step ? changed : s)] }), ways.Count == 0 ? new Aim.Beyond("no move leads there from elsewhere") : new Aim.Filled(ways, count));
        }
    }

    private IEnumerable<NearMiss> Guards(Transition t, IReadOnlyList<Guard> guards, string member, Func<IReadOnlyList<Guard>, Transition> with) =>
        from guard in guards.Index()
        let topic = new Topic($"{t.Key}-{guard.Item.Key}", $"{Name(t)}: {guard.Item.Message}")
        from other in Variants(guard.Item)
        select Miss(t, $"/{member}/{guard.Item.Key}", other.Words, topic, with([.. guards.Select((g, n) => n == guard.Index ? other.Guard : g)]), new Aim.Guarded(WaysOf(t), guard.Item, other.Guard.Rule));

    private IEnumerable<(Guard Guard, string Words)> Variants(Guard guard) =>
        _rules.OfTest(guard.Rule.Source).Select(v => (guard with { Rule = guard.Rule.Part(v.Rule) }, v.Words))
            .Append((guard with { IsWarning = !guard.IsWarning }, guard.IsWarning ? "refusing in place of warning" : "warning in place of refusing"));

    private IEnumerable<NearMiss> Input(Transition t)
    {
        if (t.Input is not { } schema) yield break;
        var topic = new Topic($"{t.Key}-input", $"{Name(t)}: what is entered");
        foreach (var miss in InputNearMisses.Of(schema))
        {
            yield return Miss(t, "/input" + miss.Pointer, miss.Words, topic, t with { Input = miss.Schema }, miss.Why is { } why ? new Aim.Beyond(why) : new Aim.Entered(new(t, t.From[0]), miss.Inputs));
        }
    }

    private IEnumerable<NearMiss> Allow(Transition t)
    {
        var topic = new Topic($"{t.Key}-allow", $"{Name(t)}: who may");
        var way = new Way(t, t.From[0]);
        if (t.Allow.Count > 0) yield return Miss(t, "/allow", "anybody may", topic, t with { Allow = [] }, new Aim.Acted(way, new()));
        foreach (var (i, a) in t.Allow.Index())
        {
            foreach (var (other, who, words) in Variants(a))
            {
                // Without its only alternative a transition would be anybody's.
                IEnumerable<Allowance> allow = t.Allow.Select((x, n) => n == i ? other ?? new(["nobody"], []) : x);
                yield return Miss(t, $"/allow/{i}", words, topic, t with { Allow = [.. allow] }, new Aim.Acted(way, who));
            }
        }
    }

    private static IEnumerable<(Allowance? Other, TestActor Who, string Words)> Variants(Allowance a)
    {
        string[] role = [.. a.Roles.Take(1)], relation = [.. a.Relations.Take(1)];
        if (a is { Roles.Count: > 0, Relations.Count: > 0 })
        {
            yield return (a with { Roles = [] }, new() { Relations = relation }, $"without the role {string.Join(" or ", a.Roles)}");
            yield return (a with { Relations = [] }, new() { Roles = role }, $"without the relation {string.Join(" or ", a.Relations)}");
        }

        yield return (null, new() { Roles = role, Relations = relation }, $"without {string.Join(" or ", a.Roles.Concat(a.Relations))}");
        for (var i = 0; i < a.Roles.Count && a.Roles.Count > 1; i++)
            yield return (a with { Roles = [.. a.Roles.Where((_, n) => n != i)] }, new() { Roles = [a.Roles[i]], Relations = relation }, $"without the role {a.Roles[i]}");
        for (var i = 0; i < a.Relations.Count && a.Relations.Count > 1; i++)
            yield return (a with { Relations = [.. a.Relations.Where((_, n) => n != i)] }, new() { Roles = role, Relations = [a.Relations[i]] }, $"without the relation {a.Relations[i]}");
    }

    private IEnumerable<NearMiss> FourEyes(Transition t) => t.NotSameActorAs.Select(earlier => Miss(t, "/notSameActorAs", $"not by somebody else than took {earlier}",
        new($"{t.Key}-after-{earlier}", $"{Name(t)}: four eyes"), t with { NotSameActorAs = [.. t.NotSameActorAs.Where(e => e != earlier)] }, new Aim.Twice(_workflow.Transition(earlier)!, t)));

    private IEnumerable<NearMiss> Actions(Transition t)
    {
        var topic = new Topic($"{t.Key}-does", $"{Name(t)}: what it does");
        foreach (var (i, action) in t.PostActions.Index())
        {
            var at = $"/postActions/{i}";
            if (action.Do is not ("set" or "emit"))
            {
                yield return Miss(t, at, $"without {action.Do}", topic, t, new Aim.Beyond($"embedded tests do not run {action.Do}, which is the host's"));
                continue;
            }

            Goal[] wanted = action.When is { } when ? [new(when)] : [];
            yield return Miss(t, at, $"without {action.Do} {action.Target ?? action.Value?.Source.ToString()}", topic, t with { PostActions = [.. t.PostActions.Where((_, n) => n != i)] },
                new Aim.Done(WaysOf(t), [[.. wanted, .. Sets(action)], wanted]));
            foreach (var v in action.When is null ? [] : _rules.OfTest(action.When.Source))
            {
                var other = action.When!.Part(v.Rule);
                yield return Miss(t, at + "/when", v.Words, topic, Replaced(t, i, action with { When = other }), new Aim.Done(WaysOf(t), [[new(action.When), new(other, false), .. Sets(action)], [new(action.When, false), new(other), .. Sets(action)], [new(action.When), new(other, false)], [new(action.When, false), new(other)]]));
            }

            foreach (var v in action.Value is null ? [] : _rules.OfValue(action.Value.Source))
            {
                var other = action.Value!.Part(v.Rule);
                yield return Miss(t, at + "/value", v.Words, topic, Replaced(t, i, action with { Value = other }), new Aim.Done(WaysOf(t), [[.. wanted, Differ(action.Value, v.Rule)]]));
            }
        }
    }

    private static Transition Replaced(Transition t, int index, PostAction action) => t with { PostActions = [.. t.PostActions.Select((a, n) => n == index ? action : a)] };

    /// <summary>Asks for a field that is set to something else than it was.</summary>
    private static IEnumerable<Goal> Sets(PostAction action) =>
        action is { Target: { } target, Value: { } value } ? [Differ(value, new Members().Add("var", Value.From(string.Join('.', JsonPointer.Tokens(target)!))).Build())] : [];

    private static Goal Differ(Rule rule, Value other) => new(rule.Part(new Members().Add("!==", Value.From([rule.Source, other])).Build()));

    private IEnumerable<NearMiss> Ways(Transition t) => t.From.Select(from => Miss(t, "/from", $"not from {from}", new($"{t.Key}-from-{from}", $"{Name(t)}, from {_workflow.Step(from)!.Status.Title?.ToString() ?? from}"),
        t with { From = [.. t.From.Where(f => f != from)] }, t.Approvals is null ? new Aim.Done([new(t, from)], [[]]) : new Aim.Acted(new(t, from), SceneSearch.ActorOf(t, 0))));

    private static Way[] WaysOf(Transition t) => t.Approvals is null ? [.. t.From.Take(MostWays).Select(from => new Way(t, from))] : [new(t, t.From[0])];

    private NearMiss Miss(Transition t, string below, string words, Topic topic, Transition changed, Aim aim) => new($"/workflows/{_workflow.Key}/transitions/{t.Key}{below}", words, topic,
        With(_workflow with { Transitions = [.. _workflow.Transitions.Select(x => x.Key == t.Key ? changed : x)] }), aim);

    private Bundle With(Workflow changed) => _bundle with { Workflows = new Dictionary<string, Workflow>(_bundle.Workflows) { [_workflow.Key] = changed } };

    private static string Name(Transition t) => t.Title?.ToString() ?? t.Key;
}
