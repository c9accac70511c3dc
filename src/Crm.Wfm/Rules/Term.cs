namespace Crm.Wfm.Rules;

/// <summary>
/// One compiled piece of a rule: a closure with three entrances, so that a comparison of numbers never wraps them into values. Terms are immutable but for the guesses
/// inside <see cref="FactPath"/> and are shared by all threads.
/// </summary>
internal abstract class Term
{
    /// <summary>How many items a list is taken to have whose length only the data tells.</summary>
    public const int TypicalItems = 100;

    /// <summary>The value, where no data is needed to know it.</summary>
    public virtual Value? Constant => null;

    /// <summary>Whether the result is always a number or a boolean, which no comparison treats as text.</summary>
    public virtual bool IsNumeric => false;

    /// <summary>How many items the result is taken to have, should it be a list.</summary>
    public virtual long Items => TypicalItems;

    /// <summary>What the term itself looks up in the data.</summary>
    public virtual Reading Reading => default;

    public abstract Value Evaluate(in Scope scope);

    /// <summary>Whether the result is truthy.</summary>
    public virtual bool Holds(in Scope scope)
    {
        var value = Evaluate(in scope);
        return Coercion.Truthy(in value);
    }

    /// <summary>The result as a number; NaN when it is none.</summary>
    public virtual double Number(in Scope scope)
    {
        var value = Evaluate(in scope);
        return Coercion.Number(in value, ref scope.Run);
    }
}

/// <summary>What a term looks up.</summary>
/// <param name="Paths">The paths, where they stand in the rule.</param>
/// <param name="Levels">From how many levels up; -1 for the rule's own data, wherever the term stands.</param>
/// <param name="IsComputed">Whether it looks up what nobody can know beforehand.</param>
internal readonly record struct Reading(IReadOnlyList<FactPath>? Paths, int Levels = 0, bool IsComputed = false)
{
    public static Reading Computed { get; } = new(null, IsComputed: true);
}

/// <summary>A term whose result is a boolean.</summary>
internal abstract class Test : Term
{
    public sealed override bool IsNumeric => true;

    public abstract override bool Holds(in Scope scope);

    public sealed override double Number(in Scope scope) => Holds(in scope) ? 1 : 0;

    public sealed override Value Evaluate(in Scope scope) => Value.From(Holds(in scope));
}

/// <summary>A term whose result is a number.</summary>
internal abstract class Calculation : Term
{
    public sealed override bool IsNumeric => true;

    public abstract override double Number(in Scope scope);

    public sealed override bool Holds(in Scope scope) => Coercion.Truthy(Number(in scope));

    public sealed override Value Evaluate(in Scope scope) => Value.From(Number(in scope));
}

/// <summary>A value that stands in the rule.</summary>
internal sealed class Literal(Value value) : Term
{
    private readonly bool _holds = Coercion.Truthy(in value);

    public static Literal Null { get; } = new(Value.Null);

    public override Value? Constant => value;

    public override bool IsNumeric => value.Kind is ValueKind.Boolean or ValueKind.Number;

    public override long Items => value.AsList.Length;

    public override Value Evaluate(in Scope scope) => value;

    public override bool Holds(in Scope scope) => _holds;

    public override double Number(in Scope scope) => IsNumeric ? value.AsNumber : base.Number(in scope);
}

/// <summary>A list some of whose items have to be computed.</summary>
internal sealed class ListOfTerms(Term[] items) : Term
{
    public override long Items => items.Length;

    public override Value Evaluate(in Scope scope)
    {
        var values = new Value[items.Length];
        for (var i = 0; i < values.Length; i++) values[i] = items[i].Evaluate(in scope);
        return Run.Made(Value.From(values));
    }
}

/// <summary>A piece that is wrong: a fault where rules are imported, an error where it is evaluated all the same.</summary>
internal sealed class Failing(string key, string message, Value error, bool isFinal = false) : Term
{
    public string Key => key;

    public string Message => message;

    public bool IsFinal => isFinal;

    public override Value Evaluate(in Scope scope) => throw new Thrown(error, isFinal);

    public static Failing Arguments(string message) => new("rule-arguments", message, RuleErrors.WrongArguments);
}
