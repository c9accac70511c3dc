using Crm.Wfm.Rules;
using Crm.Wfm.Workflows;

namespace Crm.Wfm.Bundles.Proofs;

/// <summary>Transitions from one step that are meant as alternatives, of which one is taken, do not overlap.</summary>
internal sealed class Alternatives(WorkflowProofs proofs)
{
    private const int MostOfStep = 40;
    private const int PerPair = 50;

    private readonly HashSet<(string, string)> _seen = [];

    public void Check()
    {
        foreach (var step in proofs.Workflow.Steps)
        {
            var ways = proofs.Ways.Named(step.Key).Where(t => IsAutomatic(t) || t.Conditions.Count > 0).ToList();
            if (ways.Count > MostOfStep) continue;
            for (var i = 0; i < ways.Count; i++)
            {
                for (var j = i + 1; j < ways.Count; j++)
                {
                    if (proofs.Prover.Budget.IsSpent) return;
                    proofs.Prover.Budget.Spend(PerPair);
                    if (_seen.Add((ways[i].Key, ways[j].Key))) Compare(step, ways[i], ways[j]);
                }
            }
        }
    }

    private static bool IsAutomatic(Transition transition) => transition.Trigger is TransitionTrigger.Event or TransitionTrigger.Timer;

    private void Compare(Step step, Transition one, Transition two)
    {
        if (IsAutomatic(one) && one.Trigger == two.Trigger && Cause(one) == Cause(two)) CheckAutomatic(step, one, two);
        else if (!IsAutomatic(one) && !IsAutomatic(two) && Allow(one) == Allow(two)) CheckManual(step, one, two);
    }

    /// <summary>Both are set off at once: where both can be taken, nobody knows which is.</summary>
    private void CheckAutomatic(Step step, Transition one, Transition two)
    {
        if (Both(step, one, two) is { } test)
            proofs.Warn(proofs.Demands.Place(two), "transitions-overlap", $"is set off together with '{one.Key}', and there are facts with which both can be taken: which one is, is not decided", test);
    }

    private string? Cause(Transition transition)
    {
        var place = proofs.Demands.Place(transition);
        return transition.Trigger == TransitionTrigger.Event ? place["on"].Text : place["after"].Text;
    }

    private string Allow(Transition transition) => proofs.Demands.Place(transition)["allow"].Value.ToString();

    /// <summary>Two conditions that ask the same facts and leave nothing between them are meant to part the cases; where both hold, they do not.</summary>
    private void CheckManual(Step step, Transition one, Transition two)
    {
        foreach (var a in one.Conditions.Where(g => !g.IsWarning))
        {
            foreach (var b in two.Conditions.Where(g => !g.IsWarning && Parts(step, a.Rule, g.Rule)))
            {
                if (Both(step, one, two) is not { } test) continue;
                var place = proofs.Demands.Place(two)["conditions"][b.Key];
                proofs.Warn(place, "transitions-overlap", $"holds at times together with '{a.Key}' of '{one.Key}', though one of them always does: there are facts with which both can be taken", test);
                return;
            }
        }
    }

    private bool Parts(Step step, Rule a, Rule b)
    {
        proofs.Prover.Budget.Spend(PerPair + a.Variables.Count + b.Variables.Count);
        if (a.Variables.Count == 0 || !a.Variables.ToHashSet().SetEquals(b.Variables) || a.Source == b.Source) return false;
        return Can(a, true, b, true) && Can(a, true, b, false) && Can(a, false, b, true)
            && proofs.Types.All(type => proofs.Prover.IsImpossible([new(a, false), new(b, false)], new(proofs.Workflow, type, step, null)));

        bool Can(Rule one, bool holds, Rule other, bool otherHolds) => proofs.Prover.Facts([new(one, holds), new(other, otherHolds)], proofs.Walk.At(step)) is not null;
    }

    /// <summary>Shows that both are open at once; <c>null</c> when that was not seen.</summary>
    private Value? Both(Step step, Transition one, Transition two)
    {
        var scene = proofs.Walk.At(step);
        var demands = new[] { one, two }.SelectMany(t => proofs.Demands.Who(t).Concat(proofs.Demands.Of(t))).Where(d => !d.IsWarning && !IsValidator(d)).Concat(proofs.Demands.Of(step).Where(d => !d.IsWarning));
        if (proofs.Prover.Facts(Demands.Goals(demands), scene) is not { } facts) return null;
        var play = new Play(proofs.Prover, scene, facts);
        var open = play.Look(facts);
        return open.Contains(one.Key) && open.Contains(two.Key) ? play.Test() : null;
    }

    private static bool IsValidator(Demand demand) => demand.Place.Pointer.Contains("/validators/", StringComparison.Ordinal);
}
