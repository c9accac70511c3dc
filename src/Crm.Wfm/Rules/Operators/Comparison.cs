namespace Crm.Wfm.Rules.Operators;

/// <summary>What a comparison asks for; structs, so that each compiles to its own code.</summary>
internal interface IRelation
{
    static abstract bool Holds(double left, double right);

    static abstract bool Holds(string left, string right, ref Run run);

    /// <summary>Whether null and a text are in the relation: null counts as 0, the text as the number it reads as or NaN.</summary>
    static abstract bool HoldsOfNullAndText(double left, double right);
}

internal readonly struct Equal : IRelation
{
    public static bool Holds(double left, double right) => left == right;

    public static bool Holds(string left, string right, ref Run run) => Coercion.SameText(left, right, ref run);

    public static bool HoldsOfNullAndText(double left, double right) => false;
}

internal readonly struct NotEqual : IRelation
{
    public static bool Holds(double left, double right) => left != right;

    public static bool Holds(string left, string right, ref Run run) => !Coercion.SameText(left, right, ref run);

    public static bool HoldsOfNullAndText(double left, double right) => true;
}

internal readonly struct Less : IRelation
{
    public static bool Holds(double left, double right) => left < right;

    public static bool Holds(string left, string right, ref Run run) => Comparison.Order(left, right, ref run) < 0;

    public static bool HoldsOfNullAndText(double left, double right) => left < right;
}

internal readonly struct LessOrEqual : IRelation
{
    public static bool Holds(double left, double right) => left <= right;

    public static bool Holds(string left, string right, ref Run run) => Comparison.Order(left, right, ref run) <= 0;

    public static bool HoldsOfNullAndText(double left, double right) => left <= right;
}

internal readonly struct Greater : IRelation
{
    public static bool Holds(double left, double right) => left > right;

    public static bool Holds(string left, string right, ref Run run) => Comparison.Order(left, right, ref run) > 0;

    public static bool HoldsOfNullAndText(double left, double right) => left > right;
}

internal readonly struct GreaterOrEqual : IRelation
{
    public static bool Holds(double left, double right) => left >= right;

    public static bool Holds(string left, string right, ref Run run) => Comparison.Order(left, right, ref run) >= 0;

    public static bool HoldsOfNullAndText(double left, double right) => left >= right;
}

/// <summary>Comparing values.</summary>
internal static class Comparison
{
    /// <summary>Picks the cheapest term: a side that is always numeric makes the comparison one of numbers.</summary>
    public static Term Of<TRelation>(Call call) where TRelation : struct, IRelation
    {
        if (call.Count > 2) return new Chain<TRelation>(call.Arguments);
        var (left, right) = (call[0], call[1]);
        if (!call.IsRecorded && right is Literal { Constant: { } bound } && Fused.Compare<TRelation>(left, bound) is { } fused) return fused;
        return left.IsNumeric || right.IsNumeric ? new NumericComparison<TRelation>(left, right) : new ValueComparison<TRelation>(left, right);
    }

    /// <summary>Texts by their UTF-16 code units.</summary>
    public static int Order(string left, string right, ref Run run)
    {
        run.ChargeScan(Math.Min(left.Length, right.Length));
        return string.CompareOrdinal(left, right);
    }

    /// <summary>Two texts are compared as texts, null and a text like in JavaScript, anything else as numbers; what is no number is an error.</summary>
    public static bool Holds<TRelation>(in Value left, in Value right, ref Run run) where TRelation : struct, IRelation
    {
        if (left.Kind == ValueKind.Number && right.Kind == ValueKind.Number) return OfNumbers<TRelation>(left.AsNumber, right.AsNumber);
        var isText = left.Kind == ValueKind.Text;
        if (isText && right.Kind == ValueKind.Text) return TRelation.Holds(left.AsText!, right.AsText!, ref run);
        var (a, b) = (Coercion.Number(in left, ref run), Coercion.Number(in right, ref run));
        return (isText && right.IsNull) || (left.IsNull && right.Kind == ValueKind.Text) ? TRelation.HoldsOfNullAndText(a, b) : OfNumbers<TRelation>(a, b);
    }

    public static bool OfNumbers<TRelation>(double left, double right) where TRelation : struct, IRelation
    {
        if (double.IsNaN(left) || double.IsNaN(right)) Thrown.NaN();
        return TRelation.Holds(left, right);
    }
}

/// <summary>A comparison of which one side is always a number.</summary>
internal sealed class NumericComparison<TRelation>(Term left, Term right) : Test where TRelation : struct, IRelation
{
    public override bool Holds(in Scope scope) => Comparison.OfNumbers<TRelation>(left.Number(in scope), right.Number(in scope));
}

internal sealed class ValueComparison<TRelation>(Term left, Term right) : Test where TRelation : struct, IRelation
{
    public override bool Holds(in Scope scope)
    {
        var a = left.Evaluate(in scope);
        var b = right.Evaluate(in scope);
        return Comparison.Holds<TRelation>(in a, in b, ref scope.Run);
    }
}

/// <summary><c>{"&lt;": [1, x, 9]}</c>: each is compared with its neighbour, up to the first for which it does not hold.</summary>
internal sealed class Chain<TRelation>(Term[] arguments) : Test where TRelation : struct, IRelation
{
    public override bool Holds(in Scope scope)
    {
        var left = arguments[0].Evaluate(in scope);
        for (var i = 1; i < arguments.Length; i++)
        {
            var right = arguments[i].Evaluate(in scope);
            if (!Comparison.Holds<TRelation>(in left, in right, ref scope.Run)) return false;
            left = right;
        }

        return true;
    }
}

/// <summary><c>===</c> and <c>!==</c>, between neighbours.</summary>
internal sealed class StrictEquality(Call call, bool wanted) : Test
{
    private readonly Term[] _arguments = call.Arguments;

    public static Term Of(Call call, bool wanted) =>
        !call.IsRecorded && call.Count == 2 && call[1] is Literal { Constant: { } constant } && Fused.Is(call[0], constant, wanted) is { } fused ? fused : new StrictEquality(call, wanted);

    public override bool Holds(in Scope scope)
    {
        var left = _arguments[0].Evaluate(in scope);
        for (var i = 1; i < _arguments.Length; i++)
        {
            var right = _arguments[i].Evaluate(in scope);
            if (Coercion.StrictlyEqual(in left, in right, ref scope.Run) != wanted) return false;
            left = right;
        }

        return true;
    }
}
