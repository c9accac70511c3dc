using Crm.Wfm.Bundles;
using Crm.Wfm.Rules;
using Crm.Wfm.Workflows;

namespace Crm.Wfm.Tests.Bundles;

/// <summary>What a bundle's embedded tests leave out: transitions nobody takes, guards nobody sees refuse, people nobody sees turned away.</summary>
internal sealed class Coverage
{
    private readonly Workflow _workflow;
    private readonly List<Act> _acts;

    private Coverage(Bundle bundle, Workflow workflow) =>
        (_workflow, _acts) = (workflow, [.. bundle.Tests.Values.Where(t => t.Workflow == workflow.Key).SelectMany(test => Acts(test, workflow))]);

    /// <summary>Tells every gap in words; only what a test expects counts as covered.</summary>
    public static IReadOnlyList<string> Gaps(Bundle bundle) =>
        [.. bundle.Workflows.Values.Select(w => new Coverage(bundle, w)).SelectMany(c => c._workflow.Transitions.SelectMany(c.GapsOf).Concat(c._workflow.Steps.SelectMany(c.GapsOf)))];

    private IEnumerable<string> GapsOf(Transition transition)
    {
        var acts = _acts.Where(a => a.Transition == transition.Key).ToList();
        var moves = acts.Where(a => a.Moves && a.Expect.Step == transition.To).ToList();
        foreach (var step in transition.From.Where(step => !moves.Exists(m => m.From == step))) yield return $"{transition.Key} is not taken from {step}";
        foreach (var guard in transition.Conditions.Concat(transition.Validators).SelectMany(g => GapsOf(g, g.Key, acts))) yield return $"{transition.Key}: {guard}";
        if (transition.Input is not null && !acts.Exists(a => a.IsBlockedBy("input"))) yield return $"{transition.Key} is not refused for its input";
        if (transition.NotSameActorAs.Count > 0 && !acts.Exists(a => a.IsBlockedBy("four-eyes"))) yield return $"{transition.Key} is not refused for want of four eyes";
        var strangers = acts.Where(a => a.IsBlockedBy("not-allowed")).ToList();
        if (transition.Allow.Count > 0 && strangers.Count == 0) yield return $"{transition.Key} turns nobody away";
        foreach (var allowance in transition.Allow)
        {
            var who = string.Join(" or ", allowance.Roles) + (allowance.Relations.Count > 0 ? " as " + string.Join(" or ", allowance.Relations) : "");
            if (!moves.Exists(m => m.HasRole(allowance) && m.HasRelation(allowance))) yield return $"{transition.Key} is not taken by {who}";
            if (allowance.Relations.Count > 0 && !strangers.Exists(s => s.HasRole(allowance))) yield return $"{transition.Key} does not turn away who has the role alone of {who}";
        }
    }

    private IEnumerable<string> GapsOf(Step step)
    {
        var leaving = _acts.Where(a => a.From == step.Key).ToList();
        return step.ExitCriteria.SelectMany(g => GapsOf(g, "exit/" + g.Key, leaving)).Select(gap => $"{step.Key}: {gap}");
    }

    private static IEnumerable<string> GapsOf(Guard guard, string key, List<Act> acts)
    {
        if (!acts.Exists(a => guard.IsWarning ? a.Warns(key) is true : a.IsBlockedBy(key))) yield return $"{key} is never unmet";
        if (!acts.Exists(a => a.Moves && (!guard.IsWarning || a.Warns(key) is false))) yield return $"{key} is never met";
    }

    private static IEnumerable<Act> Acts(Scenario test, Workflow workflow)
    {
        var step = test.Given["step"].AsText ?? workflow.Initial.Key;
        foreach (var act in test.Steps)
        {
            if (act.Do is { } transition) yield return new(step, transition, act.As.IsNull ? test.Given["actor"] : act.As, act.Expect);
            step = act.Expect.Step ?? step;
        }
    }

    private sealed record Act(string From, string Transition, Value Actor, Expectation Expect)
    {
        public bool Moves => Expect.BlockedBy is { Count: 0 };

        public bool IsBlockedBy(string key) => Expect.BlockedBy?.Contains(key) is true;

        /// <summary>Tells whether a guard warned; <c>null</c> where the test does not say.</summary>
        public bool? Warns(string key) => Expect.Warnings?.Contains(key);

        public bool HasRole(Allowance allowance) => allowance.Roles.Count == 0 || Actor["roles"].AsList.ToArray().Any(r => allowance.Roles.Contains(r.AsText!));

        public bool HasRelation(Allowance allowance) => allowance.Relations.Count == 0 || Actor["relations"].AsList.ToArray().Any(r => allowance.Relations.Contains(r.AsText!));
    }
}
