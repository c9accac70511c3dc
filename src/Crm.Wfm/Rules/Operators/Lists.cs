namespace Crm.Wfm.Rules.Operators;

/// <summary>What the terms about lists share.</summary>
internal static class Lists
{
    public static Value Empty { get; } = Value.From([]);
}

/// <summary>
/// <c>some</c> and <c>none</c>; nothing is in an empty list or in what is no list. As in every iterator the rule's data is the item,
/// so facts outside the list are out of its sight.
/// </summary>
internal sealed class Some(Call call, bool wanted) : Test(call)
{
    public override IEnumerable<Term> Outer => [Arguments[0]];

    public override bool Holds(in Scope scope)
    {
        foreach (ref readonly var item in Arguments[0].Evaluate(in scope).AsList)
        {
            if (Arguments[1].Holds(new Scope(in item))) return wanted;
        }

        return !wanted;
    }
}

/// <summary><c>all</c>; false for an empty list and for what is no list, as JsonLogic has it.</summary>
internal sealed class All(Call call) : Test(call)
{
    public override IEnumerable<Term> Outer => [Arguments[0]];

    public override bool Holds(in Scope scope)
    {
        var items = Arguments[0].Evaluate(in scope).AsList;
        foreach (ref readonly var item in items)
        {
            if (!Arguments[1].Holds(new Scope(in item))) return false;
        }

        return items.Length > 0;
    }
}

/// <summary><c>map</c>; what is no list gives an empty one.</summary>
internal sealed class Map(Call call) : Term(call)
{
    public override IEnumerable<Term> Outer => [Arguments[0]];

    public override Value Evaluate(in Scope scope)
    {
        var items = Arguments[0].Evaluate(in scope).AsList;
        if (items.IsEmpty) return Lists.Empty;
        var results = new Value[items.Length];
        for (var i = 0; i < results.Length; i++) results[i] = Arguments[1].Evaluate(new Scope(in items[i]));
        return Value.From(results);
    }
}

/// <summary><c>filter</c>; what is no list gives an empty one.</summary>
internal sealed class Filter(Call call) : Term(call)
{
    public override IEnumerable<Term> Outer => [Arguments[0]];

    public override Value Evaluate(in Scope scope)
    {
        var kept = new List<Value>();
        foreach (ref readonly var item in Arguments[0].Evaluate(in scope).AsList)
        {
            if (Arguments[1].Holds(new Scope(in item))) kept.Add(item);
        }

        return kept.Count == 0 ? Lists.Empty : Value.From([.. kept]);
    }
}

/// <summary><c>reduce</c>: its rule sees <c>current</c> and <c>accumulator</c>; what is no list gives the start value.</summary>
internal sealed class Reduce(Call call) : Term(call)
{
    private static readonly Shape Step = new("accumulator", "current");

    public override IEnumerable<Term> Outer => Arguments.Length > 2 ? [Arguments[0], Arguments[2]] : [Arguments[0]];

    public override Value Evaluate(in Scope scope)
    {
        var accumulator = Arguments.Length > 2 ? Arguments[2].Evaluate(in scope) : Value.Null;
        foreach (ref readonly var item in Arguments[0].Evaluate(in scope).AsList)
        {
            var data = Value.From(new FactObject(Step, [accumulator, item]));
            accumulator = Arguments[1].Evaluate(new Scope(in data));
        }

        return accumulator;
    }
}

/// <summary><c>merge</c>: one list of all arguments, lists laid out flat by one level.</summary>
internal sealed class Merge(Call call) : Term(call)
{
    public override Value Evaluate(in Scope scope)
    {
        var merged = new List<Value>();
        foreach (var argument in Arguments)
        {
            var value = argument.Evaluate(in scope);
            if (value.Kind == ValueKind.List) merged.AddRange(value.AsList);
            else merged.Add(value);
        }

        return merged.Count == 0 ? Lists.Empty : Value.From([.. merged]);
    }
}

/// <summary><c>in</c>: an item of a list (strictly equal) or a part of a text.</summary>
internal sealed class In(Call call) : Test(call)
{
    private readonly Term _part = call[0];
    private readonly Term _whole = call[1];

    public override bool Holds(in Scope scope)
    {
        var part = _part.Evaluate(in scope);
        var whole = _whole.Evaluate(in scope);
        if (whole.AsText is { } text) return text.Length > 0 && IsIn(in part, text);
        foreach (ref readonly var item in whole.AsList)
        {
            if (Coercion.StrictlyEqual(in item, in part)) return true;
        }

        return false;
    }

    private static bool IsIn(in Value part, string text) => part.Kind == ValueKind.List
        ? text.Contains(Coercion.Text(in part), StringComparison.Ordinal)
        : text.AsSpan().Contains(Coercion.Scalar(in part, stackalloc char[EcmaNumber.MaxLength]), StringComparison.Ordinal);
}
