using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Crm.Wfm.Bundles;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Crm.Wfm.Http;

internal static class PublishBundle // POST /bundles?dryRun=&despiteFailingTests=
{
    public static void Map(IEndpointRouteBuilder bundles) => bundles.MapPost("", Handle).WithName(nameof(PublishBundle))
        .WithSummary("Publishes a bundle, or says every fault in it and stores nothing")
        .WithIdempotencyKey("bundles")
        .ProducesProblem(StatusCodes.Status403Forbidden);

    private static async Task<Results<Ok<PublishBundleResponse>, Created<PublishBundleResponse>, ProblemHttpResult>> Handle(
        [Description("Whether to check it all and store nothing.")] bool? dryRun,
        [Description("Why it is to be published although tests of its own fail; kept with the version. Left out, failing tests refuse it."), StringLength(TestOverride.MaxReason, MinimumLength = 1)] string? despiteFailingTests,
        BundleBody body, HttpContext http, CurrentRequest current, BundlePublisher publisher, IOptions<WfmOptions> options, CancellationToken ct)
    {
        if (!current.Actor.Roles.Contains(options.Value.PublisherRole)) return Problems.Forbidden($"Publishing needs the role {options.Value.PublisherRole}.");
        if (despiteFailingTests is not null && TestOverride.Check(despiteFailingTests, $"?{nameof(despiteFailingTests)}") is { } wrong) return Problems.Faulty([wrong]);
        var result = await publisher.PublishAsync(body.Bytes, current.Actor, dryRun ?? false, despiteFailingTests, ct);
        if (result is PublishResult.Published { DryRun: false, Bundle: var made }) http.Response.Headers.Location = $"{http.Request.Path}/{made.Key}/{made.Version}";
        return result switch
        {
            PublishResult.Published { DryRun: true } p => TypedResults.Ok(Of(p.Bundle, "would-publish", p.Warnings) with { Against = p.Against, Compatible = p.Diff!.IsCompatible, Changes = p.Diff.Changes }),
            PublishResult.Published p => TypedResults.Created((string?)null, Of(p.Bundle, "published", p.Warnings)),
            PublishResult.Unchanged u => TypedResults.Ok(Of(u.Bundle, "unchanged", u.Warnings)),
            PublishResult.Faulty f => Problems.Faulty(f.Faults, StatusCodes.Status422UnprocessableEntity),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private static PublishBundleResponse Of(Bundle bundle, string outcome, IReadOnlyList<Fault> warnings) => new(bundle.Key, bundle.Version, bundle.ContentHash, outcome, warnings);
}

/// <summary>A body that is read whole and left to the bundle reader.</summary>
internal sealed record BundleBody(ReadOnlyMemory<byte> Bytes, IReadOnlyList<Fault> Faults, int Status = StatusCodes.Status200OK) : IBody, IEndpointParameterMetadataProvider
{
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) => builder.Accepts(typeof(JsonObject), "application/json");

    public static async ValueTask<BundleBody?> BindAsync(HttpContext context)
    {
        if (!context.Request.HasJsonContentType()) return new(default, [BodyBytes.NotJson], StatusCodes.Status415UnsupportedMediaType);
        return await BodyBytes.ReadAsync(context) is { } bytes ? new(bytes, []) : new(default, [BodyBytes.TooLarge], StatusCodes.Status413PayloadTooLarge);
    }
}

internal sealed record PublishBundleResponse(
    string Key, string Version, string ContentHash, [property: AllowedValues("published", "would-publish", "unchanged")] string Outcome, IReadOnlyList<Fault> Warnings)
{
    /// <summary>Gets, of a dry run, the newest version that is published.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Against { get; init; }

    /// <summary>Gets, of a dry run, whether running projects could be taken along.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Compatible { get; init; }

    /// <summary>Gets, of a dry run, what would change against what is published.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<BundleChange>? Changes { get; init; }
}
