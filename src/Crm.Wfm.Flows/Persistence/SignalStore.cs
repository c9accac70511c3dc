using Crm.Wfm.Rules;
using Microsoft.EntityFrameworkCore;

namespace Crm.Wfm.Flows.Persistence;

/// <summary>
/// Signals and what waits for them. A signal nobody waits for yet is kept; that somebody began to wait in the same moment shows when both are committed, which is when
/// <see cref="SettleAsync"/> brings them together: after each burst that waits, after each kept signal, and once in a while by every host.
/// </summary>
internal static class SignalStore
{
    /// <summary>Begins to wait.</summary>
    public static Task WaitAsync(DbContext db, IReadOnlyList<RunBookmark> bookmarks, CancellationToken ct) => db.ExecuteAsync(
        "insert into wfm_flows.bookmark (workspace_id, run_id, execution, signal) select wfm.workspace(), b.run_id, b.execution, b.signal from unnest($1::uuid[], $2::int[], $3::text[]) as b (run_id, execution, signal)",
        [bookmarks.Select(b => b.Run).ToArray(), bookmarks.Select(b => b.Bookmark.Execution).ToArray(), bookmarks.Select(b => b.Bookmark.Signal).ToArray()], ct);

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
        var text = CanonicalJson.Text(payload);
        var sent = await db.ExecuteAsync("""
            with waiting as (select r.workspace_id, r.id from wfm_flows.run r where r.id in (select b.run_id from wfm_flows.bookmark b where b.signal = $1) order by r.id for update),
            given as (insert into wfm_flows.delivery (workspace_id, run_id, signal, payload, accepted_at) select w.workspace_id, w.id, $1, $2, $3 from waiting w returning run_id)
            update wfm_flows.run r set due_at = least(r.due_at, $3) from given g where r.id = g.run_id
            """, [signal, text, now.ToUniversalTime()], ct);
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
        update wfm_flows.run r set due_at = least(r.due_at, $3) from given g where r.id = g.run_id
        """, [signal, CanonicalJson.Text(payload), now.ToUniversalTime(), correlationId], ct);

    /// <summary>Sends a signal to one run: kept for it until it waits for it, or has ended.</summary>
    /// <returns>Whether there is such a run that goes on.</returns>
    public static async Task<bool> SendToAsync(DbContext db, Guid run, string signal, Value payload, DateTimeOffset now, CancellationToken ct) => await db.ExecuteAsync("""
        with target as (select r.workspace_id, r.id from wfm_flows.run r where r.id = $1 and r.finished_at is null for update),
        given as (insert into wfm_flows.delivery (workspace_id, run_id, signal, payload, accepted_at) select t.workspace_id, t.id, $2, $3, $4 from target t returning run_id)
        update wfm_flows.run r set due_at = least(r.due_at, $4) from given g where r.id = g.run_id
        """, [run, signal, CanonicalJson.Text(payload), now.ToUniversalTime()], ct) > 0;

    /// <summary>Gives kept signals to those who wait for them by now, in every workspace.</summary>
    /// <returns>How many were given.</returns>
    public static async Task<int> SettleAsync(DbContext db, DateTimeOffset now, CancellationToken ct) =>
        (await db.QueryAsync("select wfm_flows.settle_signals($1)", [now.ToUniversalTime()], r => r.GetInt32(0), ct))[0];
}
