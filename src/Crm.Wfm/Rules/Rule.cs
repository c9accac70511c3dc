using System.Diagnostics.CodeAnalysis;
using Crm.Wfm.Decisions;

namespace Crm.Wfm.Rules;

/// <summary>
/// One rule in JSON, compiled. Immutable and safe to share between threads. The dialect is JsonLogic as the community's compatibility suite has it, and some operators
/// for processes; docs/rules.md is the reference. The same rule and data give the same outcome, whatever the machine does besides.
/// </summary>
public sealed class Rule
{
    private readonly Term _term;
    private readonly DecisionFinder? _decisions;
    private Term? _recorded;

    private Rule(Value source, Term term, RuleCompiler compiler, DecisionFinder? decisions)
    {
        (Source, _term, _decisions, Size) = (source, term, decisions, compiler.Size);
        Variables = [.. compiler.Names.Distinct()];
        ReadsComputed = compiler.ReadsComputed;
    }

    /// <summary>Gets the rule as JSON.</summary>
    public Value Source { get; }

    /// <summary>
    /// Gets the facts the rule names, as dotted paths (<c>entity.amount</c>), each once, in order of first mention. Names given to <c>missing</c> count.
    /// Computed paths are not known beforehand, and paths inside <c>map</c>, <c>all</c> and their like start at the item unless they climb out: neither is listed.
    /// </summary>
    public IReadOnlyList<string> Variables { get; }

    /// <summary>Gets whether the rule looks up facts that <see cref="Variables"/> cannot list: by a path it computes, or by taking the data as a whole.</summary>
    internal bool ReadsComputed { get; }

    /// <summary>Gets how many parts it has.</summary>
    internal int Size { get; }

    /// <summary>Compiles a rule.</summary>
    /// <param name="source">The rule as JSON.</param>
    /// <exception cref="RuleException">The rule is wrong somewhere; <see cref="RuleException.Faults"/> has every place.</exception>
    public static Rule Compile(Value source)
    {
        var faults = new List<Fault>();
        return TryCompile(source, faults, out var rule) ? rule : throw new RuleException(faults);
    }

    /// <summary>Compiles a rule, or tells what is wrong with it.</summary>
    /// <param name="source">The rule as JSON, of at most 64 levels and 10,000 parts, and of an estimated cost that an evaluation may spend.</param>
    /// <param name="faults">Receives every fault, with pointers relative to the rule.</param>
    /// <param name="rule">The rule, when there are no faults.</param>
    public static bool TryCompile(Value source, ICollection<Fault> faults, [NotNullWhen(true)] out Rule? rule) => TryCompile(source, faults, null, out rule);

    /// <summary>Compiles a rule that may read decisions.</summary>
    internal static bool TryCompile(Value source, ICollection<Fault> faults, DecisionFinder? decisions, [NotNullWhen(true)] out Rule? rule)
    {
        ArgumentNullException.ThrowIfNull(faults);
        var before = faults.Count;
        var compiled = Compile(source, faults, decisions);
        rule = faults.Count == before ? compiled : null;
        return rule is not null;
    }

    /// <summary>Compiles a rule as other implementations do: a piece that is wrong is an error where it is evaluated, and nowhere else.</summary>
    /// <param name="source">The rule as JSON.</param>
    public static Rule CompileLeniently(Value source) => Compile(source, [], null);

    /// <summary>Compiles a part of this rule as a rule of its own.</summary>
    internal Rule Part(Value source) => Compile(source, [], _decisions);

    private static Rule Compile(Value source, ICollection<Fault> faults, DecisionFinder? decisions)
    {
        var compiler = new RuleCompiler(faults, decisions);
        return new(source, compiler.CompileWhole(in source), compiler, decisions);
    }

    /// <summary>
    /// Tells whether the rule's result is truthy: not <c>null</c>, <c>false</c>, 0, empty text or an empty list. A rule that ends in an error does not hold.
    /// </summary>
    public bool Holds(in Value data)
    {
        var run = new Run();
        try
        {
            return _term.Holds(Enter(in data, ref run));
        }
        catch (Thrown)
        {
            return false;
        }
    }

    /// <summary>Computes the rule's result, or the error it ends in.</summary>
    public Outcome Evaluate(in Value data) => Evaluate(_term, in data, new Run());

    /// <summary>Computes the result as a part of another evaluation, which pays for it.</summary>
    internal Value Evaluate(in Scope scope)
    {
        scope.Run.Charge(Size);
        return _term.Evaluate(in scope);
    }

    /// <inheritdoc cref="Evaluate(in Scope)"/>
    internal bool Holds(in Scope scope)
    {
        scope.Run.Charge(Size);
        return _term.Holds(in scope);
    }

    internal Outcome Evaluate(in Value data, TimeSpan patience) => Evaluate(_term, in data, new Run(patience));

    /// <summary>Evaluates once more and keeps every step; costs memory, so it is made for refusals only.</summary>
    public Trace Explain(in Value data)
    {
        _recorded ??= new RuleCompiler([], _decisions, records: true).CompileWhole(Source);
        var traces = new List<Trace>();
        var outcome = Evaluate(_recorded, in data, new Run { Recording = traces });
        return traces is [var trace] ? trace : new(null, Value.Null, [], outcome.Value, outcome.Error);
    }

    private static Outcome Evaluate(Term term, in Value data, Run run)
    {
        try
        {
            return new(term.Evaluate(Enter(in data, ref run)), Value.Null, run.Spent);
        }
        catch (Thrown thrown)
        {
            return new(Value.Null, thrown.Error, run.Spent);
        }
    }

    private static Scope Enter(in Value data, ref Run run)
    {
        Run.CheckDepth(in data, Run.MaxDepthOfData);
        return new(in data, ref run);
    }
}

/// <summary>What came of evaluating a rule: a value or an error.</summary>
/// <param name="Value">The result; <see cref="Value.Null"/> where <paramref name="Error"/> came out.</param>
/// <param name="Error">The error, an object with a <c>type</c> (<see cref="RuleErrors"/>); <see cref="Value.Null"/> for none.</param>
/// <param name="Steps">What it cost beyond the rule's own size: rounds of iterators, texts and lists made or looked through. The same for the same rule and data.</param>
public readonly record struct Outcome(Value Value, Value Error, int Steps)
{
    /// <summary>Gets whether an error came out.</summary>
    public bool IsError => !Error.IsNull;

    /// <summary>Gets the error in words: its type, and its message where it has one; <c>null</c> for none.</summary>
    public string? Problem => !IsError ? null : $"'{Error["type"].AsText ?? Error["type"].ToString()}'{(Error["message"].AsText is { } message ? $" ({message})" : "")}";
}

/// <summary>A rule that cannot be compiled.</summary>
public sealed class RuleException(IReadOnlyList<Fault> faults) : Exception(string.Join(" ", faults.Select(f => f.Message)))
{
    /// <summary>Gets every fault, with pointers relative to the rule.</summary>
    public IReadOnlyList<Fault> Faults { get; } = faults;
}
