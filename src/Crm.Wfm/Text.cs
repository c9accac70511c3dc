using System.Text.Json.Serialization;

namespace Crm.Wfm;

/// <summary>Words for people: plain, or one text per language.</summary>
/// <param name="ByLanguage">BCP 47 tag → text; a plain text lies under the bundle's default language.</param>
/// <param name="Default">The text in the bundle's default language, or the first there is.</param>
[method: JsonConstructor]
public sealed record Text(string Default, IReadOnlyDictionary<string, string> ByLanguage)
{
    /// <summary>Makes a plain text.</summary>
    public Text(string plain) : this(plain, new Dictionary<string, string>())
    {
    }

    /// <summary>Picks the text for the first language there is one for: the tag itself, then its primary language, else <see cref="Default"/>.</summary>
    /// <param name="languages">BCP 47 tags, the most wanted first.</param>
    public string In(params IEnumerable<string> languages)
    {
        foreach (var language in languages)
        {
            if (ByLanguage.TryGetValue(language, out var text)) return text;
            if (language.IndexOf('-', StringComparison.Ordinal) is var dash and > 0 && ByLanguage.TryGetValue(language[..dash], out text)) return text;
        }

        return Default;
    }

    /// <inheritdoc/>
    public override string ToString() => Default;
}
