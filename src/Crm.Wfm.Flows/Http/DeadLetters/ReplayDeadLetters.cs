using Crm.Wfm.Flows.Running;
using Crm.Wfm.Http;
using Crm.Wfm.Persistence;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Crm.Wfm.Flows.Http;

internal static class ReplayDeadLetters // POST /dead-letters/bulk-replay
{
    public static void Map(IEndpointRouteBuilder letters) => letters.MapPost("/bulk-replay", Handle).WithName(nameof(ReplayDeadLetters)).WithSummary("Tries runs that failed for good once more: these, or the oldest thousand a filter finds")
        .WithIdempotencyKey("dead-letters/bulk-replay").ProducesProblem(StatusCodes.Status403Forbidden);

    private static async Task<Results<Ok<DeadLetterBatch>, ProblemHttpResult>> Handle(
        Body<DeadLetterSelection> body, RunControl control, CurrentRequest current, IOptions<WfmOptions> options, HostContext host, CancellationToken ct)
    {
        if (RunControlAnswers.Refusal(current, options.Value) is { } refusal) return refusal;
        if (body.Value.Fault is { } fault) return Problems.Faulty([fault]);
        return TypedResults.Ok(await body.Value.ForEachAsync(host, run => control.ReplayAsync(run, current.Actor, ct), ct));
    }
}
