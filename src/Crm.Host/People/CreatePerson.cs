using Crm.Entities;
using Crm.Entities.People;
using Crm.Host.Records;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Crm.Host.People;

internal static class CreatePerson // POST /people
{
    public static void Map(IEndpointRouteBuilder people) => people.MapPost("", Handle).WithName(nameof(CreatePerson))
        .WithSummary("Creates a person").WithIdempotencyKey("people");

    private static async Task<Results<Created<PersonResponse>, ProblemHttpResult>> Handle(Body<PersonFields> body, CrmDbContext db, RecordWrites writes, CancellationToken ct)
    {
        var person = new Person { WorkspaceId = writes.Workspace, Id = writes.NewId(), Name = body.Value.Name };
        return await writes.CreateAsync(person, body, ct) is { } problem ? problem : TypedResults.Created((string?)null, await GetPerson.ReadAsync(db, person.Id, ct));
    }
}
