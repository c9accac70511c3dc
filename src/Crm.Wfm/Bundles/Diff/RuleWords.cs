using Crm.Wfm.Rules;

namespace Crm.Wfm.Bundles;

/// <summary>Says a rule shortly, as one would write it on paper.</summary>
internal static class RuleWords
{
    private static readonly Dictionary<string, (string Sign, int Binding)> Between = new(StringComparer.Ordinal)
    {
        ["or"] = ("or", 1), ["and"] = ("and", 2),
        ["<"] = ("<", 4), ["<="] = ("≤", 4), [">"] = (">", 4), [">="] = ("≥", 4), ["=="] = ("=", 4), ["==="] = ("=", 4), ["!="] = ("≠", 4), ["!=="] = ("≠", 4), ["in"] = ("in", 4),
        ["+"] = ("+", 5), ["-"] = ("−", 5), ["*"] = ("·", 6), ["/"] = ("÷", 6), ["%"] = ("mod", 6),
    };

    /// <summary>Tells the sign of a comparison; <c>null</c> when the operator is none.</summary>
    public static string? Sign(string comparison) => Between.TryGetValue(comparison, out var known) && known.Binding == 4 ? known.Sign : null;

    public static string Say(Value rule) => Say(rule, 0);

    /// <summary>Takes an operation apart; <c>null</c> for a literal.</summary>
    public static (string Operator, Value[] Arguments)? Operation(Value rule) =>
        rule.AsObject is { Count: 1 } operation ? (operation.Shape.Names[0], operation.Slots[0].Kind == ValueKind.List ? [.. operation.Slots[0].AsList] : [operation.Slots[0]]) : null;

    private static string Say(Value rule, int binding)
    {
        if (Operation(rule) is not var (name, arguments)) return ValueWords.Say(rule);
        if (name is "var" or "val") return string.Join('.', arguments.Take(name == "var" ? 1 : arguments.Length).Select(a => a.AsText ?? a.ToString()));
        if (name is "!" or "not") return $"not {Say(arguments.FirstOrDefault(), 7)}";
        if (name == "!!") return Say(arguments.FirstOrDefault(), binding);
        if (name is "if" or "?:" && arguments.Length == 3) return Within(binding > 0, $"if {Say(arguments[0])} then {Say(arguments[1])} else {Say(arguments[2])}");
        if (!Between.TryGetValue(name, out var sign) || arguments.Length < 2) return $"{name}({string.Join(", ", arguments.Select(a => Say(a)))})";
        return Within(binding >= sign.Binding, string.Join($" {sign.Sign} ", arguments.Select(a => Say(a, sign.Binding))));
    }

    private static string Within(bool parentheses, string text) => parentheses ? $"({text})" : text;
}
