using Crm.Wfm.Rules;
using FsCheck;
using FsCheck.Fluent;

namespace Crm.Wfm.Tests.Rules;

/// <summary>Values as FsCheck makes them up.</summary>
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
