using Crm.Entities;
using Crm.Entities.CustomFields;
using Crm.Host.Records;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Crm.Host.CustomFields;

internal static class RestoreCustomField // POST /custom-fields/{id}/restore
{
    public static void Map(IEndpointRouteBuilder admins) => admins.MapPost("/{id:guid}/restore", Handle).WithName(nameof(RestoreCustomField))
        .WithSummary("Brings an archived field back").WithIdempotencyKey("custom-fields/restore").ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<Results<Ok<CustomFieldResponse>, ProblemHttpResult>> Handle(Guid id, CurrentRequest current, CrmDbContext db, RecordWrites writes, CancellationToken ct) =>
        await writes.RestoreAsync<CustomField>(id, ct) is { } problem ? problem : TypedResults.Ok(CustomFieldResponse.Of(await db.CustomFields.SingleAsync(f => f.Id == id, ct), current.Languages));
}
