using Crm.Entities;
using Crm.Host.Records;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Crm.Host.Activities;

internal static class CompleteActivity // POST /activities/{id}/complete, /activities/{id}/reopen
{
    public static void Map(IEndpointRouteBuilder activities)
    {
        activities.MapPost("/{id:guid}/complete", (Guid id, HttpContext http, CrmDbContext db, RecordWrites writes, CancellationToken ct) => HandleAsync(id, true, http, db, writes, ct))
            .WithName(nameof(CompleteActivity)).WithSummary("Marks an activity as done by whoever asks; one that is done stays as it is")
            .WithIdempotencyKey("activities/complete").ProducesProblem(StatusCodes.Status404NotFound);
        activities.MapPost("/{id:guid}/reopen", (Guid id, HttpContext http, CrmDbContext db, RecordWrites writes, CancellationToken ct) => HandleAsync(id, false, http, db, writes, ct))
            .WithName("ReopenActivity").WithSummary("Marks an activity as to do again; one that is to do stays as it is")
            .WithIdempotencyKey("activities/reopen").ProducesProblem(StatusCodes.Status404NotFound);
    }

    // Needs no version: it says what is to be so, not what is to change. The lock lets the second of two at once see what the first has done.
    private static async Task<Results<Ok<ActivityResponse>, ProblemHttpResult>> HandleAsync(
        Guid id, bool done, HttpContext http, CrmDbContext db, RecordWrites writes, CancellationToken ct)
    {
        var activity = await db.Activities.FromSql($"select * from crm.activity where id = {id} for no key update").SingleOrDefaultAsync(ct);
        if (activity is null) return Problems.NotFound("activity");
        if (activity.DoneAt is not null != done)
        {
            activity.DoneAt = done ? writes.Now() : null;
            activity.DoneBy = done ? writes.Actor.Id : null;
            if (await writes.SaveAsync(activity, ct) is { } problem) return problem;
        }

        http.Response.Headers.ETag = ETags.Of(activity.Version);
        return TypedResults.Ok(await GetActivity.ReadAsync(db, id, ct));
    }
}
