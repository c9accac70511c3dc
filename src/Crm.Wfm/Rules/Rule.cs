using System.Diagnostics.CodeAnalysis;

namespace Crm.Wfm.Rules;

/// <summary>
/// One JsonLogic rule (jsonlogic.com), compiled. Immutable and safe to share between threads. Computes like json-logic-js: JavaScript's loose
/// equality and coercion, IEEE doubles, texts compared by their UTF-16 code units. It differs where JavaScript would let chance or its own
/// objects show: lists and objects are equal when their content is, and texts and lists have no members (<c>length</c>) but a list's items.
/// </summary>
/// <remarks>
/// Evaluating throws <see cref="InsufficientExecutionStackException"/> where it has to compare, or make text of, a list nested so deeply that the
/// stack would not hold. Facts read from JSON never are; <c>reduce</c> can build one.
/// </remarks>
public sealed class Rule
{
    private readonly Term _term;

    private Rule(Value source, Term term)
    {
        (Source, _term) = (source, term);
        Variables = [.. Named(term).Distinct()];
    }

    /// <summary>Gets the rule as JSON.</summary>
    public Value Source { get; }

    /// <summary>
    /// Gets the facts the rule names, as dotted paths (<c>entity.amount</c>), each once, in order of first mention. Names given to <c>missing</c> count.
    /// Computed paths are not known beforehand, and paths inside <c>map</c>, <c>all</c> and their like start at the item: neither is listed.
    /// </summary>
    public IReadOnlyList<string> Variables { get; }

    /// <summary>Compiles a rule.</summary>
    /// <param name="source">JsonLogic.</param>
    /// <exception cref="RuleException">The rule uses an unknown operator or is too large; <see cref="RuleException.Faults"/> has every place.</exception>
    public static Rule Compile(Value source)
    {
        var faults = new List<Fault>();
        return TryCompile(source, faults, out var rule) ? rule : throw new RuleException(faults);
    }

    /// <summary>Compiles a rule, or tells what is wrong with it.</summary>
    /// <param name="source">JsonLogic of at most 64 levels and 10,000 parts.</param>
    /// <param name="faults">Receives every fault, with pointers relative to the rule.</param>
    /// <param name="rule">The rule, when there are no faults.</param>
    public static bool TryCompile(Value source, ICollection<Fault> faults, [NotNullWhen(true)] out Rule? rule)
    {
        ArgumentNullException.ThrowIfNull(faults);
        var before = faults.Count;
        var term = new RuleCompiler(faults).Compile(in source);
        rule = faults.Count == before ? new Rule(source, term) : null;
        return rule is not null;
    }

    /// <summary>Tells whether the rule's result is truthy: not <c>null</c>, <c>false</c>, 0, NaN, empty text or an empty list.</summary>
    public bool Holds(Value data) => _term.Holds(new Scope(in data));

    /// <summary>Computes the rule's result.</summary>
    public Value Evaluate(Value data) => _term.Evaluate(new Scope(in data));

    /// <summary>Evaluates once more and keeps every step; costs memory, so it is made for refusals only.</summary>
    public Trace Explain(Value data) => _term.Explain(new Scope(in data));

    private static IEnumerable<string> Named(Term term) =>
        term.Paths.Select(path => path.Text).Where(text => text.Length > 0).Concat(term.Outer.SelectMany(Named));
}

/// <summary>A rule that cannot be compiled.</summary>
public sealed class RuleException(IReadOnlyList<Fault> faults) : Exception(string.Join(" ", faults.Select(f => f.Message)))
{
    /// <summary>Gets every fault, with pointers relative to the rule.</summary>
    public IReadOnlyList<Fault> Faults { get; } = faults;
}
