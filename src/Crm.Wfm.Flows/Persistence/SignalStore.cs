using Crm.Wfm.Events;
using Crm.Wfm.Flows.Activities;
using Crm.Wfm.Rules;
using Microsoft.EntityFrameworkCore;

namespace Crm.Wfm.Flows.Persistence;

/// <summary>
/// Signals and what waits for them. A signal nobody waits for yet is kept; that somebody began to wait in the same moment shows when both are committed, which is when
/// <see cref="SettleAsync"/> brings them together: after each burst that waits, after each kept signal, and once in a while by every host. A run in dead letters keeps the first
/// signal of each name that reaches it, for when it is replayed.
/// </summary>
internal static class SignalStore
{
    // The run's row is locked first. Whether it still waits then is asked by a statement of its own: the one that waited for the lock does not see what was committed meanwhile.
    private const string Lock = "select r.id from wfm_flows.run r where r.id in (select b.run_id from wfm_flows.bookmark b where b.signal = $1) order by r.id for update";

    private const string Give = """
        with waiting as (
          select distinct r.workspace_id, r.id from wfm_flows.bookmark b join wfm_flows.run r on r.id = b.run_id
          where b.signal = $1 and (r.finished_at is null or not exists (select from wfm_flows.delivery o where o.run_id = r.id and o.signal = $1))),
        given as (
          insert into wfm_flows.delivery (workspace_id, run_id, signal, payload, accepted_at, is_kept)
          select w.workspace_id, w.id, $1, $2, $3, $4 and (select count(*) from waiting) = 1 from waiting w returning run_id),
        woken as (update wfm_flows.run r set due_at = least(r.due_at, $3) from given g where r.id = g.run_id and r.finished_at is null and r.status <> 'waiting')
        select count(*)::int from given
        """;

    /// <summary>Begins to wait.</summary>
    public static Task WaitAsync(DbContext db, IReadOnlyList<RunBookmark> bookmarks, CancellationToken ct) => db.ExecuteAsync("""
        insert into wfm_flows.bookmark (workspace_id, run_id, execution, signal, since)
        select wfm.workspace(), b.run_id, b.execution, b.signal, b.since from unnest($1::uuid[], $2::int[], $3::text[], $4::bigint[]) as b (run_id, execution, signal, since)
        on conflict do nothing
        """,
        [
            bookmarks.Select(b => b.Run).ToArray(), bookmarks.Select(b => b.Bookmark.Execution).ToArray(), bookmarks.Select(b => b.Bookmark.Signal).ToArray(),
            bookmarks.Select(b => Signals.IsEvent(b.Bookmark.Signal) ? b.Head : (long?)null).ToArray(),
        ], ct);

    /// <summary>Sends a signal to everybody who waits for it, in the transaction at hand.</summary>
    /// <param name="db">The context.</param>
    /// <param name="signal">Its name.</param>
    /// <param name="payload">With what it comes.</param>
    /// <param name="isKept">Whether it is kept for the first who will wait for it, when nobody does.</param>
    /// <param name="now">The business time.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>How many runs it was sent to.</returns>
    public static async Task<int> SendAsync(DbContext db, string signal, Value payload, bool isKept, DateTimeOffset now, CancellationToken ct)
    {
        var text = Storable.Text(CanonicalJson.Text(payload));
        await using var batch = db.Batch();
        batch.Add(Lock, signal);
        batch.Add(Give, signal, text, now.ToUniversalTime(), isKept);
        var sent = 0;
        await using (var reader = await batch.ExecuteReaderAsync(ct))
        {
            await reader.NextResultAsync(ct);
            while (await reader.ReadAsync(ct)) sent = reader.GetInt32(0);
        }

        if (sent == 0 && isKept)
            await db.ExecuteAsync("insert into wfm_flows.delivery (workspace_id, signal, payload, accepted_at) values (wfm.workspace(), $1, $2, $3)", [signal, text, now.ToUniversalTime()], ct);
        return sent;
    }

    /// <summary>Sends a signal to the runs of one correlation id that wait for it.</summary>
    /// <returns>How many there are.</returns>
    public static Task<int> SendCorrelatedAsync(DbContext db, string signal, string correlationId, Value payload, DateTimeOffset now, CancellationToken ct) => db.ExecuteAsync("""
        with waiting as (
          select r.workspace_id, r.id from wfm_flows.run r
          where r.correlation_id = $4 and r.id in (select b.run_id from wfm_flows.bookmark b where b.signal = $1) order by r.id for update),
        given as (insert into wfm_flows.delivery (workspace_id, run_id, signal, payload, accepted_at) select w.workspace_id, w.id, $1, $2, $3 from waiting w returning run_id)
        update wfm_flows.run r set due_at = case when r.finished_at is null and r.status <> 'waiting' then least(r.due_at, $3) end from given g where r.id = g.run_id
        """, [signal, Storable.Text(CanonicalJson.Text(payload)), now.ToUniversalTime(), correlationId], ct);

