using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Crm.Wfm.Flows.Persistence;
using Crm.Wfm.Http;
using Crm.Wfm.Persistence;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Npgsql;
using NpgsqlTypes;

namespace Crm.Wfm.Flows.Http;

internal static class ListRuns // GET /runs?flow=&status=&event=&before=&limit=
{
    private static readonly string[] Statuses = ["pending", "finished", "faulted"];

    public static void Map(IEndpointRouteBuilder runs) => runs.MapGet("", Handle).WithName(nameof(ListRuns)).WithSummary("Lists runs of flows, the newest first");

    private static async Task<Results<Ok<Page<RunResponse>>, ProblemHttpResult>> Handle(
        [Description("The key of an automation.")] string? flow, [Description("How far they are."), AllowedValues("pending", "finished", "faulted")] string? status, [Description("The event that started them.")] Guid? @event,
        [Description("What `next` said on the page before.")] long? before, int? limit, HostContext host, CancellationToken ct)
    {
        if (Pages.Check(limit) is { } fault) return Problems.Faulty([fault]);
        if (status is not null && !Statuses.Contains(status)) return Problems.Faulty([new("?status", "status", $"status is one of {string.Join(", ", Statuses)}.")]);
        var rows = await host.Db.QueryAsync($"""
            {RunResponse.Select}
            where ($1 is null or r.flow = $1) and ($2 is null or r.status = $2) and ($3 is null or r.event_id = $3) and ($4 is null or r.sequence < $4)
            order by r.sequence desc limit $5
            """, [Nullable(flow, NpgsqlDbType.Text), Nullable(status, NpgsqlDbType.Text), Nullable(@event, NpgsqlDbType.Uuid), Nullable(before, NpgsqlDbType.Bigint), Pages.Size(limit) + 1],
            r => (Sequence: r.GetInt64(0), Run: RunResponse.Of(r)), ct);
        return TypedResults.Ok(Pages.Of(rows, limit, r => r.Sequence.ToString(CultureInfo.InvariantCulture), r => r.Run));
    }

    private static NpgsqlParameter Nullable(object? value, NpgsqlDbType type) => new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };
}

/// <summary>A run as the API shows it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Bundle">The bundle the flow stands in.</param>
/// <param name="BundleVersion">The version of it that runs.</param>
/// <param name="Flow">Key of the automation.</param>
/// <param name="Event">The event that started it.</param>
/// <param name="EventType">The event's type.</param>
/// <param name="Subject">What the event is about.</param>
/// <param name="Status"><c>pending</c>, <c>finished</c> or <c>faulted</c>.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="CreatedAt">When the event started it.</param>
/// <param name="NextAt">When it is tried next; nothing when it is not.</param>
/// <param name="FinishedAt">When it finished or was given up.</param>
/// <param name="Error">Why the last attempt failed.</param>
/// <param name="ErrorActivity">Id of the activity it failed in.</param>
internal sealed record RunResponse(
    Guid Id, string Bundle, string BundleVersion, string Flow, Guid Event, string EventType, string Subject, [property: AllowedValues("pending", "finished", "faulted")] string Status, int Attempts,
    DateTimeOffset CreatedAt, DateTimeOffset? NextAt, DateTimeOffset? FinishedAt, string? Error, string? ErrorActivity)
{
    public const string Select = """
        select r.sequence, r.id, r.bundle_key, r.bundle_version, r.flow, r.event_id, e.type, e.subject, r.status, r.attempts,
               r.created_at, case when r.status = 'pending' then r.next_at end, r.finished_at, r.error, r.error_activity
        from wfm_flows.run r join wfm.event e on e.workspace_id = r.workspace_id and e.id = r.event_id
        """;

    public static RunResponse Of(NpgsqlDataReader r) => new(
        r.GetGuid(1), r.GetString(2), r.GetString(3), r.GetString(4), r.GetGuid(5), r.GetString(6), r.GetString(7), r.GetString(8), r.GetInt32(9),
        r.GetFieldValue<DateTimeOffset>(10), r.GetFieldValue<DateTimeOffset?>(11), r.GetFieldValue<DateTimeOffset?>(12), r.GetValue(13) as string, r.GetValue(14) as string);
}
