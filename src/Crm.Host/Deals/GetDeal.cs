using Crm.Entities;
using Crm.Wfm.Http;
using Crm.Wfm.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Crm.Host.Deals;

internal static class GetDeal // GET /deals/{id}
{
    public static void Map(IEndpointRouteBuilder deals) =>
        deals.MapGet("/{id:guid}", Handle).WithName(nameof(GetDeal)).WithSummary("Shows a deal").ProducesProblem(StatusCodes.Status404NotFound);

    public static Task<DealResponse?> ReadAsync(CrmDbContext db, Guid id, CancellationToken ct) =>
        db.Deals.AsNoTracking().Where(d => d.Id == id).Select(DealResponse.From(db.Set<ProjectRow>())).SingleOrDefaultAsync(ct);

    private static async Task<Results<Ok<DealResponse>, ProblemHttpResult>> Handle(Guid id, HttpContext http, CrmDbContext db, CancellationToken ct)
    {
        if (await ReadAsync(db, id, ct) is not { } deal) return Problems.NotFound("deal");
        http.Response.Headers.ETag = ETags.Of(deal.Version);
        return TypedResults.Ok(deal);
    }
}
