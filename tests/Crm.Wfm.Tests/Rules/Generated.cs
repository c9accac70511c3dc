using Crm.Wfm.Rules;
using FsCheck;
using FsCheck.Fluent;

namespace Crm.Wfm.Tests.Rules;

/// <summary>Values and rules as FsCheck makes them up.</summary>
internal static class Generated
{
    private static readonly Gen<Value> Scalars = Gen.OneOf(
        Gen.Constant(Value.Null),
        Gen.Elements(Value.True, Value.False),
        ArbMap.Default.GeneratorFor<NormalFloat>().Select(n => Value.From(n.Get)),
        Gen.Choose(-3, 3).Select(n => Value.From((double)n)),
        Gen.Elements("", "0", "1", " 2 ", "a", "ab", "true", "1.5e3").Select(Value.From),
        ArbMap.Default.GeneratorFor<string>().Select(t => Value.From(Whole(t))));

    public static Gen<Value> Values { get; } = Gen.Sized(size => Nested(Math.Min(size, 20)));

    /// <summary>Objects with what <see cref="Rules"/> ask for.</summary>
    public static Gen<Value> Data { get; } = Gen.Two(Values).Select(v => Object(["a", "b"], [v.Item1, v.Item2]));

    /// <summary>Rules that compile, with operators that take any number of arguments from two.</summary>
    public static Gen<Value> Rules { get; } = Gen.Sized(size => Rule(Math.Min(size, 15)));

    private static Gen<Value> Rule(int size)
    {
        if (size == 0) return Gen.OneOf(Scalars, Gen.Elements("a", "b", "a.0", "b.a", "").Select(path => Call("var", Value.From(path))));
        var part = Rule(size / 3);
        return Gen.OneOf(
            part,
            Gen.Elements("==", "!=", "===", "!==", "<", "<=", ">", ">=", "and", "or", "if", "+", "-", "*", "/", "%", "min", "max", "in", "cat", "merge", "substr",
                "map", "filter", "all", "some", "none").SelectMany(name => Gen.Two(part).Select(p => Call(name, p.Item1, p.Item2))),
            Gen.Elements("!", "!!", "log", "missing").SelectMany(name => part.Select(p => Call(name, p))),
            Gen.Elements("if", "<", "<=", "and", "or").SelectMany(name => Gen.Three(part).Select(p => Call(name, p.Item1, p.Item2, p.Item3))));
    }

    private static Value Call(string name, params Value[] arguments) => Object([name], [Value.From(arguments)]);

    private static Gen<Value> Nested(int size)
    {
        if (size == 0) return Scalars;
        var items = Nested(size / 3).ArrayOf();
        return Gen.OneOf(
            Scalars,
            items.Select(Value.From),
            ArbMap.Default.GeneratorFor<string>().Select(Whole).ArrayOf().SelectMany(names => items.Select(values => Object(names, values))));
    }

    private static Value Object(string[] names, Value[] values)
    {
        var members = new FactObjectBuilder();
        foreach (var (name, value) in names.Zip(values)) members[name] = value;
        return Value.From(members.Build());
    }

    // JSON text cannot carry half of a surrogate pair.
    private static string Whole(string? text) => string.Concat((text ?? "").Where(c => !char.IsSurrogate(c)));
}
