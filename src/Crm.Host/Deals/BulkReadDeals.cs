using Crm.Entities;
using Crm.Host.Lists;
using Crm.Wfm.Http;
using Crm.Wfm.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Crm.Host.Deals;

internal static class BulkReadDeals // POST /deals/bulk-read
{
    public static void Map(IEndpointRouteBuilder deals) =>
        deals.MapPost("/bulk-read", Handle).WithName(nameof(BulkReadDeals)).WithSummary("Shows up to 200 deals by their ids, in that order");

    private static Task<Ok<BulkReadResponse<DealResponse>>> Handle(Body<BulkReadRequest> body, CrmDbContext db, CancellationToken ct) =>
        BulkRead.AnswerAsync(body.Value, db, DealResponse.From(db.Set<ProjectRow>()), ct);
}
