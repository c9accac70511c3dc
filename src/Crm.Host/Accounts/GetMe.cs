using Crm.Entities;
using Crm.Entities.Workspaces;
using Crm.Host.ApiKeys;
using Crm.Host.Authentication;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Crm.Host.Accounts;

internal static class GetMe // GET /me
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/me", Handle).WithName(nameof(GetMe)).WithSummary("Shows who is signed in, where, and what they may do");

    private static async Task<Ok<MeResponse>> Handle(HttpContext http, CurrentRequest current, CrmDbContext db, CancellationToken ct)
    {
        var user = await db.Users.Where(u => u.Id == current.Actor.Id).Select(u => new { u.Name, u.Email }).SingleAsync(ct);
        return TypedResults.Ok(new MeResponse(current.Actor.Id, user.Name, user.Email, current.Actor.Roles, SignedIn.Scopes(http), await db.WorkspaceAsync(ct)));
    }
}

/// <summary>Who is signed in.</summary>
internal sealed record MeResponse(Guid Id, string Name, string? Email, IReadOnlyList<string> Roles, [property: ScopeList] IReadOnlyList<string> Scopes, WorkspaceSettings Workspace);
