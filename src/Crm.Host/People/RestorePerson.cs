using Crm.Entities;
using Crm.Entities.People;
using Crm.Host.Records;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Crm.Host.People;

internal static class RestorePerson // POST /people/{id}/restore
{
    public static void Map(IEndpointRouteBuilder people) => people.MapPost("/{id:guid}/restore", Handle).WithName(nameof(RestorePerson))
        .WithSummary("Brings a deleted person back").WithIdempotencyKey("people/restore")
        .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<Results<Ok<PersonResponse>, ProblemHttpResult>> Handle(Guid id, CrmDbContext db, RecordWrites writes, CancellationToken ct) =>
        await writes.RestoreAsync<Person>(id, ct) is { } problem ? problem : TypedResults.Ok(await GetPerson.ReadAsync(db, id, ct));
}
