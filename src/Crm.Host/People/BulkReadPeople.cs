using Crm.Entities;
using Crm.Host.Lists;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Crm.Host.People;

internal static class BulkReadPeople // POST /people/bulk-read
{
    public static void Map(IEndpointRouteBuilder people) =>
        people.MapPost("/bulk-read", Handle).WithName(nameof(BulkReadPeople)).WithSummary("Shows up to 200 people by their ids, in that order");

    private static Task<Ok<BulkReadResponse<PersonResponse>>> Handle(Body<BulkReadRequest> body, CrmDbContext db, CancellationToken ct) =>
        BulkRead.AnswerAsync(body.Value, db, PersonResponse.From, ct);
}
