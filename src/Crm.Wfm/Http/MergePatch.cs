using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Wfm.Rules;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace Crm.Wfm.Http;

#pragma warning disable CA1000 // minimal APIs bind by static members
/// <summary>A JSON Merge Patch (RFC 7396) of a record's editable fields: what is sent is changed, <c>null</c> clears, what is left out stays. <c>version</c> may stand beside the fields instead of If-Match.</summary>
/// <typeparam name="T">The editable fields, as a body creating the record has them.</typeparam>
public sealed class MergePatch<T> : IBody, IBindableFromHttpContext<MergePatch<T>>, IEndpointParameterMetadataProvider
    where T : class
{
    private const string MediaType = "application/merge-patch+json";

    private JsonObject _patch = [];

    /// <inheritdoc/>
    public IReadOnlyList<Fault> Faults { get; private init; } = [];

    /// <inheritdoc/>
    public int Status { get; private init; } = StatusCodes.Status400BadRequest;

    /// <summary>Gets the version the client has seen, if the body says it.</summary>
    public int? Version { get; private init; }

    /// <inheritdoc/>
    public static async ValueTask<MergePatch<T>?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        if (!context.Request.HasJsonContentType()) return new() { Faults = [BodyBytes.NotJson], Status = StatusCodes.Status415UnsupportedMediaType };
        if (await BodyBytes.ReadAsync(context) is not { } bytes) return new() { Faults = [BodyBytes.TooLarge], Status = StatusCodes.Status413PayloadTooLarge };
        var faults = new List<Fault>();
        if (StrictJson.Read(bytes.Span, faults) is not { } json) return new() { Faults = faults };
        if (json.AsObject is not { } members) return new() { Faults = [new("", "type", "must be an object")] };
        var version = members["version"];
        if (members.Has("version") && !(version.Kind == ValueKind.Number && version.AsNumber is >= 0 and <= int.MaxValue && double.IsInteger(version.AsNumber)))
        {
            return new() { Faults = [new("/version", "type", "must be a whole number from 0")] };
        }

        var patch = (JsonObject)json.ToJson()!;
        patch.Remove("version");
        return new() { _patch = patch, Version = members.Has("version") ? (int)version.AsNumber : null };
    }

    /// <inheritdoc/>
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Accepts(typeof(MergePatch<T>), MediaType, "application/json");

    /// <summary>Applies the patch to the fields as they are.</summary>
    /// <returns>The fields as they would be, checked as a body that creates the record is; <c>null</c> with the faults.</returns>
    public T? Apply(T current, out IReadOnlyList<Fault> faults)
    {
        var merged = (JsonObject)Merge(JsonSerializer.SerializeToNode(current, BodyJson.Options), _patch)!;
        return BodyJson.Read<T>(JsonSerializer.SerializeToUtf8Bytes(merged), out _, out faults);
    }

    private static JsonNode? Merge(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonObject members) return patch?.DeepClone();
        var result = target as JsonObject ?? [];
        foreach (var (name, value) in members)
        {
            if (value is null) result.Remove(name);
            else result[name] = Merge(result[name]?.DeepClone(), value);
        }

        return result;
    }
}
#pragma warning restore CA1000
