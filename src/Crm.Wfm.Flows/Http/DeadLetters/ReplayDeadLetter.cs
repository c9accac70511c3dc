using System.ComponentModel;
using Crm.Wfm.Flows.Running;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Crm.Wfm.Flows.Http;

internal static class ReplayDeadLetter // POST /dead-letters/{run}/replay
{
    public static void Map(IEndpointRouteBuilder letters) => letters.MapPost("/{run:guid}/replay", Handle).WithName(nameof(ReplayDeadLetter)).WithSummary("Tries a run that failed for good once more, from the activity it failed in")
        .WithIdempotencyKey("dead-letters/{run}/replay").ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<Results<Ok<RunControlResponse>, ProblemHttpResult>> Handle([Description("The run's id.")] Guid run, RunControl control, CurrentRequest current, IOptions<WfmOptions> options, CancellationToken ct) =>
        RunControlAnswers.Refusal(current, options.Value) is { } refusal ? refusal : RunControlAnswers.Of(run, await control.ReplayAsync(run, current.Actor, ct));
}
