using Crm.Entities;
using Crm.Entities.Deals;
using Crm.Host.Records;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Crm.Host.Deals;

internal static class UpdateDeal // PATCH /deals/{id}
{
    public static void Map(IEndpointRouteBuilder deals) => deals.MapPatch("/{id:guid}", Handle).WithName(nameof(UpdateDeal))
        .WithSummary("Changes a deal: what is sent is changed, null clears; another ownerId assigns it")
        .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<Results<Ok<DealResponse>, ProblemHttpResult>> Handle(Guid id, MergePatch<DealFields> patch, CrmDbContext db, RecordWrites writes, CancellationToken ct) =>
        await writes.UpdateAsync<Deal, DealFields>(id, patch, ct) is { } problem ? problem : TypedResults.Ok(await GetDeal.ReadAsync(db, id, ct));
}
