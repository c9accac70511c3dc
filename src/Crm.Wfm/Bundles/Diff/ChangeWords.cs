using Crm.Wfm.Rules;

namespace Crm.Wfm.Bundles;

/// <summary>Tells changes in words.</summary>
/// <param name="single">Whether there is but one workflow, which need not be named.</param>
internal sealed class ChangeWords(bool single)
{
    public string Renamed(Place place, string before) => $"{place.Elements(single)} was called *{before}*";

    public string Reordered(Place place, string? previous) => $"{place.Elements(single)} now comes {(previous is null ? "first" : $"after *{previous}*")}";

    public string Moved(Place from, Place to) => $"{to.Elements(single)} was {from.Elements(single)}";

    public string Tell(ChangeKind kind, Place place, Value? old, Value? young)
    {
        if (place.Words.Count > 0 && place.Words[^1].Noun is not null) return Element(kind, place, old, young);
        var (elements, label) = (place.Elements(single), place.Label);
        var prefix = elements.Length == 0 ? "" : elements + ": ";
        if (place.Name == "rule" && old is not null && young is not null) return $"{elements} {RuleDifference.Tell(old.Value, young.Value)}";
        if (IsList(old) && IsList(young)) return prefix + Lists(place.Name, label, old, young);
        return prefix + (old, young) switch
        {
            (null, { } now) => $"{label} is {ValueWords.Say(now)}, was not set",
            ({ } then, null) => $"{label} is no longer set, was {ValueWords.Say(then)}",
            ({ } then, { } now) when place.Name is "when" or "value" or "pauseWhen" => $"{label} is {ValueWords.Cut(RuleWords.Say(now))}, was {ValueWords.Cut(RuleWords.Say(then))}",
            ({ } then, { } now) => Changed(label, then, now),
            _ => label,
        };
    }

    private string Element(ChangeKind kind, Place place, Value? old, Value? young)
    {
        if (kind == ChangeKind.Changed) return $"{place.Elements(single)} is {ValueWords.Say(young!.Value)}, was {ValueWords.Say(old!.Value)}";
        return $"{place.Elements(single)} {(kind == ChangeKind.Added ? "added" : "removed")}{Gist((young ?? old)!.Value)}";
    }

    /// <summary>Says the most important of an element.</summary>
    private static string Gist(Value element)
    {
        if (element.AsObject?.Has("rule") == true) return $": needs {ValueWords.Cut(RuleWords.Say(element["rule"]))}";
        if (element["to"].AsText is { } to) return $": from {(element["from"].AsText is "*" ? "every step" : ValueWords.Say(element["from"]))} to {to}";
        return element["type"].AsText is { } type ? $": {type}" : "";
    }

    private static string Changed(string label, Value then, Value now)
    {
        var (young, old) = ValueWords.Pair(now, then);
        return young == old ? $"{label} changed" : $"{label} is {young}, was {old}";
    }

    private static bool IsList(Value? value) => value is null or { Kind: ValueKind.List };

    private static string Lists(string name, string label, Value? old, Value? young)
    {
        Value[] a = [.. (old ?? Value.Null).AsList], b = [.. (young ?? Value.Null).AsList];
        var (gained, lost) = (b.Except(a).ToList(), a.Except(b).ToList());
        // A list of lists, or of acts in turn, says nothing as one of gains.
        if (a.Concat(b).Any(v => v.Kind is ValueKind.List || (v.AsObject is not null && name != "allow"))) return $"{label} changed";
        if (gained.Count + lost.Count == 0) return $"{label} is in another order";
        string[] parts = name == "allow"
            ? [.. Part("may be taken by", gained), .. Part("may no longer be taken by", lost)]
            : [.. Part($"{label} gains", gained), .. Part(gained.Count > 0 ? "loses" : $"{label} loses", lost)];
        return string.Join("; ", parts);
    }

    private static IEnumerable<string> Part(string verb, List<Value> items) => items.Count == 0 ? [] : [$"{verb} {ValueWords.Cut(string.Join(", ", items.Select(ValueWords.Who)))}"];
}
