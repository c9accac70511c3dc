namespace Crm.Wfm.Rules;

/// <summary>One JsonLogic rule, compiled.</summary>
public sealed class Rule
{
    private Rule(Value source) => Source = source;

    /// <summary>Gets the rule as JSON.</summary>
    public Value Source { get; }

    /// <summary>Gets the facts the rule names, as dotted paths (<c>entity.amount</c>), each once, in order of first mention.</summary>
    public IReadOnlyList<string> Variables { get; } = [];

    /// <summary>Compiles a rule.</summary>
    /// <param name="source">JsonLogic.</param>
    /// <exception cref="RuleException">The rule uses an unknown operator or is too large; <see cref="RuleException.Faults"/> has every place.</exception>
    public static Rule Compile(Value source) => throw new NotImplementedException();

    /// <summary>Tells whether the rule's result is truthy.</summary>
    public bool Holds(Value data) => throw new NotImplementedException();

    /// <summary>Computes the rule's result.</summary>
    public Value Evaluate(Value data) => throw new NotImplementedException();

    /// <summary>Evaluates once more and keeps every step; costs memory, so it is made for refusals only.</summary>
    public Trace Explain(Value data) => throw new NotImplementedException();
}

/// <summary>How a rule came to its result: a tree of operators with the values their arguments had.</summary>
/// <param name="Operator">The operator's name; <c>null</c> for a literal.</param>
/// <param name="Path">The fact's path, for <c>var</c> with a constant path.</param>
/// <param name="Arguments">The arguments that were evaluated; those a short circuit left out are missing.</param>
/// <param name="Result">What came out.</param>
public sealed record Trace(string? Operator, string? Path, IReadOnlyList<Trace> Arguments, Value Result);

/// <summary>A rule that cannot be compiled.</summary>
public sealed class RuleException(IReadOnlyList<Fault> faults) : Exception(string.Join(" ", faults.Select(f => f.Message)))
{
    /// <summary>Gets every fault, with pointers relative to the rule.</summary>
    public IReadOnlyList<Fault> Faults { get; } = faults;
}
