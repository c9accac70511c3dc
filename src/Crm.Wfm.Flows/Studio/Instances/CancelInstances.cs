using Crm.Wfm.Flows.Definitions;
using Crm.Wfm.Flows.Persistence;
using Crm.Wfm.Flows.Running;
using Crm.Wfm.Http;
using Crm.Wfm.Persistence;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Crm.Wfm.Flows.Studio;

internal static class CancelInstances // POST /cancel/workflow-instances/{id} and /bulk-actions/cancel/workflow-instances
{
    /// <summary>Runs by their ids, or all that go on of a version, or of versions of a flow.</summary>
    public sealed record Request
    {
        public IReadOnlyList<string>? Ids { get; init; }

        public string? DefinitionVersionId { get; init; }

        public string? DefinitionId { get; init; }

        public string? VersionOptions { get; init; }
    }

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/cancel/workflow-instances/{id}", Cancel).Needs(ElsaRights.Run);
        api.MapPost("/bulk-actions/cancel/workflow-instances", CancelAll).Needs(ElsaRights.Run);
    }

    private static async Task<IResult> Cancel(string id, RunControl control, CurrentRequest current, CancellationToken ct) =>
        Guid.TryParse(id, out var run) && await control.CancelAsync(run, current.Actor, ct) is not RunControlResult.NotFound ? TypedResults.Ok() : ElsaAnswer.NotFound("run");

    private static async Task<IResult> CancelAll(ElsaBody<Request> body, HostContext host, FlowDefinitions flows, RunControl control, CurrentRequest current, CancellationToken ct)
    {
        var request = body.Value;
        if (!VersionOptions.TryParse(request.VersionOptions, out var versions)) return ElsaAnswer.Refused($"'{request.VersionOptions}' is no version.");
        List<Guid> wanted = [.. (request.Ids ?? []).Select(i => Guid.TryParse(i, out var id) ? id : Guid.Empty)];
        if (request.DefinitionVersionId is { Length: > 0 } version) wanted.AddRange(await GoingOnAsync(host, [version], ct));
        if (request.DefinitionId is { Length: > 0 } definition)
        {
            var found = await flows.ListAsync(new() { DefinitionIds = [definition], Versions = versions }, ct);
            wanted.AddRange(await GoingOnAsync(host, [.. found.Items.Select(d => d.Id)], ct));
        }

        var cancelled = 0;
        foreach (var run in wanted.Distinct().Order())
            if (await control.CancelAsync(run, current.Actor, ct) is RunControlResult.Done) cancelled++;
        return ElsaAnswer.Ok(new { cancelledCount = cancelled });
    }

    private static Task<List<Guid>> GoingOnAsync(HostContext host, string[] versions, CancellationToken ct) =>
        host.Db.QueryAsync($"select r.id {InstanceSummary.From} where d.id = any($1) and r.finished_at is null", [versions], r => r.GetGuid(0), ct);
}
