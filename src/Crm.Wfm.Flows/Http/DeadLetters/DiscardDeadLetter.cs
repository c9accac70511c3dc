using System.ComponentModel;
using Crm.Wfm.Flows.Running;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Crm.Wfm.Flows.Http;

internal static class DiscardDeadLetter // POST /dead-letters/{run}/discard
{
    public static void Map(IEndpointRouteBuilder letters) => letters.MapPost("/{run:guid}/discard", Handle).WithName(nameof(DiscardDeadLetter)).WithSummary("Puts a run that failed for good away: it cannot be replayed any more, its journal stays")
        .WithIdempotencyKey("dead-letters/{run}/discard").ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<Results<Ok<RunControlResponse>, ProblemHttpResult>> Handle([Description("The run's id.")] Guid run, RunControl control, CurrentRequest current, IOptions<WfmOptions> options, CancellationToken ct) =>
        RunControlAnswers.Refusal(current, options.Value) is { } refusal ? refusal : RunControlAnswers.Of(run, await control.DiscardAsync(run, current.Actor, ct));
}
