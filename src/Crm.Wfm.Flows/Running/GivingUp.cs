using Crm.Wfm.Flows.Persistence;
using Crm.Wfm.Persistence;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Running;

/// <summary>What becomes of a claim whose burst failed otherwise than in an activity.</summary>
internal sealed class GivingUp(HostContext host, FlowOptions options, TimeProvider time)
{
    /// <summary>Lets the run be tried again later, or dead-letters it when that went on for too long, or would be of no use.</summary>
    /// <returns>Whether it is dead-lettered now.</returns>
    public Task<bool> FailAsync(ClaimedRun claim, Exception failure, CancellationToken ct) => host.ExecuteAsync(async token =>
    {
        var now = time.GetUtcNow();
        var next = failure is RunGivenUp ? null : now + options.Crash.WaitAfter(claim.Crashes + 1);
        await using var transaction = await host.BeginAsync(token);
        var isDead = await RunStore.FailAsync(host.Db, claim, Failures.Text(failure), now, next, token) && next is null;
        if (isDead) await EndAsync(claim.Id, Failures.Text(failure), now, token);
        await transaction.CommitAsync(token);
        return isDead;
    }, ct);

    private async Task EndAsync(Guid run, string message, DateTimeOffset now, CancellationToken ct)
    {
        var entry = new JournalEntry(0, "Workflow1", "Elsa.Workflow", "Workflow1", JournalKind.Faulted, now, [], Value.From(FactObject.Empty), Value.From(FactObject.Empty), message, TimeSpan.Zero, 0);
        await RunStore.NoteAsync(host.Db, run, entry, ct);
        var ends = await host.Db.QueryAsync("select parent_id, awaited, concurrency_key from wfm_flows.run where id = $1", [run],
            r => new RunEnd(run, RunStatus.Faulted, r.GetBoolean(1) ? r.GetGuid(0) : null, r.GetValue(2) as string, Value.From(FactObject.Empty), message), ct);
        await RunEnds.TellAsync(host.Db, ends, now, ct);
    }
}
