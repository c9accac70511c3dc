using Crm.Entities;
using Crm.Entities.Activities;
using Crm.Host.Lists;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Crm.Host.Activities;

internal static class ListActivities // GET /activities
{
    public static Listing<Activity> Listing { get; } = Listings.Of<Activity>().About()
        .Key("kind", a => a.Kind).Text("subject", a => a.Subject)
        .Id("assigneeId", a => a.AssigneeId)
        .YesNo("done", a => a.DoneAt != null).Time("doneAt", a => a.DoneAt).Sort("doneAt", a => a.DoneAt).Id("doneBy", a => a.DoneBy)
        .Time("dueAt", a => a.DueAt).Sort("dueAt", a => a.DueAt)
        .Time("startsAt", a => a.StartsAt).Sort("startsAt", a => a.StartsAt)
        .YesNo("isSystem", a => a.IsSystem)
        .Custom("activity");

    public static void Map(IEndpointRouteBuilder activities) => activities.MapGet("", Handle).WithName(nameof(ListActivities)).WithSummary("Lists activities").WithListing(Listing);

    private static Task<Results<Ok<Page<ActivityResponse>>, ProblemHttpResult>> Handle(HttpContext http, CrmDbContext db, CancellationToken ct) =>
        Listing.AnswerAsync(http.Request.Query, db, ActivityResponse.Projection, ct);
}
