namespace Crm.Wfm.Rules;

/// <summary>What a term is computed from. Handed on by reference, so entering an iterator costs one copy of a value and no memory.</summary>
internal readonly struct Scope(in Value data)
{
    /// <summary>What <c>var</c> looks into: the rule's data, or the item inside an iterator.</summary>
    public readonly Value Data = data;
}

/// <summary>An operator's name with its compiled arguments; a literal or a list of terms has no name.</summary>
internal readonly record struct Call(string? Operator, Term[] Arguments)
{
    public Term this[int argument] => Arguments[argument];
}

/// <summary>
/// One compiled piece of a rule: a closure with three entrances, so that a comparison of numbers never wraps them into values.
/// Terms are immutable but for the guesses inside <see cref="FactPath"/> and are shared by all threads.
/// </summary>
internal abstract class Term(Call call)
{
    public string? Operator { get; } = call.Operator;

    public Term[] Arguments { get; } = call.Arguments;

    /// <summary>The facts this term itself looks up, where that is known before any data is.</summary>
    public virtual IEnumerable<FactPath> Paths => [];

    /// <summary>The arguments that are computed from the same data as this term; an iterator computes its rule from the items.</summary>
    public virtual IEnumerable<Term> Outer => Arguments;

    /// <summary>Whether the result is always a number or a boolean, which no comparison treats as text.</summary>
    public virtual bool IsNumeric => false;

    public abstract Value Evaluate(in Scope scope);

    /// <summary>Whether the result is truthy.</summary>
    public virtual bool Holds(in Scope scope)
    {
        var value = Evaluate(in scope);
        return Coercion.Truthy(in value);
    }

    /// <summary>The result as <c>Number(result)</c> has it.</summary>
    public virtual double Number(in Scope scope)
    {
        var value = Evaluate(in scope);
        return Coercion.Number(in value);
    }

    public virtual Trace Explain(in Scope scope)
    {
        var arguments = new List<Trace>();
        foreach (var argument in Outer) arguments.Add(argument.Explain(in scope));
        return new(Operator, null, arguments, Evaluate(in scope));
    }
}

/// <summary>A term whose result is a boolean.</summary>
internal abstract class Test(Call call) : Term(call)
{
    public sealed override bool IsNumeric => true;

    public abstract override bool Holds(in Scope scope);

    public sealed override double Number(in Scope scope) => Holds(in scope) ? 1 : 0;

    public sealed override Value Evaluate(in Scope scope) => Value.From(Holds(in scope));
}

/// <summary>A term whose result is a number.</summary>
internal abstract class Calculation(Call call) : Term(call)
{
    public sealed override bool IsNumeric => true;

    public abstract override double Number(in Scope scope);

    public sealed override bool Holds(in Scope scope) => Coercion.Truthy(Number(in scope));

    public sealed override Value Evaluate(in Scope scope) => Value.From(Number(in scope));
}

/// <summary>A value that stands in the rule.</summary>
internal sealed class Literal(Value value) : Term(new(null, []))
{
    private readonly bool _holds = Coercion.Truthy(in value);

    public static Literal Null { get; } = new(Value.Null);

    public Value Value { get; } = value;

    public override bool IsNumeric => Value.Kind is ValueKind.Null or ValueKind.Boolean or ValueKind.Number;

    public override Value Evaluate(in Scope scope) => Value;

    public override bool Holds(in Scope scope) => _holds;

    public override double Number(in Scope scope) => IsNumeric ? Value.AsNumber : base.Number(in scope);
}

/// <summary>A list some of whose items have to be computed.</summary>
internal sealed class ListOfTerms(Term[] items) : Term(new(null, items))
{
    public override Value Evaluate(in Scope scope)
    {
        var values = new Value[Arguments.Length];
        for (var i = 0; i < values.Length; i++) values[i] = Arguments[i].Evaluate(in scope);
        return Value.From(values);
    }
}
