using System.Runtime.CompilerServices;

namespace Crm.Wfm.Rules.Solving;

/// <summary>A rule taken apart, each part a rule of its own that can be asked for its value.</summary>
internal sealed class Expression
{
    /// <summary>Their second argument is about the items of a list, not about the facts; <c>try</c>'s later ones are about an error.</summary>
    private static readonly HashSet<string> Inner = ["map", "filter", "reduce", "all", "some", "none", "try"];

    private static readonly ConditionalWeakTable<Rule, Expression> Known = [];

    private readonly Rule _whole;
    private readonly Lazy<Rule> _rule;

    private Expression(Rule whole, Value source)
    {
        (Source, _whole) = (source, whole);
        _rule = new(() => whole.Source == source ? whole : whole.Part(source));
        if (source.AsObject is { Count: 1 } call && call.Shape.Names[0] is var name && name != "preserve")
        {
            Operator = name;
            var arguments = call.Slots[0];
            Arguments = arguments.Kind == ValueKind.List ? Parts(whole, arguments) : [new(whole, arguments)];
            if (Inner.Contains(name)) Arguments = [.. Arguments.Take(1)];
        }
        else if (source.Kind == ValueKind.List) Arguments = Parts(whole, source);
    }

    /// <summary>Gets the operator; <c>null</c> for a literal and for a list.</summary>
    public string? Operator { get; }

    public Value Source { get; }

    public IReadOnlyList<Expression> Arguments { get; } = [];

    /// <summary>Gets the part as a rule of its own.</summary>
    public Rule Rule => _rule.Value;

    /// <summary>Gets how many parts there are.</summary>
    public int Size => field > 0 ? field : field = 1 + Arguments.Sum(a => a.Size);

    /// <summary>Gets whether it is a value that stands in the rule.</summary>
    public bool IsLiteral => Operator is null && Arguments.Count == 0 && Source.AsObject is null or { Count: 0 };

    /// <summary>Gets parts that all hold where the whole does, and never else; itself where there are none.</summary>
    public IReadOnlyList<Expression> Conjuncts => field ??= [.. (Operator, Arguments) switch
    {
        ("and", { Count: > 0 }) => Arguments.SelectMany(a => a.Conjuncts),
        ("!!", [var only]) => only.Conjuncts,
        ("!", [{ Operator: "or", Arguments: { Count: > 0 } none }]) => none.SelectMany(a => Call("!", a.Source).Conjuncts),
        ("!", [{ Operator: "missing", Arguments: { Count: > 1 } names }]) when names.All(n => n.Source.AsText is not null) => names.Select(n => Call("!", Call("missing", n.Source).Source)),
        _ => [this],
    }];

    /// <summary>Gets the facts it reads.</summary>
    public IReadOnlyList<string> Paths => IsLiteral ? [] : Rule.Variables;

    /// <summary>Takes a rule apart, once.</summary>
    public static Expression Of(Rule rule) => Known.GetValue(rule, r => new(r, r.Source));

    /// <summary>Tells whether one of the facts it reads is the field, lies in it or holds it; who computes what it reads may read any.</summary>
    public bool Reads(Field field) => (!IsLiteral && Rule.ReadsComputed) || Paths.Any(path => Overlap(path, field.Path));

    /// <summary>Gives the constants that stand anywhere in it.</summary>
    public IEnumerable<Value> Literals() => Literals(Source);

    public static bool Overlap(string path, string other) => IsWithin(path, other) || IsWithin(other, path);

    private static bool IsWithin(string path, string whole) =>
        path.StartsWith(whole, StringComparison.Ordinal) && (path.Length == whole.Length || path[whole.Length] == '.');

    private Expression Call(string name, Value argument) => new(_whole, Value.From(new FactObjectBuilder { [name] = Value.From([argument]) }.Build()));

    private static Expression[] Parts(Rule whole, Value list) => [.. list.AsList.ToArray().Select(item => new Expression(whole, item))];

    private static IEnumerable<Value> Literals(Value source) =>
        source.AsObject is { } members ? members.Where(m => m.Key is not "var" and not "val").SelectMany(m => Literals(m.Value))
        : source.Kind == ValueKind.List ? source.AsList.ToArray().SelectMany(Literals)
        : [source];
}
