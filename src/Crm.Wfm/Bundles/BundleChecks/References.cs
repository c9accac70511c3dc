namespace Crm.Wfm.Bundles.BundleChecks;

/// <summary>Every key that is named has to be defined.</summary>
internal static class References
{
    public const string Key = "unknown-reference";

    public static void Check(BundleDraft draft)
    {
        foreach (var type in draft.Root["projectTypes"].Members())
        {
            Expect(draft, type["workflow"], "workflow", draft.Names.Workflows);
            ExpectHereOrElsewhere(draft, type["subject"], "subject", draft.Names.Subjects);
        }

        foreach (var workflow in draft.Workflows.Values)
        {
            foreach (var step in workflow.Steps) CheckStep(draft, step);
            foreach (var transition in workflow.Transitions) CheckTransition(draft, workflow, transition);
        }

        foreach (var migration in draft.Root["migrations"].Items()) CheckMigration(draft, migration);
        foreach (var required in draft.Root["bundle"]["requires"].Members()) CheckRange(draft, required);
    }

    /// <summary>Refuses a key nobody defined; what is no text was refused by the schema.</summary>
    public static void Expect(BundleDraft draft, Member place, string noun, HashSet<string> known)
    {
        if (place.Text is { } key && !known.Contains(key) && !draft.IsFull) draft.Refuse(place, Key, $"there is no {noun} '{key}'{draft.Hint(key, known)}");
    }

    /// <summary>Refuses a role nobody defined.</summary>
    public static void ExpectRoles(BundleDraft draft, Member roles)
    {
        foreach (var role in roles.Items()) ExpectHereOrElsewhere(draft, role, "role", draft.Names.Roles);
    }

    private static void ExpectHereOrElsewhere(BundleDraft draft, Member place, string noun, HashSet<string> known)
    {
        if (!draft.Names.MayComeFromElsewhere) Expect(draft, place, noun, known);
        else if (place.Text is { } key && !known.Contains(key)) draft.Warn(place, Key, $"there is no {noun} '{key}' here; a required bundle has to bring it");
    }

    private static void CheckStep(BundleDraft draft, Member step)
    {
        Expect(draft, step["status"], "status", draft.Names.Statuses);
        Expect(draft, step["sla"]["calendar"], "calendar", draft.Names.Calendars);
        ExpectHereOrElsewhere(draft, step["sla"]["escalate"], "role", draft.Names.Roles);
    }

    private static void CheckTransition(BundleDraft draft, WorkflowDraft workflow, Member transition)
    {
        Expect(draft, transition["to"], "step", workflow.StepKeys);
        foreach (var from in transition["from"].Items()) Expect(draft, from, "step", workflow.StepKeys);
        foreach (var other in transition["notSameActorAs"].Items()) Expect(draft, other, "transition", workflow.TransitionKeys);
        foreach (var alternative in transition["allow"].Items()) ExpectRoles(draft, alternative["roles"]);
        ExpectRoles(draft, transition["approvals"]["roles"]);
    }

    private static void CheckMigration(BundleDraft draft, Member migration)
    {
        CheckRange(draft, migration["from"]);
        Expect(draft, migration["workflow"], "workflow", draft.Names.Workflows);
        if (migration["workflow"].Text is not { } key || !draft.Workflows.TryGetValue(key, out var workflow)) return;
        foreach (var step in migration["steps"].Members()) Expect(draft, step, "step", workflow.StepKeys);
    }

    private static void CheckRange(BundleDraft draft, Member range)
    {
        if (range.Text is { } text && SemverRange.Parse(text) is null)
            draft.Refuse(range, "invalid-range", $"'{text}' is no range of versions such as ^2.1.0, ~2.1, >=1.0.0 <3.0.0 or 1.x");
    }
}
