using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Wfm;

namespace Crm.Host.Records;

/// <summary>Words for people that a request brings and a column keeps: a text, or one per language.</summary>
internal static class TitleText
{
    public const int Max = 200;

    /// <summary>Finds what is wrong with it.</summary>
    public static string? Check(JsonNode? title) => title switch
    {
        JsonValue text => Check(text),
        JsonObject { Count: > 0 } texts when texts.All(t => t.Value is JsonValue text && Check(text) is null) => null,
        _ => $"must be a text of 1 to {Max} characters, or an object with one for each language",
    };

    /// <summary>Picks the text for the reader: by the best of the languages there is one for, else the first.</summary>
    public static string In(JsonElement title, IReadOnlyList<string> languages)
    {
        if (title.ValueKind == JsonValueKind.String) return title.GetString()!;
        var texts = title.Deserialize<Dictionary<string, string>>()!;
        return new Text(texts.Values.First(), texts).In([.. languages, "en"]);
    }

    /// <summary>Picks the text of a column.</summary>
    public static string In(string title, IReadOnlyList<string> languages) => In(JsonSerializer.Deserialize<JsonElement>(title), languages);

    private static string? Check(JsonValue text) =>
        text.TryGetValue<string>(out var words) && words.Length is > 0 and <= Max ? null : $"must be a text of 1 to {Max} characters";
}
