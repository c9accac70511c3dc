using Crm.Wfm.Flows.Definitions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Crm.Wfm.Flows.Studio;

internal static class DeleteDefinition // DELETE /workflow-definitions/{definitionId} and /workflow-definition-versions/{id}
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapDelete("/workflow-definitions/{definitionId}", Delete).Needs(ElsaRights.Edit);
        api.MapDelete("/workflow-definition-versions/{id}", DeleteVersion).Needs(ElsaRights.Edit);
    }

    private static async Task<IResult> Delete(string definitionId, FlowDefinitions flows, CancellationToken ct) => DefinitionAnswers.Of(await flows.DeleteAsync(definitionId, ct));

    private static async Task<IResult> DeleteVersion(string id, FlowDefinitions flows, CancellationToken ct) => DefinitionAnswers.Of(await flows.DeleteVersionAsync(id, ct));
}
