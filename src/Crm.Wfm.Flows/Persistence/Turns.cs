using Microsoft.EntityFrameworkCore;

namespace Crm.Wfm.Flows.Persistence;

/// <summary>Says when runs may begin: of those with one concurrency key one at a time, in the order they came; of those with one throttle key so many in a period.</summary>
internal static class Turns
{
    /// <summary>
    /// Lets the first of those that wait for a key begin, where nobody holds it. Whoever may have freed a key, or has begun to wait for it, calls this last in its transaction: the
    /// key is locked from here on, so that of two who look at it at once the second sees what the first has done.
    /// </summary>
    /// <returns>Whether somebody may begin.</returns>
    public static async Task<bool> AdmitAsync(DbContext db, IEnumerable<string> keys, DateTimeOffset now, CancellationToken ct)
    {
        var sorted = keys.Distinct().Order(StringComparer.Ordinal).ToArray();
        if (sorted.Length == 0) return false;
        foreach (var key in sorted) await LockAsync(db, key, ct);
        return await db.ExecuteAsync("""
            update wfm_flows.run r set status = 'pending', due_at = greatest(r.starts_at, $2), updated_at = $2
            from (
              select distinct on (w.concurrency_key) w.id from wfm_flows.run w
              where w.concurrency_key = any($1) and w.finished_at is null and w.status = 'waiting' and not exists (
                select from wfm_flows.run h where h.concurrency_key = w.concurrency_key and h.finished_at is null and h.status <> 'waiting')
              order by w.concurrency_key, w.created_at, w.id) first
            where r.id = first.id
            """, [sorted, now.ToUniversalTime()], ct) > 0;
    }

    /// <summary>Says when a run may begin that is throttled: no sooner than a period after the last but so many of its key.</summary>
    public static async Task<DateTimeOffset> BeginAsync(DbContext db, NewRun run, DateTimeOffset now, CancellationToken ct)
    {
        var wanted = run.Due ?? now;
        if (run.Throttle is not { } throttle) return wanted;
        await LockAsync(db, throttle.Key, ct);
        var before = await db.QueryAsync("""
            select r.starts_at from wfm_flows.run r where r.throttle_key = $1 and ($3 = '' or r.debounce_key is distinct from $3) order by r.starts_at desc offset $2 limit 1
            """, [throttle.Key, throttle.Max - 1, run.DebounceKey ?? ""], r => r.GetFieldValue<DateTimeOffset>(0), ct);
        return before is [var last] && last + throttle.Per > wanted ? last + throttle.Per : wanted;
    }

    private static Task<int> LockAsync(DbContext db, string key, CancellationToken ct) =>
        db.ExecuteAsync("select pg_advisory_xact_lock(hashtextextended('wfm_flows.turn/' || wfm.workspace() || '/' || $1, 0))", [key], ct);
}

/// <summary>How many runs of a key may begin in a period.</summary>
internal sealed record NewRunThrottle(string Key, int Max, TimeSpan Per);
