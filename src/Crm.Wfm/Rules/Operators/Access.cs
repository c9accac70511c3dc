using System.Runtime.CompilerServices;

namespace Crm.Wfm.Rules.Operators;

/// <summary>Reading the data: <c>var</c>, <c>missing</c>, <c>missing_some</c>.</summary>
internal static class Access
{
    public static Term Var(Call call) => call.Arguments switch
    {
        [] => new Var(call, new FactPath("")),
        [Literal { Value: var path }, ..] => new Var(call, FactPath.From(in path)),
        _ => new ComputedVar(call),
    };
}

/// <summary><c>var</c> with a path that stands in the rule.</summary>
internal sealed class Var(Call call, FactPath path) : Term(call)
{
    private readonly FactPath _path = path;
    private readonly Term _default = call.Arguments.Length > 1 ? call[1] : Literal.Null;

    public override IEnumerable<FactPath> Paths => [_path];

    public override IEnumerable<Term> Outer => [_default];

    public override Value Evaluate(in Scope scope)
    {
        ref readonly var found = ref _path.Find(in scope.Data);
        return Unsafe.IsNullRef(in found) ? _default.Evaluate(in scope) : found;
    }

    public override bool Holds(in Scope scope)
    {
        ref readonly var found = ref _path.Find(in scope.Data);
        return Unsafe.IsNullRef(in found) ? _default.Holds(in scope) : Coercion.Truthy(in found);
    }

    public override double Number(in Scope scope)
    {
        ref readonly var found = ref _path.Find(in scope.Data);
        return Unsafe.IsNullRef(in found) ? _default.Number(in scope) : Coercion.Number(in found);
    }

    public override Trace Explain(in Scope scope)
    {
        var isMissing = Unsafe.IsNullRef(in _path.Find(in scope.Data));
        return new(Operator, _path.Text, isMissing && Arguments.Length > 1 ? [_default.Explain(in scope)] : [], Evaluate(in scope));
    }
}

/// <summary><c>var</c> whose path has to be computed.</summary>
internal sealed class ComputedVar(Call call) : Term(call)
{
    public override Value Evaluate(in Scope scope)
    {
        var path = Arguments[0].Evaluate(in scope);
        ref readonly var found = ref FactPath.From(in path).Find(in scope.Data);
        if (!Unsafe.IsNullRef(in found)) return found;
        return Arguments.Length > 1 ? Arguments[1].Evaluate(in scope) : Value.Null;
    }
}

/// <summary>Names whose facts may be missing: absent, null or empty text.</summary>
internal sealed class FactNames
{
    private readonly Value[] _names;

    public FactNames(ReadOnlySpan<Value> names)
    {
        _names = names.ToArray();
        Paths = Array.ConvertAll(_names, name => FactPath.From(in name));
    }

    public FactPath[] Paths { get; }

    public int Count => _names.Length;

    public Value MissingFrom(in Value data)
    {
        List<Value>? missing = null;
        for (var i = 0; i < _names.Length; i++)
        {
            ref readonly var found = ref Paths[i].Find(in data);
            if (Unsafe.IsNullRef(in found) || found.IsNull || found.AsText is "") (missing ??= []).Add(_names[i]);
        }

        return missing is null ? Lists.Empty : Value.From([.. missing]);
    }
}

/// <summary><c>missing</c>: the names without a fact; they are the arguments, or the items of the first argument when that is a list.</summary>
internal sealed class Missing(Call call) : Term(call)
{
    private readonly FactNames? _names = Array.TrueForAll(call.Arguments, a => a is Literal) ? Names(call.Arguments, default) : null;

    public override IEnumerable<FactPath> Paths => _names?.Paths ?? [];

    public override Value Evaluate(in Scope scope) => (_names ?? Names(Arguments, in scope)).MissingFrom(in scope.Data);

    private static FactNames Names(Term[] arguments, in Scope scope)
    {
        var values = new Value[arguments.Length];
        for (var i = 0; i < values.Length; i++) values[i] = arguments[i].Evaluate(in scope);
        return new(values is [{ Kind: ValueKind.List } list, ..] ? list.AsList : values);
    }
}

/// <summary><c>missing_some</c>: nothing when enough of the names have a fact, else those without.</summary>
internal sealed class MissingSome(Call call) : Term(call)
{
    private readonly FactNames? _names = call[1] is Literal { Value: var names } ? Names(names) : null;

    public override IEnumerable<FactPath> Paths => _names?.Paths ?? [];

    public override Value Evaluate(in Scope scope)
    {
        var names = _names ?? Names(Arguments[1].Evaluate(in scope));
        var missing = names.MissingFrom(in scope.Data);
        return names.Count - missing.AsList.Length >= Arguments[0].Number(in scope) ? Lists.Empty : missing;
    }

    private static FactNames Names(Value names) => new(names.Kind == ValueKind.List ? names.AsList : [names]);
}
