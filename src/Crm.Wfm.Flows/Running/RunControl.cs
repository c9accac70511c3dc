using Crm.Wfm.Flows.Persistence;
using Crm.Wfm.Moves;
using Crm.Wfm.Persistence;
using Crm.Wfm.Rules;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Crm.Wfm.Flows.Running;

/// <summary>What people do with runs: end them, let them go on, run them again, put them away. Each is a note in the run's journal, of who did it.</summary>
/// <remarks>A burst that is under way comes first: what is told here holds from when it has committed. Calls to the outside that are under way are not waited for; what comes of them is dropped when the run has ended meanwhile.</remarks>
public sealed class RunControl
{
    private const int Deadlocks = 3;

    private readonly HostContext _host;
    private readonly FlowLibrary _library;
    private readonly RunSignal _signal;
    private readonly TimeProvider _time;

    internal RunControl(HostContext host, FlowLibrary library, RunSignal signal, TimeProvider time) => (_host, _library, _signal, _time) = (host, library, signal, time);

    private DbContext Db => _host.Db;

    /// <summary>Ends a run that goes on, and those it started and waits for. What they did stays done.</summary>
    public Task<RunControlResult> CancelAsync(Guid run, Actor actor, CancellationToken ct) => TransactAsync(async (now, token) =>
    {
        var family = await Db.QueryAsync("""
            with recursive family as (
              select r.id from wfm_flows.run r where r.id = $1
              union select c.id from wfm_flows.run c join family f on c.parent_id = f.id where c.awaited)
            select r.id, r.status, r.parent_id, r.awaited, r.concurrency_key, r.finished_at is null from wfm_flows.run r where r.id in (select f.id from family f) order by r.id for update
            """, [run], Row.Of, token);
        if (family.Find(r => r.Id == run) is not { } told) return new RunControlResult.NotFound();
        if (!told.GoesOn) return new RunControlResult.Refused($"The run has ended already: it is {told.Status}.");
        var ended = family.Where(r => r.GoesOn).ToList();
        var ids = ended.Select(r => r.Id).ToArray();
        await Db.ExecuteAsync("""
            update wfm_flows.run set status = 'cancelled', due_at = null, leased_until = null, lease = lease + 1, debounce_key = null, control = null, finished_at = $2, updated_at = $2 where id = any($1)
            """, [ids, now], token);
        await SignalStore.ForgetAsync(Db, ids, token);
        foreach (var id in ids) await NoteAsync(id, "cancelled", actor, now, token);
        await RunEnds.TellAsync(Db, [.. ended.Select(r => r.Id == run ? r.End(RunStatus.Cancelled) : r.End(RunStatus.Cancelled) with { Awaiting = null })], now, token);
        return new RunControlResult.Done("cancelled");
    }, ct);

    /// <summary>Lets a run that was cancelled go on where it was, and those that were cancelled with it; lets one that waits go on now, as if its time had come.</summary>
    /// <param name="run">The run.</param>
    /// <param name="activity">The activity that is to wait no longer, by its node id, or by its id where no other has it; <c>null</c> for all that do.</param>
    /// <param name="actor">Who says so.</param>
    /// <param name="ct">Cancels.</param>
    public Task<RunControlResult> ResumeAsync(Guid run, string? activity, Actor actor, CancellationToken ct) => OnceAsync(run, (row, now, token) => row.Status switch
    {
        "cancelled" => ReviveAsync(row, actor, now, token),
        "suspended" => WakeAsync(row, new(InterventionKind.Wake, activity), actor, now, token),
        _ => Task.FromResult<RunControlResult>(new RunControlResult.Refused($"The run is {row.Status}: what was cancelled or is suspended can be resumed; dead letters are replayed.")),
    }, ct);

    /// <summary>Runs a run that failed for good once more, from the activity it failed in: with the inputs as they come to now, and tries counted anew.</summary>
    public Task<RunControlResult> ReplayAsync(Guid run, Actor actor, CancellationToken ct) => OnceAsync(run, (row, now, token) => row.Status == "faulted"
        ? GoOnAsync(row, new(InterventionKind.Replay), "replayed", actor, now, token)
        : Task.FromResult<RunControlResult>(new RunControlResult.Refused($"The run is no dead letter: it is {row.Status}.")), ct);

