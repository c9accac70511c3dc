using System.ComponentModel.DataAnnotations;
using Crm.Wfm.Persistence;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Crm.Wfm.Http;

internal static class RetryParkedEvents // POST /events/parked/retries
{
    public static void Map(IEndpointRouteBuilder events) => events.MapPost("/parked/retries", Handle).WithName(nameof(RetryParkedEvents))
        .WithSummary("Lets parked events be tried again at once: all, those of a consumer, or one event")
        .WithIdempotencyKey("events/parked/retries").ProducesProblem(StatusCodes.Status403Forbidden);

    private static async Task<Results<Ok<RetryParkedEventsResponse>, ProblemHttpResult>> Handle(
        Body<RetryParkedEventsRequest> body, CurrentRequest current, IOptions<WfmOptions> options, HostContext host, TimeProvider time, CancellationToken ct)
    {
        if (!current.Actor.Roles.Contains(options.Value.PublisherRole)) return Problems.Forbidden($"Parked events are for the role {options.Value.PublisherRole}.");
        await using var transaction = await EngineTransaction.BeginAsync(host, ct);
        await using var batch = transaction.FirstBatch();
        batch.Add("""
            update wfm.parked_event p set attempts = 0, next_at = $1
            where ($2 is null or p.consumer = $2)
              and ($3 is null or exists (select from wfm.feed f join wfm.event e on e.sequence = f.sequence where f.position = p.position and e.id = $3))
            """, time.GetUtcNow().ToUniversalTime(), Batches.Text(body.Value.Consumer), Batches.Uuid(body.Value.Event));
        var update = batch.BatchCommands[^1];
        await transaction.CommitAsync(batch, ct);
        return TypedResults.Ok(new RetryParkedEventsResponse((int)update.RecordsAffected));
    }
}

internal sealed record RetryParkedEventsRequest([property: StringLength(200, MinimumLength = 1)] string? Consumer = null, Guid? Event = null);

internal sealed record RetryParkedEventsResponse(int Count);
