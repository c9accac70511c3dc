using Crm.Wfm.Rules;
using Crm.Wfm.Rules.Solving;
using Crm.Wfm.Schemas;

namespace Crm.Wfm.Bundles.Proofs;

/// <summary>Makes a small object a schema allows: what it requires, and nothing else.</summary>
internal sealed class Smallest
{
    private const int MaxDepth = 8;
    private const int MostRequired = 200;

    private static readonly DateTimeOffset SomeDay = ScenarioRunner.DefaultNow;

    private readonly Dictionary<JsonSchema, FactObject> _known = [];

    /// <summary>Makes it; what cannot be made is left out, so ask the schema where it matters.</summary>
    public FactObject Of(JsonSchema? schema, Fuel fuel)
    {
        if (schema is null) return FactObject.Empty;
        return _known.TryGetValue(schema, out var known) ? known : _known[schema] = Make(schema, fuel, 0);
    }

    private static FactObject Make(JsonSchema schema, Fuel fuel, int depth)
    {
        var made = new FactObjectBuilder();
        foreach (var name in schema.Source["required"].AsList.ToArray().Take(MostRequired).Select(r => r.AsText).OfType<string>())
        {
            if (fuel.IsSpent) break;
            if (schema.At(JsonPointer.Token(name)) is not { } member) made[name] = Value.From(name);
            else if (member.Source["properties"].AsObject is not null && depth < MaxDepth) made[name] = Value.From(Make(member, fuel, depth + 1));
            else if (Any(member, fuel) is { } value) made[name] = value;
        }

        return made.Build();
    }

    private static Value? Any(JsonSchema schema, Fuel fuel) =>
        new Domain(new("value", schema) { Empty = Emptiness.Never }, SomeDay).Representatives(new(), null, fuel).FirstOrDefault(v => v is { IsNull: false });
}
