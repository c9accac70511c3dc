using Crm.Entities.Organizations;
using Crm.Host.Records;
using Crm.Wfm.Http;

namespace Crm.Host.Organizations;

internal static class DeleteOrganization // DELETE /organizations/{id}
{
    public static void Map(IEndpointRouteBuilder organizations) => organizations.MapDelete("/{id:guid}", (Guid id, RecordWrites writes, CancellationToken ct) => writes.DeleteAsync<Organization>(id, ct))
        .WithName(nameof(DeleteOrganization)).WithSummary("Deletes an organization; it can be restored").ProducesProblem(StatusCodes.Status404NotFound).WithIfMatch();
}
