using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Crm.Wfm.Flows.Studio;

internal static class GetExecution // GET /activity-executions/by-id?id=
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/activity-executions/by-id", Handle);

    private static async Task<IResult> Handle(string? id, RunTraces traces, CancellationToken ct) =>
        Ids.Parse(id) is { } known && await traces.FindAsync(known.Run, ct) is { } trace && trace.Find(known.Execution) is { } execution
            ? ElsaAnswer.Ok(ExecutionRecord.Of(trace, execution))
            : ElsaAnswer.NotFound("execution");
}
