using Crm.Wfm.Flows.Definitions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Crm.Wfm.Flows.Studio;

internal static class GetDefinition // GET /workflow-definitions/by-definition-id/{definitionId}?versionOptions= and /workflow-definitions/by-id/{id}
{
    public static void Map(IEndpointRouteBuilder definitions)
    {
        definitions.MapGet("/by-definition-id/{definitionId}", ByDefinition);
        definitions.MapGet("/by-id/{id}", ById);
    }

    private static async Task<IResult> ByDefinition(string definitionId, string? versionOptions, FlowDefinitions flows, DefinitionDocuments documents, CancellationToken ct)
    {
        if (!VersionOptions.TryParse(versionOptions, out var versions)) return ElsaAnswer.Refused($"'{versionOptions}' is no version.");
        return await flows.FindAsync(definitionId, versions, ct) is { } found ? ElsaAnswer.Ok(await documents.ShowAsync(found, ct)) : ElsaAnswer.NotFound("flow");
    }

    private static async Task<IResult> ById(string id, FlowDefinitions flows, DefinitionDocuments documents, CancellationToken ct) =>
        await flows.FindVersionAsync(id, ct) is { } found ? ElsaAnswer.Ok(await documents.ShowAsync(found, ct)) : ElsaAnswer.NotFound("flow");
}
