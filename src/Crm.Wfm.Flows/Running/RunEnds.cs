using Crm.Wfm.Flows.Activities;
using Crm.Wfm.Flows.Persistence;
using Crm.Wfm.Rules;
using Microsoft.EntityFrameworkCore;

namespace Crm.Wfm.Flows.Running;

/// <summary>A run that has ended: who waits for that?</summary>
/// <param name="Run">Its id.</param>
/// <param name="Status">How it ended.</param>
/// <param name="Awaiting">The run that is told; <c>null</c> for none.</param>
/// <param name="ConcurrencyKey">The key that is free now.</param>
/// <param name="Output">What it gave out.</param>
/// <param name="Error">Why it failed.</param>
internal sealed record RunEnd(Guid Run, RunStatus Status, Guid? Awaiting, string? ConcurrencyKey, Value Output, string? Error)
{
    public static RunEnd Of(Checkpoint at) =>
        new(at.State.Id, at.State.Status, at.Loaded.IsAwaited ? at.Loaded.Parent : null, at.Loaded.ConcurrencyKey, RunStore.Of(at.State.Output), at.Error?.Message);
}

/// <summary>What follows when runs end, in the transaction in which they do.</summary>
internal static class RunEnds
{
    /// <summary>Tells the runs that wait for these, and lets the next of each concurrency key begin.</summary>
    public static async Task TellAsync(DbContext db, IReadOnlyList<RunEnd> ends, DateTimeOffset now, CancellationToken ct)
    {
        foreach (var end in ends.Where(e => e.Awaiting is not null).OrderBy(e => e.Awaiting))
        {
            var payload = new FactObjectBuilder { ["status"] = Value.From(RunStore.Name(end.Status)), ["output"] = end.Output };
            if (end.Error is not null) payload["error"] = Value.From(end.Error);
            await SignalStore.SendToAsync(db, end.Awaiting!.Value, Signals.RunEnded(end.Run), Value.From(payload.Build()), now, ct);
        }

        await Turns.AdmitAsync(db, ends.Select(e => e.ConcurrencyKey).OfType<string>(), now, ct);
    }
}
