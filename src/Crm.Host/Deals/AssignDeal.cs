using Crm.Entities;
using Crm.Entities.Deals;
using Crm.Host.Records;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Crm.Host.Deals;

internal static class AssignDeal // POST /deals/{id}/assign
{
    public static void Map(IEndpointRouteBuilder deals) => deals.MapPost("/{id:guid}/assign", Handle).WithName(nameof(AssignDeal))
        .WithSummary("Gives a deal to somebody; who had it before is kept as previousOwnerId").WithIdempotencyKey("deals/assign")
        .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<Results<Ok<DealResponse>, ProblemHttpResult>> Handle(Guid id, Body<AssignRequest> body, CrmDbContext db, RecordWrites writes, CancellationToken ct) =>
        await writes.AssignAsync<Deal>(id, body.Value, ct) is { } problem ? problem : TypedResults.Ok(await GetDeal.ReadAsync(db, id, ct));
}
