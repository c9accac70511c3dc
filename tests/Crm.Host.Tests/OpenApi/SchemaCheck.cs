using System.Globalization;
using System.Net.Mail;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Crm.Host.Tests.OpenApi;

/// <summary>Compares JSON with its schema. Stricter than JSON Schema in one thing: a member that is not described is wrong.</summary>
internal static class SchemaCheck
{
    public static IEnumerable<string> Faults(this ApiDescription api, JsonNode described, JsonNode? value, string at = "")
    {
        var schema = api.Resolve(described);
        if ((schema["anyOf"] ?? schema["oneOf"]) is JsonArray kinds)
        {
            // Of none that fits, what is wrong with the one that nearly does.
            return kinds.Select(k => api.Faults(k!, value, at).ToList()).MinBy(f => f.Count)!;
        }

        if (schema["type"] is { } type && !Types(type).Contains(TypeOf(value)) && !(TypeOf(value) == "integer" && Types(type).Contains("number"))) return [$"{at} is {TypeOf(value)}, not {type.ToJsonString()}"];
        if (schema["enum"] is JsonArray allowed && !allowed.Any(a => JsonNode.DeepEquals(a, value))) return [$"{at} is {value?.ToJsonString()}, none of {allowed.ToJsonString()}"];
        return value switch
        {
            JsonObject o => api.OfObject(schema, o, at),
            JsonArray a => api.OfArray(schema, a, at),
            JsonValue v => OfValue(schema, v).Select(f => $"{at} {f}: {v.ToJsonString()}"),
            null => [],
            _ => throw new ArgumentOutOfRangeException(nameof(value)),
        };
    }

    private static IEnumerable<string> OfObject(this ApiDescription api, JsonObject schema, JsonObject value, string at)
    {
        var members = schema["properties"]?.AsObject();
        foreach (var required in schema["required"]?.AsArray() ?? [])
        {
            if (!value.ContainsKey(required!.GetValue<string>())) yield return $"{at}/{required} is missing";
        }

        foreach (var (name, member) in value)
        {
            if ((members?[name] ?? schema["additionalProperties"]) is { } described)
            {
                foreach (var fault in api.Faults(described, member, $"{at}/{name}")) yield return fault;
            }
            else if (schema.Count > 0 && schema["type"] is not null)
            {
                yield return $"{at}/{name} is not described";
            }
        }
    }

    private static IEnumerable<string> OfArray(this ApiDescription api, JsonObject schema, JsonArray value, string at)
    {
        if (value.Count < Number(schema, "minItems", 0) || value.Count > Number(schema, "maxItems", int.MaxValue)) yield return $"{at} has {value.Count} items";
        if (schema["items"] is not { } items) yield break;
        foreach (var (item, i) in value.Select((item, i) => (item, i)))
        {
            foreach (var fault in api.Faults(items, item, $"{at}/{i}")) yield return fault;
        }
    }

    private static IEnumerable<string> OfValue(JsonObject schema, JsonValue value)
    {
        if (value.GetValueKind() == JsonValueKind.Number)
        {
            var number = value.GetValue<decimal>();
            if (number < Number(schema, "minimum", decimal.MinValue) || number > Number(schema, "maximum", decimal.MaxValue)) yield return "is out of bounds";
        }

        if (value.GetValueKind() != JsonValueKind.String) yield break;
        var text = value.GetValue<string>();
        if (text.Length < Number(schema, "minLength", 0) || text.Length > Number(schema, "maxLength", int.MaxValue)) yield return "is of another length";
        if (schema["pattern"] is { } pattern && !Regex.IsMatch(text, pattern.GetValue<string>())) yield return $"does not match {pattern}";
        if (schema["format"] is { } format && !HasFormat(text, format.GetValue<string>())) yield return $"is no {format}";
    }

    private static bool HasFormat(string text, string format) => format switch
    {
        "uuid" => Guid.TryParseExact(text, "D", out _),
        "date" => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
        "date-time" => Regex.IsMatch(text, @"^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)\z") && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _),
        "email" => MailAddress.TryCreate(text, out _),
        _ => true, // names of this API's own, which say what to ask people for
    };

    private static decimal Number(JsonObject schema, string bound, decimal none) => schema[bound]?.GetValue<decimal>() ?? none;

    private static IReadOnlyList<string> Types(JsonNode type) => type is JsonArray several ? [.. several.Select(t => t!.GetValue<string>())] : [type.GetValue<string>()];

    private static string TypeOf(JsonNode? value) => value?.GetValueKind() switch
    {
        null or JsonValueKind.Null => "null",
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.Number => decimal.IsInteger(value!.GetValue<decimal>()) ? "integer" : "number",
        _ => "boolean",
    };
}
