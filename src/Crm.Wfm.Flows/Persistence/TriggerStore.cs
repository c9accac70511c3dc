using Crm.Wfm.Flows.Compiling;
using Microsoft.EntityFrameworkCore;

namespace Crm.Wfm.Flows.Persistence;

/// <summary>The rows of what starts published flows.</summary>
internal static class TriggerStore
{
    /// <summary>Writes down what starts a version.</summary>
    public static async Task InsertAsync(DbContext db, int definition, IReadOnlyList<FlowStart> starts, DateTimeOffset now, CancellationToken ct)
    {
        foreach (var start in starts)
        {
            await db.ExecuteAsync("insert into wfm_flows.trigger (workspace_id, definition, node_id, kind, key, due_at) values (wfm.workspace(), $1, $2, $3, $4, $5)",
                [definition, start.Node, start.Kind, start.Key, Parameters.Time(start.DueAfter(now))], ct);
        }
    }

    /// <summary>Leases triggers whose time has come, of whatever workspace.</summary>
    public static Task<List<DueTrigger>> ClaimAsync(DbContext db, int limit, DateTimeOffset now, TimeSpan lease, CancellationToken ct) => db.QueryAsync(
        "select workspace_id, definition, node_id, key, due_at from wfm_flows.claim_triggers($1, $2, $3)", [limit, now.ToUniversalTime(), lease],
        r => new DueTrigger(r.GetGuid(0), r.GetInt32(1), r.GetString(2), r.GetString(3), r.GetFieldValue<DateTimeOffset>(4)), ct);

    /// <summary>Sets when a trigger is due next; <c>null</c> for never again.</summary>
    /// <returns>Whether it was due at that time still; whoever comes later finds that it is not.</returns>
    public static async Task<bool> AdvanceAsync(DbContext db, DueTrigger due, DateTimeOffset? next, CancellationToken ct) => await db.ExecuteAsync("""
        update wfm_flows.trigger set due_at = $5, leased_until = null where definition = $1 and node_id = $2 and key = $3 and due_at = $4
        """, [due.Definition, due.Node, due.Key, due.DueAt.ToUniversalTime(), Parameters.Time(next)], ct) > 0;

    /// <summary>Lists what the scheduler has to fire, in all workspaces.</summary>
    public static Task<List<CronTrigger>> CronAsync(DbContext db, CancellationToken ct) => db.QueryAsync("select workspace_id, definition, node_id, key from wfm_flows.cron_triggers()", [],
        r => new CronTrigger(r.GetGuid(0), r.GetInt32(1), r.GetString(2), r.GetString(3)), ct);

    /// <summary>Tells whether a trigger is still there; it stays until the transaction ends.</summary>
    public static async Task<bool> HoldAsync(DbContext db, CronTrigger trigger, CancellationToken ct) =>
        (await db.QueryAsync("select 1 from wfm_flows.trigger where definition = $1 and node_id = $2 and key = $3 for share", [trigger.Definition, trigger.Node, trigger.Key], r => r.GetInt32(0), ct)).Count > 0;
}

/// <summary>A trigger whose time has come.</summary>
internal sealed record DueTrigger(Guid Workspace, int Definition, string Node, string Key, DateTimeOffset DueAt);

/// <summary>A trigger the scheduler fires.</summary>
/// <param name="Workspace">The workspace its flow is in.</param>
/// <param name="Definition">The number of the flow's version.</param>
/// <param name="Node">Node id of the trigger.</param>
/// <param name="Key">The cron expression.</param>
internal sealed record CronTrigger(Guid Workspace, int Definition, string Node, string Key);
