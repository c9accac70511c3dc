using Crm.Wfm.Flows.Activities;
using Crm.Wfm.Flows.Persistence;
using Crm.Wfm.Rules;
using Microsoft.EntityFrameworkCore;

namespace Crm.Wfm.Flows.Running;

/// <summary>Starts the runs that runs start, in the transaction of the burst.</summary>
internal static class Dispatching
{
    public static async Task StartAsync(DbContext db, FlowLibrary library, Checkpoint from, int maxDepth, DateTimeOffset now, CancellationToken ct)
    {
        var runs = new List<(DispatchedRun Dispatched, NewRun Run)>();
        foreach (var dispatched in from.State.Dispatched)
        {
            var request = dispatched.Request;
            var numbers = await db.QueryAsync("select number, has_run from wfm_flows.definition where definition_id = $1 order by is_published desc, version desc limit 1", [request.DefinitionId],
                r => (Number: r.GetInt32(0), IsSettled: r.GetBoolean(1)), ct);
            var depth = from.Loaded.Depth + 1;
            if (numbers is not [var (number, isSettled)])
            {
                await RefuseAsync(db, from, dispatched, $"There is no flow '{request.DefinitionId}'.", now, ct);
                continue;
            }

            if (!isSettled && (await library.FindAsync(db, from.State.Workspace, number, ct)).Flow is { } draft && LentRoles.HasAny(draft))
            {
                await RefuseAsync(db, from, dispatched, FlowLibrary.Unlent(request.DefinitionId), now, ct);
                continue;
            }

            if (!isSettled) await DefinitionStore.SettleAsync(db, number, ct);
            var error = depth > maxDepth ? $"Not run: runs start each other more than {maxDepth} deep. Look for a circle among the runs that started this one." : null;
            if (error is not null) await RefuseAsync(db, from, dispatched, error, now, ct);
            runs.Add((dispatched, new()
            {
                Error = error,
                Id = dispatched.Id, Definition = number, Cause = dispatched.Cause?.Event, Depth = depth, Parent = from.State.Id, IsAwaited = request.IsAwaited, CorrelationId = request.CorrelationId,
                Input = request.Input.AsObject?.ToDictionary(i => i.Key, i => i.Value, StringComparer.Ordinal),
            }));
        }

        var started = await Activation.StartAsync(db, [.. runs.Select(r => r.Run)], now, ct);
        foreach (var (dispatched, _) in runs.Where(r => !started.Contains(r.Run.Id)))
            await RefuseAsync(db, from, dispatched, $"'{dispatched.Request.DefinitionId}' runs one at a time, and a run of it goes on.", now, ct);
    }

    // Who waits for it is told.
    private static async Task RefuseAsync(DbContext db, Checkpoint from, DispatchedRun dispatched, string message, DateTimeOffset now, CancellationToken ct)
    {
        var payload = Value.From(new FactObjectBuilder { ["status"] = Value.From("faulted"), ["error"] = Value.From(message), ["output"] = Value.From(FactObject.Empty) }.Build());
        if (dispatched.Request.IsAwaited) await SignalStore.SendToAsync(db, from.State.Id, Signals.RunEnded(dispatched.Id), payload, now, ct);
    }
}
