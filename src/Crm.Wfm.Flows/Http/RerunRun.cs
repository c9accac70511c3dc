using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Crm.Wfm.Flows.Running;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Crm.Wfm.Flows.Http;

internal static class RerunRun // POST /runs/{run}/rerun
{
    public static void Map(IEndpointRouteBuilder runs) => runs.MapPost("/{run:guid}/rerun", Handle).WithName(nameof(RerunRun))
        .WithSummary("Runs a run again from an activity on, with its variables as they are; what was done stays done, and is done again from there")
        .WithIdempotencyKey("runs/{run}/rerun").ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<Results<Ok<RunControlResponse>, ProblemHttpResult>> Handle(
        [Description("The run's id.")] Guid run, Body<RerunRequest> body, RunControl control, CurrentRequest current, IOptions<WfmOptions> options, CancellationToken ct) =>
        RunControlAnswers.Refusal(current, options.Value) is { } refusal ? refusal : RunControlAnswers.Of(run, await control.RerunAsync(run, body.Value.Activity, current.Actor, ct));
}

internal sealed record RerunRequest([property: StringLength(1000, MinimumLength = 1)] string Activity);
