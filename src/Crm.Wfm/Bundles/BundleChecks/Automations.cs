namespace Crm.Wfm.Bundles.BundleChecks;

/// <summary>Automations with a flow run as they were drawn, or are refused by whoever would run them; where nobody does, that is said.</summary>
internal static class Automations
{
    public static void Check(BundleDraft draft, IAutomationCheck? check)
    {
        foreach (var automation in draft.Root["automations"].Members())
        {
            // What else starts a flow stands in the flow.
            if (automation.Has("on") && !automation.Has("flow") && !automation["on"].Items().Any()) draft.Refuse(automation["on"], "min-items", "names the events that start the automation: at least one");
            if (check is null || !automation.Has("flow"))
            {
                draft.Warn(automation, NotEnforced.Key, "an automation is understood, but not enforced yet");
                continue;
            }

            var (faults, warnings) = (new List<Fault>(), new List<Fault>());
            draft.Told.Add(check.Check(automation.Value, faults, warnings));
            draft.Refuse(automation, faults);
            foreach (var warning in warnings) draft.Warnings.Add(warning.Below(automation.Pointer));
        }
    }
}
