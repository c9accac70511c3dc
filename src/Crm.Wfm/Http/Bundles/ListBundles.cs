using System.Text.Json.Serialization;
using Crm.Wfm.Bundles;
using Crm.Wfm.Persistence;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Crm.Wfm.Http;

internal static class ListBundles // GET /bundles
{
    public static void Map(IEndpointRouteBuilder bundles) => bundles.MapGet("", Handle).WithName(nameof(ListBundles)).WithSummary("Lists the published bundles, the newest first");

    private static async Task<Ok<List<BundleResponse>>> Handle(HostContext host, CancellationToken ct)
    {
        var rows = await host.Db.Set<BundleRow>().OrderByDescending(b => b.PublishedAt).ThenBy(b => b.Key)
            .Select(b => new { b.Key, b.Version, b.ContentHash, b.PublishedAt, b.PublishedBy, b.DespiteFailingTests }).ToListAsync(ct);
        return TypedResults.Ok(rows.ConvertAll(b => new BundleResponse(b.Key, b.Version, b.ContentHash, b.PublishedAt, b.PublishedBy) { DespiteFailingTests = TestOverride.Read(b.DespiteFailingTests) }));
    }
}

internal sealed record BundleResponse(string Key, string Version, string ContentHash, DateTimeOffset PublishedAt, Guid PublishedBy)
{
    /// <summary>Gets why who published it did so although tests of its own failed, and which did; left out where all passed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TestOverride? DespiteFailingTests { get; init; }
}
