using Crm.Wfm.Rules;
using Crm.Wfm.Workflows;

namespace Crm.Wfm.Bundles.Proofs;

/// <summary>Brings a made-up project to where an example is to be seen.</summary>
internal sealed class Walk(Prover prover, Demands demands, Ways ways, ProjectType? type)
{
    private const int MostSteps = 30;

    /// <summary>Gives a place to look from.</summary>
    public Scene At(Step step, Transition? transition = null) => new(demands.Workflow, type, step, transition);

    /// <summary>Finds facts with which a transition can be taken from a step; <c>null</c> when none were found.</summary>
    public Value? Facts(Transition transition, Step step) =>
        transition.Approvals is null ? prover.Facts(Demands.Goals(demands.Of(transition, step)), At(step, transition)) : null;

    /// <summary>Plays from the start of a project to a step; where no way was found that can be gone, it begins in that step.</summary>
    public Play To(Step step)
    {
        var initial = demands.Workflow.Initial;
        if (ways.Path(initial.Key, step.Key) is { Count: > 0 and <= MostSteps } path && Along(path) is { } play) return play;
        return new(prover, At(step), prover.Start(At(step)));
    }

    /// <summary>Plays along a way; <c>null</c> when it cannot be gone so.</summary>
    /// <param name="path">The way.</param>
    /// <param name="first">Whether the first move is by the one who acts after it all; every other is by somebody else.</param>
    public Play? Along(IReadOnlyList<Edge> path, bool first = false)
    {
        Play? play = null;
        foreach (var edge in path)
        {
            if (demands.Workflow.Step(edge.From) is not { } from || Facts(edge.Transition, from) is not { } facts) return null;
            var isOther = !first || play is not null;
            play ??= new(prover, At(from), facts);
            if (!play.Take(edge.Transition.Key, facts, isOther).IsMoved) return null;
        }

        return play;
    }
}