    /// <summary>Puts a run away that failed for good: it cannot be replayed any more. Its journal stays.</summary>
    public Task<RunControlResult> DiscardAsync(Guid run, Actor actor, CancellationToken ct) => OnceAsync(run, async (row, now, token) =>
    {
        if (row.Status != "faulted") return new RunControlResult.Refused($"The run is no dead letter: it is {row.Status}.");
        await Db.ExecuteAsync("update wfm_flows.run set status = 'discarded', state = null, updated_at = $2 where id = $1", [run, now], token);
        await SignalStore.ForgetAsync(Db, [run], token);
        await NoteAsync(run, "discarded", actor, now, token);
        return new RunControlResult.Done("discarded");
    }, ct);

    /// <summary>
    /// Runs a run again from an activity on. Variables, inputs and what activities gave out stay as they are; whatever else goes on in the run ends. What was done stays done, and is
    /// done again from there: activities have new idempotency keys.
    /// </summary>
    /// <param name="run">The run: one that has ended, or waits.</param>
    /// <param name="activity">The activity's node id, or its id where no other has it.</param>
    /// <param name="actor">Who says so.</param>
    /// <param name="ct">Cancels.</param>
    public Task<RunControlResult> RerunAsync(Guid run, string activity, Actor actor, CancellationToken ct) => OnceAsync(run, async (row, now, token) =>
    {
        if (row.Status is "discarded" or "pending" or "waiting") return new RunControlResult.Refused($"The run is {row.Status}: what has ended, or is suspended, can be run again.");
        var (definition, state) = (await Db.QueryAsync("select definition, state from wfm_flows.run where id = $1", [run], r => (r.GetInt32(0), r.GetValue(1) as string), token))[0];
        if (state is null || Value.Parse(state)["n"].IsNull) return new RunControlResult.Refused("The run has kept no state to go on with.");
        if ((await _library.FindAsync(Db, _host.Workspace, definition, token)).Flow is not { } flow) return new RunControlResult.Refused("This host cannot read the flow.");
        if (Reruns.Find(flow, activity, out var refusal) is not { } node) return new RunControlResult.Refused(refusal!);
        return await GoOnAsync(row, new(InterventionKind.Rerun, node.Definition.NodeId), $"run again from {node.Definition.NodeId}", actor, now, token);
    }, ct);

    // What has ended gets in line again: another may hold its key by now.
    private async Task<RunControlResult> GoOnAsync(Row row, Intervention told, string what, Actor actor, DateTimeOffset now, CancellationToken ct)
    {
        var waits = row.ConcurrencyKey is not null && !row.GoesOn;
        await Db.ExecuteAsync("""
            update wfm_flows.run set status = case when $4 then 'waiting' else 'pending' end, control = $2, due_at = case when not $4 then $3::timestamptz end, finished_at = null, updated_at = $3,
              attempts = 0, crashes = 0, starts_at = coalesce(starts_at, $3)
            where id = $1
            """, [row.Id, told.Text(), now, waits], ct);
        await NoteAsync(row.Id, what, actor, now, ct);
        if (waits) await Turns.AdmitAsync(Db, [row.ConcurrencyKey!], now, ct);
        return new RunControlResult.Done(waits ? await StatusAsync(row.Id, ct) : "pending");
    }

    // Those it started and waits for were cancelled with it.
    private async Task<RunControlResult> ReviveAsync(Row row, Actor actor, DateTimeOffset now, CancellationToken ct)
    {
        var family = await Db.QueryAsync("""
            with recursive family as (
              select r.id, r.finished_at from wfm_flows.run r where r.id = $1
              union select c.id, c.finished_at from wfm_flows.run c join family f on c.parent_id = f.id and c.finished_at = f.finished_at where c.awaited and c.status = 'cancelled')
            select r.id, r.status, r.parent_id, r.awaited, r.concurrency_key, false from wfm_flows.run r where r.id in (select f.id from family f) and r.id <> $1 order by r.id for update
            """, [row.Id], Row.Of, ct);
        var result = await GoOnAsync(row, new(InterventionKind.Resume), "resumed", actor, now, ct);
        foreach (var child in family) await GoOnAsync(child, new(InterventionKind.Resume), "resumed", actor, now, ct);
        return result;
    }

