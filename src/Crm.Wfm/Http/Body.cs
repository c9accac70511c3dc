using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Crm.Wfm.Rules;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace Crm.Wfm.Http;

/// <summary>A request body that knows its faults.</summary>
public interface IBody
{
    /// <summary>Gets what is wrong with it.</summary>
    IReadOnlyList<Fault> Faults { get; }

    /// <summary>Gets the status faults are answered with.</summary>
    int Status { get; }
}

/// <summary>A request body, read strictly: every fault has its JSON Pointer, members nobody asked for are faults.</summary>
#pragma warning disable CA1000 // minimal APIs bind by static members
public sealed class Body<T> : IBody, IBindableFromHttpContext<Body<T>>, IEndpointParameterMetadataProvider
    where T : class
{
    /// <summary>Gets the body; only to be read when there are no faults, which <see cref="RequestFilter"/> sees to.</summary>
    public T Value { get; private init; } = null!;

    /// <inheritdoc/>
    public IReadOnlyList<Fault> Faults { get; private init; } = [];

    /// <inheritdoc/>
    public int Status { get; private init; } = StatusCodes.Status400BadRequest;

    private Value Sent { get; init; }

    /// <summary>Tells whether a member was sent, be it as <c>null</c>: that may mean something else than leaving it out.</summary>
    /// <param name="member">Its name in JSON.</param>
    public bool Has(string member) => Sent.AsObject?.Has(member) == true;

    /// <inheritdoc/>
    public static async ValueTask<Body<T>?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        if (!context.Request.HasJsonContentType()) return new() { Faults = [BodyBytes.NotJson], Status = StatusCodes.Status415UnsupportedMediaType };
        if (await BodyBytes.ReadAsync(context) is not { } bytes) return new() { Faults = [BodyBytes.TooLarge], Status = StatusCodes.Status413PayloadTooLarge };
        var value = BodyJson.Read<T>(bytes, out var sent, out var faults);
        return new() { Value = value!, Sent = sent, Faults = faults };
    }

    /// <inheritdoc/>
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Accepts(typeof(T), "application/json");
}
#pragma warning restore CA1000

/// <summary>How bodies become requests.</summary>
internal static class BodyJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerOptions.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        NumberHandling = JsonNumberHandling.Strict,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        PropertyNameCaseInsensitive = false,
        Converters = { new PointInTime() },
    };

    /// <summary>Reads a body and checks it; <c>null</c> with every fault.</summary>
    public static T? Read<T>(ReadOnlyMemory<byte> bytes, out Value sent, out IReadOnlyList<Fault> faults)
        where T : class
    {
        var found = new List<Fault>();
        (sent, faults) = (Value.Null, found);
        if (StrictJson.Read(bytes.Span, found) is not { } json) return null;
        sent = json;
        BodyShape.Check(typeof(T), json, "", found);
        if (found.Count > 0) return null;
        try
        {
            var value = JsonSerializer.Deserialize<T>(bytes.Span, Options)!;
            Validate(value, "", found);
            return found.Count == 0 ? value : null;
        }
        catch (JsonException e)
        {
            found.Add(new(Pointer(e), "body", Message(e)));
            return null;
        }
    }

    // System.Text.Json tells the place as $.a.b[0].
    public static string Pointer(JsonException e) =>
        (e.Path ?? "$").TrimStart('$').Replace('.', '/').Replace("[", "/", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal);

    // What follows names byte positions, and what precedes it our types: neither helps anybody outside.
    public static string Message(JsonException e) =>
        e.Message.StartsWith("The JSON value could not be converted", StringComparison.Ordinal) ? "is not of the type asked for" : e.Message.Split(" Path: ")[0];

    // Data annotations, nested requests included.
    private static void Validate(object value, string pointer, List<Fault> faults)
    {
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(value, new(value), results, validateAllProperties: true);
        faults.AddRange(results.SelectMany(r => r.MemberNames.DefaultIfEmpty(""), (r, name) =>
            new Fault(pointer + (name.Length > 0 ? "/" + JsonNamingPolicy.CamelCase.ConvertName(name) : ""), "invalid", r.ErrorMessage ?? "is invalid")));
        foreach (var property in value.GetType().GetProperties().Where(p => p.PropertyType.Assembly == value.GetType().Assembly && p.GetIndexParameters().Length == 0))
        {
            if (property.GetValue(value) is { } nested and not Enum) Validate(nested, $"{pointer}/{JsonNamingPolicy.CamelCase.ConvertName(property.Name)}", faults);
        }
    }
}

/// <summary>Compares a body with the request it is to become: members that are missing, members nobody asked for.</summary>
internal static class BodyShape
{
    public static void Check(Type type, Value json, string pointer, List<Fault> faults)
    {
        if (json.AsObject is not { } body)
        {
            faults.Add(new(pointer, "type", "must be an object"));
            return;
        }

        var members = type.GetConstructors()[0].GetParameters().ToDictionary(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name!));
        foreach (var (name, member) in members)
        {
            if (!body.Has(name) && !member.HasDefaultValue) faults.Add(new(pointer + JsonPointer.Token(name), "required", "is missing"));
            else if (!body[name].IsNull && member.ParameterType.Assembly == type.Assembly) Check(member.ParameterType, body[name], pointer + JsonPointer.Token(name), faults);
        }

        faults.AddRange(body.Where(m => !members.ContainsKey(m.Key)).Select(m =>
            new Fault(pointer + JsonPointer.Token(m.Key), "additional-property", $"is not known here; these are: {string.Join(", ", members.Keys)}")));
    }
}

/// <summary>Reads a time that says its offset; without one it would be another moment on every machine.</summary>
internal sealed class PointInTime : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && reader.TryGetDateTime(out var time) && time.Kind != DateTimeKind.Unspecified && reader.TryGetDateTimeOffset(out var point)
            ? point.ToUniversalTime()
            : throw new JsonException("must be a time with its offset from UTC, such as 2027-01-31T09:00:00Z");

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}

/// <summary>Reads bodies up to the limit, whether or not the client says how much it sends.</summary>
internal static class BodyBytes
{
    public const int Max = Bundles.BundleReader.MaxBytes;

    public static Fault NotJson { get; } = new("", "content-type", "Send application/json.");

    public static Fault TooLarge { get; } = new("", "too-large", "At most 5 MB are read.");

    public static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpContext context)
    {
        if (context.Request.ContentLength > Max) return null;
        using var buffer = new MemoryStream();
        var chunk = new byte[16 * 1024];
        int read;
        while ((read = await context.Request.Body.ReadAsync(chunk, context.RequestAborted)) > 0)
        {
            if (buffer.Length + read > Max) return null;
            buffer.Write(chunk, 0, read);
        }

        ReadOnlyMemory<byte> bytes = buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
        context.Items[typeof(BodyBytes)] = bytes; // for HttpIdempotency, which has to know what was asked
        return bytes;
    }
}
