namespace Crm.Wfm.Rules.Solving;

/// <summary>Asks rules, for fuel.</summary>
internal static class Outcomes
{
    /// <summary>Evaluates a rule; <c>null</c> when it ends in an error.</summary>
    public static Value? Of(Rule rule, in Value facts, Fuel fuel)
    {
        fuel.Spend(1);
        return rule.Evaluate(facts);
    }
}
