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

internal static class CreateFlow // POST /flows
{
    public static void Map(IEndpointRouteBuilder flows) => flows.MapPost("", Handle).WithName(nameof(CreateFlow))
        .WithSummary("Imports a definition as a draft of the flow it names, a new one where there is none, and publishes it where that is asked for")
        .WithIdempotencyKey("flows")
        .ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async Task<Results<Ok<FlowChangeResponse>, ProblemHttpResult>> Handle(
        Body<CreateFlowRequest> body, CurrentRequest current, FlowDefinitions definitions, IOptions<WfmOptions> options, CancellationToken ct)
    {
        if (DefinitionAnswers.Refuse(current.Actor, options.Value) is { } refused) return refused;
        return DefinitionAnswers.Of(await definitions.SaveAsync(new(Value.From(body.Value.Definition)) { Publish = body.Value.Publish }, current.Actor, ct));
    }
}

internal sealed record CreateFlowRequest([property: Description("An Elsa 3 workflow definition.")] JsonObject Definition, [property: Description("Whether to publish it; where it could not run, nothing is stored.")] bool Publish = false);
