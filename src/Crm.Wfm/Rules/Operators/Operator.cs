using System.Collections.Frozen;

namespace Crm.Wfm.Rules.Operators;

/// <summary>An operator of the dialect: how many arguments it takes and the term it becomes.</summary>
internal sealed record Operator(string Name, int Least, int Most, Func<Call, Term> Compile)
{
    private const int Any = int.MaxValue;

    /// <summary>The whole dialect. An operator is added here and nowhere else.</summary>
    private static readonly FrozenDictionary<string, Operator> All = new Operator[]
    {
        new("var", 0, 2, Access.Var),
        new("missing", 0, Any, call => new Missing(call)),
        new("missing_some", 2, 2, call => new MissingSome(call)),
        new("if", 0, Any, call => new If(call)),
        new("?:", 0, Any, call => new If(call)),
        new("==", 2, 2, call => new LooseEquality(call, wanted: true)),
        new("!=", 2, 2, call => new LooseEquality(call, wanted: false)),
        new("===", 2, 2, call => new StrictEquality(call, wanted: true)),
        new("!==", 2, 2, call => new StrictEquality(call, wanted: false)),
        new("!", 1, 1, call => new Truth(call, wanted: false)),
        new("!!", 1, 1, call => new Truth(call, wanted: true)),
        new("and", 1, Any, call => new Junction(call, stopsAt: false)),
        new("or", 1, Any, call => new Junction(call, stopsAt: true)),
        new("<", 2, 3, Comparison.Order<Less>),
        new("<=", 2, 3, Comparison.Order<LessOrEqual>),
        new(">", 2, 2, Comparison.Order<Greater>),
        new(">=", 2, 2, Comparison.Order<GreaterOrEqual>),
        new("+", 0, Any, call => new Sum(call)),
        new("*", 1, Any, call => new Product(call)),
        new("-", 1, 2, call => call.Arguments.Length == 1 ? new Negation(call) : new Difference(call)),
        new("/", 2, 2, call => new Quotient(call)),
        new("%", 2, 2, call => new Remainder(call)),
        new("min", 1, Any, call => new Minimum(call)),
        new("max", 1, Any, call => new Maximum(call)),
        new("map", 2, 2, call => new Map(call)),
        new("filter", 2, 2, call => new Filter(call)),
        new("reduce", 2, 3, call => new Reduce(call)),
        new("all", 2, 2, call => new All(call)),
        new("some", 2, 2, call => new Some(call, wanted: true)),
        new("none", 2, 2, call => new Some(call, wanted: false)),
        new("merge", 0, Any, call => new Merge(call)),
        new("in", 2, 2, call => new In(call)),
        new("cat", 0, Any, call => new Cat(call)),
        new("substr", 2, 3, call => new Substr(call)),
        new("log", 1, 1, call => new Log(call)),
    }.ToFrozenDictionary(o => o.Name, StringComparer.Ordinal);

    /// <summary>Gets the names of all operators.</summary>
    public static IReadOnlyList<string> Names => All.Keys;

    /// <summary>Finds an operator by its name.</summary>
    public static Operator? Find(string name) => All.GetValueOrDefault(name);

    /// <summary>Says how many arguments the operator takes.</summary>
    public string Arity => (Least, Most) switch
    {
        (1, 1) => "1 argument",
        (_, Any) => $"at least {Least} argument{(Least == 1 ? "" : "s")}",
        _ when Least == Most => $"{Least} arguments",
        _ => $"{Least} to {Most} arguments",
    };
}
