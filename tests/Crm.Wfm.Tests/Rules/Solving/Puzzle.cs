using System.Globalization;
using Crm.Wfm.Rules;
using Crm.Wfm.Rules.Solving;
using Crm.Wfm.Schemas;

namespace Crm.Wfm.Tests.Rules.Solving;

/// <summary>A rule, a record and the schemas of its fields, made up from a seed: wide in what rules say and in what records lack.</summary>
internal sealed class Puzzle
{
    private static readonly string[] Numbers = ["entity.amount", "entity.count", "entity.rate", "entity.cost"];
    private static readonly string[] Dates = ["entity.due", "entity.start"];
    private static readonly string[] Relations = ["==", "!=", "<", "<=", ">", ">=", "===", "!=="];

    private readonly Random _random;
    private readonly Dictionary<string, string?> _schemas;

    private Puzzle(int seed)
    {
        _random = new Random(seed);
        _schemas = Schemas();
        Fields = [.. Pick(_schemas.Keys, _random.Next(1, 6)).Select(path => new Field("entity." + path, Schema(_schemas[path]))
        {
            Empty = _random.Next(4) == 0 ? Emptiness.Never : (Emptiness)_random.Next(1, 4),
        })];
        Facts = Record();
        Rule = Rule.Compile(Condition(_random.Next(1, 4)));
        Goal = new(Rule, !Rule.Holds(Facts));
    }

    public Rule Rule { get; }

    /// <summary>Gets what is asked: that the rule does what it does not.</summary>
    public Goal Goal { get; }

    public Value Facts { get; }

    public IReadOnlyList<Field> Fields { get; }

    public static Puzzle Of(int seed) => new(seed);

    public override string ToString() => $"{Goal.Holds} wanted of {Rule.Source}\nfacts {Facts}\nfields {string.Join(", ", Fields.Select(f => $"{f.Path} ({f.Empty}) {f.Schema?.Source}"))}";

    private static JsonSchema? Schema(string? schema) => schema is null ? null : JsonSchema.Read(Value.Parse(schema), []).ShouldNotBeNull();

    private Dictionary<string, string?> Schemas() => new()
    {
        ["amount"] = One("""{"type":"number"}""", """{"type":"number","minimum":0}""", """{"type":["number","null"],"multipleOf":0.01}""", """{"type":"number","exclusiveMinimum":0,"maximum":50}"""),
        ["count"] = One("""{"type":"integer"}""", """{"type":"integer","minimum":0,"maximum":12}""", """{"type":"integer","multipleOf":5}"""),
        ["rate"] = One("""{"type":"number","minimum":0,"maximum":1}""", """{"type":"number","multipleOf":0.05,"minimum":0,"maximum":1}"""),
        ["cost"] = """{"type":["number","null"]}""",
        ["isUrgent"] = """{"type":"boolean"}""",
        ["size"] = One("""{"enum":["small","medium","large"]}""", """{"enum":["1","5","x",null]}"""),
        ["name"] = One("""{"type":"string"}""", """{"type":"string","minLength":1}""", """{"type":"string","maxLength":3}"""),
        ["mail"] = """{"type":"string","format":"email"}""",
        ["due"] = """{"type":"string","format":"date"}""",
        ["start"] = One("""{"type":["string","null"],"format":"date"}""", """{"type":"string","format":"date"}"""),
        ["at"] = """{"type":"string","format":"date-time"}""",
        ["tags"] = One("""{"type":"array","items":{"enum":["a","b","c"]}}""", """{"type":"array","items":{"type":"string"},"minItems":1}"""),
        ["any"] = null,
    };

    private Value Record()
    {
        var entity = new FactObjectBuilder();
        foreach (var (name, schema) in _schemas)
        {
            if (_random.Next(5) is var kind && kind == 0) continue;
            entity[name] = kind == 1 ? Value.Null : Allowed(name, Schema(schema));
        }

        return Value.From(new FactObjectBuilder
        {
            ["entity"] = Value.From(entity.Build()),
            ["now"] = Value.From("2026-03-31T12:00:00.000Z"),
            ["param"] = Value.Parse("""{"limit":10,"day":"2026-04-02"}"""),
            ["actor"] = Value.Parse("""{"roles":["clerk"]}"""),
        }.Build());
    }

    private Value Allowed(string name, JsonSchema? schema)
    {
        for (var i = 0; i < 20; i++)
        {
            if (Constant(name) is var value && schema?.Validate(value).Count is null or 0) return value;
        }

        return Value.Null;
    }

    private Value Condition(int depth)
    {
        if (depth == 0) return Atom();
        return _random.Next(9) switch
        {
            <= 2 => Call("and", Conditions(depth)),
            <= 4 => Call("or", Conditions(depth)),
            5 => Call("!", Condition(depth - 1)),
            6 => Call("if", Condition(depth - 1), Condition(depth - 1), Condition(depth - 1)),
            _ => Atom(),
        };
    }

    private Value[] Conditions(int depth) => [.. Enumerable.Range(0, _random.Next(2, 4)).Select(_ => Condition(depth - 1))];

