using Crm.Entities;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Crm.Host.Organizations;

internal static class GetOrganization // GET /organizations/{id}
{
    public static void Map(IEndpointRouteBuilder organizations) =>
        organizations.MapGet("/{id:guid}", Handle).WithName(nameof(GetOrganization)).WithSummary("Shows an organization").ProducesProblem(StatusCodes.Status404NotFound);

    public static Task<OrganizationResponse?> ReadAsync(CrmDbContext db, Guid id, CancellationToken ct) =>
        db.Organizations.AsNoTracking().Where(o => o.Id == id).Select(OrganizationResponse.From).SingleOrDefaultAsync(ct);

    private static async Task<Results<Ok<OrganizationResponse>, ProblemHttpResult>> Handle(Guid id, HttpContext http, CrmDbContext db, CancellationToken ct)
    {
        if (await ReadAsync(db, id, ct) is not { } organization) return Problems.NotFound("organization");
        http.Response.Headers.ETag = ETags.Of(organization.Version);
        return TypedResults.Ok(organization);
    }
}
