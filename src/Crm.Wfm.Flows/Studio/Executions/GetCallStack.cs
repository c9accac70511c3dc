using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Crm.Wfm.Flows.Studio;

/// <summary>Shows within what an activity ran, what is outside first. A run that another one started begins its own.</summary>
internal static class GetCallStack // GET /activity-executions/{id}/call-stack
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/activity-executions/{id}/call-stack", Handle);

    private static async Task<IResult> Handle(string id, RunTraces traces, CancellationToken ct)
    {
        if (Ids.Parse(id) is not { } known || await traces.FindAsync(known.Run, ct) is not { } trace || trace.Find(known.Execution) is not { } execution) return ElsaAnswer.NotFound("execution");
        var stack = new Stack<ExecutionRecord>();
        for (var at = execution; at is not null; at = at.Within) stack.Push(ExecutionRecord.Of(trace, at));
        return ElsaAnswer.Ok(new { activityExecutionId = id, items = stack.ToArray(), totalCount = stack.Count });
    }
}
