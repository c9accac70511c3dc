namespace Crm.Wfm.Rules.Solving;

/// <summary>Asks rules, for fuel.</summary>
internal static class Outcomes
{
    /// <summary>Evaluates a rule; <c>null</c> when it ends in an error.</summary>
    public static Value? Of(Rule rule, in Value facts, Fuel fuel)
    {
        var outcome = rule.Evaluate(in facts);
        fuel.Spend(1 + outcome.Steps / 4);
        return outcome.IsError ? null : outcome.Value;
    }
}
