using System.Globalization;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Bundles;

/// <summary>Says values.</summary>
internal static class ValueWords
{
    private const int Longest = 160;
    private const int MostDecimals = 6;

    public static string Say(Value value) => Cut(value switch
    {
        { Kind: ValueKind.Text } => $"\"{value.AsText}\"",
        { Kind: ValueKind.List } when value.AsList.ToArray().All(v => v.Kind == ValueKind.Text) => string.Join(", ", value.AsList.ToArray().Select(v => v.AsText)),
        _ => value.ToString(),
    });

    /// <summary>Says who may: <c>sales-rep as owner</c>.</summary>
    public static string Who(Value value) => value.AsObject is null
        ? value.AsText ?? value.ToString()
        : string.Join(" as ", new[] { value["roles"], value["relations"] }.Select(v => string.Join(" or ", v.AsList.ToArray().Select(r => r.AsText))).Select((text, i) => i == 1 && text.Length > 0 && value["roles"].IsNull ? $"whoever is {text}" : text).Where(text => text.Length > 0));

    /// <summary>Says two values, numbers with as many decimals as each other.</summary>
    public static (string First, string Second) Pair(Value first, Value second)
    {
        if (first.Kind != ValueKind.Number || second.Kind != ValueKind.Number) return (Say(first), Say(second));
        var decimals = Math.Max(Decimals(first.ToString()), Decimals(second.ToString()));
        return decimals is 0 or > MostDecimals ? (Say(first), Say(second)) : (Fixed(first, decimals), Fixed(second, decimals));
    }

    public static string Cut(string text) => text.Length <= Longest ? text : text[..(char.IsHighSurrogate(text[Longest - 1]) ? Longest - 1 : Longest)] + "…";

    private static string Fixed(Value number, int decimals) => number.AsNumber.ToString("F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private static int Decimals(string number) => number.Contains('e', StringComparison.Ordinal) ? int.MaxValue : number.IndexOf('.', StringComparison.Ordinal) is >= 0 and var point ? number.Length - point - 1 : 0;
}
