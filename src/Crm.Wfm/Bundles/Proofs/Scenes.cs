using Crm.Wfm.Rules;
using Crm.Wfm.Workflows;

namespace Crm.Wfm.Bundles.Proofs;

/// <summary>The scenes a rule may be asked in: one stands for all that look the same to it.</summary>
internal sealed class Scenes(WorkflowProofs proofs)
{
    private const int Most = 40;

    /// <summary>Lists the scenes in which rules of a transition are asked; none when there are too many.</summary>
    public IReadOnlyList<Scene> Of(Transition transition, params IReadOnlyList<Rule> rules)
    {
        var steps = rules.Any(ReadsStep) ? transition.From : transition.From.Take(1);
        return Of(transition.From.Count == 0 ? [proofs.Workflow.Initial.Key] : steps, transition);
    }

    /// <summary>Lists the scenes in which rules of a step are asked.</summary>
    public IReadOnlyList<Scene> Of(Step step) => Of([step.Key], null);

    /// <summary>Lists the steps a transition leaves, one for all from which the same is asked.</summary>
    public IReadOnlyList<Step> Steps(Transition transition)
    {
        if (transition.From.Count > Most) return [];
        var steps = transition.From.Select(key => proofs.Steps[key]).ToList();
        return proofs.Demands.Of(transition).Any(d => ReadsStep(d.Rule)) ? steps : [.. steps.DistinctBy(s => s.ExitCriteria.Count == 0 ? "" : s.Key)];
    }

    public static bool ReadsStep(Rule rule) => rule.Variables.Any(v => v.StartsWith("step.", StringComparison.Ordinal));

    public static bool ReadsParam(Rule rule) => rule.Variables.Any(v => v.StartsWith("param.", StringComparison.Ordinal));

    private Scene[] Of(IEnumerable<string> steps, Transition? transition)
    {
        Scene[] scenes = [.. steps.Take(Most).SelectMany(_ => proofs.Types, (step, type) => new Scene(proofs.Workflow, type, proofs.Steps[step], transition)).Take(Most + 1)];
        return scenes.Length > Most ? [] : scenes;
    }
}
