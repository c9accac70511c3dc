using System.ComponentModel;
using System.Text.Json.Nodes;
using Crm.Wfm.Flows.Definitions;
using Crm.Wfm.Http;
using Crm.Wfm.Rules;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Crm.Wfm.Flows.Http;

internal static class SaveFlow // PUT /flows/{flow}
{
    public static void Map(IEndpointRouteBuilder flows) => flows.MapPut("/{flow}", Handle).WithName(nameof(SaveFlow))
        .WithSummary("Saves a draft: over the latest version where that is one, else as the next version")
        .ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async Task<Results<Ok<FlowChangeResponse>, ProblemHttpResult>> Handle(
        [Description("The flow's id.")] string flow, Body<SaveFlowRequest> body, CurrentRequest current, FlowDefinitions definitions, IOptions<WfmOptions> options, CancellationToken ct)
    {
        if (DefinitionAnswers.Refuse(current.Actor, options.Value) is { } refused) return refused;
        var request = body.Value;
        return DefinitionAnswers.Of(await definitions.SaveAsync(
            new(Value.From(request.Definition)) { DefinitionId = flow, EditedVersion = request.Version, EditedHash = request.ContentHash, Publish = request.Publish }, current.Actor, ct));
    }
}

internal sealed record SaveFlowRequest(
    [property: Description("An Elsa 3 workflow definition.")] JsonObject Definition,
    [property: Description("The version that was edited: nothing is saved when another is the latest by now.")] int? Version = null,
    [property: Description("The content hash of what was edited: nothing is saved when it has changed by now.")] string? ContentHash = null,
    [property: Description("Whether to publish it; where it could not run, nothing is stored.")] bool Publish = false);
