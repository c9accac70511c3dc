using Crm.Entities.Activities;
using Crm.Host.Records;
using Crm.Wfm.Http;

namespace Crm.Host.Activities;

internal static class DeleteActivity // DELETE /activities/{id}
{
    public static void Map(IEndpointRouteBuilder activities) =>
        activities.MapDelete("/{id:guid}", (Guid id, RecordWrites writes, CancellationToken ct) => writes.DeleteAsync<Activity>(id, ct))
            .WithName(nameof(DeleteActivity)).WithSummary("Deletes an activity; it can be restored")
            .ProducesProblem(StatusCodes.Status404NotFound).WithIfMatch();
}
