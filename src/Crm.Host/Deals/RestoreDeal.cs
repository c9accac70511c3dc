using Crm.Entities;
using Crm.Entities.Deals;
using Crm.Host.Records;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Crm.Host.Deals;

internal static class RestoreDeal // POST /deals/{id}/restore
{
    public static void Map(IEndpointRouteBuilder deals) => deals.MapPost("/{id:guid}/restore", Handle).WithName(nameof(RestoreDeal))
        .WithSummary("Brings a deleted deal back; its project goes on where it was").WithIdempotencyKey("deals/restore")
        .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<Results<Ok<DealResponse>, ProblemHttpResult>> Handle(Guid id, CrmDbContext db, RecordWrites writes, CancellationToken ct) =>
        await writes.RestoreAsync<Deal>(id, ct) is { } problem ? problem : TypedResults.Ok(await GetDeal.ReadAsync(db, id, ct));
}
