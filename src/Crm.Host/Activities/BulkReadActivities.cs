using Crm.Entities;
using Crm.Host.Lists;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Crm.Host.Activities;

internal static class BulkReadActivities // POST /activities/bulk-read
{
    public static void Map(IEndpointRouteBuilder activities) =>
        activities.MapPost("/bulk-read", Handle).WithName(nameof(BulkReadActivities)).WithSummary("Shows up to 200 activities by their ids, in that order");

    private static Task<Ok<BulkReadResponse<ActivityResponse>>> Handle(Body<BulkReadRequest> body, CrmDbContext db, CancellationToken ct) =>
        BulkRead.AnswerAsync(body.Value, db, ActivityResponse.Projection, ct);
}
