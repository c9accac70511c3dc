using Crm.Entities;
using Crm.Wfm.Http;
using Crm.Wfm.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Crm.Host.Leads;

internal static class GetLead // GET /leads/{id}
{
    public static void Map(IEndpointRouteBuilder leads) =>
        leads.MapGet("/{id:guid}", Handle).WithName(nameof(GetLead)).WithSummary("Shows a lead").ProducesProblem(StatusCodes.Status404NotFound);

    public static Task<LeadResponse?> ReadAsync(CrmDbContext db, Guid id, CancellationToken ct) =>
        db.Leads.AsNoTracking().Where(l => l.Id == id).Select(LeadResponse.From(db.Set<ProjectRow>())).SingleOrDefaultAsync(ct);

    private static async Task<Results<Ok<LeadResponse>, ProblemHttpResult>> Handle(Guid id, HttpContext http, CrmDbContext db, CancellationToken ct)
    {
        if (await ReadAsync(db, id, ct) is not { } lead) return Problems.NotFound("lead");
        http.Response.Headers.ETag = ETags.Of(lead.Version);
        return TypedResults.Ok(lead);
    }
}
