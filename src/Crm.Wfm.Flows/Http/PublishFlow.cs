using System.ComponentModel;
using Crm.Wfm.Flows.Definitions;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Crm.Wfm.Flows.Http;

internal static class PublishFlow // POST /flows/{flow}/publish
{
    public static void Map(IEndpointRouteBuilder flows) => flows.MapPost("/{flow}/publish", Handle).WithName(nameof(PublishFlow))
        .WithSummary("Publishes the latest version, or says everything by which it could not run")
        .WithIdempotencyKey("flows/{flow}/publish").ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<Results<Ok<FlowChangeResponse>, ProblemHttpResult>> Handle(
        [Description("The flow's id.")] string flow, CurrentRequest current, FlowDefinitions definitions, IOptions<WfmOptions> options, CancellationToken ct) =>
        DefinitionAnswers.Refuse(current.Actor, options.Value) is { } refused ? refused : DefinitionAnswers.Of(await definitions.PublishAsync(flow, current.Actor, ct));
}
