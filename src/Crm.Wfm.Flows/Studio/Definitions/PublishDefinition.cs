using Crm.Wfm.Flows.Definitions;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Crm.Wfm.Flows.Studio;

internal static class PublishDefinition // POST /workflow-definitions/{definitionId}/publish
{
    public static void Map(IEndpointRouteBuilder definitions) => definitions.MapPost("/{definitionId}/publish", Handle).Needs(ElsaRights.Edit);

    private static async Task<IResult> Handle(string definitionId, FlowDefinitions flows, DefinitionDocuments documents, CurrentRequest current, CancellationToken ct)
    {
        var result = await flows.PublishAsync(definitionId, current.Actor, ct);
        if (result is DefinitionResult.Done done) return ElsaAnswer.Ok(await SaveDefinition.SavedAsync(done, documents, ct));
        var drawn = await flows.FindAsync(definitionId, VersionOptions.Latest, ct);
        return DefinitionAnswers.Refused(result, drawn?.Document ?? default);
    }
}
