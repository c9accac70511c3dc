namespace Crm.Wfm.Rules.Operators;

/// <summary>An order that <c>&lt;</c>, <c>&lt;=</c>, <c>&gt;</c> or <c>&gt;=</c> asks for; a struct, so that each compiles to its own code.</summary>
internal interface IRelation
{
    static abstract bool Holds(double left, double right);
}

internal readonly struct Less : IRelation
{
    public static bool Holds(double left, double right) => left < right;
}

internal readonly struct LessOrEqual : IRelation
{
    public static bool Holds(double left, double right) => left <= right;
}

internal readonly struct Greater : IRelation
{
    public static bool Holds(double left, double right) => left > right;
}

internal readonly struct GreaterOrEqual : IRelation
{
    public static bool Holds(double left, double right) => left >= right;
}

/// <summary>Comparing values: equality and order.</summary>
internal static class Comparison
{
    /// <summary>Picks the cheapest term: a side that is always numeric makes the comparison one of numbers.</summary>
    public static Term Order<TRelation>(Call call) where TRelation : struct, IRelation
    {
        if (call.Arguments.Length == 3) return new Between<TRelation>(call);
        if (call[1] is Literal { IsNumeric: true } bound) return new Bound<TRelation>(call, bound.Value.AsNumber);
        return call[0].IsNumeric || call[1].IsNumeric ? new NumericOrder<TRelation>(call) : new ValueOrder<TRelation>(call);
    }

    /// <summary>Compares two texts by their UTF-16 code units, anything else as numbers; NaN is in no relation.</summary>
    public static bool Holds<TRelation>(in Value left, in Value right) where TRelation : struct, IRelation
    {
        if (left.Kind == ValueKind.Number && right.Kind == ValueKind.Number) return TRelation.Holds(left.AsNumber, right.AsNumber);
        var (a, b) = (Coercion.Primitive(in left), Coercion.Primitive(in right));
        return a.Kind == ValueKind.Text && b.Kind == ValueKind.Text
            ? TRelation.Holds(string.CompareOrdinal(a.AsText, b.AsText), 0)
            : TRelation.Holds(Coercion.Number(in a), Coercion.Number(in b));
    }
}

/// <summary>A comparison with a number that stands in the rule, as most guards are.</summary>
internal sealed class Bound<TRelation>(Call call, double bound) : Test(call) where TRelation : struct, IRelation
{
    private readonly Term _left = call[0];

    public override bool Holds(in Scope scope) => TRelation.Holds(_left.Number(in scope), bound);
}

internal sealed class NumericOrder<TRelation>(Call call) : Test(call) where TRelation : struct, IRelation
{
    private readonly Term _left = call[0];
    private readonly Term _right = call[1];

    public override bool Holds(in Scope scope) => TRelation.Holds(_left.Number(in scope), _right.Number(in scope));
}

internal sealed class ValueOrder<TRelation>(Call call) : Test(call) where TRelation : struct, IRelation
{
    private readonly Term _left = call[0];
    private readonly Term _right = call[1];

    public override bool Holds(in Scope scope)
    {
        var left = _left.Evaluate(in scope);
        var right = _right.Evaluate(in scope);
        return Comparison.Holds<TRelation>(in left, in right);
    }
}

/// <summary><c>{"&lt;": [1, x, 9]}</c>: both neighbours are in order.</summary>
internal sealed class Between<TRelation>(Call call) : Test(call) where TRelation : struct, IRelation
{
    public override bool Holds(in Scope scope)
    {
        var middle = Arguments[1].Evaluate(in scope);
        var first = Arguments[0].Evaluate(in scope);
        if (!Comparison.Holds<TRelation>(in first, in middle)) return false;
        var last = Arguments[2].Evaluate(in scope);
        return Comparison.Holds<TRelation>(in middle, in last);
    }
}

/// <summary><c>==</c> and <c>!=</c>.</summary>
internal sealed class LooseEquality(Call call, bool wanted) : Test(call)
{
    private readonly Term _left = call[0];
    private readonly Term _right = call[1];

    public override bool Holds(in Scope scope)
    {
        var left = _left.Evaluate(in scope);
        var right = _right.Evaluate(in scope);
        return Coercion.LooselyEqual(in left, in right) == wanted;
    }
}

/// <summary><c>===</c> and <c>!==</c>.</summary>
internal sealed class StrictEquality(Call call, bool wanted) : Test(call)
{
    private readonly Term _left = call[0];
    private readonly Term _right = call[1];

    public override bool Holds(in Scope scope)
    {
        var left = _left.Evaluate(in scope);
        var right = _right.Evaluate(in scope);
        return Coercion.StrictlyEqual(in left, in right) == wanted;
    }
}
