using Crm.Wfm.Flows.Definitions;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Crm.Wfm.Flows.Studio;

internal static class RetractDefinition // POST /workflow-definitions/{definitionId}/retract
{
    public static void Map(IEndpointRouteBuilder definitions) => definitions.MapPost("/{definitionId}/retract", Handle).Needs(ElsaRights.Edit);

    // Studio goes on with what is answered: the version it has open, which is the latest.
    private static async Task<IResult> Handle(string definitionId, FlowDefinitions flows, DefinitionDocuments documents, CurrentRequest current, CancellationToken ct)
    {
        var result = await flows.RetractAsync(definitionId, current.Actor, ct);
        if (result is not DefinitionResult.Done done) return DefinitionAnswers.Refused(result);
        return ElsaAnswer.Ok(await documents.ShowAsync(await flows.FindAsync(definitionId, VersionOptions.Latest, ct) ?? done.Definition, ct));
    }
}
