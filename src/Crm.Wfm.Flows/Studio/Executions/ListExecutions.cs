using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Crm.Wfm.Flows.Studio;

internal static class ListExecutions // GET /activity-executions/list and /activity-execution-summaries/list ?WorkflowInstanceId=&ActivityNodeId=
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/activity-executions/list", (string? workflowInstanceId, string? activityNodeId, RunTraces traces, CancellationToken ct) =>
            ListAsync(workflowInstanceId, activityNodeId, traces, ExecutionRecord.Of, ct));
        api.MapGet("/activity-execution-summaries/list", (string? workflowInstanceId, string? activityNodeId, RunTraces traces, CancellationToken ct) =>
            ListAsync(workflowInstanceId, activityNodeId, traces, ExecutionSummary.Of, ct));
    }

    // The oldest first: Studio takes the last for the latest.
    private static async Task<IResult> ListAsync<T>(string? run, string? nodeId, RunTraces traces, Func<RunTrace, TracedExecution, T> shape, CancellationToken ct) =>
        await traces.FindAsync(run, ct) is { } trace
            ? ElsaAnswer.List([.. trace.Executions.Where(e => nodeId is null || e.NodeId == nodeId).OrderBy(e => e.Id).Select(e => shape(trace, e))])
            : ElsaAnswer.NotFound("run");
}
