using System.ComponentModel;
using System.Globalization;
using Crm.Wfm.Events;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Crm.Wfm.Http;

internal static class ListEvents // GET /events?subject=&type=&before=&after=&limit=
{
    public static void Map(IEndpointRouteBuilder events) => events.MapGet("", Handle).WithName(nameof(ListEvents))
        .WithSummary("Lists what happened as CloudEvents: the newest first, or the feed from a position on, the oldest first");

    private static async Task<Results<Ok<Page<CloudEventResponse>>, ProblemHttpResult>> Handle(
        [Description("What the events are about, such as `deal/{id}`.")] string? subject, [Description("Their type, such as `wfm.project.moved`.")] string? type,
        [Description("What `next` said: goes on to older events.")] long? before, [Description("A position in the feed: tells what came after it, the oldest first; 0 begins at the beginning.")] long? after, int? limit, EventFeed feed, CancellationToken ct)
    {
        if (Pages.Check(limit) is { } fault) return Problems.Faulty([fault]);
        if (before is not null && after is not null) return Problems.Faulty([new("", "after", "before and after are not asked for together.")]);
        if (after is { } seen)
        {
            var told = await feed.ReadAsync(seen, Pages.Size(limit) + 1, subject, type, ct);
            return TypedResults.Ok(Pages.Of([.. told], limit, e => Key(e.Position!.Value), CloudEventResponse.Of));
        }

        var events = feed.Events;
        if (subject is not null) events = events.Where(e => e.Row.Subject == subject);
        if (type is not null) events = events.Where(e => e.Row.Type == type);
        if (before is { } next) events = events.Where(e => e.Row.Sequence < next);
        var items = await events.OrderByDescending(e => e.Row.Sequence).Take(Pages.Size(limit) + 1).ToListAsync(ct);
        return TypedResults.Ok(Pages.Of(items, limit, e => Key(e.Row.Sequence), e => CloudEventResponse.Of(e.ToEvent())));
    }

    private static string Key(long number) => number.ToString(CultureInfo.InvariantCulture);
}
