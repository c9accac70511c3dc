namespace Crm.Wfm.Bundles.BundleChecks;

/// <summary>Says openly what is understood and shown, but not acted on yet.</summary>
internal static class NotEnforced
{
    public const string Key = "not-enforced";

    public static void Check(BundleDraft draft)
    {
        foreach (var step in draft.Workflows.Values.SelectMany(w => w.Steps))
        {
            if (step.Has("sla")) Warn(draft, step["sla"], "an sla is");
            if (step.Has("rotAfter")) Warn(draft, step["rotAfter"], "rotAfter is");
        }

        foreach (var transition in draft.Workflows.Values.SelectMany(w => w.Transitions))
        {
            if (transition.Has("approvals"))
                draft.Warn(transition["approvals"], Key, "approvals are not enforced yet; until then this transition refuses with 'approval'");
            if (transition["trigger"].Text is "event" or "timer" or "start") Warn(draft, transition["trigger"], $"the trigger {transition["trigger"].Text} is");
        }

        foreach (var calendar in draft.Root["calendars"].Members()) Warn(draft, calendar, "a calendar is");
        foreach (var migration in draft.Root["migrations"].Items()) Warn(draft, migration, "a migration is");
    }

    private static void Warn(BundleDraft draft, Member place, string what) => draft.Warn(place, Key, $"{what} understood, but not enforced yet");
}
