using System.Net;
using System.Text;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Activities;

/// <summary>Bodies of requests and answers as values, and values as bodies.</summary>
internal static class Contents
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a body: JSON as what it says, a form as an object, any other text as text, what is no text as base64; nothing as null.</summary>
    /// <param name="body">The body.</param>
    /// <param name="mediaType">Its type.</param>
    /// <param name="faults">Receives what is wrong with JSON, which then is taken as text; <c>null</c> where that is of no interest.</param>
    public static Value Read(byte[] body, string? mediaType, ICollection<Wfm.Fault>? faults = null)
    {
        if (body.Length == 0) return Value.Null;
        if (IsJson(mediaType))
        {
            var found = new List<Wfm.Fault>();
            if (StrictJson.Read(body, found) is { } json) return json;
            foreach (var fault in found) faults?.Add(fault);
        }

        return Text(body) is not { } text ? Value.From(Convert.ToBase64String(body)) : IsForm(mediaType) ? Form(text) : Value.From(text);
    }

    /// <summary>Writes a value: a text as it is, all else as JSON, or as a form where that is its type.</summary>
    public static DraftContent Write(Value content, string? contentType)
    {
        var type = !string.IsNullOrWhiteSpace(contentType) ? contentType : content.AsText is null ? "application/json" : "text/plain";
        var text = content.AsText ?? (IsForm(type) && content.AsObject is { } fields ? Form(fields) : CanonicalJson.Text(content));
        return new(Encoding.UTF8.GetBytes(text), type.Contains("charset", StringComparison.OrdinalIgnoreCase) || IsForm(type) ? type : $"{type}; charset=utf-8");
    }

    public static bool IsJson(string? mediaType) =>
        mediaType is not null && (mediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase) || mediaType.EndsWith("+json", StringComparison.OrdinalIgnoreCase));

    public static bool IsForm(string? mediaType) => mediaType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>Makes an object of names and their values: one as a text, several as a list.</summary>
    public static Value Object(IEnumerable<KeyValuePair<string, IReadOnlyList<string>>> members)
    {
        var built = new FactObjectBuilder();
        foreach (var (name, values) in members) built[name] = values is [var one] ? Value.From(one) : Value.From([.. values.Select(Value.From)]);
        return Value.From(built.Build());
    }

    private static string? Text(byte[] body)
    {
        try
        {
            return Strict.GetString(body);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static Value Form(string text) => Object(
        from pair in text.Split('&', StringSplitOptions.RemoveEmptyEntries)
        let parts = pair.Split('=', 2)
        group parts is [_, var value] ? WebUtility.UrlDecode(value) : "" by WebUtility.UrlDecode(parts[0]) into field
        select KeyValuePair.Create(field.Key, (IReadOnlyList<string>)[.. field]));

    private static string Form(FactObject fields) => string.Join('&', from field in fields
                                                                      from value in field.Value.Kind == ValueKind.List ? field.Value.AsList.ToArray() : [field.Value]
                                                                      select $"{WebUtility.UrlEncode(field.Key)}={WebUtility.UrlEncode(value.AsText ?? value.ToString())}");
}
