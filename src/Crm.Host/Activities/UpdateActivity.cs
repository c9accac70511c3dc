using Crm.Entities;
using Crm.Entities.Activities;
using Crm.Host.Records;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Crm.Host.Activities;

internal static class UpdateActivity // PATCH /activities/{id}
{
    public static void Map(IEndpointRouteBuilder activities) => activities.MapPatch("/{id:guid}", Handle).WithName(nameof(UpdateActivity))
        .WithSummary("Changes an activity: what is sent is changed, null clears").ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<Results<Ok<ActivityResponse>, ProblemHttpResult>> Handle(
        Guid id, MergePatch<ActivityFields> patch, CrmDbContext db, RecordWrites writes, CancellationToken ct)
    {
        var (activity, problem) = await writes.FindAsync<Activity>(id, patch.Version, ct);
        if (activity is null) return problem!;
        if (patch.Apply(ActivityFields.Of(activity), out var faults) is not { } fields) return Problems.Faulty(faults);
        fields.Write(activity);
        return await writes.SaveAsync(activity, ct) is { } refused ? refused : TypedResults.Ok(await GetActivity.ReadAsync(db, id, ct));
    }
}
