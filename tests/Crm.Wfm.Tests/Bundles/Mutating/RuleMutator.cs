using System.Globalization;
using System.Text.Json.Nodes;

namespace Crm.Wfm.Tests.Bundles.Mutating;

/// <summary>A bundle one of whose rules was changed in one place, by chance.</summary>
/// <param name="Pointer">Where the rule stands.</param>
/// <param name="Words">What was changed into what.</param>
/// <param name="Bundle">The bundle.</param>
internal sealed record RuleMutant(string Pointer, string Words, JsonObject Bundle);

/// <summary>
/// Changes rules by chance, the same for the same seed. Written apart from the generator of tests, which knows its own list of mistakes: operators, constants, facts,
/// clauses and whole rules are changed here whether or not anybody would make the mistake.
/// </summary>
internal sealed class RuleMutator(JsonObject bundle, int seed)
{
    private static readonly string[] Comparisons = ["<", "<=", ">", ">=", "==", "!=", "===", "!=="];
    private static readonly string[] Naming = ["var", "val", "exists", "missing", "changed", "decide", "preserve"];

    private readonly Random _random = new(seed);
    private readonly List<string> _places = [.. Places(bundle)];
    private readonly List<string> _facts = [.. Facts(bundle)];

    /// <summary>Makes a mutant; <c>null</c> where chance came to nothing.</summary>
    public RuleMutant? Next()
    {
        var copy = bundle.DeepClone().AsObject();
        var place = _places[_random.Next(_places.Count)];
        var rule = At(copy, place);
        if (Chance(12)) return Put(copy, place, rule, JsonValue.Create(Chance(2)));
        var parts = Parts(rule).ToList();
        var part = parts[_random.Next(parts.Count)];
        return Changed(part) is { } changed ? Put(copy, place, part, changed) : null;
    }

    private JsonNode? Changed(JsonNode part)
    {
        if (part is JsonValue value) return Constant(value);
        if (part is JsonArray { Count: > 1 } list) return Without(list, _random.Next(list.Count));
        if (part is not JsonObject { Count: 1 } call) return null;
        var (name, argument) = call.First();
        if (name == "var") return Fact(argument);
        if (Chance(4)) return new JsonObject { ["!"] = new JsonArray(part.DeepClone()) };
        return name switch
        {
            "and" or "or" when Chance(2) && argument is JsonArray { Count: > 1 } clauses => Named(name, Without(clauses, _random.Next(clauses.Count))),
            "and" => Named("or", argument), "or" => Named("and", argument),
            "!" => Named("!!", argument), "!!" => Named("!", argument),
            "+" => Named("-", argument), "-" => Named("+", argument), "*" => Named("/", argument), "/" => Named("*", argument),
            _ when Comparisons.Contains(name) => Named(Comparisons[_random.Next(Comparisons.Length)], argument),
            _ => null,
        };
    }

    private JsonValue? Constant(JsonValue value) => value.GetValueKind() switch
    {
        System.Text.Json.JsonValueKind.Number => JsonValue.Create((double)(value.GetValue<decimal>() + new[] { 1m, -1m, 0.01m, -0.01m, 0.5m, 10m }[_random.Next(6)])),
        System.Text.Json.JsonValueKind.String => JsonValue.Create(value.GetValue<string>() + "?"),
        System.Text.Json.JsonValueKind.True => JsonValue.Create(false),
        System.Text.Json.JsonValueKind.False => JsonValue.Create(true),
        _ => null,
    };

    private JsonObject? Fact(JsonNode? path)
    {
        if ((path as JsonValue ?? (path as JsonArray)?[0] as JsonValue)?.ToString() is not { } name) return null;
        var root = name.Split('.')[0] + ".";
        var others = _facts.Where(f => f.StartsWith(root, StringComparison.Ordinal) && f != name).ToList();
        return others.Count == 0 ? null : Named("var", JsonValue.Create(others[_random.Next(others.Count)]));
    }

    private bool Chance(int of) => _random.Next(of) == 0;

    private static RuleMutant? Put(JsonObject copy, string place, JsonNode part, JsonNode changed)
    {
        var words = $"{changed.ToJsonString()} in place of {part.ToJsonString()}";
        if (JsonNode.DeepEquals(part, changed)) return null;
        part.ReplaceWith(changed);
        return new(place, words, copy);
    }

    private static JsonObject Named(string name, JsonNode? argument) => new() { [name] = argument?.DeepClone() };

    private static JsonArray Without(JsonArray list, int index) => new([.. list.Where((_, i) => i != index).Select(n => n?.DeepClone())]);

    /// <summary>Lists the parts of a rule that can be changed: calls, constants that are compared or computed with, lists of constants.</summary>
    private static IEnumerable<JsonNode> Parts(JsonNode rule)
    {
        yield return rule;
        if (rule is not JsonObject { Count: 1 } call) yield break;
        var (name, argument) = call.First();
        if (Naming.Contains(name)) yield break;
        foreach (var item in argument as IEnumerable<JsonNode?> ?? [argument])
        {
            if (item is null) continue;
            foreach (var part in Parts(item)) yield return part;
        }
    }

    private static IEnumerable<string> Places(JsonNode bundle)
    {
        foreach (var (key, workflow) in bundle["workflows"]!.AsObject())
        {
            foreach (var (i, step) in workflow!["steps"]!.AsArray().Index())
            {
                foreach (var (guard, _) in step!["exitCriteria"] as JsonObject ?? []) yield return $"workflows/{key}/steps/{i}/exitCriteria/{guard}/rule";
            }

            foreach (var (name, transition) in workflow["transitions"]!.AsObject())
            {
                foreach (var kind in new[] { "conditions", "validators" })
                {
                    foreach (var (guard, _) in transition![kind] as JsonObject ?? []) yield return $"workflows/{key}/transitions/{name}/{kind}/{guard}/rule";
                }

                foreach (var (i, action) in (transition!["postActions"] as JsonArray ?? []).Index())
                {
                    foreach (var member in new[] { "when", "value" }.Where(m => action![m] is JsonObject)) yield return $"workflows/{key}/transitions/{name}/postActions/{i}/{member}";
                }
            }
        }

        foreach (var (key, decision) in bundle["decisions"] as JsonObject ?? [])
        {
            foreach (var (i, input) in decision!["inputs"]!.AsArray().Index().Where(x => x.Item!["value"] is JsonObject)) yield return $"decisions/{key}/inputs/{i}/value";
        }
    }

    private static IEnumerable<string> Facts(JsonNode bundle) =>
        bundle["subjects"]!.AsObject().SelectMany(s => (s.Value!["schema"]!["properties"] as JsonObject ?? []).Select(p => "entity." + p.Key))
            .Concat((bundle["params"] as JsonObject ?? []).Select(p => "param." + p.Key))
            .Concat(bundle["workflows"]!.AsObject().SelectMany(w => w.Value!["transitions"]!.AsObject()).SelectMany(t => (t.Value!["input"]?["properties"] as JsonObject ?? []).Select(p => "input." + p.Key))).Distinct();

    private static JsonNode At(JsonNode root, string place) =>
        place.Split('/').Aggregate(root, (at, name) => at is JsonArray list ? list[int.Parse(name, CultureInfo.InvariantCulture)]! : at[name]!);
}
