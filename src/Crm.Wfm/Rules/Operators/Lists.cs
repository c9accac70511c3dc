namespace Crm.Wfm.Rules.Operators;

/// <summary>What the terms about lists share.</summary>
internal static class Lists
{
    public static Value Empty { get; } = Value.From([]);

    /// <summary>Refuses a list or a rule that is null where it stands: there is nothing to go through, or nothing to do.</summary>
    public static Func<Call, Term> Of(Func<Call, Term> compile) => call =>
        IsNull(call[0]) || IsNull(call[1]) ? Failing.Arguments("Neither the list nor the rule for its items can be null.") : compile(call);

    private static bool IsNull(Term term) => term.Constant is { IsNull: true };
}

/// <summary>What an iterator has to know of the rule it evaluates for each item.</summary>
/// <param name="Cost">Steps of one round.</param>
/// <param name="Climbs">Whether a term in it looks at what lies around the item.</param>
internal readonly record struct Body(int Cost, bool Climbs);

/// <summary>A list, and a rule to evaluate with each item as the data.</summary>
internal readonly struct Each(Call call)
{
    private readonly Body _body = call.Body;

    public Term List { get; } = call[0];

    public Term Rule { get; } = call[1];

    /// <summary>Computes the list; anything else is an error, but null where that counts as an empty list.</summary>
    public Value Items(in Scope scope, bool orNull = false)
    {
        var list = List.Evaluate(in scope);
        if (list.Kind != ValueKind.List && !(orNull && list.IsNull)) Thrown.WrongArguments();
        return list;
    }

    /// <summary>Makes what all rounds share, where somebody looks at it.</summary>
    public Above? Around(in Value list, in Scope outer) => _body.Climbs ? new Above(in outer, list) : null;

    /// <summary>Begins a round.</summary>
    public Scope Enter(int index, ref readonly Value data, in Scope outer, Above? around)
    {
        outer.Run.Charge(_body.Cost);
        if (around is not null) around.Index = index;
        return new(in data, in outer, around);
    }
}

/// <summary><c>some</c> and <c>none</c>; nothing is in an empty list.</summary>
internal sealed class Some(Call call, bool wanted) : Test
{
    private readonly Each _each = new(call);

    public override bool Holds(in Scope scope)
    {
        var list = _each.Items(in scope);
        var items = list.AsList;
        var around = _each.Around(in list, in scope);
        for (var i = 0; i < items.Length; i++)
        {
            if (_each.Rule.Holds(_each.Enter(i, in items[i], in scope, around))) return wanted;
        }

        return !wanted;
    }
}

/// <summary><c>all</c>; false for an empty list, as JsonLogic has it.</summary>
internal sealed class All(Call call) : Test
{
    private readonly Each _each = new(call);

    public override bool Holds(in Scope scope)
    {
        var list = _each.Items(in scope);
        var items = list.AsList;
        var around = _each.Around(in list, in scope);
        for (var i = 0; i < items.Length; i++)
        {
            if (!_each.Rule.Holds(_each.Enter(i, in items[i], in scope, around))) return false;
        }

        return items.Length > 0;
    }
}

/// <summary><c>map</c>; a list that is missing counts as an empty one.</summary>
internal sealed class Map(Call call) : Term
{
    private readonly Each _each = new(call);

    public override long Items => _each.List.Items;

    public override Value Evaluate(in Scope scope)
    {
        var list = _each.Items(in scope, orNull: true);
        var items = list.AsList;
        if (items.IsEmpty) return Lists.Empty;
        var around = _each.Around(in list, in scope);
        scope.Run.Charge(items.Length);
        var results = new Value[items.Length];
        for (var i = 0; i < results.Length; i++) results[i] = _each.Rule.Evaluate(_each.Enter(i, in items[i], in scope, around));
        return Run.Made(Value.From(results));
    }
}

