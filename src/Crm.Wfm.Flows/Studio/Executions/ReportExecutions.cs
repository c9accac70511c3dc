using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Crm.Wfm.Flows.Studio;

/// <summary>Counts how often a run came by activities: the badges of the designer.</summary>
internal static class ReportExecutions // POST /activity-executions/report
{
    public sealed record Request
    {
        public string? WorkflowInstanceId { get; init; }

        public IReadOnlyList<string>? ActivityNodeIds { get; init; }
    }

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/activity-executions/report", Handle).OnlyReads();

    private static async Task<IResult> Handle(ElsaBody<Request> body, RunTraces traces, CancellationToken ct) =>
        await traces.FindAsync(body.Value.WorkflowInstanceId, ct) is { } trace ? ElsaAnswer.Ok(new { stats = ActivityStats.Of(trace, body.Value.ActivityNodeIds ?? []) }) : ElsaAnswer.NotFound("run");
}

/// <summary>How often a run came by an activity.</summary>
internal sealed record ActivityStats(string ActivityId, string ActivityNodeId, int StartedCount, int CompletedCount, int UncompletedCount, bool IsBlocked, bool IsFaulted, int AggregateFaultCount)
{
    public IReadOnlyDictionary<string, object> Metadata { get; } = new Dictionary<string, object>();

    /// <summary>Counts for each of these activities, also where the run never came by.</summary>
    public static IReadOnlyList<ActivityStats> Of(RunTrace trace, IReadOnlyList<string> nodeIds)
    {
        var executions = trace.Executions.ToLookup(e => e.NodeId, StringComparer.Ordinal);
        return [.. nodeIds.Select(id => Of(id, [.. executions[id]]))];
    }

    /// <summary>Counts for every activity the run came by.</summary>
    public static IReadOnlyList<ActivityStats> Of(RunTrace trace) => [.. trace.Executions.GroupBy(e => e.NodeId, StringComparer.Ordinal).Select(g => Of(g.Key, [.. g]))];

    private static ActivityStats Of(string nodeId, IReadOnlyList<TracedExecution> executions)
    {
        var completed = executions.Count(e => e.Status == "Completed");
        return new(nodeId[(nodeId.LastIndexOf(':') + 1)..], nodeId, executions.Count, completed, executions.Count - completed, executions.Any(e => e.IsWaiting),
            executions.Any(e => e.Status == "Faulted"), executions.Sum(e => e.Failures));
    }
}
