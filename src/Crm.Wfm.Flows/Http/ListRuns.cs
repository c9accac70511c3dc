using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Crm.Wfm.Flows.Persistence;
using Crm.Wfm.Http;
using Crm.Wfm.Persistence;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace Crm.Wfm.Flows.Http;

internal static class ListRuns // GET /runs?flow=&status=&event=&correlation=&after=&limit=
{
    public static void Map(IEndpointRouteBuilder runs) => runs.MapGet("", Handle).WithName(nameof(ListRuns)).WithSummary("Lists runs of flows, the newest first");

    private static async Task<Results<Ok<Page<RunResponse>>, ProblemHttpResult>> Handle(
        [Description("The id of a flow: its definition id, such as `sales.follow-up` for an automation of a bundle.")] string? flow,
        [Description("How far they are."), AllowedValues("pending", "waiting", "suspended", "finished", "faulted", "cancelled", "discarded")] string? status,
        [Description("The event that started them.")] Guid? @event, [Description("What they belong to.")] string? correlation,
        [Description("What `next` said on the page before.")] string? after, int? limit, HostContext host, CancellationToken ct)
    {
        if (Pages.Check(limit) is { } fault) return Problems.Faulty([fault]);
        if (status is not null && !RunResponse.Statuses.Contains(status)) return Problems.Faulty([new("?status", "status", $"status is one of {string.Join(", ", RunResponse.Statuses)}.")]);
        var place = Guid.Empty;
        if (after is not null && !Guid.TryParse(after, out place)) return Problems.Faulty([new("?after", "cursor", "after is what next said on the page before.")]);
        var rows = await host.Db.QueryAsync($"""
            {RunResponse.Select}
            where ($1 is null or d.definition_id = $1) and ($2 is null or r.status = $2) and ($3 is null or r.event_id = $3) and ($4 is null or r.correlation_id = $4)
              and ($5 is null or r.id < $5)
            order by r.id desc limit $6
            """, [Parameters.Text(flow), Parameters.Text(status), Parameters.Id(@event), Parameters.Text(correlation), Parameters.Id(after is null ? null : place), Pages.Size(limit) + 1], RunResponse.Of, ct);
        return TypedResults.Ok(Pages.Of(rows, limit, r => r.Id.ToString(), r => r));
    }
}

/// <summary>A run as the API shows it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Flow">The id of its flow: what all versions of it share.</param>
/// <param name="Version">The version of the flow that runs.</param>
/// <param name="FlowName">The flow's name.</param>
/// <param name="Bundle">The bundle the flow stands in; nothing when it was drawn here.</param>
/// <param name="BundleVersion">The version of that bundle.</param>
/// <param name="Name">What the run calls itself.</param>
/// <param name="CorrelationId">What it belongs to.</param>
/// <param name="Event">The event that started it; nothing when something else did.</param>
/// <param name="EventType">The event's type.</param>
/// <param name="Subject">What the event is about.</param>
/// <param name="Parent">The run that started it.</param>
/// <param name="Status">How far it is.</param>
/// <param name="Incidents">How many of its activities failed for good.</param>
/// <param name="CreatedAt">When it was started.</param>
/// <param name="UpdatedAt">When it last did something.</param>
/// <param name="NextAt">When it goes on by itself; nothing when it waits for something else, or is done.</param>
/// <param name="FinishedAt">When it ended.</param>
/// <param name="Error">Why it failed.</param>
/// <param name="ErrorActivity">Node id of the activity it failed in.</param>
internal sealed record RunResponse(
    Guid Id, string Flow, int Version, string FlowName, string? Bundle, string? BundleVersion, string? Name, string? CorrelationId, Guid? Event, string? EventType, string? Subject, Guid? Parent,
    [property: AllowedValues("pending", "waiting", "suspended", "finished", "faulted", "cancelled", "discarded")] string Status, int Incidents,
    DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, DateTimeOffset? NextAt, DateTimeOffset? FinishedAt, string? Error, string? ErrorActivity)
{
    public const string Select = """
        select r.id, d.definition_id, d.version, d.name, d.bundle_key, d.bundle_version, r.name, r.correlation_id, r.event_id, e.type, e.subject, r.parent_id, r.status, r.incidents,
               r.created_at, r.updated_at, r.due_at, r.finished_at, r.error, r.error_activity
        from wfm_flows.run r join wfm_flows.definition d on d.workspace_id = r.workspace_id and d.number = r.definition left join wfm.event e on e.workspace_id = r.workspace_id and e.id = r.event_id
        """;

    public static readonly string[] Statuses = ["pending", "waiting", "suspended", "finished", "faulted", "cancelled", "discarded"];

    public static RunResponse Of(NpgsqlDataReader r) => new(
        r.GetGuid(0), r.GetString(1), r.GetInt32(2), r.GetString(3), Text(r, 4), Text(r, 5), Text(r, 6), Text(r, 7), Reference(r, 8), Text(r, 9), Text(r, 10), Reference(r, 11), r.GetString(12), r.GetInt16(13),
        r.GetFieldValue<DateTimeOffset>(14), r.GetFieldValue<DateTimeOffset>(15), r.GetFieldValue<DateTimeOffset?>(16), r.GetFieldValue<DateTimeOffset?>(17), Text(r, 18), Text(r, 19));

    private static string? Text(NpgsqlDataReader r, int column) => r.GetValue(column) as string;

    private static Guid? Reference(NpgsqlDataReader r, int column) => r.IsDBNull(column) ? null : r.GetGuid(column);
}
