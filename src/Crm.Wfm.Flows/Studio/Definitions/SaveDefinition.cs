using Crm.Wfm.Flows.Definitions;
using Crm.Wfm.Http;
using Crm.Wfm.Rules;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Crm.Wfm.Flows.Studio;

/// <summary>Saves a draft after every edit, and publishes it where that is asked. Which version it becomes is the store's business: Studio still posts the old one's id.</summary>
internal static class SaveDefinition // POST /workflow-definitions {model, publish}
{
    public static void Map(IEndpointRouteBuilder definitions) => definitions.MapPost("", Handle).Needs(ElsaRights.Edit);

    private static async Task<IResult> Handle(ElsaDocument body, FlowDefinitions flows, DefinitionDocuments documents, CurrentRequest current, CancellationToken ct)
    {
        var model = body.Value["model"];
        if (model.AsObject is null) return ElsaAnswer.Refused("There is no definition to save: the request has no model.");
        var (document, edited) = DefinitionDocuments.Read(model);
        var definitionId = document["definitionId"].AsText is { Length: > 0 } id ? id : null;
        if (document["name"].AsText is { Length: > 0 } name && !await flows.IsNameUniqueAsync(name, definitionId, ct)) return ElsaAnswer.Refused($"There is another flow called '{name}'.");
        var result = await flows.SaveAsync(new(document)
        {
            DefinitionId = definitionId,
            EditedHash = edited,
            // Studio posts the next edit before the answer to the last one is there.
            GoesOn = true,
            Publish = body.Value["publish"].AsBoolean,
        }, current.Actor, ct);
        return result is DefinitionResult.Done done ? ElsaAnswer.Ok(await SavedAsync(done, documents, ct)) : DefinitionAnswers.Refused(result, document);
    }

    /// <summary>Answers a definition that was saved or published.</summary>
    public static async Task<Value> SavedAsync(DefinitionResult.Done done, DefinitionDocuments documents, CancellationToken ct) => Value.From(new FactObjectBuilder
    {
        ["workflowDefinition"] = await documents.ShowAsync(done.Definition, ct),
        ["alreadyPublished"] = Value.From(done.Already),
        ["consumingWorkflowCount"] = Value.From(done.ConsumerCount),
    }.Build());
}
