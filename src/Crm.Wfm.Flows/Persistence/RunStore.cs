using System.Xml;
using Crm.Wfm.Flows.Running;
using Crm.Wfm.Rules;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;

namespace Crm.Wfm.Flows.Persistence;

/// <summary>The rows of runs and their journals.</summary>
internal static class RunStore
{
    /// <summary>Inserts runs, in the transaction at hand; one there is already stays as it is.</summary>
    /// <returns>How many are new.</returns>
    public static Task<int> InsertAsync(DbContext db, IReadOnlyList<NewRun> runs, DateTimeOffset now, CancellationToken ct) => db.ExecuteAsync("""
        insert into wfm_flows.run (workspace_id, id, bundle_key, bundle_version, flow, event_id, status, error, created_at, next_at, finished_at)
        select wfm.workspace(), r.id, r.bundle_key, r.bundle_version, r.flow, r.event_id, case when r.error is null then 'pending' else 'faulted' end, r.error, $7, $7,
               case when r.error is not null then $7 end
        from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::uuid[], $6::text[]) with ordinality as r (id, bundle_key, bundle_version, flow, event_id, error, n)
        order by r.n
        on conflict (event_id, flow, bundle_key, workspace_id) do nothing
        """,
        [
            runs.Select(_ => Guid.CreateVersion7(now)).ToArray(), runs.Select(r => r.Bundle.Key).ToArray(), runs.Select(r => r.Bundle.Version).ToArray(),
            runs.Select(r => r.Flow).ToArray(), runs.Select(r => r.Event).ToArray(), runs.Select(r => r.Error).ToArray(), now.ToUniversalTime(),
        ], ct);

    /// <summary>Leases runs that are due, of whatever workspace.</summary>
    public static Task<List<ClaimedRun>> ClaimAsync(DbContext db, int limit, DateTimeOffset now, TimeSpan lease, CancellationToken ct) => db.QueryAsync(
        "select workspace_id, id, attempt from wfm_flows.claim_runs($1, $2, $3)", [limit, now.ToUniversalTime(), lease], r => new ClaimedRun(r.GetGuid(0), r.GetGuid(1), r.GetInt32(2)), ct);

    /// <summary>Locks a claimed run until the transaction ends; <c>null</c> when it is somebody else's by now, or done.</summary>
    public static async Task<PendingRun?> LockAsync(DbContext db, ClaimedRun run, CancellationToken ct)
    {
        var rows = await db.QueryAsync("""
            select r.bundle_key, r.bundle_version, b.content_hash, r.flow, r.event_id
            from wfm_flows.run r join wfm.bundle b on b.workspace_id = r.workspace_id and b.key = r.bundle_key and b.version = r.bundle_version
            where r.id = $1 and r.attempts = $2 and r.status = 'pending' for update of r
            """, [run.Id, run.Attempt], r => new PendingRun(new(r.GetString(0), r.GetString(1), r.GetString(2)), r.GetString(3), r.GetGuid(4)), ct);
        return rows is [var pending] ? pending : null;
    }

    /// <summary>Writes down what a run did, and that it is finished.</summary>
    public static async Task FinishAsync(DbContext db, ClaimedRun run, IReadOnlyList<JournalEntry> journal, DateTimeOffset now, CancellationToken ct)
    {
        var entries = new NpgsqlParameter { Value = CanonicalJson.Text(Value.From([.. journal.Select(Entry)])), NpgsqlDbType = NpgsqlDbType.Jsonb };
        await db.ExecuteAsync("""
            insert into wfm_flows.journal (workspace_id, run_id, position, activity_id, activity_type, activity_name, outcome, inputs, outputs, duration)
            select wfm.workspace(), $1, j.position, j.id, j.type, j.name, j.outcome, j.inputs, j.outputs, j.duration
            from jsonb_to_recordset($2) as j (position int, id text, type text, name text, outcome text, inputs jsonb, outputs jsonb, duration interval)
            """, [run.Id, entries], ct);
        await db.ExecuteAsync("update wfm_flows.run set status = 'finished', finished_at = $3, leased_until = null, error = null, error_activity = null where id = $1 and attempts = $2",
            [run.Id, run.Attempt, now.ToUniversalTime()], ct);
    }

    /// <summary>Writes down that an attempt failed, and when there is another; <c>null</c>: there is none. What is no longer this attempt's is left alone.</summary>
    public static Task<int> FailAsync(DbContext db, ClaimedRun run, RunFailure failure, DateTimeOffset now, DateTimeOffset? next, CancellationToken ct) => db.ExecuteAsync("""
        update wfm_flows.run set error = $3, error_activity = $4, leased_until = null, next_at = coalesce($5, next_at),
          status = case when $5 is null then 'faulted' else status end, finished_at = case when $5 is null then $6 end
        where id = $1 and attempts = $2 and status = 'pending'
        """,
        [run.Id, run.Attempt, failure.Message, Nullable(failure.Activity, NpgsqlDbType.Text), Nullable(next?.ToUniversalTime(), NpgsqlDbType.TimestampTz), now.ToUniversalTime()], ct);

    private static NpgsqlParameter Nullable(object? value, NpgsqlDbType type) => new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };

    private static Value Entry(JournalEntry entry, int position) => Value.From(new FactObjectBuilder
    {
        ["position"] = Value.From(position + 1),
        ["id"] = Value.From(entry.Activity.Id),
        ["type"] = Value.From(entry.Activity.Type),
        ["name"] = Value.From(entry.Activity.Name),
        ["outcome"] = Value.From(entry.Outcome),
        ["inputs"] = entry.Inputs,
        ["outputs"] = entry.Outputs,
        ["duration"] = Value.From(XmlConvert.ToString(entry.Duration)),
    }.Build());
}

/// <summary>A run to be.</summary>
/// <param name="Bundle">The bundle's live version.</param>
/// <param name="Flow">Key of the automation.</param>
/// <param name="Event">The event that starts it.</param>
/// <param name="Error">Why it is not run at all; <c>null</c> when it is.</param>
internal sealed record NewRun(BundleVersion Bundle, string Flow, Guid Event, string? Error);

/// <summary>A run this host has leased.</summary>
/// <param name="Workspace">The workspace it runs in.</param>
/// <param name="Id">Its id.</param>
/// <param name="Attempt">The attempt: a write of an earlier one is refused.</param>
internal sealed record ClaimedRun(Guid Workspace, Guid Id, int Attempt);

/// <summary>What a run is to do.</summary>
internal sealed record PendingRun(BundleVersion Bundle, string Flow, Guid Event);
