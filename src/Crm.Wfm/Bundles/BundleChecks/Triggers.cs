namespace Crm.Wfm.Bundles.BundleChecks;

/// <summary>A transition says what its trigger needs to know.</summary>
internal static class Triggers
{
    public static void Check(BundleDraft draft)
    {
        foreach (var transition in draft.Workflows.Values.SelectMany(w => w.Transitions))
        {
            var trigger = transition["trigger"].Text ?? "manual";
            if (trigger != "start") Require(draft, transition, "from", "name the steps it leaves, or \"*\" for every step but its target");
            if (trigger == "event") Require(draft, transition, "on", "name the event type that sets it off");
            if (trigger == "timer") Require(draft, transition, "after", "say after what time in the step it is set off");
        }
    }

    private static void Require(BundleDraft draft, Member transition, string member, string message)
    {
        if (transition.Value.AsObject is not null && !transition.Has(member)) draft.Refuse(transition[member], "required", message);
    }
}
