using System.Globalization;
using System.Text.Json.Nodes;
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

    private static async Task<Results<Ok<Page<JsonObject>>, ProblemHttpResult>> Handle(
        string? subject, string? type, long? before, long? after, int? limit, EventFeed feed, CancellationToken ct)
    {
        if (Pages.Check(limit) is { } fault) return Problems.Faulty([fault]);
        if (before is not null && after is not null) return Problems.Faulty([new("", "after", "before and after are not asked for together.")]);
        if (after is { } seen)
        {
            var told = await feed.ReadAsync(seen, Pages.Size(limit) + 1, subject, type, ct);
            return TypedResults.Ok(Pages.Of([.. told], limit, e => Key(e.Position!.Value), e => e.ToCloudEvent()));
        }

        var events = feed.Events;
        if (subject is not null) events = events.Where(e => e.Row.Subject == subject);
        if (type is not null) events = events.Where(e => e.Row.Type == type);
        if (before is { } next) events = events.Where(e => e.Row.Sequence < next);
        var items = await events.OrderByDescending(e => e.Row.Sequence).Take(Pages.Size(limit) + 1).ToListAsync(ct);
        return TypedResults.Ok(Pages.Of(items, limit, e => Key(e.Row.Sequence), e => e.ToEvent().ToCloudEvent()));
    }

    private static string Key(long number) => number.ToString(CultureInfo.InvariantCulture);
}
