using Crm.Wfm.Moves;
using Crm.Wfm.Rules;
using Crm.Wfm.Rules.Solving;
using Crm.Wfm.Workflows;

namespace Crm.Wfm.Bundles.Proofs;

/// <summary>Every guard can hold and can fail, all of a transition's can hold together, and every action is done at times.</summary>
internal sealed class Guarding(WorkflowProofs proofs)
{
    private readonly Scenes _scenes = new(proofs);
    private readonly HashSet<string> _never = new(StringComparer.Ordinal);

    private Prover Prover => proofs.Prover;

    public void Check()
    {
        foreach (var step in proofs.Workflow.Steps.Where(s => s.ExitCriteria.Count > 0)) CheckExit(step);
        foreach (var transition in proofs.Workflow.Transitions)
        {
            if (Prover.Budget.IsSpent) return;
            foreach (var demand in proofs.Demands.Of(transition)) Check(demand, _scenes.Of(transition, demand.Rule), transition);
            CheckTogether(transition);
            CheckActions(transition);
        }
    }

    private void CheckExit(Step step)
    {
        if (proofs.Ways.From(step.Key).FirstOrDefault() is not { } transition) return;
        foreach (var demand in proofs.Demands.Of(step)) Check(demand, _scenes.Of(step), transition);
    }

    private void Check(Demand demand, IReadOnlyList<Scene> scenes, Transition transition)
    {
        if (scenes.Count == 0) return;
        if (IsImpossible(demand.Rule, true, scenes, false))
        {
            _never.Add(demand.Place.Pointer);
            TellNever(demand, scenes, transition);
        }
        else if (IsImpossible(demand.Rule, false, scenes, false)) TellAlways(demand, scenes, transition);
    }

    private bool IsImpossible(Rule rule, bool holds, IReadOnlyList<Scene> scenes, bool withParams) =>
        scenes.All(s => Prover.HoldsAtStart(rule, s) != holds && Prover.IsImpossible([new(rule, holds)], s, withParams));

    private void TellNever(Demand demand, IReadOnlyList<Scene> scenes, Transition transition)
    {
        var scene = scenes[0] with { Transition = transition };
        var others = proofs.Demands.Of(transition, scene.Step).Where(d => d.Name != demand.Name).ToList();
        var facts = Prover.Facts(Demands.Goals(others), scene) ?? Facts(proofs.Demands.Who(transition), scene);
        var play = new Play(proofs.Prover, scene, facts);
        if (!play.Take(transition.Key, facts).IsUnmet(demand.Name)) return;
        var what = demand.Name.StartsWith(ReasonKeys.ExitPrefix, StringComparison.Ordinal) ? $"leave '{scene.Step.Key}'" : $"take '{transition.Key}'";
        var why = Why(demand.Rule, true, scenes);
        var message = demand.IsWarning ? $"is never met{why ?? ", whatever the facts"}: it always warns" : $"can never hold{why ?? ", whatever the facts"}, so that nobody can ever {what}";
        if (demand.IsWarning || why is not null) proofs.Warn(demand.Place, "always-false", message, play.Test());
        else proofs.Refuse(demand.Place, "always-false", message, play.Test());
    }

    private void TellAlways(Demand demand, IReadOnlyList<Scene> scenes, Transition transition)
    {
        var scene = scenes[0] with { Transition = transition };
        var facts = Facts(proofs.Demands.Who(transition), scene);
        var play = new Play(proofs.Prover, scene, facts);
        var seen = play.Take(transition.Key, facts);
        if (seen.IsUnmet(demand.Name) || seen.IsUnmet(ReasonKeys.NotAllowed)) return;
        proofs.Warn(demand.Place, "always-true", $"always holds{Why(demand.Rule, false, scenes) ?? ", whatever the facts"}: it guards nothing", play.Test());
    }

    /// <summary>Says on which parameters it depends; <c>null</c> when it is so whatever they are.</summary>
    private string? Why(Rule rule, bool holds, IReadOnlyList<Scene> scenes) => !Scenes.ReadsParam(rule) || IsImpossible(rule, holds, scenes, true) ? null
        : " as long as " + string.Join(" and ", rule.Variables.Where(v => v.StartsWith("param.", StringComparison.Ordinal)).Select(v => $"{v} is {proofs.Workflow.Params[v[6..]]}"));

    private Value Facts(IEnumerable<Demand> demands, Scene scene) => Prover.Facts(Demands.Goals(demands), scene) ?? Prover.Start(scene);

    private void CheckTogether(Transition transition)
    {
        var steps = _scenes.Steps(transition);
        var cores = steps.Select(step => (Step: step, Core: Core(transition, step))).Where(c => c.Core.Count > 0).ToList();
        if (cores.Count == 0) return;
        if (cores.Count == steps.Count) Tell(transition, cores[0].Step, cores[0].Core);
        else foreach (var (step, core) in cores) TellEdge(transition, step, core);
    }

