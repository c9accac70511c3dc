using Crm.Entities;
using Crm.Entities.Activities;
using Crm.Host.Records;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Crm.Host.Activities;

internal static class RestoreActivity // POST /activities/{id}/restore
{
    public static void Map(IEndpointRouteBuilder activities) => activities.MapPost("/{id:guid}/restore", Handle).WithName(nameof(RestoreActivity))
        .WithSummary("Brings a deleted activity back").WithIdempotencyKey("activities/restore").ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<Results<Ok<ActivityResponse>, ProblemHttpResult>> Handle(Guid id, CrmDbContext db, RecordWrites writes, CancellationToken ct) =>
        await writes.RestoreAsync<Activity>(id, ct) is { } problem ? problem : TypedResults.Ok(await GetActivity.ReadAsync(db, id, ct));
}
