using Crm.Wfm.Persistence;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Crm.Wfm.Flows.Studio;

/// <summary>What Studio asks for again and again where it is not told of changes.</summary>
internal static class GetExecutionState // GET /workflow-instances/{id}/execution-state
{
    public static void Map(IEndpointRouteBuilder instances) => instances.MapGet("/{id}/execution-state", Handle);

    private static async Task<IResult> Handle(string id, HostContext host, CancellationToken ct) =>
        await InstanceSummary.FindAsync(host.Db, id, ct) is { } run ? ElsaAnswer.Ok(new { run.Status, run.SubStatus, run.UpdatedAt }) : ElsaAnswer.NotFound("run");
}