    private async Task<RunControlResult> WakeAsync(Row row, Intervention told, Actor actor, DateTimeOffset now, CancellationToken ct)
    {
        if (told.Activity is { } activity)
        {
            var definition = (await Db.QueryAsync("select definition from wfm_flows.run where id = $1", [row.Id], r => r.GetInt32(0), ct))[0];
            var nodes = (await _library.FindAsync(Db, _host.Workspace, definition, ct)).Flow?.Nodes.Where(n => n.Definition.NodeId == activity || n.Definition.Id == activity).ToList() ?? [];
            if (nodes is not [var node]) return new RunControlResult.Refused(nodes.Count == 0 ? $"The flow has no activity '{activity}'." : $"Several activities are called '{activity}': {string.Join(", ", nodes.Select(n => n.Definition.NodeId))}.");
            told = told with { Activity = node.Definition.NodeId };
        }

        await Db.ExecuteAsync("update wfm_flows.run set control = $2, due_at = $3, updated_at = $3 where id = $1", [row.Id, told.Text(), now], ct);
        await NoteAsync(row.Id, told.Activity is null ? "resumed" : $"resumed at {told.Activity}", actor, now, ct);
        return new RunControlResult.Done("suspended");
    }

    private async Task<string> StatusAsync(Guid run, CancellationToken ct) => (await Db.QueryAsync("select status from wfm_flows.run where id = $1", [run], r => r.GetString(0), ct))[0];

    private Task NoteAsync(Guid run, string what, Actor actor, DateTimeOffset now, CancellationToken ct)
    {
        var nothing = Value.From(FactObject.Empty);
        var who = Value.From(FactObject.Empty.With("actor", Value.From(actor.Id)));
        return RunStore.NoteAsync(Db, run, new(0, "Workflow1", "Elsa.Workflow", "Workflow1", JournalKind.Intervened, now, [], who, nothing, what, TimeSpan.Zero, 0), ct);
    }

    private Task<RunControlResult> OnceAsync(Guid run, Func<Row, DateTimeOffset, CancellationToken, Task<RunControlResult>> act, CancellationToken ct) => TransactAsync(async (now, token) =>
    {
        var rows = await Db.QueryAsync("select id, status, parent_id, awaited, concurrency_key, finished_at is null from wfm_flows.run where id = $1 for update", [run], Row.Of, token);
        return rows is [var row] ? await act(row, now, token) : new RunControlResult.NotFound();
    }, ct);

    // In a transaction of the caller's own, or in one that is done over when bursts and this stand in each other's way.
    private async Task<RunControlResult> TransactAsync(Func<DateTimeOffset, CancellationToken, Task<RunControlResult>> act, CancellationToken ct)
    {
        var now = _time.GetUtcNow().ToUniversalTime();
        if (Db.Database.CurrentTransaction is not null) return await act(now, ct);
        for (var deadlocks = 0; ; deadlocks++)
        {
            try
            {
                return await _host.ExecuteAsync(async token =>
                {
                    await using var transaction = await _host.BeginAsync(token);
                    var result = await act(now, token);
                    if (result is not RunControlResult.Done) return result;
                    await transaction.CommitAsync(token);
                    _signal.Ring();
                    return result;
                }, ct);
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.DeadlockDetected && deadlocks < Deadlocks)
            {
                // Nothing of it is left.
            }
        }
    }

    private sealed record Row(Guid Id, string Status, Guid? Parent, bool IsAwaited, string? ConcurrencyKey, bool GoesOn)
    {
        public static Row Of(NpgsqlDataReader r) => new(r.GetGuid(0), r.GetString(1), r.IsDBNull(2) ? null : r.GetGuid(2), r.GetBoolean(3), r.GetValue(4) as string, r.GetBoolean(5));

        public RunEnd End(RunStatus status) => new(Id, status, IsAwaited ? Parent : null, ConcurrencyKey, Value.From(FactObject.Empty), Error: null);
    }
}

/// <summary>What came of telling a run to do something.</summary>
public abstract record RunControlResult
{
    private RunControlResult()
    {
    }

    /// <summary>It is as it was told.</summary>
    /// <param name="Status">The run's status now.</param>
    public sealed record Done(string Status) : RunControlResult;

    /// <summary>It cannot be, as the run stands.</summary>
    /// <param name="Why">Why, in words for people.</param>
    public sealed record Refused(string Why) : RunControlResult;

    /// <summary>There is no such run in the workspace.</summary>
    public sealed record NotFound : RunControlResult;
}
