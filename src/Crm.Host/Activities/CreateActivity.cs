using Crm.Entities;
using Crm.Entities.Activities;
using Crm.Host.Records;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Crm.Host.Activities;

internal static class CreateActivity // POST /activities
{
    public static void Map(IEndpointRouteBuilder activities) => activities.MapPost("", Handle).WithName(nameof(CreateActivity))
        .WithSummary("Creates an activity, for oneself unless somebody is named").WithIdempotencyKey("activities");

    private static async Task<Results<Created<ActivityResponse>, ProblemHttpResult>> Handle(
        Body<ActivityFields> body, HttpContext http, CrmDbContext db, RecordWrites writes, CancellationToken ct)
    {
        var fields = body.Value;
        var activity = new Activity { WorkspaceId = writes.Workspace, Id = writes.NewId(), Kind = fields.Kind, Subject = fields.Subject };
        (fields with { AssigneeId = fields.AssigneeId ?? writes.Actor.Id }).Write(activity);
        db.Activities.Add(activity);
        if (await writes.SaveAsync(activity, ct) is { } problem) return problem;
        http.Response.Headers.Location = $"{http.Request.Path}/{activity.Id}"; // here, not by the result: HttpIdempotency keeps it
        return TypedResults.Created((string?)null, await GetActivity.ReadAsync(db, activity.Id, ct));
    }
}
