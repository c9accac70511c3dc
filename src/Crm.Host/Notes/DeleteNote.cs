using Crm.Entities.Notes;
using Crm.Host.Records;
using Crm.Wfm.Http;

namespace Crm.Host.Notes;

internal static class DeleteNote // DELETE /notes/{id}
{
    public static void Map(IEndpointRouteBuilder notes) =>
        notes.MapDelete("/{id:guid}", (Guid id, RecordWrites writes, CancellationToken ct) => writes.DeleteAsync<Note>(id, ct))
            .WithName(nameof(DeleteNote)).WithSummary("Deletes a note; it can be restored")
            .ProducesProblem(StatusCodes.Status404NotFound).WithIfMatch();
}
