using System.ComponentModel;
using System.Text.Json.Nodes;
using Crm.Wfm.Persistence;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Crm.Wfm.Http;

internal static class GetBundle // GET /bundles/{key}/{version}
{
    public static void Map(IEndpointRouteBuilder bundles) => bundles.MapGet("/{key}/{version}", Handle).WithName(nameof(GetBundle))
        .WithSummary("Exports a published bundle as canonical text").Produces<JsonObject>(contentType: "application/json").ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<Results<ContentHttpResult, ProblemHttpResult>> Handle(
        [Description("The bundle's key.")] string key, [Description("Its semantic version.")] string version, HostContext host, CancellationToken ct)
    {
        var document = await host.Db.Set<BundleRow>().Where(b => b.Key == key && b.Version == version).Select(b => b.Document).SingleOrDefaultAsync(ct);
        return document is null ? Problems.NotFound("bundle") : TypedResults.Text(document, "application/json");
    }
}
