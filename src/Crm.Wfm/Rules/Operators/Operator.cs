using System.Collections.Frozen;
using Crm.Wfm.Decisions;

namespace Crm.Wfm.Rules.Operators;

/// <summary>What an argument that is no list means: <c>{"op": x}</c>.</summary>
internal enum Form
{
    /// <summary>A list that comes of it is the list of arguments, anything else the only one.</summary>
    Spread,

    /// <summary>Likewise; the operator itself looks what comes of it.</summary>
    Fold,

    /// <summary>It is the only argument, whatever comes of it.</summary>
    Single,

    /// <summary>Likewise; the arguments after the first see an error in place of the data.</summary>
    Try,

    /// <summary>Nothing: the operator decides which arguments are evaluated, so they have to stand there.</summary>
    List,

    /// <summary>Likewise; the second argument is a rule for each item of the first.</summary>
    Each,

    /// <summary>It is the value, evaluated or not.</summary>
    Literal,
}

/// <summary>An operator of the dialect.</summary>
/// <param name="Name">How rules call it.</param>
/// <param name="Least">How many arguments it needs.</param>
/// <param name="Most">How many it takes.</param>
/// <param name="Form">What an argument that is no list means.</param>
/// <param name="Compile">Makes the term; a <see cref="Failing"/> one when the arguments are wrong.</param>
internal sealed record Operator(string Name, int Least, int Most, Form Form, Func<Call, Term> Compile)
{
    private const int Any = int.MaxValue;

    /// <summary>The whole dialect. An operator is added here and nowhere else.</summary>
    private static readonly FrozenDictionary<string, Operator> All = new Operator[]
    {
        new("var", 0, 2, Form.Spread, Access.Var),
        new("val", 0, Any, Form.Spread, Access.Val),
        new("exists", 0, Any, Form.Spread, Access.Exists),
        new("missing", 0, Any, Form.Spread, Access.Missing),
        new("missing_some", 2, 2, Form.Spread, Access.MissingSome),
        new("preserve", 0, Any, Form.Literal, call => call[0]),
        new("if", 0, Any, Form.List, call => new If(call)),
        new("?:", 0, Any, Form.List, call => new If(call)),
        new("and", 0, Any, Form.List, call => new And(call)),
        new("or", 0, Any, Form.List, call => new Or(call)),
        new("??", 0, Any, Form.List, call => new Coalesce(call)),
        new("!", 0, 1, Form.Single, call => new Truth(call, wanted: false)),
        new("!!", 0, 1, Form.Single, call => new Truth(call, wanted: true)),
        new("try", 1, Any, Form.Try, call => new Try(call)),
        new("throw", 1, 1, Form.Spread, call => new Throw(call)),
        new("==", 2, Any, Form.List, Comparison.Of<Equal>),
        new("!=", 2, Any, Form.List, Comparison.Of<NotEqual>),
        new("===", 2, Any, Form.List, call => StrictEquality.Of(call, wanted: true)),
        new("!==", 2, Any, Form.List, call => StrictEquality.Of(call, wanted: false)),
        new("<", 2, Any, Form.List, Comparison.Of<Less>),
        new("<=", 2, Any, Form.List, Comparison.Of<LessOrEqual>),
        new(">", 2, Any, Form.List, Comparison.Of<Greater>),
        new(">=", 2, Any, Form.List, Comparison.Of<GreaterOrEqual>),
        new("+", 0, Any, Form.Fold, call => new Fold<Sum>(call)),
        new("*", 0, Any, Form.Fold, call => new Fold<Product>(call)),
        new("-", 1, Any, Form.Fold, call => new Fold<Difference>(call)),
        new("/", 1, Any, Form.Fold, call => new Fold<Quotient>(call)),
        new("%", 2, Any, Form.Fold, call => new Fold<Remainder>(call)),
        new("min", 1, Any, Form.Fold, call => new Extreme(call, sign: 1)),
        new("max", 1, Any, Form.Fold, call => new Extreme(call, sign: -1)),
        new("map", 2, 2, Form.Each, Lists.Of(call => new Map(call))),
        new("filter", 2, 2, Form.Each, Lists.Of(call => new Filter(call))),
        new("reduce", 2, 3, Form.Each, Lists.Of(call => new Reduce(call))),
        new("all", 2, 2, Form.Each, call => new All(call)),
        new("some", 2, 2, Form.Each, call => new Some(call, wanted: true)),
        new("none", 2, 2, Form.Each, call => new Some(call, wanted: false)),
        new("merge", 0, Any, Form.Spread, call => new Merge(call)),
        new("in", 2, 2, Form.Spread, In.Of),
        new("cat", 0, Any, Form.Spread, call => new Cat(call)),
        new("substr", 2, 3, Form.Spread, call => new Substr(call)),
        new("log", 1, 1, Form.Single, call => call[0]),
        new("lower", 1, 1, Form.Single, call => new Recased(call, text => text.ToLowerInvariant())),
        new("upper", 1, 1, Form.Single, call => new Recased(call, text => text.ToUpperInvariant())),
        new("startsWith", 2, 2, Form.List, call => new Affix(call, (text, part) => text.StartsWith(part, StringComparison.Ordinal))),
        new("endsWith", 2, 2, Form.List, call => new Affix(call, (text, part) => text.EndsWith(part, StringComparison.Ordinal))),
        new("contains", 2, 2, Form.List, call => new Contains(call)),
        new("matches", 2, 2, Form.List, Matches.Of),
        new("now", 0, 0, Form.List, _ => new Now()),
        new("date", 1, 1, Form.Single, call => new Date(call)),
        new("daysBetween", 2, 2, Form.List, call => new DaysBetween(call)),
        new("addDuration", 2, 2, Form.List, call => new AddDuration(call)),
        new("hasRole", 1, Any, Form.Spread, call => new HasRole(call)),
        new("changed", 1, Any, Form.Single, Changed.Of),
        new("decide", 1, 2, Form.Single, Decide.Of),
    }.ToFrozenDictionary(o => o.Name, StringComparer.Ordinal);

