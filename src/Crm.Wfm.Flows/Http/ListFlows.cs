using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Crm.Wfm.Flows.Definitions;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Crm.Wfm.Flows.Http;

internal static class ListFlows // GET /flows?search=&versions=&after=&limit=
{
    private static readonly string[] Versions = ["latest", "published", "draft", "all"];

    public static void Map(IEndpointRouteBuilder flows) => flows.MapGet("", Handle).WithName(nameof(ListFlows)).WithSummary("Lists flows by name, those of bundles among them");

    private static async Task<Results<Ok<Page<FlowResponse>>, ProblemHttpResult>> Handle(
        [Description("What the name, the id or the description contains.")] string? search,
        [Description("Which versions of each: the latest, unless asked otherwise."), AllowedValues("latest", "published", "draft", "all")] string? versions,
        [Description("What `next` said on the page before.")] string? after, int? limit, FlowDefinitions definitions, CancellationToken ct)
    {
        if (Pages.Check(limit) is { } fault) return Problems.Faulty([fault]);
        if (versions is not null && !Versions.Contains(versions)) return Problems.Faulty([new("?versions", "versions", $"versions is one of {string.Join(", ", Versions)}.")]);
        if (!int.TryParse(after ?? "0", NumberStyles.None, CultureInfo.InvariantCulture, out var skip)) return Problems.Faulty([new("?after", "cursor", "after is what next said on the page before.")]);
        _ = VersionOptions.TryParse(versions switch { "all" => "AllVersions", null => "Latest", _ => versions }, out var meant);
        var page = await definitions.ListAsync(new() { Search = search, Versions = meant, OrderBy = DefinitionOrder.Name, Skip = skip, Take = Pages.Size(limit) }, ct);
        var next = skip + page.Items.Count;
        return TypedResults.Ok(new Page<FlowResponse>([.. page.Items.Select(FlowResponse.Of)], next < page.TotalCount ? next.ToString(CultureInfo.InvariantCulture) : null));
    }
}

/// <summary>A version of a flow as the API shows it.</summary>
/// <param name="Id">The id all versions of the flow share.</param>
/// <param name="VersionId">The id of this version.</param>
/// <param name="Version">The version, from 1.</param>
/// <param name="Name">The name.</param>
/// <param name="Description">What it is for.</param>
/// <param name="ActivityType">The activity type it is in other flows; nothing when it is not to be used as an activity.</param>
/// <param name="IsLatest">Whether it is the newest version.</param>
/// <param name="IsPublished">Whether triggers start this version.</param>
/// <param name="IsSettled">Whether it never changes any more, because it was published or has run.</param>
/// <param name="Bundle">The bundle by which alone it is changed.</param>
/// <param name="BundleVersion">The version of that bundle.</param>
/// <param name="ContentHash">The hash of its content.</param>
/// <param name="CreatedAt">When the version was made.</param>
/// <param name="CreatedBy">Who made it.</param>
internal sealed record FlowResponse(string Id, string VersionId, int Version, string Name, string? Description, string? ActivityType, bool IsLatest, bool IsPublished, bool IsSettled, string? Bundle, string? BundleVersion,
    string ContentHash, DateTimeOffset CreatedAt, Guid? CreatedBy)
{
    public static FlowResponse Of(DefinitionSummary d) => new(d.DefinitionId, d.Id, d.Version, d.Name, d.Description, d.TypeName, d.IsLatest, d.IsPublished, d.IsSettled, d.Bundle, d.BundleVersion, d.ContentHash, d.CreatedAt, d.CreatedBy);
}
