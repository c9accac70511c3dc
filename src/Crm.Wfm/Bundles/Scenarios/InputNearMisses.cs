using Crm.Wfm.Rules;
using Crm.Wfm.Rules.Solving;
using Crm.Wfm.Schemas;

namespace Crm.Wfm.Bundles.Scenarios;

/// <summary>What a form's schema could be by mistake.</summary>
/// <param name="Pointer">Where it differs.</param>
/// <param name="Words">What is different.</param>
/// <param name="Schema">The schema as it would be.</param>
/// <param name="Inputs">Makes, of an input that is right, inputs that may show the difference.</param>
/// <param name="Why">Why no test shows it; <c>null</c> where one may.</param>
internal sealed record InputNearMiss(string Pointer, string Words, JsonSchema Schema, Func<Value, IEnumerable<Value>> Inputs, string? Why = null)
{
    private const int Longest = 256;

    public static string? TooLong(double length) => length > Longest ? $"a text of {length} characters is too long to be written into a test" : null;
}

/// <summary>Lists what the schema of what is entered could be by mistake: a keyword left out, a bound off by one.</summary>
internal static class InputNearMisses
{
    private static readonly string[] Bounds = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minLength", "maxLength", "minItems", "maxItems"];
    private static readonly string[] Dropped = ["type", "enum", "const", "pattern", "format", "uniqueItems", "items", "additionalProperties"];

    public static IEnumerable<InputNearMiss> Of(JsonSchema schema) => Of(schema, schema.Source, [], []);

    private static IEnumerable<InputNearMiss> Of(JsonSchema root, Value part, string[] place, string[] names)
    {
        foreach (var name in part["required"].AsList.ToArray().Select(r => r.AsText!))
        {
            var rest = Value.From([.. part["required"].AsList.ToArray().Where(r => r.AsText != name)]);
            yield return Make(root, place, "required", rest, $"{name} may be left out", input => [Put(input, [.. names, name], null)]);
        }

        foreach (var keyword in Dropped.Where(k => part.AsObject!.Has(k) && (names.Length > 0 || k is "additionalProperties")))
            yield return Make(root, place, keyword, null, $"without {keyword}", input => Candidates(part, names, input));
        foreach (var member in part["enum"].AsList.ToArray().Where(_ => names.Length > 0))
            yield return Make(root, place, "enum", Value.From([.. part["enum"].AsList.ToArray().Where(m => m != member)]), $"without {member}", input => [Put(input, names, member)]);
        foreach (var bound in Bounds.Where(k => part.AsObject!.Has(k)))
        {
            var isWhole = bound.Contains("Length", StringComparison.Ordinal) || bound.Contains("Items", StringComparison.Ordinal) || part["type"].AsText == "integer";
            var n = part[bound].AsNumber;
            foreach (var by in isWhole ? new[] { 1m, -1m } : [0.01m, -0.01m])
            {
                var other = (double)((decimal)n + by);
                if (other == n) continue;
                if (other < 0 && isWhole && bound is not ("minimum" or "maximum" or "exclusiveMinimum" or "exclusiveMaximum")) continue;
                var miss = Make(root, place, bound, Value.From(other), $"{bound} {other} in place of {n}", input => Candidates(part, names, input));
                yield return bound.EndsWith("Length", StringComparison.Ordinal) ? miss with { Why = InputNearMiss.TooLong(Math.Max(n, other)) } : miss;
            }
        }

        foreach (var (name, child) in part["properties"].AsObject ?? FactObject.Empty)
        {
            if (child.AsObject is null) continue;
            foreach (var miss in Of(root, child, [.. place, "properties", name], [.. names, name])) yield return miss;
        }
    }

    private static InputNearMiss Make(JsonSchema root, string[] place, string keyword, Value? value, string words, Func<Value, IEnumerable<Value>> inputs) => new(
        string.Concat(place.Append(keyword).Select(JsonPointer.Token)), place.Length > 0 ? $"{place[^1]}: {words}" : words, JsonSchema.Read(FactTree.With(root.Source, [.. place, keyword], value), [])!, inputs);

    private static Value Put(Value input, string[] names, Value? value) => FactTree.With(input, names, value);

    private static IEnumerable<Value> Candidates(Value part, string[] names, Value input)
    {
        if (part["type"].AsText == "object" || part["properties"].AsObject is not null) yield return Put(input, [.. names, "something-else"], Value.From("text"));
        if (names.Length == 0) yield break;
        var good = new Domain(new("input", JsonSchema.Read(part, [])) { Empty = Emptiness.Never }, ScenarioRunner.DefaultNow).Representatives(new(), null, new(Fuel.OfRefusal)).OfType<Value>();
        foreach (var value in good.Concat(Edges(part)).Concat([Value.From("text"), Value.From("something else"), Value.From(7), Value.From(0.5), Value.True, Value.From([])]).Distinct()) yield return Put(input, names, value);
    }

    private static IEnumerable<Value> Edges(Value part)
    {
        foreach (var bound in Bounds.Where(k => part.AsObject!.Has(k)))
        {
            var n = part[bound].AsNumber;
            foreach (var by in new[] { 0m, 1m, -1m, 0.01m, -0.01m })
            {
                var near = (double)((decimal)n + by);
                if (bound.EndsWith("imum", StringComparison.Ordinal)) yield return Value.From(near);
                else if (near >= 0 && double.IsInteger(near) && InputNearMiss.TooLong(near) is null)
                    yield return bound.EndsWith("Length", StringComparison.Ordinal) ? Value.From(new string('x', (int)near)) : Value.From([.. Items(part).Take((int)near)]);
            }
        }

        var items = Items(part).Take(2).ToArray();
        if (items.Length > 0) foreach (var list in new[] { new[] { items[0] }, [items[0], items[0]], [Value.From("something else")] }) yield return Value.From(list);
    }

    private static IEnumerable<Value> Items(Value part) => part["items"].AsObject is null ? [Value.From("text"), Value.From("other"), Value.From("third")]
        : new Domain(new("item", JsonSchema.Read(part["items"], [])) { Empty = Emptiness.Never }, ScenarioRunner.DefaultNow).Representatives(new(), null, new(Fuel.OfRefusal)).OfType<Value>();
}