    /// <summary>Gets the names of all operators.</summary>
    public static IReadOnlyList<string> Names => All.Keys;

    /// <summary>Finds an operator by its name.</summary>
    public static Operator? Find(string name) => All.GetValueOrDefault(name);

    /// <summary>Tells whether an argument sees other data than the operator does.</summary>
    public bool IsInner(int argument) => Form switch { Form.Each => argument == 1, Form.Try => argument > 0, _ => false };

    public bool Takes(int arguments) => arguments >= Least && arguments <= Most;

    /// <summary>Says how many arguments the operator takes.</summary>
    public string Arity => (Least, Most) switch
    {
        (1, 1) => "1 argument",
        (0, Any) => "any number of arguments",
        (_, Any) => $"at least {Least} argument{(Least == 1 ? "" : "s")}",
        _ when Least == Most => $"{Least} arguments",
        _ => $"{Least} to {Most} arguments",
    };
}

/// <summary>An operator with its compiled arguments.</summary>
/// <param name="Arguments">In their order.</param>
/// <param name="IsRecorded">Whether every argument that is evaluated is to be recorded: then none may be built in.</param>
/// <param name="Body">What an iterator has to know of the rule it evaluates for each item.</param>
/// <param name="IsSpread">Whether the only argument may come to be the list of arguments.</param>
/// <param name="Decisions">Finds the decisions rules may read; <c>null</c> where there are none.</param>
internal readonly record struct Call(Term[] Arguments, bool IsRecorded = false, Body Body = default, bool IsSpread = false, DecisionFinder? Decisions = null)
{
    public int Count => Arguments.Length;

    public Term this[int argument] => Arguments[argument];
}

/// <summary>A call whose arguments are known only when they are computed: it is compiled anew over what they are.</summary>
internal sealed class Late(Operator operation, Term[] arguments, bool isSpread) : Term
{
    private static readonly HashSet<string> Readers = ["var", "val", "exists", "missing", "missing_some"];

    public override Reading Reading => Readers.Contains(operation.Name) ? Reading.Computed : default;

    public override Value Evaluate(in Scope scope) => Build(in scope).Evaluate(in scope);

    private Term Build(in Scope scope)
    {
        Value[] values = new Value[arguments.Length];
        for (var i = 0; i < values.Length; i++) values[i] = arguments[i].Evaluate(in scope);
        ReadOnlySpan<Value> given = isSpread && values is [{ Kind: ValueKind.List } list] ? list.AsList : values;
        if (!operation.Takes(given.Length)) Thrown.WrongArguments();
        scope.Run.Charge(FactPath.Cost + given.Length);
        var literals = new Term[given.Length];
        for (var i = 0; i < literals.Length; i++) literals[i] = new Literal(given[i]);
        return operation.Compile(new(literals));
    }
}
