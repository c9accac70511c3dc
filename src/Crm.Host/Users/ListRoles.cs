using Crm.Entities;
using Crm.Entities.Users;
using Crm.Host.Records;
using Crm.Wfm.Http;
using Crm.Wfm.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Crm.Host.Users;

internal static class ListRoles // GET /roles
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/roles", Handle).WithName(nameof(ListRoles)).WithSummary("Lists the roles users can have: those of published bundles, and admin");

    private static async Task<Ok<List<RoleResponse>>> Handle(CurrentRequest current, CrmDbContext db, CancellationToken ct)
    {
        var rows = await db.Set<RoleRow>().Where(r => r.Key != Roles.Admin).OrderBy(r => r.Key).Select(r => new { r.Key, r.Title, r.BundleKey }).ToListAsync(ct);
        return TypedResults.Ok<List<RoleResponse>>([new(Roles.Admin, "Admin", null), .. rows.Select(r => new RoleResponse(r.Key, r.Title is null ? r.Key : TitleText.In(r.Title, current.Languages), r.BundleKey))]);
    }
}

internal sealed record RoleResponse(string Key, string Title, string? Bundle);