    private Value Atom()
    {
        var name = Name();
        var fact = Fact(name);
        return _random.Next(16) switch
        {
            <= 4 => Call(One(Relations), _random.Next(2) == 0 ? [fact, Constant(name)] : [Constant(name), fact]),
            5 => Call(One(Relations), fact, Constant(Name())),
            6 => Call(One("<", "<="), Constant(name), fact, Constant(name)),
            7 => Call("!!", fact),
            8 => Call("in", fact, Value.From([Constant(name), Constant(name)])),
            9 => Call("in", Value.From(One("a", "b", "small", "x")), Fact("tags")),
            10 => Call("!", Call(One("missing", "missing"), Value.From("entity." + name), Value.From("entity." + Name()))),
            11 => Call("!", Call("missing_some", Value.From(1), Value.From([Value.From("entity." + name), Value.From("entity." + Name())]))),
            12 => Related(),
            13 => Computed(),
            14 => Timed(),
            _ => Other(name),
        };
    }

    private Value Other(string name) => _random.Next(6) switch
    {
        0 => Call("exists", Value.From("entity"), Value.From(name)),
        1 => Call("hasRole", Value.From(One("clerk", "boss"))),
        2 => Call("startsWith", Fact("name"), Value.From(One("a", "x", "ab"))),
        3 => Call("contains", Fact(One("name", "tags")), Value.From(One("a", "b"))),
        4 => Call(One(Relations), Call("var", Value.From("entity." + name), Constant(name)), Constant(name)),
        _ => Call("==", Call("lower", Fact("name")), Value.From(One("x", "ab"))),
    };

    private Value Related()
    {
        var family = One(Numbers, Dates, ["entity.name", "entity.size"]);
        return Call(One(Relations), Call("var", Value.From(One(family))), Call("var", Value.From(One(family))));
    }

    private Value Computed()
    {
        var number = Call("var", Value.From(One(Numbers)));
        var other = _random.Next(2) == 0 ? Constant("count") : Call("var", Value.From(One(Numbers)));
        var computed = _random.Next(4) switch
        {
            0 => Call("*", number, Call("-", Value.From(1), Fact("rate"))),
            1 => Call(One("+", "-"), number, other),
            2 => Call("*", number, Constant("count")),
            _ => Call("/", number, Value.From(One(2, 4, 0.5))),
        };
        return Call(One("<", "<=", ">", ">=", "=="), computed, _random.Next(3) == 0 ? Call("var", Value.From("param.limit")) : Constant("amount"));
    }

    private Value Timed() => _random.Next(4) switch
    {
        0 => Call(One(Relations), Call("daysBetween", Call("now"), Fact(One("due", "at"))), Value.From(_random.Next(-5, 6))),
        1 => Call(One(Relations), Fact(One("due", "start")), Call("substr", Call("var", Value.From("now")), Value.From(0), Value.From(10))),
        2 => Call(One("<", ">"), Call("date", Fact(One("due", "at"))), Call("addDuration", Call("now"), Value.From(One("P3D", "-P2D")))),
        _ => Call(One("<", "<=", ">", ">="), Fact("due"), Call("var", Value.From("param.day"))),
    };

    private Value Constant(string name) => name switch
    {
        "amount" or "cost" => Value.From(One(0, 1, 5, 10, 12.5, 49.99, 100, -3)),
        "count" => Value.From(One(0, 1, 2, 3, 5, 10, 12, -1)),
        "rate" => Value.From(One(0, 0.1, 0.15, 0.2, 0.5, 1)),
        "isUrgent" => Value.From(_random.Next(2) == 0),
        "size" => Value.From(One("small", "medium", "large", "1", "5", "x")),
        "name" => Value.From(One("", "a", "b", "ab", "5", "10", " ")),
        "mail" => Value.From(One("a@b.c", "x@y.z", "")),
        "due" or "start" => Value.From(string.Create(CultureInfo.InvariantCulture, $"2026-{_random.Next(3, 5):00}-{_random.Next(1, 31):00}")),
        "at" => Value.From(string.Create(CultureInfo.InvariantCulture, $"2026-{_random.Next(3, 5):00}-{_random.Next(1, 31):00}T{_random.Next(24):00}:00:00.000Z")),
        "tags" => Value.From([.. Pick(["a", "b", "c"], _random.Next(0, 3)).Select(Value.From)]),
        _ => One(Value.Null, Value.From(0), Value.From("5"), Value.True, Value.From("a"), Value.From(2.5)),
    };

    private string Name() => _random.Next(3) == 0 ? One([.. _schemas.Keys]) : Fields[_random.Next(Fields.Count)].Names[1];

    private static Value Fact(string name) => Call("var", Value.From("entity." + name));

    private static Value Call(string name, params Value[] arguments) => Value.From(new FactObjectBuilder { [name] = Value.From(arguments) }.Build());

    private T One<T>(params T[] options) => options[_random.Next(options.Length)];

    private List<T> Pick<T>(IEnumerable<T> options, int count) => [.. options.OrderBy(_ => _random.Next()).Take(count)];
}
