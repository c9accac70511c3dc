using Crm.Entities.People;
using Crm.Host.Records;
using Crm.Wfm.Http;

namespace Crm.Host.People;

internal static class DeletePerson // DELETE /people/{id}
{
    public static void Map(IEndpointRouteBuilder people) => people.MapDelete("/{id:guid}", (Guid id, RecordWrites writes, CancellationToken ct) => writes.DeleteAsync<Person>(id, ct))
        .WithName(nameof(DeletePerson)).WithSummary("Deletes a person; they can be restored").ProducesProblem(StatusCodes.Status404NotFound).WithIfMatch();
}
