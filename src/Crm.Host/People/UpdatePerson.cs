using Crm.Entities;
using Crm.Entities.People;
using Crm.Host.Records;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Crm.Host.People;

internal static class UpdatePerson // PATCH /people/{id}
{
    public static void Map(IEndpointRouteBuilder people) => people.MapPatch("/{id:guid}", Handle).WithName(nameof(UpdatePerson))
        .WithSummary("Changes a person: what is sent is changed, null clears; another ownerId assigns them")
        .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<Results<Ok<PersonResponse>, ProblemHttpResult>> Handle(Guid id, MergePatch<PersonFields> patch, CrmDbContext db, RecordWrites writes, CancellationToken ct) =>
        await writes.UpdateAsync<Person, PersonFields>(id, patch, ct) is { } problem ? problem : TypedResults.Ok(await GetPerson.ReadAsync(db, id, ct));
}
