using Crm.Wfm.Flows.Definitions;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Crm.Wfm.Flows.Studio;

/// <summary>Imports a definition as a draft, whatever activities it has: those this host lacks are kept, and keep it from being published.</summary>
internal static class ImportDefinition // POST /workflow-definitions/import
{
    public static void Map(IEndpointRouteBuilder definitions) => definitions.MapPost("/import", Handle).Needs(ElsaRights.Edit);

    private static async Task<IResult> Handle(ElsaDocument body, FlowDefinitions flows, DefinitionDocuments documents, CurrentRequest current, CancellationToken ct)
    {
        if (body.Value.AsObject is null) return ElsaAnswer.Refused("This is no definition: a definition is a JSON object.");
        var (document, _) = DefinitionDocuments.Read(body.Value);
        var imported = await flows.ImportAsync(document, definitionId: null, current.Actor, ct);
        return imported.Result is DefinitionResult.Done done ? ElsaAnswer.Ok(await documents.ShowAsync(done.Definition, ct)) : DefinitionAnswers.Refused(imported.Result, document);
    }
}
