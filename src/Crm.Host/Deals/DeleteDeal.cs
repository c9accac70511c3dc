using Crm.Entities.Deals;
using Crm.Host.Records;
using Crm.Wfm.Http;

namespace Crm.Host.Deals;

internal static class DeleteDeal // DELETE /deals/{id}
{
    public static void Map(IEndpointRouteBuilder deals) => deals.MapDelete("/{id:guid}", (Guid id, RecordWrites writes, CancellationToken ct) => writes.DeleteAsync<Deal>(id, ct))
        .WithName(nameof(DeleteDeal)).WithSummary("Deletes a deal; it can be restored").ProducesProblem(StatusCodes.Status404NotFound).WithIfMatch();
}
