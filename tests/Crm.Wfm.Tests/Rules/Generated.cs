using Crm.Wfm.Rules;
using Crm.Wfm.Rules.Operators;
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
        Gen.Elements("", "0", "1", " 2 ", "a", "ab", "true", "1.5e3", "2026-03-01", "P1D").Select(Value.From),
        ArbMap.Default.GeneratorFor<string>().Select(t => Value.From(Whole(t))));

    private static readonly string[] Paths = ["a", "b", "a.0", "b.a", "", "now", "current", "accumulator", "type"];

    public static Gen<Value> Values { get; } = Gen.Sized(size => Nested(Math.Min(size, 20)));

    /// <summary>Facts: with what <see cref="Rules"/> ask for.</summary>
    public static Gen<Value> Data { get; } = Gen.Two(Values).Select(v => Object(
        ["a", "b", "now", "changed", "actor"],
        [v.Item1, v.Item2, Value.From("2026-03-31T12:00:00.000Z"), Value.From([Value.From("a")]), Object(["roles"], [Value.From([Value.From("ab")])])]));

    /// <summary>Rules of every operator, mostly with arguments that make sense.</summary>
    public static Gen<Value> Rules { get; } = Gen.Sized(size => Rule(Math.Min(size, 40)));

    private static readonly Gen<Value> Facts = Gen.OneOf(
        Gen.Elements(Paths).Select(path => Call("var", Value.From(path))),
        Gen.Elements(Paths).Select(path => Call("val", [.. path.Split('.').Select(Value.From)])),
        Gen.Choose(0, 4).SelectMany(up => Gen.Elements("a", "b", "index", "iterator").Select(name => Call("val", Value.From([Value.From(up)]), Value.From(name)))),
        Gen.Constant(Call("val")));

    private static Gen<Value> Rule(int size)
    {
        if (size == 0) return Gen.OneOf(Scalars, Facts, Facts);
        var part = Rule(size / 3);
        var list = Gen.OneOf(part, part.ListOf().Select(items => Value.From([.. items])));
        return Gen.OneOf(
            Facts,
            Gen.Elements(Operator.Names.ToArray()).SelectMany(name => Gen.OneOf(
                Gen.Two(part).Select(p => Call(name, p.Item1, p.Item2)),
                Gen.Two(part).Select(p => Call(name, p.Item1, p.Item2)),
                Gen.Three(part).Select(p => Call(name, p.Item1, p.Item2, p.Item3)),
                part.Select(p => Call(name, p)),
                part.Select(p => Object([name], [p])),
                Gen.Constant(Call(name)))),
            Gen.Elements("map", "filter", "reduce", "all", "some", "none").SelectMany(name => list.SelectMany(items => part.Select(each => Call(name, items, each)))),
            Gen.Elements("+", "*", "-", "max", "min", "cat", "merge").SelectMany(name => list.Select(items => Object([name], [items]))));
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
