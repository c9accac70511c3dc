using Crm.Entities;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Crm.Host.People;

internal static class GetPerson // GET /people/{id}
{
    public static void Map(IEndpointRouteBuilder people) =>
        people.MapGet("/{id:guid}", Handle).WithName(nameof(GetPerson)).WithSummary("Shows a person").ProducesProblem(StatusCodes.Status404NotFound);

    public static Task<PersonResponse?> ReadAsync(CrmDbContext db, Guid id, CancellationToken ct) =>
        db.People.AsNoTracking().Where(p => p.Id == id).Select(PersonResponse.From).SingleOrDefaultAsync(ct);

    private static async Task<Results<Ok<PersonResponse>, ProblemHttpResult>> Handle(Guid id, HttpContext http, CrmDbContext db, CancellationToken ct)
    {
        if (await ReadAsync(db, id, ct) is not { } person) return Problems.NotFound("person");
        http.Response.Headers.ETag = ETags.Of(person.Version);
        return TypedResults.Ok(person);
    }
}
