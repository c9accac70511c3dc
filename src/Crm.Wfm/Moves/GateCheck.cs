using Crm.Wfm.Rules;
using Crm.Wfm.Workflows;

namespace Crm.Wfm.Moves;

/// <summary>One look of the gate at one transition: collects reasons, warnings and rule results.</summary>
internal sealed class GateCheck(Workflow workflow, Transition transition, Situation situation)
{
    private readonly Value _facts = situation.Facts(workflow);
    private readonly Dictionary<string, bool> _rules = [];
    private readonly List<Reason> _refusals = [];
    private readonly List<Reason> _warnings = [];

    public IReadOnlyList<Reason> Refusals => _refusals;

    public IReadOnlyList<Reason> Warnings => _warnings;

    public bool IsAllowed { get; } = transition.Allow.Count == 0 || transition.Allow.Any(a => Matches(a, situation));

    /// <summary>What can be said before the user acts.</summary>
    public void Offer()
    {
        // Who may not take a transition learns nothing else of it: guards would give away values.
        if (!IsAllowed)
        {
            _refusals.Add(GateReasons.NotAllowed(transition));
            return;
        }

        Refuse(GateReasons.FourEyes(transition, situation));
        Refuse(GateReasons.Approval(transition));
        Refuse(transition.To == situation.Project.Step ? null : GateReasons.WipLimit(workflow.Step(transition.To)!, situation.Project));
        foreach (var guard in transition.Conditions) Evaluate(guard, guard.Key);
        foreach (var guard in workflow.Step(situation.Project.Step)!.ExitCriteria) Evaluate(guard, ReasonKeys.ExitPrefix + guard.Key);
    }

    /// <summary>The same, and what was entered.</summary>
    public void Submit()
    {
        Offer();
        if (!IsAllowed) return;
        var faults = InputFaults();
        if (faults.Count > 0) _refusals.Add(GateReasons.Input(faults, situation.Input, transition.Input));
        foreach (var guard in transition.Validators)
        {
            // A validator that reads a field the schema already complains of would only say the same again.
            if (!guard.Rule.Variables.Any(path => IsFaulty(path, faults))) Evaluate(guard, guard.Key);
        }
    }

    /// <summary>Computes what the move would do; refuses it where that cannot be computed.</summary>
    public MovePlan Plan()
    {
        var actions = new PostActionEffects(transition, situation.Project, _facts);
        var effects = actions.Compute();
        _refusals.AddRange(actions.Refusals);
        return new(transition, workflow.Step(situation.Project.Step), workflow.Step(transition.To)!, _facts, _rules, _warnings, effects);
    }

    private IReadOnlyList<Fault> InputFaults()
    {
        var input = situation.Input.IsNull ? Value.From(FactObject.Empty) : situation.Input;
        if (transition.Input is { } schema) return schema.Validate(input);
        if (input.AsObject is { Count: 0 }) return [];
        return [new("", "unexpected", $"The transition {transition.Key} asks for no input.")];
    }

    private void Evaluate(Guard guard, string key)
    {
        var holds = guard.Rule.Holds(_facts);
        _rules[key] = holds;
        if (!holds) (guard.IsWarning ? _warnings : _refusals).Add(GateReasons.Guard(guard, key, workflow, transition, situation, _facts));
    }

    private void Refuse(Reason? reason)
    {
        if (reason is not null) _refusals.Add(reason);
    }

    private static bool Matches(Allowance allowance, Situation situation) =>
        (allowance.Roles.Count == 0 || allowance.Roles.Any(situation.Actor.Roles.Contains))
        && (allowance.Relations.Count == 0 || allowance.Relations.Any(situation.Relations.Contains));

    private static bool IsFaulty(string path, IReadOnlyList<Fault> faults) =>
        path.StartsWith("input.", StringComparison.Ordinal)
        && faults.Any(f => f.Pointer.Length == 0 || f.Pointer.Split('/')[1] == path.Split('.')[1]);
}