/// <summary><c>filter</c>; a list that is missing counts as an empty one.</summary>
internal sealed class Filter(Call call) : Term
{
    private readonly Each _each = new(call);

    public override long Items => _each.List.Items;

    public override Value Evaluate(in Scope scope)
    {
        var list = _each.Items(in scope, orNull: true);
        var items = list.AsList;
        var around = _each.Around(in list, in scope);
        var kept = new List<Value>();
        for (var i = 0; i < items.Length; i++)
        {
            if (_each.Rule.Holds(_each.Enter(i, in items[i], in scope, around))) kept.Add(items[i]);
        }

        return kept.Count == 0 ? Lists.Empty : Value.From([.. kept]);
    }
}

/// <summary>
/// <c>reduce</c>: its rule sees <c>current</c> and <c>accumulator</c>, which begins with the third argument or else is the first item. A list that is missing counts as an
/// empty one.
/// </summary>
internal sealed class Reduce(Call call) : Term
{
    private static readonly Shape Step = Shape.Of("accumulator", "current");

    private readonly Each _each = new(call);
    private readonly Term? _start = call.Count > 2 ? call[2] : null;

    public override Value Evaluate(in Scope scope)
    {
        var list = _each.Items(in scope, orNull: true);
        var items = list.AsList;
        var accumulator = _start is not null ? _start.Evaluate(in scope) : items.IsEmpty ? Value.Null : items[0];
        var around = _each.Around(in list, in scope);
        for (var i = _start is null ? 1 : 0; i < items.Length; i++)
        {
            var data = Run.Made(Value.From(new FactObject(Step, [accumulator, items[i]])));
            accumulator = _each.Rule.Evaluate(_each.Enter(i, in data, in scope, around));
        }

        return accumulator;
    }
}

/// <summary><c>merge</c>: one list of all arguments, lists laid out flat by one level.</summary>
internal sealed class Merge(Call call) : Term
{
    private readonly Term[] _arguments = call.Arguments;

    public override long Items => _arguments.Sum(a => a.Items);

    public override Value Evaluate(in Scope scope)
    {
        var merged = new List<Value>();
        foreach (var argument in _arguments)
        {
            var value = argument.Evaluate(in scope);
            scope.Run.Charge(value.AsList.Length + 1);
            if (value.Kind == ValueKind.List) merged.AddRange(value.AsList);
            else merged.Add(value);
        }

        return merged.Count == 0 ? Lists.Empty : Run.Made(Value.From([.. merged]));
    }
}

/// <summary><c>in</c>: an item of a list (strictly equal) or a part of a text.</summary>
internal sealed class In(Call call) : Test
{
    private readonly Term _part = call[0];
    private readonly Term _whole = call[1];

    public static Term Of(Call call) => !call.IsRecorded && call[0] is Literal { Constant: { } part } && Fused.In(part, call[1]) is { } fused ? fused : new In(call);

    public override bool Holds(in Scope scope)
    {
        var part = _part.Evaluate(in scope);
        var whole = _whole.Evaluate(in scope);
        return IsIn(in part, in whole, ref scope.Run);
    }

    public static bool IsIn(in Value part, in Value whole, ref Run run)
    {
        if (whole.AsText is { } text) return text.Length > 0 && IsIn(in part, text, ref run);
        var items = whole.AsList;
        run.Charge(items.Length >> 2);
        foreach (ref readonly var item in items)
        {
            if (Coercion.StrictlyEqual(in item, in part, ref run)) return true;
        }

        return false;
    }

    private static bool IsIn(in Value part, string text, ref Run run)
    {
        run.ChargeScan(text.Length);
        return part.Kind == ValueKind.List
            ? text.Contains(Coercion.Text(in part, ref run), StringComparison.Ordinal)
            : text.AsSpan().Contains(Coercion.Scalar(in part, stackalloc char[EcmaNumber.MaxLength]), StringComparison.Ordinal);
    }
}
