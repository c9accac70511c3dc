using Crm.Wfm.Moves;

namespace Crm.Wfm.Bundles.BundleChecks;

/// <summary>Embedded tests speak of things there are; a misspelt one would prove nothing.</summary>
internal static class Tests
{
    private static readonly string[] OfWorkflows = ["workflow", "steps"];

    public static void Check(BundleDraft draft)
    {
        var reasons = draft.Workflows.ToDictionary(w => w.Key, w => new Lazy<HashSet<string>>(() => Reasons(w.Value)));
        foreach (var test in draft.Root["tests"].Members())
        {
            if (test.Has("decision"))
            {
                CheckDecision(draft, test);
                continue;
            }

            foreach (var missing in OfWorkflows.Where(member => !test.Has(member)))
                draft.Refuse(test[missing], "required", "a test is of a workflow, with steps, or of a decision, with what to expect");
            if (test.Has("expect")) draft.Refuse(test["expect"], "not-allowed-here", "belongs to tests of decisions; a step has its own");
            References.Expect(draft, test["workflow"], "workflow", draft.Names.Workflows);
            if (test["workflow"].Text is not { } key || !draft.Workflows.TryGetValue(key, out var workflow)) continue;
            CheckGiven(draft, workflow, test["given"]);
            foreach (var step in test["steps"].Items()) CheckStep(draft, workflow, reasons[key], step);
        }
    }

    private static void CheckDecision(BundleDraft draft, Member test)
    {
        References.Expect(draft, test["decision"], "decision", draft.Names.Decisions);
        foreach (var foreign in new[] { test["workflow"], test["steps"], test["given"]["step"], test["given"]["counts"] }.Where(member => !member.Value.IsNull))
            draft.Refuse(foreign, "not-allowed-here", "belongs to tests of workflows");
        if (!test.Has("expect")) draft.Refuse(test["expect"], "required", "say what comes of the decision");
        CheckParams(draft, test["given"]);
        References.ExpectRoles(draft, test["given"]["actor"]["roles"]);
        if (test["decision"].Text is not { } key || draft.Decisions[key] is not { } decision) return;
        ExpectNames(draft, test["given"]["inputs"].Members(), "input", decision.Inputs.Select(input => input.Key));
        ExpectNames(draft, test["expect"]["outputs"].Members(), "output", decision.Outputs.Select(output => output.Key));
        var rows = decision.RowNames().ToHashSet(StringComparer.Ordinal);
        foreach (var row in test["expect"]["rows"].Items()) References.Expect(draft, row, "row", rows);
    }

    private static void ExpectNames(BundleDraft draft, IEnumerable<Member> members, string noun, IEnumerable<string> known)
    {
        foreach (var member in members.Where(member => !known.Contains(member.Name)))
            draft.Refuse(member, References.Key, $"there is no {noun} '{member.Name}'{draft.Hint(member.Name, known)}");
    }

    private static void CheckParams(BundleDraft draft, Member given)
    {
        foreach (var param in given["params"].Members().Where(p => !draft.Names.Params.Contains(p.Name)))
            draft.Refuse(param, References.Key, $"there is no param '{param.Name}'{draft.Hint(param.Name, draft.Names.Params)}");
    }

    private static void CheckGiven(BundleDraft draft, WorkflowDraft workflow, Member given)
    {
        References.Expect(draft, given["step"], "step", workflow.StepKeys);
        References.ExpectRoles(draft, given["actor"]["roles"]);
        CheckParams(draft, given);
        foreach (var count in given["counts"].Members().Where(c => !workflow.StepKeys.Contains(c.Name)))
            draft.Refuse(count, References.Key, $"there is no step '{count.Name}'{draft.Hint(count.Name, workflow.StepKeys)}");
        if (given.Has("inputs")) draft.Refuse(given["inputs"], "not-allowed-here", "belongs to tests of decisions");
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
