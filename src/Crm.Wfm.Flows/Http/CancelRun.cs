using Crm.Wfm.Flows.Running;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Crm.Wfm.Flows.Http;

internal static class CancelRun // POST /runs/{id}/cancel
{
    public static void Map(IEndpointRouteBuilder runs) => runs.MapPost("/{id:guid}/cancel", Handle).WithName(nameof(CancelRun))
        .WithSummary("Ends a run, and those it started and waits for")
        .ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<Results<NoContent, ProblemHttpResult>> Handle(Guid id, CurrentRequest current, FlowRuns runs, IOptions<WfmOptions> options, CancellationToken ct)
    {
        if (DefinitionAnswers.Refuse(current.Actor, options.Value) is { } refused) return refused;
        return await runs.CancelAsync(id, ct) switch
        {
            CancelResult.Cancelled => TypedResults.NoContent(),
            CancelResult.Ended => Problems.Conflict("The run has ended already."),
            _ => Problems.NotFound("run"),
        };
    }
}
