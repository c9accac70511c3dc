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

    private static async Task<Results<Ok<DealResponse>, ProblemHttpResult>> Handle(Guid id, MergePatch<DealFields> patch, CrmDbContext db, RecordWrites writes, CancellationToken ct)
    {
        var (deal, problem) = await writes.FindAsync<Deal>(id, patch.Version, ct);
        if (deal is null) return problem!;
        if (patch.Apply(DealFields.Of(deal), out var faults) is not { } fields) return Problems.Faulty(faults);
        fields.Write(deal);
        return await writes.SaveAsync(deal, ct) is { } refused ? refused : TypedResults.Ok(await GetDeal.ReadAsync(db, id, ct));
    }
}
