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

internal static class ResumeRun // POST /runs/{run}/resume
{
    public static void Map(IEndpointRouteBuilder runs) => runs.MapPost("/{run:guid}/resume", Handle).WithName(nameof(ResumeRun))
        .WithSummary("Lets a cancelled run go on where it was; lets one that waits go on now, as if its time had come")
        .WithIdempotencyKey("runs/{run}/resume").ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<Results<Ok<RunControlResponse>, ProblemHttpResult>> Handle(
        [Description("The run's id.")] Guid run, Body<ResumeRequest> body, RunControl control, CurrentRequest current, IOptions<WfmOptions> options, CancellationToken ct) =>
        RunControlAnswers.Refusal(current, options.Value) is { } refusal ? refusal : RunControlAnswers.Of(run, await control.ResumeAsync(run, body.Value.Activity, current.Actor, ct));
}

internal sealed record ResumeRequest([property: StringLength(1000, MinimumLength = 1)] string? Activity = null);
