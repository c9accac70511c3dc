using Crm.Entities.Leads;
using Crm.Host.Records;
using Crm.Wfm.Http;

namespace Crm.Host.Leads;

internal static class DeleteLead // DELETE /leads/{id}
{
    public static void Map(IEndpointRouteBuilder leads) => leads.MapDelete("/{id:guid}", (Guid id, RecordWrites writes, CancellationToken ct) => writes.DeleteAsync<Lead>(id, ct))
        .WithName(nameof(DeleteLead)).WithSummary("Deletes a lead; it can be restored").ProducesProblem(StatusCodes.Status404NotFound).WithIfMatch();
}
