using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Crm.Wfm.Flows.Persistence;
using Crm.Wfm.Flows.Running;
using Crm.Wfm.Persistence;

namespace Crm.Wfm.Flows.Http;

/// <summary>Dead letters that are meant together: these runs, or those a filter finds, the oldest first.</summary>
internal sealed record DeadLetterSelection(
    [property: Description("These, 1,000 at most; nothing for those the filter finds."), MaxLength(DeadLetterSelection.Most)] IReadOnlyList<Guid>? Runs = null,
    [property: Description("Those of a flow.")] string? Flow = null, [property: Description("Those that failed in an activity, by its node id.")] string? Activity = null,
    [property: Description("Those an event started.")] Guid? Event = null, [property: Description("Those whose reason has this in it.")] string? Error = null,
    [property: Description("Those that failed then or later.")] DateTimeOffset? Since = null)
{
    public const int Most = 1000;

    /// <summary>Says what is wrong with it: whoever means all says so by a filter.</summary>
    public Fault? Fault => Runs is null && Flow is null && Activity is null && Event is null && Error is null && Since is null
        ? new("", "required", "Say which: runs, flow, activity, event, error or since.") : null;

    /// <summary>Tells each to do something.</summary>
    public async Task<DeadLetterBatch> ForEachAsync(HostContext host, Func<Guid, Task<RunControlResult>> tell, CancellationToken ct)
    {
        var runs = Runs?.Distinct().ToList() ?? await FindAsync(host, ct);
        var (done, refused) = (0, new List<DeadLetterRefusal>());
        foreach (var run in runs.Take(Most))
        {
            switch (await tell(run))
            {
                case RunControlResult.Done: done++; break;
                case RunControlResult.Refused no: refused.Add(new(run, no.Why)); break;
                default: refused.Add(new(run, "There is no such run.")); break;
            }
        }

        return new(done, refused, runs.Count > Most);
    }

    private async Task<List<Guid>> FindAsync(HostContext host, CancellationToken ct)
    {
        await using var transaction = host.Db.Database.CurrentTransaction is null ? await host.BeginAsync(ct) : null;
        var filter = new DeadLetterFilter(Flow, Activity, Event, Error, Since);
        return await host.Db.QueryAsync($"{DeadLetterResponse.Select} {DeadLetterFilter.Sql} order by r.updated_at, r.id limit $6", [.. filter.Parameters, Most + 1], r => r.GetGuid(0), ct);
    }
}

/// <summary>What came of dead letters that were meant together.</summary>
/// <param name="Count">How many it was done to.</param>
/// <param name="Refused">Those it could not be done to, and why.</param>
/// <param name="HasMore">Whether the filter finds more: ask again.</param>
internal sealed record DeadLetterBatch(int Count, IReadOnlyList<DeadLetterRefusal> Refused, bool HasMore);

/// <summary>A dead letter it could not be done to.</summary>
internal sealed record DeadLetterRefusal(Guid Run, string Why);
