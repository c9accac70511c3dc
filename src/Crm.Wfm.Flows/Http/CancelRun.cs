using System.ComponentModel;
using Crm.Wfm.Flows.Running;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Crm.Wfm.Flows.Http;

internal static class CancelRun // POST /runs/{run}/cancel
{
    public static void Map(IEndpointRouteBuilder runs) => runs.MapPost("/{run:guid}/cancel", Handle).WithName(nameof(CancelRun))
        .WithSummary("Ends a run, and those it started and waits for")
        .WithIdempotencyKey("runs/{run}/cancel").ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<Results<Ok<RunControlResponse>, ProblemHttpResult>> Handle([Description("The run's id.")] Guid run, RunControl control, CurrentRequest current, IOptions<WfmOptions> options, CancellationToken ct) =>
        RunControlAnswers.Refusal(current, options.Value) is { } refusal ? refusal : RunControlAnswers.Of(run, await control.CancelAsync(run, current.Actor, ct));
}
