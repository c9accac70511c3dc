using System.ComponentModel;
using Crm.Wfm.Flows.Definitions;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Crm.Wfm.Flows.Http;

internal static class RetractFlow // POST /flows/{flow}/retract
{
    public static void Map(IEndpointRouteBuilder flows) => flows.MapPost("/{flow}/retract", Handle).WithName(nameof(RetractFlow))
        .WithSummary("Takes the published version back: nothing starts it any more, its runs go on")
        .WithIdempotencyKey("flows/{flow}/retract").ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<Results<Ok<FlowChangeResponse>, ProblemHttpResult>> Handle(
        [Description("The flow's id.")] string flow, CurrentRequest current, FlowDefinitions definitions, IOptions<WfmOptions> options, CancellationToken ct) =>
        DefinitionAnswers.Refuse(current.Actor, options.Value) is { } refused ? refused : DefinitionAnswers.Of(await definitions.RetractAsync(flow, current.Actor, ct));
}
