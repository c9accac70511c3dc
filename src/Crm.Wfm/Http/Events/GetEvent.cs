using Crm.Wfm.Events;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Crm.Wfm.Http;

internal static class GetEvent // GET /events/{id}
{
    public static void Map(IEndpointRouteBuilder events) =>
        events.MapGet("/{id:guid}", Handle).WithName(nameof(GetEvent)).WithSummary("Shows an event as a CloudEvent").ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<Results<Ok<CloudEventResponse>, ProblemHttpResult>> Handle(Guid id, EventFeed feed, CancellationToken ct) =>
        await feed.Events.SingleOrDefaultAsync(e => e.Row.Id == id, ct) is { } found ? TypedResults.Ok(CloudEventResponse.Of(found.ToEvent())) : Problems.NotFound("event");
}
