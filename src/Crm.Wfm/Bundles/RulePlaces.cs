namespace Crm.Wfm.Bundles;

/// <summary>A rule in a bundle.</summary>
/// <param name="Place">Where it lies.</param>
/// <param name="Transition">The transition it belongs to, whose input it may read; <c>null</c> for a rule of a step or an automation.</param>
internal readonly record struct RulePlace(Member Place, Member? Transition);

/// <summary>Knows all the places where a bundle has rules.</summary>
internal static class RulePlaces
{
    private static readonly string[] OfAutomation = ["when", "idempotencyKey", "concurrencyKey"];

    public static IEnumerable<RulePlace> OfWorkflow(Member workflow)
    {
        foreach (var step in workflow["steps"].Items())
        {
            foreach (var guard in step["exitCriteria"].Members().Where(g => g.Has("rule"))) yield return new RulePlace(guard["rule"], null);
            if (step["sla"].Has("pauseWhen")) yield return new RulePlace(step["sla"]["pauseWhen"], null);
        }

        foreach (var transition in workflow["transitions"].Members())
        {
            foreach (var guard in Guards(transition).Where(g => g.Has("rule"))) yield return new RulePlace(guard["rule"], transition);
            foreach (var rule in transition["postActions"].Items().SelectMany(OfAction)) yield return new RulePlace(rule, transition);
        }
    }

    public static IEnumerable<Member> OutsideWorkflows(Member root)
    {
        foreach (var automation in root["automations"].Members())
        {
            foreach (var name in OfAutomation.Where(name => automation.Has(name))) yield return automation[name];
            foreach (var rule in automation["actions"].Items().SelectMany(OfAction)) yield return rule;
        }

        foreach (var rule in root["migrations"].Items().SelectMany(m => m["fields"].Items()).SelectMany(OfAction)) yield return rule;
    }

    /// <summary>Lists the guards of a transition: conditions, then validators.</summary>
    public static IEnumerable<Member> Guards(Member transition) => transition["conditions"].Members().Concat(transition["validators"].Members());

    private static IEnumerable<Member> OfAction(Member action)
    {
        if (action.Has("when")) yield return action["when"];
        if (action.Has("value")) yield return action["value"];
    }
}
