namespace Crm.Wfm.Bundles.BundleChecks;

/// <summary>A workflow begins in one place, can end, and has no step nobody comes to.</summary>
internal static class Graph
{
    public static void Check(BundleDraft draft)
    {
        foreach (var workflow in draft.Workflows.Values.Where(w => w.Steps.Count > 0))
        {
            CheckKeys(draft, workflow);
            var initial = CheckInitial(draft, workflow);
            if (!workflow.Steps.Any(IsFinal))
                draft.Refuse(workflow.Place["steps"], "no-final-step", "has no final step, so that its projects could never be completed");
            if (initial is not null) CheckReach(draft, workflow, initial);
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

    /// <summary>Gives the key of the step where projects start; <c>null</c> when it is not one.</summary>
    private static string? CheckInitial(BundleDraft draft, WorkflowDraft workflow)
    {
        var initial = workflow.Steps.Where(step => step["initial"].Value.AsBoolean).ToList();
        if (initial.Count == 0)
            draft.Refuse(workflow.Place["steps"], "no-initial-step", "has no initial step; mark the one where projects start");
        foreach (var second in initial.Skip(1)) draft.Refuse(second["initial"], "two-initial-steps", "is a second initial step; projects start in one place");
        return initial is [var only] ? WorkflowDraft.KeyOf(only) : null;
    }

    private static void CheckReach(BundleDraft draft, WorkflowDraft workflow, string initial)
    {
        var reached = Reach(workflow, initial);
        foreach (var step in workflow.Steps)
        {
            if (WorkflowDraft.KeyOf(step) is { } key && !reached.Contains(key))
                draft.Refuse(step, "unreachable-step", $"no transitions lead from '{initial}' to '{key}'");
        }

        if (workflow.Steps.Any(IsFinal) && !workflow.Steps.Any(step => IsFinal(step) && reached.Contains(WorkflowDraft.KeyOf(step) ?? "")))
            draft.Refuse(workflow.Place["steps"], "no-path-to-final", $"no transitions lead from '{initial}' to a final step");
    }

    private static HashSet<string> Reach(WorkflowDraft workflow, string initial)
    {
        var edges = workflow.Transitions
            .SelectMany(t => t["from"].Items().Select(from => (From: from.Text ?? "", To: t["to"].Text ?? ""))).ToLookup(e => e.From, e => e.To);
        // What leaves every step leaves the first: its targets need no walk.
        var fromEvery = workflow.Transitions.Where(t => t["from"].Text == "*").Select(t => t["to"].Text).OfType<string>();
        var reached = fromEvery.Append(initial).ToHashSet(StringComparer.Ordinal);
        var next = new Queue<string>(reached);
        while (next.TryDequeue(out var step))
        {
            foreach (var to in edges[step].Where(reached.Add)) next.Enqueue(to);
        }

        return reached;
    }
}
