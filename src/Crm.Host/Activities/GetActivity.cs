using Crm.Entities;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Crm.Host.Activities;

internal static class GetActivity // GET /activities/{id}
{
    public static void Map(IEndpointRouteBuilder activities) =>
        activities.MapGet("/{id:guid}", Handle).WithName(nameof(GetActivity)).WithSummary("Shows an activity").ProducesProblem(StatusCodes.Status404NotFound);

    public static Task<ActivityResponse?> ReadAsync(CrmDbContext db, Guid id, CancellationToken ct) =>
        db.Activities.AsNoTracking().Where(a => a.Id == id).Select(ActivityResponse.Projection).SingleOrDefaultAsync(ct);

    private static async Task<Results<Ok<ActivityResponse>, ProblemHttpResult>> Handle(Guid id, HttpContext http, CrmDbContext db, CancellationToken ct)
    {
        if (await ReadAsync(db, id, ct) is not { } activity) return Problems.NotFound("activity");
        http.Response.Headers.ETag = ETags.Of(activity.Version);
        return TypedResults.Ok(activity);
    }
}
