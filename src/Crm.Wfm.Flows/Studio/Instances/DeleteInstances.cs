using Crm.Wfm.Flows.Persistence;
using Crm.Wfm.Flows.Running;
using Crm.Wfm.Http;
using Crm.Wfm.Persistence;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Crm.Wfm.Flows.Studio;

/// <summary>Deletes runs with their journals; one that goes on is ended first.</summary>
internal static class DeleteInstances // DELETE /workflow-instances/{id} and POST /bulk-actions/delete/workflow-instances/by-id
{
    public sealed record Request
    {
        public IReadOnlyList<string>? Ids { get; init; }
    }

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapDelete("/workflow-instances/{id}", Delete).Needs(ElsaRights.Run);
        api.MapPost("/bulk-actions/delete/workflow-instances/by-id", DeleteAll).Needs(ElsaRights.Run);
    }

    private static async Task<IResult> Delete(string id, HostContext host, RunControl control, CurrentRequest current, CancellationToken ct) =>
        await DeleteAsync(id, host, control, current, ct) ? TypedResults.NoContent() : ElsaAnswer.NotFound("run");

    private static async Task<IResult> DeleteAll(ElsaBody<Request> body, HostContext host, RunControl control, CurrentRequest current, CancellationToken ct)
    {
        var deleted = 0;
        foreach (var id in (body.Value.Ids ?? []).Distinct().Order(StringComparer.Ordinal))
            if (await DeleteAsync(id, host, control, current, ct)) deleted++;
        return ElsaAnswer.Ok(new { deleted });
    }

    private static async Task<bool> DeleteAsync(string id, HostContext host, RunControl control, CurrentRequest current, CancellationToken ct)
    {
        if (!Guid.TryParse(id, out var run) || await control.CancelAsync(run, current.Actor, ct) is RunControlResult.NotFound) return false;
        return await host.Db.ExecuteAsync("delete from wfm_flows.run where id = $1", [run], ct) > 0;
    }
}
