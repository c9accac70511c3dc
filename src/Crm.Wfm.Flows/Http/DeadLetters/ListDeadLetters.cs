using System.ComponentModel;
using Crm.Wfm.Flows.Persistence;
using Crm.Wfm.Http;
using Crm.Wfm.Persistence;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using NpgsqlTypes;

namespace Crm.Wfm.Flows.Http;

internal static class ListDeadLetters // GET /dead-letters?flow=&activity=&event=&error=&since=&after=&limit=
{
    public static void Map(IEndpointRouteBuilder letters) =>
        letters.MapGet("", Handle).WithName(nameof(ListDeadLetters)).WithSummary("Lists runs that failed for good and were neither replayed nor discarded, the latest first");

    private static async Task<Results<Ok<Page<DeadLetterResponse>>, ProblemHttpResult>> Handle(
        [Description("Those of a flow, by the id all its versions share.")] string? flow, [Description("Those that failed in an activity, by its node id.")] string? activity,
        [Description("Those an event started.")] Guid? @event, [Description("Those whose reason has this in it, in whatever case.")] string? error,
        [Description("Those that failed then or later.")] DateTimeOffset? since, [Description("What `next` said.")] string? after, int? limit, HostContext host, CancellationToken ct)
    {
        if (Pages.Check(limit) is { } fault) return Problems.Faulty([fault]);
        var place = after is null ? null : DeadLetterFilter.Place(after);
        if (after is not null && place is null) return Problems.Faulty([new("?after", "cursor", "after is what next said.")]);
        var filter = new DeadLetterFilter(flow, activity, @event, error, since);
        var rows = await host.Db.QueryAsync($"""
            {DeadLetterResponse.Select} {DeadLetterFilter.Sql} and ($6 is null or (r.updated_at, r.id) < ($6, $7)) order by r.updated_at desc, r.id desc limit $8
            """, [.. filter.Parameters, DeadLetterFilter.Nullable(place?.At, NpgsqlDbType.TimestampTz), DeadLetterFilter.Nullable(place?.Run, NpgsqlDbType.Uuid), Pages.Size(limit) + 1], DeadLetterResponse.Of, ct);
        return TypedResults.Ok(Pages.Of(rows, limit, DeadLetterFilter.Key, r => r));
    }
}
