using Crm.Wfm.Flows.Definitions;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Crm.Wfm.Flows.Studio;

internal static class RevertDefinition // POST /workflow-definitions/{definitionId}/revert/{version}
{
    public static void Map(IEndpointRouteBuilder definitions) => definitions.MapPost("/{definitionId}/revert/{version:int}", Handle).Needs(ElsaRights.Edit);

    private static async Task<IResult> Handle(string definitionId, int version, FlowDefinitions flows, ElsaCaller caller, CurrentRequest current, CancellationToken ct)
    {
        var result = await flows.RevertAsync(definitionId, version, current.Actor, ct);
        return result is DefinitionResult.Done done ? ElsaAnswer.Ok(DefinitionItem.Of(done.Definition.Summary, caller)) : DefinitionAnswers.Refused(result);
    }
}
