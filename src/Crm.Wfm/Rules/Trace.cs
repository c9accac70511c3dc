namespace Crm.Wfm.Rules;

/// <summary>
/// How a rule came to its result: a tree of operators with the values their arguments had. Of an iterator (<c>map</c>, <c>all</c>, …)
/// the list and <c>reduce</c>'s start value are kept, not the rule for each item.
/// </summary>
/// <param name="Operator">The operator's name; <c>null</c> for a literal and for a list that was computed.</param>
/// <param name="Path">The fact's path, for <c>var</c> with a constant path.</param>
/// <param name="Arguments">The arguments that were evaluated; those a short circuit left out are missing, as is a default that was not needed.</param>
/// <param name="Result">What came out.</param>
public sealed record Trace(string? Operator, string? Path, IReadOnlyList<Trace> Arguments, Value Result)
{
    /// <summary>
    /// Writes the tree as JSON: <c>{"op":"&lt;=","args":[{"var":"entity.discount","value":0.4},{"value":0.15}],"value":false}</c>.
    /// <c>var</c> replaces <c>op</c> where the path is constant; <c>args</c> is left out when there are none.
    /// </summary>
    public Value ToValue()
    {
        var members = new FactObjectBuilder { ["value"] = Result };
        if (Path is not null) members["var"] = Value.From(Path);
        else if (Operator is not null) members["op"] = Value.From(Operator);
        if (Arguments.Count > 0) members["args"] = Value.From([.. Arguments.Select(a => a.ToValue())]);
        return Value.From(members.Build());
    }
}