    /// <summary>Sends a signal to one run: kept for it until it waits for it, or has ended. One in dead letters has it when it is replayed.</summary>
    /// <returns>Whether there is such a run that goes on, or may.</returns>
    public static async Task<bool> SendToAsync(DbContext db, Guid run, string signal, Value payload, DateTimeOffset now, CancellationToken ct) => await db.ExecuteAsync("""
        with target as (select r.workspace_id, r.id from wfm_flows.run r where r.id = $1 and (r.finished_at is null or r.status = 'faulted') for update),
        given as (insert into wfm_flows.delivery (workspace_id, run_id, signal, payload, accepted_at) select t.workspace_id, t.id, $2, $3, $4 from target t returning run_id)
        update wfm_flows.run r set due_at = case when r.finished_at is null and r.status <> 'waiting' then least(r.due_at, $4) end from given g where r.id = g.run_id
        """, [run, signal, Storable.Text(CanonicalJson.Text(payload)), now.ToUniversalTime()], ct) > 0;

    /// <summary>Gives kept signals to those who wait for them by now, in every workspace.</summary>
    /// <returns>How many were given, and in what workspaces somebody began to wait for events.</returns>
    public static async Task<(int Given, IReadOnlyList<Guid> Unsettled)> SettleAsync(DbContext db, DateTimeOffset now, CancellationToken ct) =>
        (await db.QueryAsync("select wfm_flows.settle_signals($1), array(select wfm_flows.unsettled_workspaces())", [now.ToUniversalTime()], r => (r.GetInt32(0), (IReadOnlyList<Guid>)r.GetFieldValue<Guid[]>(1)), ct))[0];

    /// <summary>Takes the place of the pump in this workspace until the transaction ends: it has told its events, or has not begun to.</summary>
    public const string LockEvents = "select pg_advisory_xact_lock(hashtextextended('wfm_flows.events/' || wfm.workspace(), 0))";

    /// <summary>
    /// Gives the events that were told while bursts were under way to the runs that wait for them since, in the workspace of the transaction at hand. Whoever has begun to wait is
    /// seen by the pump from now on, for it stands aside meanwhile; runs under way are left for the next time.
    /// </summary>
    /// <returns>How many runs were given an event.</returns>
    public static async Task<int> SettleEventsAsync(DbContext db, EventFeed feed, DateTimeOffset now, CancellationToken ct)
    {
        await db.ExecuteAsync(LockEvents, [], ct);
        var runs = await db.QueryAsync("""
            select r.id from wfm_flows.run r where r.id in (select b.run_id from wfm_flows.bookmark b where b.since is not null) order by r.id for update skip locked
            """, [], r => r.GetGuid(0), ct);
        if (runs.Count == 0) return 0;
        var missed = await db.QueryAsync("""
            select b.run_id, b.signal, e.id from wfm_flows.bookmark b cross join lateral (
              select x.id from wfm.feed f join wfm.event x on x.workspace_id = f.workspace_id and x.sequence = f.sequence
              where f.position > b.since and x.type = split_part(substr(b.signal, $2), '@', 1) and split_part(b.signal, '@', 2) in ('', x.subject) order by f.position limit 1) e
            where b.run_id = any($1) and b.since is not null and not exists (select from wfm_flows.delivery d where d.run_id = b.run_id and d.signal = b.signal)
            """, [runs.ToArray(), Signals.Event("").Length + 1], r => (Run: r.GetGuid(0), Signal: r.GetString(1), Event: r.GetGuid(2)), ct);
        foreach (var told in missed.DistinctBy(m => (m.Run, m.Signal)))
            if (await feed.FindAsync(told.Event, ct) is { } found) await SendToAsync(db, told.Run, told.Signal, Value.From(found.ToCloudEvent()), now, ct);
        await db.ExecuteAsync("update wfm_flows.bookmark set since = null where run_id = any($1) and since is not null", [runs.ToArray()], ct);
        return missed.Count;
    }

    /// <summary>Ends all waiting of runs that have ended: signals that were kept for whoever would wait are kept on, others go.</summary>
    public static async Task ForgetAsync(DbContext db, IReadOnlyList<Guid> runs, CancellationToken ct)
    {
        object?[] ids = [runs.ToArray()];
        await db.ExecuteAsync("delete from wfm_flows.bookmark where run_id = any($1)", ids, ct);
        await db.ExecuteAsync("update wfm_flows.delivery set run_id = null where run_id = any($1) and is_kept", ids, ct);
        await db.ExecuteAsync("delete from wfm_flows.delivery where run_id = any($1)", ids, ct);
    }
}
