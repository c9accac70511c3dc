namespace Crm.Wfm.Rules.Operators;

/// <summary>
/// What most guards are made of, a fact and a constant, as one term each. They do what the terms they stand for do, step for step; a rule that is recorded has the
/// others, and tests compare the two.
/// </summary>
internal static class Fused
{
    public static Term? Compare<TRelation>(Term left, Value right) where TRelation : struct, IRelation => (left, right.Kind) switch
    {
        (Var { HasDefault: false } fact, ValueKind.Number or ValueKind.Boolean) => new FactBound<TRelation>(fact.Path, right.AsNumber),
        (Var { HasDefault: false } fact, ValueKind.Text) => new FactText<TRelation>(fact.Path, right),
        (_, ValueKind.Number or ValueKind.Boolean) => new Bound<TRelation>(left, right.AsNumber),
        _ => null,
    };

    public static Term? Is(Term left, Value right, bool wanted) => left is Var { HasDefault: false } fact ? new FactIs(fact.Path, right, wanted) : null;

    public static Term? In(Value part, Term whole) =>
        part.AsText is { } text && whole is Var { HasDefault: false } list ? new FactHas(text, part, list.Path) : null;
}

/// <summary>A comparison with a number that stands in the rule.</summary>
internal sealed class Bound<TRelation>(Term left, double bound) : Test where TRelation : struct, IRelation
{
    public override bool Holds(in Scope scope) => Comparison.OfNumbers<TRelation>(left.Number(in scope), bound);
}

/// <summary>A comparison of a fact with a number.</summary>
internal sealed class FactBound<TRelation>(FactPath path, double bound) : Test where TRelation : struct, IRelation
{
    public override bool Holds(in Scope scope)
    {
        ref readonly var found = ref path.Find(in scope.Data);
        return Comparison.OfNumbers<TRelation>(found.Kind == ValueKind.Number ? found.AsNumber : Coercion.Number(in found, ref scope.Run), bound);
    }
}

/// <summary>A comparison of a fact with a text.</summary>
internal sealed class FactText<TRelation>(FactPath path, Value text) : Test where TRelation : struct, IRelation
{
    private readonly string _text = text.AsText!;

    public override bool Holds(in Scope scope)
    {
        ref readonly var found = ref path.Find(in scope.Data);
        return found.AsText is { } other ? TRelation.Holds(other, _text, ref scope.Run) : Comparison.Holds<TRelation>(in found, in text, ref scope.Run);
    }
}

/// <summary>Whether a fact is, or is not, a constant.</summary>
internal sealed class FactIs(FactPath path, Value constant, bool wanted) : Test
{
    public override bool Holds(in Scope scope) => Coercion.StrictlyEqual(in path.Find(in scope.Data), in constant, ref scope.Run) == wanted;
}

/// <summary>Whether a list that is a fact has a text.</summary>
internal sealed class FactHas(string part, Value value, FactPath path) : Test
{
    public override bool Holds(in Scope scope)
    {
        ref readonly var found = ref path.Find(in scope.Data);
        if (found.Kind != ValueKind.List) return Operators.In.IsIn(in value, in found, ref scope.Run);
        var items = found.AsList;
        scope.Run.Charge(items.Length >> 2);
        for (var i = 0; i < items.Length; i++)
        {
            if (string.Equals(items[i].AsText, part)) return true;
        }

        return false;
    }
}
