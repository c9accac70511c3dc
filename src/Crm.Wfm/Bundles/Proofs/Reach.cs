using Crm.Wfm.Rules;
using Crm.Wfm.Workflows;

namespace Crm.Wfm.Bundles.Proofs;

/// <summary>Every step is come to, and leads on to the end.</summary>
internal sealed class Reach(WorkflowProofs proofs)
{
    private const int MostNamed = 10;
    private const int MostPlayed = 20;

    private int _played;
    private int _looked;

    public void Check()
    {
        var workflow = proofs.Workflow;
        var initial = workflow.Initial;
        var reached = proofs.Ways.ReachedFrom(initial.Key);
        foreach (var step in workflow.Steps.Where(s => !reached.Contains(s.Key)))
            proofs.Refuse(proofs.Demands.Place(step), "unreachable-step", $"no transitions lead from '{initial.Key}' to '{step.Key}'", Looked(initial));

        var ending = proofs.Ways.Reaching(workflow.Steps.Where(s => s.Final).Select(s => s.Key));
        if (!ending.Contains(initial.Key))
            proofs.Refuse(proofs.Demands.Steps, "no-path-to-final", $"no transitions lead from '{initial.Key}' to a final step", Looked(initial));
        foreach (var step in workflow.Steps.Where(s => reached.Contains(s.Key) && !ending.Contains(s.Key))) Tell(step, isTold: !ending.Contains(initial.Key) && !IsTrap(step));
    }

    private void Tell(Step step, bool isTold)
    {
        var place = proofs.Demands.Place(step);
        if (!proofs.Ways.From(step.Key).Any())
            proofs.Refuse(place, "dead-end", $"is a dead end: nothing leads on from '{step.Key}', and it is not final, so that projects here can never be completed", Looked(step));
        else if (!isTold)
            proofs.Refuse(place, "no-path-to-final", $"no transitions lead from '{step.Key}' to a final step, only to {Names(step)}", Looked(step));
    }

    /// <summary>Tells whether who leaves the step always may come back: it, or the circle it is in, is where projects are caught.</summary>
    private bool IsTrap(Step step)
    {
        if (_looked++ > MostPlayed) return false;
        return proofs.Ways.ReachedFrom(step.Key).All(s => s == step.Key || proofs.Ways.Path(s, step.Key) is not null);
    }

    private string Names(Step step)
    {
        var steps = proofs.Ways.ReachedFrom(step.Key).Where(s => s != step.Key).Order(StringComparer.Ordinal).ToList();
        return steps.Count == 0 ? "itself" : string.Join(", ", steps.Take(MostNamed)) + (steps.Count > MostNamed ? $" and {steps.Count - MostNamed} more" : "");
    }

    /// <summary>Goes to a step, and looks around as somebody who may do everything.</summary>
    private Value Looked(Step step)
    {
        if (++_played > MostPlayed) return Value.Null;
        var play = proofs.Walk.To(step);
        play.Look(Anybody(proofs.Prover.Start(proofs.Walk.At(step))));
        return play.Test();
    }

    private Value Anybody(Value facts)
    {
        var allow = proofs.Workflow.Transitions.SelectMany(t => t.Allow).ToList();
        var actor = new FactObjectBuilder(facts["actor"].AsObject!)
        {
            ["roles"] = Texts(allow.SelectMany(a => a.Roles)),
            ["relations"] = Texts(allow.SelectMany(a => a.Relations)),
        };
        return Value.From(facts.AsObject!.With("actor", Value.From(actor.Build())));
    }

    private static Value Texts(IEnumerable<string> texts) => Value.From([.. texts.Distinct().Order(StringComparer.Ordinal).Select(Value.From)]);
}
