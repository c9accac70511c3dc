using Crm.Wfm.Rules;

namespace Crm.Wfm.Bundles;

/// <summary>Tells what a guard asks for now and did before.</summary>
internal static class RuleDifference
{
    private static readonly Dictionary<string, string> Turned = new(StringComparer.Ordinal) { ["<"] = ">", ["≤"] = "≥", [">"] = "<", ["≥"] = "≤", ["="] = "=", ["≠"] = "≠" };

    private sealed record Comparison(Value Of, string Sign, Value With);

    public static string Tell(Value old, Value young) =>
        All(old, young) ?? Comparisons(old, young, named: false) ?? $"now needs {ValueWords.Cut(RuleWords.Say(young))}; it was {ValueWords.Cut(RuleWords.Say(old))}";

    /// <summary>Tells what joined or left a row of things that all have to hold; or, of one of them, what it asks for now.</summary>
    private static string? All(Value old, Value young)
    {
        var (a, b) = (Parts(old), Parts(young));
        if (a.Length + b.Length <= 2) return null;
        var (joined, left) = (b.Except(a).ToList(), a.Except(b).ToList());
        if (joined.Count == 1 && left.Count == 1 && Comparisons(left[0], joined[0], named: true) is { } changed) return changed;
        if (joined.Count + left.Count == 0 || (joined.Count > 0 && left.Count > 0)) return null;
        return joined.Count > 0 ? $"now also needs {Say(joined)}" : $"no longer needs {Say(left)}";
    }

    private static string? Comparisons(Value old, Value young, bool named)
    {
        if (Read(old) is not { } a || Read(young) is not { } b || a.Of != b.Of) return null;
        var (now, then) = IsLiteral(a.With) && IsLiteral(b.With) ? ValueWords.Pair(b.With, a.With) : (RuleWords.Say(b.With), RuleWords.Say(a.With));
        var of = named ? RuleWords.Say(a.Of) + " " : "";
        return $"now needs {of}{b.Sign} {now}, was {a.Sign} {then}";
    }

    /// <summary>Reads a comparison of something with something, the literal on the right.</summary>
    private static Comparison? Read(Value rule)
    {
        if (RuleWords.Operation(rule) is not (var name, [var left, var right]) || RuleWords.Sign(name) is not { } sign) return null;
        return IsLiteral(left) && !IsLiteral(right) && Turned.TryGetValue(sign, out var turned) ? new(right, turned, left) : new(left, sign, right);
    }

    private static bool IsLiteral(Value value) => value.AsObject is null;

    private static Value[] Parts(Value rule) => RuleWords.Operation(rule) is ("and", var parts) ? parts : [rule];

    private static string Say(IReadOnlyList<Value> parts) => ValueWords.Cut(string.Join(" and ", parts.Select(part => RuleWords.Say(part))));
}
