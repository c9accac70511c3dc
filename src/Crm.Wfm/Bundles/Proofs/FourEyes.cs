using Crm.Wfm.Moves;
using Crm.Wfm.Rules;
using Crm.Wfm.Workflows;

namespace Crm.Wfm.Bundles.Proofs;

/// <summary>Four eyes are those of two people who can be there, and at some time look.</summary>
internal sealed class FourEyes(WorkflowProofs proofs)
{
    public void Check()
    {
        foreach (var transition in proofs.Workflow.Transitions)
        {
            foreach (var (other, place) in transition.NotSameActorAs.Zip(proofs.Demands.Place(transition)["notSameActorAs"].Items()))
            {
                if (proofs.Prover.Budget.IsSpent) return;
                proofs.Prover.Budget.Spend(proofs.Workflow.Steps.Count + proofs.Workflow.Transitions.Count);
                var first = proofs.Workflow.Transition(other)!;
                if (Path(first, transition) is not { } path) TellIdle(place, first, transition);
                else if (Alone(first, transition) is { } relation) TellAlone(place, first, transition, relation, path);
            }
        }
    }

    /// <summary>Finds a way on which one transition is taken and then the other; <c>null</c> when there is none.</summary>
    private List<Edge>? Path(Transition first, Transition then)
    {
        if (first.From.Count == 0) return [];
        if (then.From.Count == 0) return [];
        var reached = proofs.Ways.ReachedFrom(first.To);
        return then.From.FirstOrDefault(reached.Contains) is { } step ? [new(first.From[0], first), .. proofs.Ways.Path(first.To, step)!, new(step, then)] : null;
    }

    /// <summary>Finds the relation in which one has to stand for either; one user does at a time, where a role has as many as it is given to.</summary>
    private static string? Alone(Transition first, Transition then)
    {
        var relations = first.Allow.Concat(then.Allow).Select(a => a.Relations is [var only] ? only : null).Distinct().ToList();
        return first.Allow.Count > 0 && then.Allow.Count > 0 ? relations is [{ } relation] ? relation : null : null;
    }

    private void TellAlone(Member place, Transition first, Transition transition, string relation, List<Edge> path)
    {
        if (path.Count == 0 || proofs.Walk.Along(path[..^1], first: true) is not { } play) return;
        if (!play.Take(transition.Key, Facts(transition, proofs.Steps[path[^1].From])).IsUnmet(ReasonKeys.FourEyes)) return;
        proofs.Warn(place, "four-eyes-alone",
            $"only the {relation} may take '{first.Key}', and only the {relation} may take '{transition.Key}', but not who took the other: nobody can, unless somebody else becomes the {relation} in between", play.Test());
    }

    private void TellIdle(Member place, Transition first, Transition transition)
    {
        var step = proofs.Steps[transition.From[0]];
        var play = proofs.Walk.To(step);
        if (play.Take(transition.Key, Facts(transition, step)).IsUnmet(ReasonKeys.FourEyes)) return;
        proofs.Warn(place, "four-eyes-idle", $"holds nobody back: no way leads from '{first.Key}' to '{transition.Key}', so it was never taken before", play.Test());
    }

    private Value Facts(Transition transition, Step step) => proofs.Walk.Facts(transition, step) ?? proofs.Prover.Start(proofs.Walk.At(step, transition));
}
