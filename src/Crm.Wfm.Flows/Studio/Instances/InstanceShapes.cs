using Crm.Wfm.Flows.Persistence;
using Crm.Wfm.Rules;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Crm.Wfm.Flows.Studio;

/// <summary>A run as lists show it, in Elsa's words.</summary>
internal sealed record InstanceSummary(
    Guid Id, string DefinitionId, string DefinitionVersionId, int Version, string Status, string SubStatus, string? CorrelationId, string? Name, int IncidentCount,
    DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, DateTimeOffset? FinishedAt, Guid? ParentWorkflowInstanceId)
{
    public const string Status_ = "case when r.status in ('finished', 'faulted', 'cancelled', 'discarded') then 'Finished' else 'Running' end";

    public const string SubStatus_ = """
        case when r.status = 'finished' then 'Finished' when r.status = 'faulted' then 'Faulted' when r.status in ('cancelled', 'discarded') then 'Cancelled'
          when r.leased_until > clock_timestamp() then 'Executing' when r.status = 'suspended' then 'Suspended' else 'Pending' end
        """;

    // A run that was given up as a whole has no incident of an activity.
    public const string Incidents = "greatest(r.incidents, case when r.status = 'faulted' then 1 else 0 end)";

    public const string Select = $"""
        select r.id, d.definition_id, d.id, d.version, {Status_}, {SubStatus_}, r.correlation_id, r.name, {Incidents}, r.created_at, r.updated_at, r.finished_at, r.parent_id
        """;

    public const string From = "from wfm_flows.run r join wfm_flows.definition d on d.workspace_id = r.workspace_id and d.number = r.definition";

    public static InstanceSummary Of(NpgsqlDataReader r) => new(r.GetGuid(0), r.GetString(1), r.GetString(2), r.GetInt32(3), r.GetString(4), r.GetString(5), r.GetValue(6) as string, r.GetValue(7) as string,
        r.GetInt32(8), r.GetFieldValue<DateTimeOffset>(9), r.GetFieldValue<DateTimeOffset>(10), r.GetFieldValue<DateTimeOffset?>(11), r.GetFieldValue<Guid?>(12));

    /// <summary>Finds a run of the workspace at hand; <c>null</c> when there is none, or the id is none.</summary>
    public static async Task<InstanceSummary?> FindAsync(DbContext db, string id, CancellationToken ct) =>
        Guid.TryParse(id, out var run) && await db.QueryAsync($"{Select} {From} where r.id = $1", [run], Of, ct) is [var found] ? found : null;
}

/// <summary>A run and what is known of its inside.</summary>
internal sealed record InstanceDetail(InstanceSummary Summary, InstanceState WorkflowState)
{
    /// <summary>Writes it as one object, as Studio reads it.</summary>
    public Value ToValue()
    {
        var summary = Value.From(System.Text.Json.JsonSerializer.SerializeToElement(Summary, ElsaAnswer.Json)).AsObject!;
        return Value.From(summary.With("workflowState", Value.From(System.Text.Json.JsonSerializer.SerializeToElement(WorkflowState, ElsaAnswer.Json))));
    }
}

internal sealed record InstanceState
{
    public required Guid Id { get; init; }

    public required string DefinitionId { get; init; }

    public required string DefinitionVersionId { get; init; }

    public required int DefinitionVersion { get; init; }

    public required string? CorrelationId { get; init; }

    public required string Status { get; init; }

    public required string SubStatus { get; init; }

    public required IReadOnlyList<InstanceIncident> Incidents { get; init; }

    public required Value Input { get; init; }

    public required Value Output { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public required DateTimeOffset? FinishedAt { get; init; }

    public IReadOnlyList<object> Bookmarks { get; } = [];

    public IReadOnlyList<object> CompletionCallbacks { get; } = [];

    public IReadOnlyList<object> ActivityExecutionContexts { get; } = [];

    public IReadOnlyDictionary<string, object> Properties { get; } = new Dictionary<string, object>();
}

/// <summary>An activity that failed, whether or not it was tried again since.</summary>
internal sealed record InstanceIncident(string ActivityId, string ActivityNodeId, string ActivityInstanceId, string ActivityType, string Message, ExecutionFailure? Exception, DateTimeOffset Timestamp);
