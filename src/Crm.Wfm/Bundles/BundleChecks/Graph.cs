namespace Crm.Wfm.Bundles.BundleChecks;

/// <summary>A workflow begins in one place, and has one where it ends.</summary>
internal static class Graph
{
    public static void Check(BundleDraft draft)
    {
        foreach (var workflow in draft.Workflows.Values.Where(w => w.Steps.Count > 0))
        {
            CheckKeys(draft, workflow);
            CheckInitial(draft, workflow);
            if (!workflow.Steps.Any(IsFinal))
                draft.Refuse(workflow.Place["steps"], "no-final-step", "has no final step, so that its projects could never be completed");
        }
    }

    private static bool IsFinal(Member step) => step["final"].Value.AsBoolean;

    private static void CheckKeys(BundleDraft draft, WorkflowDraft workflow)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var step in workflow.Steps)
        {
            if (WorkflowDraft.KeyOf(step) is not { } key || seen.Add(key)) continue;
            var place = step.Has("key") ? step["key"] : step["status"];
            draft.Refuse(place, "duplicate-step", $"there is a step '{key}' already; give one of them a key of its own");
        }
    }

    private static void CheckInitial(BundleDraft draft, WorkflowDraft workflow)
    {
        var initial = workflow.Steps.Where(step => step["initial"].Value.AsBoolean).ToList();
        if (initial.Count == 0)
            draft.Refuse(workflow.Place["steps"], "no-initial-step", "has no initial step; mark the one where projects start");
        foreach (var second in initial.Skip(1)) draft.Refuse(second["initial"], "two-initial-steps", "is a second initial step; projects start in one place");
    }
}
