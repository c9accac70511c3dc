using Crm.Entities;
using Crm.Entities.Workspaces;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Crm.Host.Workspaces;

internal static class GetWorkspace // GET /workspace
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/workspace", Handle).WithName(nameof(GetWorkspace)).WithSummary("Shows the workspace: name, time zone, currency, locale");

    private static async Task<Ok<WorkspaceSettings>> Handle(HttpContext http, CrmDbContext db, CancellationToken ct)
    {
        var workspace = await db.WorkspaceAsync(ct);
        http.Response.Headers.ETag = ETags.Of(workspace.Version);
        return TypedResults.Ok(workspace);
    }
}
