using System.ComponentModel;
using System.Globalization;
using Crm.Wfm.Events;
using Crm.Wfm.Persistence;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Crm.Wfm.Http;

internal static class ListParkedEvents // GET /events/parked?after=&limit=
{
    public static void Map(IEndpointRouteBuilder events) => events.MapGet("/parked", Handle).WithName(nameof(ListParkedEvents))
        .WithSummary("Lists events that consumers failed on, the oldest first").ProducesProblem(StatusCodes.Status403Forbidden);

    private static async Task<Results<Ok<Page<ParkedEventResponse>>, ProblemHttpResult>> Handle(
        [Description("What `next` said.")] string? after, int? limit, CurrentRequest current, IOptions<WfmOptions> options, EventFeed feed, HostContext host, CancellationToken ct)
    {
        if (!current.Actor.Roles.Contains(options.Value.PublisherRole)) return Problems.Forbidden($"Parked events are for the role {options.Value.PublisherRole}.");
        if (Pages.Check(limit) is { } fault) return Problems.Faulty([fault]);
        var parked = host.Db.Set<ParkedEventRow>().AsNoTracking();
        if (after is not null)
        {
            if (after.Split(':', 2) is not [var number, var consumer] || !long.TryParse(number, CultureInfo.InvariantCulture, out var position)) return Problems.Faulty([new("", "after", "after is what next said.")]);
            parked = parked.Where(p => p.Position > position || (p.Position == position && string.Compare(p.Consumer, consumer) > 0));
        }

        var rows = await parked.OrderBy(p => p.Position).ThenBy(p => p.Consumer).Take(Pages.Size(limit) + 1)
            .Join(feed.Events, p => p.Position, e => e.Position, (Parked, Event) => new { Parked, Event }).OrderBy(r => r.Parked.Position).ThenBy(r => r.Parked.Consumer).ToListAsync(ct);
        return TypedResults.Ok(Pages.Of(rows, limit, r => $"{r.Parked.Position.ToString(CultureInfo.InvariantCulture)}:{r.Parked.Consumer}", r => ParkedEventResponse.Of(r.Parked, r.Event)));
    }
}

internal sealed record ParkedEventResponse(string Consumer, int Attempts, string Error, DateTimeOffset? NextAt, CloudEventResponse Event)
{
    public static ParkedEventResponse Of(ParkedEventRow p, PlacedEvent e) => new(p.Consumer, p.Attempts, p.Error, p.NextAt, CloudEventResponse.Of(e.ToEvent()));
}
