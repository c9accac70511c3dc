using System.Text.Json.Nodes;
using Crm.Wfm.Events;
using Crm.Wfm.Persistence;
using Crm.Wfm.Rules;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Crm.Wfm.Http;

internal static class ListEvents // GET /events?subject=&type=&before=&limit=
{
    public static void Map(IEndpointRouteBuilder events) => events.MapGet("", Handle).WithName(nameof(ListEvents))
        .WithSummary("Lists what happened as CloudEvents, the newest first");

    private static async Task<Results<Ok<Page<JsonObject>>, ProblemHttpResult>> Handle(
        string? subject, string? type, long? before, int? limit, HostContext host, CancellationToken ct)
    {
        if (Pages.Check(limit) is { } fault) return Problems.Faulty([fault]);
        var rows = host.Db.Set<EventRow>().AsNoTracking();
        if (subject is not null) rows = rows.Where(e => e.Subject == subject);
        if (type is not null) rows = rows.Where(e => e.Type == type);
        if (before is { } next) rows = rows.Where(e => e.Sequence < next);
        var items = await rows.OrderByDescending(e => e.Sequence).Take(Pages.Size(limit) + 1).ToListAsync(ct);
        return TypedResults.Ok(Pages.Of(items, limit, e => e.Sequence.ToString(System.Globalization.CultureInfo.InvariantCulture), e => ToEvent(e).ToCloudEvent()));
    }

    private static WfmEvent ToEvent(EventRow e) => new()
    {
        Id = e.Id,
        Workspace = e.WorkspaceId,
        Type = e.Type,
        Subject = e.Subject,
        Time = e.Time,
        Actor = e.ActorId,
        Correlation = e.CorrelationId,
        Causation = e.CausationId,
        Depth = e.Depth,
        Traceparent = e.Traceparent,
        Sequence = e.Sequence,
        Data = Value.Parse(e.Data),
    };
}
