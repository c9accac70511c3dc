using Crm.Wfm.Moves;

namespace Crm.Wfm.Bundles.BundleChecks;

/// <summary>Embedded tests speak of things there are; a misspelt one would prove nothing.</summary>
internal static class Tests
{
    public static void Check(BundleDraft draft)
    {
        var reasons = draft.Workflows.ToDictionary(w => w.Key, w => new Lazy<HashSet<string>>(() => Reasons(w.Value)));
        foreach (var test in draft.Root["tests"].Members())
        {
            References.Expect(draft, test["workflow"], "workflow", draft.Names.Workflows);
            if (test["workflow"].Text is not { } key || !draft.Workflows.TryGetValue(key, out var workflow)) continue;
            CheckGiven(draft, workflow, test["given"]);
            foreach (var step in test["steps"].Items()) CheckStep(draft, workflow, reasons[key], step);
        }
    }

    private static void CheckGiven(BundleDraft draft, WorkflowDraft workflow, Member given)
    {
        References.Expect(draft, given["step"], "step", workflow.StepKeys);
        References.ExpectRoles(draft, given["actor"]["roles"]);
        foreach (var param in given["params"].Members().Where(p => !draft.Names.Params.Contains(p.Name)))
            draft.Refuse(param, References.Key, $"there is no param '{param.Name}'{draft.Hint(param.Name, draft.Names.Params)}");
    }

    private static void CheckStep(BundleDraft draft, WorkflowDraft workflow, Lazy<HashSet<string>> reasons, Member step)
    {
        var expect = step["expect"];
        References.Expect(draft, step["do"], "transition", workflow.TransitionKeys);
        References.ExpectRoles(draft, step["as"]["roles"]);
        References.Expect(draft, expect["step"], "step", workflow.StepKeys);
        foreach (var transition in expect["available"].Items()) References.Expect(draft, transition, "transition", workflow.TransitionKeys);
        foreach (var reason in expect["blockedBy"].Items().Concat(expect["warnings"].Items())) References.Expect(draft, reason, "reason key", reasons.Value);
    }

    private static HashSet<string> Reasons(WorkflowDraft workflow) =>
        workflow.Transitions.SelectMany(RulePlaces.Guards).Select(guard => guard.Name)
            .Concat(workflow.Steps.SelectMany(step => step["exitCriteria"].Members()).Select(guard => ReasonKeys.ExitPrefix + guard.Name))
            .Concat(ReasonKeys.Reserved).ToHashSet(StringComparer.Ordinal);
}