    /// <summary>Finds as few demands as can be that cannot be met together; none when they can, when it is not known, or when one alone cannot.</summary>
    private List<Demand> Core(Transition transition, Step step)
    {
        var demands = proofs.Demands.Of(transition, step).ToList();
        if (demands.Count == 0 || demands.Exists(d => _never.Contains(d.Place.Pointer)) || (demands.Count == 1 && !Scenes.ReadsStep(demands[0].Rule))) return [];
        if (Prover.Facts(Demands.Goals(demands), proofs.Walk.At(step, transition)) is not null) return [];
        if (!IsImpossible(demands, transition, step)) return Pair(demands, transition, step);
        foreach (var demand in demands.ToList())
        {
            List<Demand> fewer = [.. demands.Where(d => d != demand)];
            if (IsImpossible(fewer, transition, step)) demands = fewer;
        }

        return demands;
    }

    /// <summary>Where nobody can tell of all together, two may be enough.</summary>
    private List<Demand> Pair(List<Demand> demands, Transition transition, Step step)
    {
        if (demands.Count > Prover.MostRules) return [];
        for (var i = 1; i < demands.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                if (demands[i].Rule.Variables.Any(demands[j].Rule.Variables.Contains) && IsImpossible([demands[j], demands[i]], transition, step)) return [demands[j], demands[i]];
            }
        }

        return [];
    }

    private bool IsImpossible(List<Demand> demands, Transition transition, Step step) =>
        proofs.Types.All(type => Prover.IsImpossible(Demands.Goals(demands), new(proofs.Workflow, type, step, transition), withParams: true));

    private void Tell(Transition transition, Step step, List<Demand> core)
    {
        if (Unmet(transition, step, core) is not { } test) return;
        var guards = core.Where(d => d.Name != ReasonKeys.NotAllowed).ToList();
        if (core.Count == 2 && guards.Count == 2)
            proofs.Refuse(guards[1].Place, "guards-contradict", $"never holds where '{guards[0].Name}' does, so that nobody can ever take '{transition.Key}'", test);
        else proofs.Refuse(proofs.Demands.Place(transition), "never-taken", $"nobody can ever take it: {Names(core)} cannot be met together", test);
    }

    private void TellEdge(Transition transition, Step step, List<Demand> core)
    {
        if (Unmet(transition, step, core) is not { } test) return;
        var from = proofs.Demands.Place(transition)["from"];
        var place = from.Items().Where(item => item.Text == step.Key).DefaultIfEmpty(from).First();
        proofs.Warn(place, "never-taken", $"nobody can ever take it from '{step.Key}': {Names(core)} cannot be met{(core.Count > 1 ? " together" : "")}", test);
    }

    private static string Names(List<Demand> core) => string.Join(", ", core.Select(d => d.Name == ReasonKeys.NotAllowed ? "who may" : $"'{d.Name}'"));

    /// <summary>Shows for each of the demands how it fails where the others are met.</summary>
    private Value? Unmet(Transition transition, Step step, List<Demand> core)
    {
        var scene = proofs.Walk.At(step, transition);
        Play? play = null;
        foreach (var demand in core.AsEnumerable().Reverse())
        {
            var others = proofs.Demands.Of(transition, step).Where(d => d != demand).ToList();
            var needed = others.Where(d => core.Contains(d) || d.Name == ReasonKeys.NotAllowed);
            if ((Prover.Facts(Demands.Goals(others), scene) ?? Prover.Facts(Demands.Goals(needed), scene)) is not { } facts) continue;
            play ??= new(proofs.Prover, scene, facts);
            if (!play.Take(transition.Key, facts).IsUnmet(demand.Name)) return null;
        }

        return play?.Test();
    }

    private void CheckActions(Transition transition)
    {
        var set = new List<string>();
        foreach (var (index, action) in transition.PostActions.Index())
        {
            var place = proofs.Demands.Place(transition)["postActions"];
            if (action.When is { } when && !when.Variables.Any(v => set.Exists(s => Expression.Overlap(v, s))))
                CheckWhen(when, place with { Pointer = $"{place.Pointer}/{index}/when" }, transition);
            if (action is { Do: "set", Target: { } target }) set.Add(target[1..].Replace('/', '.'));
        }
    }

    private void CheckWhen(Rule when, Member place, Transition transition)
    {
        var scenes = _scenes.Of(transition, when);
        if (scenes.Count == 0) return;
        var isNever = IsImpossible(when, true, scenes, false);
        if (!isNever && !IsImpossible(when, false, scenes, false)) return;
        var facts = Facts(proofs.Demands.Of(transition, scenes[0].Step), scenes[0]);
        var play = new Play(proofs.Prover, scenes[0], facts);
        play.Take(transition.Key, facts);
        var why = Why(when, isNever, scenes) ?? ", whatever the facts";
        proofs.Warn(place, isNever ? "always-false" : "always-true", isNever ? $"never holds{why}: the action is never done" : $"always holds{why}: the action needs no condition", play.Test());
    }
}
