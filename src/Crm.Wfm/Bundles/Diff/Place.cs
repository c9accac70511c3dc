using System.Text.RegularExpressions;

namespace Crm.Wfm.Bundles;

/// <summary>A place in two documents, and the words for it.</summary>
/// <param name="Old">JSON Pointer in the older document.</param>
/// <param name="New">JSON Pointer in the newer one.</param>
/// <param name="Words">From the top: a member has no noun, an element has one.</param>
internal sealed partial record Place(string Old, string New, IReadOnlyList<(string? Noun, string Name)> Words)
{
    public static Place Root { get; } = new("", "", []);

    /// <summary>Gets the names from the last element on, which is where the change is within it.</summary>
    public string Label => Human([.. Words.Reverse().TakeWhile(w => w.Noun is null).Select(w => w.Name).Reverse()]);

    /// <summary>Gets the last name.</summary>
    public string Name => Words.Count > 0 ? Words[^1].Name : "";

    /// <summary>Gets what it is about.</summary>
    public string Concerns => Words switch
    {
        [] => "bundle",
        _ when Words.Reverse().TakeWhile(w => w.Noun is null).Any(w => w.Name is "schema" or "fields" or "input") => "schema",
        _ => Words.LastOrDefault(w => w.Noun is not null).Noun ?? Words[0].Name,
    };

    public Place Member(string name) => new(Old + JsonPointer.Token(name), New + JsonPointer.Token(name), [.. Words, (null, name)]);

    /// <summary>Goes to an element of a collection, whose noun takes the place of the collection's own name.</summary>
    public Place Element(string? noun, string key, string? oldToken, string? newToken) =>
        new(Old + oldToken, New + newToken, noun is null ? [.. Words, (null, key)] : [.. Words.Take(Words.Count - 1), (noun, key)]);

    /// <summary>Names the elements on the way: <c>transition *win*: condition *discount-ok*</c>.</summary>
    /// <param name="single">Whether there is but one workflow, which need not be named.</param>
    public string Elements(bool single)
    {
        var elements = new List<string>();
        var input = "";
        foreach (var (noun, name) in Words)
        {
            if (noun is null) input = name == "input" ? "input " : input;
            else elements.Add($"{input}{noun} *{name}*");
            if (noun is not null) input = "";
        }

        return string.Join(": ", single && elements.Count > 1 && Words[0].Noun == "workflow" ? elements.Skip(1) : elements);
    }

    private static string Human(string[] names)
    {
        if (names is [.. var first, var language] && first.Length > 0 && Language().IsMatch(language) && first[^1] is "title" or "message" or "description" or "guidance") return $"{Human(first)} ({language})";
        return string.Join(' ', names.Select(name => Capital().Replace(name, m => " " + m.Value.ToLowerInvariant())));
    }

    [GeneratedRegex("^[a-z]{2,3}(-[A-Z]{2})?$")]
    private static partial Regex Language();

    [GeneratedRegex("(?<=[a-z])[A-Z]")]
    private static partial Regex Capital();
}
