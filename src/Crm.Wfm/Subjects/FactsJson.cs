using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Subjects;

/// <summary>How typed facts become values: camelCase members, enums as camelCase text, times as <see cref="FactTime"/> text, numbers strict.</summary>
internal static class FactsJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerOptions.Web)
    {
        NumberHandling = JsonNumberHandling.Strict,
        RespectNullableAnnotations = true,
        AllowDuplicateProperties = false,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false), new TimeOffset(), new Time() },
    };

    public static Value Write<T>(T facts) => Value.From(JsonSerializer.SerializeToElement(facts, Options));

    public static bool TryRead(Value value, Type type, out object? read, [NotNullWhen(false)] out string? error)
    {
        (read, error) = (null, null);
        try
        {
            read = JsonSerializer.Deserialize(CanonicalJson.Text(value), type, Options);
            if (read is null && type.IsValueType && Nullable.GetUnderlyingType(type) is null) error = "must not be null";
        }
        catch (JsonException)
        {
            error = $"must be a {(Nullable.GetUnderlyingType(type) ?? type).Name}";
        }

        return error is null;
    }

    private sealed class TimeOffset : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTimeOffset().ToUniversalTime();

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteStringValue(FactTime.Text(value));
    }

    private sealed class Time : JsonConverter<DateTime>
    {
        public override DateTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTimeOffset().UtcDateTime;

        public override void Write(Utf8JsonWriter writer, DateTime value, JsonSerializerOptions options) =>
            writer.WriteStringValue(FactTime.Text(value.Kind == DateTimeKind.Local ? value : DateTime.SpecifyKind(value, DateTimeKind.Utc)));
    }
}
