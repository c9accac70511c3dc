using Crm.Wfm.Rules;

namespace Crm.Wfm.Bundles.Scenarios;

/// <summary>A rule with one thing in it different.</summary>
/// <param name="Rule">The rule as it would be.</param>
/// <param name="Words">What is different.</param>
internal readonly record struct RuleNearMiss(Value Rule, string Words);

/// <summary>Lists the mistakes that are easily made in a rule: the wrong comparison, a bound off by a little, <c>and</c> for <c>or</c>, a clause too many or one left out.</summary>
/// <param name="param">Gives the value of a param; its bounds are a rule's bounds as well.</param>
internal sealed class RuleNearMisses(Func<string, Value> param)
{
    private const double Little = 0.01;
    private const int Most = 300;

    private static readonly Dictionary<string, string[]> Others = new()
    {
        ["<"] = ["<=", ">", "!="], ["<="] = ["<", ">=", "=="], [">"] = [">=", "<", "!="], [">="] = [">", "<=", "=="],
        ["=="] = ["!="], ["!="] = ["=="], ["==="] = ["!=="], ["!=="] = ["==="],
        ["and"] = ["or"], ["or"] = ["and"], ["+"] = ["-"], ["-"] = ["+"], ["*"] = ["/"], ["/"] = ["*"], ["min"] = ["max"], ["max"] = ["min"],
        ["some"] = ["all", "none"], ["all"] = ["some"], ["none"] = ["some"], ["startsWith"] = ["endsWith"], ["endsWith"] = ["startsWith"],
    };

    /// <summary>Their arguments name facts, decisions or patterns rather than being compared.</summary>
    private static readonly HashSet<string> Names = ["var", "val", "exists", "missing", "missing_some", "changed", "decide", "preserve", "matches"];

    private static readonly HashSet<string> Tests = ["and", "or", "!", "!!"];

    /// <summary>Lists what a rule that has to hold could be by mistake: always, never, or something close.</summary>
    public IEnumerable<RuleNearMiss> OfTest(Value rule) => Distinct(rule, Parts(rule).Prepend(new(Value.False, "never")).Prepend(new(Value.True, "always")));

    /// <summary>Lists what a rule that gives a value could be by mistake.</summary>
    public IEnumerable<RuleNearMiss> OfValue(Value rule) => Distinct(rule, Parts(rule).Concat(Literal(rule, false)).Prepend(new(Value.Null, "nothing")));

    private static IEnumerable<RuleNearMiss> Distinct(Value rule, IEnumerable<RuleNearMiss> all) => all.Where(v => v.Rule != rule).DistinctBy(v => v.Rule).Take(Most);

    private IEnumerable<RuleNearMiss> Parts(Value part)
    {
        if (part.AsObject is not { Count: 1 } call) return part.Kind == ValueKind.List ? Items(part) : [];
        var name = call.Shape.Names[0];
        Value[] arguments = call.Slots[0].Kind == ValueKind.List ? call.Slots[0].AsList.ToArray() : [call.Slots[0]];
        var own = Own(part, name, arguments);
        return Names.Contains(name) ? own : own.Concat(arguments.Index().SelectMany(a => Argument(name, arguments, a.Index)));
    }

    private static IEnumerable<RuleNearMiss> Own(Value part, string name, Value[] arguments)
    {
        foreach (var other in Others.GetValueOrDefault(name, [])) yield return new(Call(other, arguments), $"{other} in place of {name} in {part}");
        if (name is "!" && arguments is [var denied]) yield return new(Call("!!", denied), $"{denied} in place of {part}");
        if (name is "!!" && arguments is [var asked]) yield return new(Call("!", asked), $"not {asked}");
        if (name is "and" or "or" or "hasRole" or "missing" && arguments.Length > 1)
        {
            for (var i = 0; i < arguments.Length; i++)
            {
                Value[] rest = [.. arguments[..i], .. arguments[(i + 1)..]];
                yield return new(rest is [var only] && name is "and" or "or" ? rest.Length == 1 ? rest[0] : Call(name, rest) : Call(name, rest), $"without {arguments[i]}");
            }
        }

        if (name == "var" && arguments is [var path, { Kind: ValueKind.Number } otherwise]) yield return new(Call("var", path, Value.From(otherwise.AsNumber + 1)), $"{otherwise.AsNumber + 1} in place of {otherwise} where {path} is missing");
    }

    private IEnumerable<RuleNearMiss> Argument(string name, Value[] arguments, int index)
    {
        var argument = arguments[index];
        foreach (var (other, words) in Literal(argument, name == "substr").Concat(Parts(argument))) yield return new(With(other), words);
        var isTest = Tests.Contains(name) || (name is "if" or "?:" && index % 2 == 0 && index + 1 < arguments.Length);
        if (isTest && name is not ("!" or "!!") && argument.AsObject is not null) yield return new(With(Call("!", argument)), $"not {argument}");

        Value With(Value other) => Call(name, [.. arguments[..index], other, .. arguments[(index + 1)..]]);
    }

    /// <summary>A list that stands in the rule could have an item less.</summary>
    private static IEnumerable<RuleNearMiss> Items(Value list)
    {
        var items = list.AsList.ToArray();
        for (var i = 0; i < items.Length && items.Length > 1; i++) yield return new(Value.From([.. items[..i], .. items[(i + 1)..]]), $"without {items[i]} in {list}");
    }

    private IEnumerable<RuleNearMiss> Literal(Value literal, bool isWhole)
    {
        var value = literal["var"].AsText is ['p', 'a', 'r', 'a', 'm', '.', .. var name] ? param(name) : literal;
        return value switch
        {
            { Kind: ValueKind.Number } => (isWhole ? [1, -1] : new[] { 1, -1, Little, -Little }).Select(by => Value.From((double)((decimal)value.AsNumber + (decimal)by))).Select(n => new RuleNearMiss(n, $"{n} in place of {literal}")),
            { AsText: { Length: > 0 } text } => [new(Value.From(text + "-"), $"\"{text}-\" in place of {literal}")],
            { Kind: ValueKind.Boolean } => [new(Value.From(!value.AsBoolean), $"{Value.From(!value.AsBoolean)} in place of {literal}")],
            _ => [],
        };
    }

    private static Value Call(string name, params Value[] arguments) => Value.From(new FactObjectBuilder { [name] = Value.From(arguments) }.Build());
}
