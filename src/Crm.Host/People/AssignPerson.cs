using Crm.Entities;
using Crm.Entities.People;
using Crm.Host.Records;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Crm.Host.People;

internal static class AssignPerson // POST /people/{id}/assign
{
    public static void Map(IEndpointRouteBuilder people) => people.MapPost("/{id:guid}/assign", Handle).WithName(nameof(AssignPerson))
        .WithSummary("Gives a person to somebody; who had them before is kept as previousOwnerId").WithIdempotencyKey("people/assign")
        .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<Results<Ok<PersonResponse>, ProblemHttpResult>> Handle(Guid id, Body<AssignRequest> body, CrmDbContext db, RecordWrites writes, CancellationToken ct) =>
        await writes.AssignAsync<Person>(id, body.Value, ct) is { } problem ? problem : TypedResults.Ok(await GetPerson.ReadAsync(db, id, ct));
}
