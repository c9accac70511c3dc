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

    private static async Task<Ok<List<BundleResponse>>> Handle(HostContext host, CancellationToken ct) => TypedResults.Ok(
        await host.Db.Set<BundleRow>().OrderByDescending(b => b.PublishedAt).ThenBy(b => b.Key)
            .Select(b => new BundleResponse(b.Key, b.Version, b.ContentHash, b.PublishedAt, b.PublishedBy)).ToListAsync(ct));
}

internal sealed record BundleResponse(string Key, string Version, string ContentHash, DateTimeOffset PublishedAt, Guid PublishedBy);
