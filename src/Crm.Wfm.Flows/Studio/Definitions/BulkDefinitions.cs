using Crm.Wfm.Flows.Definitions;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Crm.Wfm.Flows.Studio;

/// <summary>Does to several flows what is done to one: each for itself, so that one that is refused keeps no other from it.</summary>
internal static class BulkDefinitions // POST /bulk-actions/{publish|retract|delete}/workflow-definitions/…
{
    public sealed record Request
    {
        public IReadOnlyList<string>? DefinitionIds { get; init; }

        public IReadOnlyList<string>? Ids { get; init; }
    }

    public static void Map(IEndpointRouteBuilder api)
    {
        var bulk = api.MapGroup("/bulk-actions");
        bulk.MapPost("/publish/workflow-definitions/by-definition-ids", Publish).Needs(ElsaRights.Edit);
        bulk.MapPost("/retract/workflow-definitions/by-definition-ids", Retract).Needs(ElsaRights.Edit);
        bulk.MapPost("/delete/workflow-definitions/by-definition-id", Delete).Needs(ElsaRights.Edit);
        bulk.MapPost("/delete/workflow-definitions/by-id", DeleteVersions).Needs(ElsaRights.Edit);
    }

    private static async Task<IResult> Publish(ElsaBody<Request> body, FlowDefinitions flows, CurrentRequest current, CancellationToken ct)
    {
        var (results, updated) = (await EachAsync(body.Value.DefinitionIds, id => flows.PublishAsync(id, current.Actor, ct)), new List<string>());
        foreach (var done in results.Select(r => r.Result).OfType<DefinitionResult.Done>()) updated.AddRange(done.UpdatedConsumers);
        return ElsaAnswer.Ok(new
        {
            published = Done(results, already: false), alreadyPublished = Done(results, already: true), notFound = Missing(results), skipped = Skipped(results), updatedConsumers = updated.Distinct().ToList(),
        });
    }

    private static async Task<IResult> Retract(ElsaBody<Request> body, FlowDefinitions flows, CurrentRequest current, CancellationToken ct)
    {
        var results = await EachAsync(body.Value.DefinitionIds, id => flows.RetractAsync(id, current.Actor, ct));
        return ElsaAnswer.Ok(new { retracted = Done(results, already: false), alreadyRetracted = Done(results, already: true), notFound = Missing(results), skipped = Skipped(results) });
    }

    private static async Task<IResult> Delete(ElsaBody<Request> body, FlowDefinitions flows, CancellationToken ct)
    {
        var results = await EachAsync(body.Value.DefinitionIds, id => flows.DeleteAsync(id, ct));
        return ElsaAnswer.Ok(new { deleted = results.Count(r => r.Result is DeleteResult.Deleted) });
    }

    private static async Task<IResult> DeleteVersions(ElsaBody<Request> body, FlowDefinitions flows, CancellationToken ct)
    {
        var results = await EachAsync(body.Value.Ids, id => flows.DeleteVersionAsync(id, ct));
        return ElsaAnswer.Ok(new { deleted = results.Count(r => r.Result is DeleteResult.Deleted) });
    }

    // In one order everywhere, so that two who do it at once do not wait for each other.
    private static async Task<IReadOnlyList<(string Id, T Result)>> EachAsync<T>(IReadOnlyList<string>? ids, Func<string, Task<T>> act)
    {
        var results = new List<(string, T)>();
        foreach (var id in (ids ?? []).Distinct().Order(StringComparer.Ordinal)) results.Add((id, await act(id)));
        return results;
    }

    private static IReadOnlyList<string> Done(IReadOnlyList<(string Id, DefinitionResult Result)> results, bool already) =>
        [.. results.Where(r => r.Result is DefinitionResult.Done done && done.Already == already).Select(r => r.Id)];

    private static IReadOnlyList<string> Missing(IReadOnlyList<(string Id, DefinitionResult Result)> results) => [.. results.Where(r => r.Result is DefinitionResult.NotFound).Select(r => r.Id)];

    private static IReadOnlyList<string> Skipped(IReadOnlyList<(string Id, DefinitionResult Result)> results) =>
        [.. results.Where(r => r.Result is DefinitionResult.ReadOnly or DefinitionResult.Faulty or DefinitionResult.Conflict).Select(r => r.Id)];
}
