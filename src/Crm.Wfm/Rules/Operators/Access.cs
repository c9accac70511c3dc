namespace Crm.Wfm.Rules.Operators;

/// <summary>Reading the data: <c>var</c>, <c>val</c>, <c>exists</c>, <c>missing</c>, <c>missing_some</c>.</summary>
internal static class Access
{
    private static readonly Failing TooLong =
        new("rule-path", $"A path has at most {FactPath.MaxLength} characters and {FactPath.MaxSegments} segments, which are texts or numbers.", RuleErrors.WrongArguments);

    public static Term Var(Call call)
    {
        var otherwise = call.Count > 1 ? call[1] : Literal.Null;
        if (call.Count > 0 && call[0].Constant is null) return new ComputedVar(call[0], otherwise);
        var path = FactPath.Dotted(call.Count > 0 ? call[0].Constant!.Value : Value.Null);
        return path is null ? TooLong : new Var(path, otherwise);
    }

    public static Term Val(Call call) => Compile("val", call, (levels, path, isIndex) => isIndex ? new IterationIndex(levels) : levels > 0 ? new Climbing(levels, path) : new Var(path, Literal.Null));

    public static Term Exists(Call call) => Compile("exists", call, (levels, path, _) => new Exists(levels, path));

    /// <summary>The names are the arguments, or the items of the first argument when that is a list.</summary>
    public static Term Missing(Call call)
    {
        if (!IsConstant(call)) return new Late(Operator.Find("missing")!, call.Arguments, isSpread: false);
        return Names(call.Count > 0 && call[0].Constant is { Kind: ValueKind.List } list ? list.AsList : Constants(call)) ?? (Term)TooLong;
    }

    public static Term MissingSome(Call call)
    {
        if (call[1].Constant is not { } names) return new Late(Operator.Find("missing_some")!, call.Arguments, isSpread: false);
        return Names(names.Kind == ValueKind.List ? names.AsList : [names]) is { } missing ? new MissingSome(call[0], missing) : TooLong;
    }

    private static Missing? Names(ReadOnlySpan<Value> names)
    {
        var paths = new FactPath[names.Length];
        for (var i = 0; i < paths.Length; i++)
        {
            if (FactPath.Dotted(in names[i]) is not { } path) return null;
            paths[i] = path;
        }

        return new Missing(names.ToArray(), paths);
    }

    private static bool IsConstant(Call call) => Array.TrueForAll(call.Arguments, a => a.Constant is not null);

    private static Value[] Constants(Call call) => Array.ConvertAll(call.Arguments, a => a.Constant!.Value);

    private static Term Compile(string name, Call call, Func<int, FactPath, bool, Term> term)
    {
        if (!IsConstant(call)) return new Late(Operator.Find(name)!, call.Arguments, isSpread: false);
        ReadOnlySpan<Value> names = Constants(call);
        var levels = 0;
        if (names is [{ Kind: ValueKind.List, AsList: [{ Kind: ValueKind.Number, AsNumber: var climb }] }, ..])
        {
            if (Math.Truncate(climb) != climb) return Failing.Arguments("Levels are climbed as a whole: [[2], \"name\"].");
            levels = (int)Math.Min(Math.Abs(climb), int.MaxValue);
            names = names[1..];
        }

        var isIndex = levels % 2 == 1 && names is [{ AsText: "index" }];
        return FactPath.Of(names) is { } path ? term(levels, path, isIndex) : TooLong;
    }
}

/// <summary><c>var</c> with a path that stands in the rule; <c>val</c> that does not climb.</summary>
internal sealed class Var(FactPath path, Term otherwise) : Term
{
    public FactPath Path => path;

    public bool HasDefault => otherwise != Literal.Null;

    public override Reading Reading => new([path]);

    public override Value Evaluate(in Scope scope)
    {
        ref readonly var found = ref path.Find(in scope.Data);
        return found.IsNull && FactPath.IsMissing(in found) ? otherwise.Evaluate(in scope) : found;
    }

    public override bool Holds(in Scope scope)
    {
        ref readonly var found = ref path.Find(in scope.Data);
        return found.IsNull && FactPath.IsMissing(in found) ? otherwise.Holds(in scope) : Coercion.Truthy(in found);
    }

    public override double Number(in Scope scope)
    {
        ref readonly var found = ref path.Find(in scope.Data);
        return found.IsNull && FactPath.IsMissing(in found) ? otherwise.Number(in scope) : Coercion.Number(in found, ref scope.Run);
    }
}

/// <summary><c>var</c> whose path has to be computed.</summary>
internal sealed class ComputedVar(Term path, Term otherwise) : Term
{
    public override Reading Reading => Reading.Computed;

    public override Value Evaluate(in Scope scope)
    {
        var text = path.Evaluate(in scope);
        scope.Run.Charge(FactPath.Cost);
        if (FactPath.Dotted(in text) is not { } name) throw new Thrown(RuleErrors.WrongArguments);
        ref readonly var found = ref name.FindOnce(in scope.Data);
        return FactPath.IsMissing(in found) ? otherwise.Evaluate(in scope) : found;
    }
}

/// <summary><c>val</c> that climbs out of iterators first.</summary>
internal sealed class Climbing(int levels, FactPath path) : Term
{
    public override Reading Reading => new([path], levels);

    public override Value Evaluate(in Scope scope) => Above.Climb(in scope, levels) is { } from ? path.Find(in from) : Value.Null;
}

/// <summary><c>{"val": [[1], "index"]}</c>: the number of the item in hand, from 0.</summary>
internal sealed class IterationIndex(int levels) : Term
{
    public override Reading Reading => new([], levels);

    public override Value Evaluate(in Scope scope) => Above.IndexAt(in scope, levels);
}

/// <summary><c>exists</c>: whether there is such a fact, even one that is <c>null</c>.</summary>
internal sealed class Exists(int levels, FactPath path) : Test
{
    public override Reading Reading => new([path], levels);

    public override bool Holds(in Scope scope) => Above.Climb(in scope, levels) is { } from && !FactPath.IsMissing(in path.Find(in from));
}

/// <summary><c>missing</c>: the names without a fact: absent, null or empty text.</summary>
internal sealed class Missing(Value[] names, FactPath[] paths) : Term
{
    public override Reading Reading => new(paths);

    public int Count => names.Length;

    public override Value Evaluate(in Scope scope) => MissingFrom(in scope.Data);

    public Value MissingFrom(in Value data)
    {
        List<Value>? missing = null;
        for (var i = 0; i < names.Length; i++)
        {
            if (paths[i].Find(in data) is { IsNull: true } or { AsText: "" }) (missing ??= []).Add(names[i]);
        }

        return missing is null ? Lists.Empty : Value.From([.. missing]);
    }
}

/// <summary><c>missing_some</c>: nothing when enough of the names have a fact, else those without.</summary>
internal sealed class MissingSome(Term least, Missing names) : Term
{
    public override Reading Reading => names.Reading;

    public override Value Evaluate(in Scope scope)
    {
        var wanted = least.Number(in scope);
        var missing = names.MissingFrom(in scope.Data);
        return names.Count - missing.AsList.Length >= wanted ? Lists.Empty : missing;
    }
}
