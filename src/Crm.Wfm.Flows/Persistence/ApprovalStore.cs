using System.Globalization;
using Crm.Wfm.Flows.Activities;
using Crm.Wfm.Flows.Running;
using Crm.Wfm.Moves;
using Crm.Wfm.Rules;
using Microsoft.EntityFrameworkCore;

namespace Crm.Wfm.Flows.Persistence;

/// <summary>What people are asked to decide: it stands in the state of the run that waits for it.</summary>
internal static class ApprovalStore
{
    private const int Chunk = 200;

    private const string Select = "select b.signal, b.execution, r.state, r.created_at from wfm_flows.bookmark b join wfm_flows.run r on r.workspace_id = b.workspace_id and r.id = b.run_id";

    /// <summary>Lists what is open and somebody may decide, those of the oldest runs first. Who that is stands in each request, so the others are passed over, a chunk at a time.</summary>
    /// <param name="db">The context.</param>
    /// <param name="actor">Who may decide it.</param>
    /// <param name="after">Where the page before ended; <c>null</c> for the first page.</param>
    /// <param name="count">How many at most.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task<List<(ApprovalPlace Place, Value Request)>> OpenAsync(DbContext db, Actor actor, ApprovalPlace? after, int count, CancellationToken ct)
    {
        var found = new List<(ApprovalPlace, Value)>();
        for (var from = after ?? new(DateTimeOffset.MinValue, "");;)
        {
            var rows = await db.QueryAsync($"""
                {Select} where b.signal >= 'approval:' and b.signal < 'approval;' and (r.created_at, b.signal) > ($1, $2)
                  and not exists (select from wfm_flows.delivery d where d.run_id = b.run_id and d.signal = b.signal) order by r.created_at, b.signal limit {Chunk}
                """, [from.At, Signals.Decided(from.Approval)], r => (Place: new ApprovalPlace(r.GetFieldValue<DateTimeOffset>(3), r.GetString(0)["approval:".Length..]), Read(r).Request), ct);
            found.AddRange(rows.Where(r => !r.Request.IsNull && MayDecide(r.Request, actor)).Take(count - found.Count));
            if (found.Count == count || rows.Count < Chunk) return found;
            from = rows[^1].Place;
        }
    }

    /// <summary>Finds what is open, and keeps others from deciding it until the transaction ends.</summary>
    public static async Task<Value> LockAsync(DbContext db, string approval, CancellationToken ct)
    {
        if (RunOf(approval) is not { } run) return Value.Null;
        var signal = Signals.Decided(approval);
        await db.QueryAsync("select 1 from wfm_flows.run where id = $1 for update", [run], r => r.GetInt32(0), ct);
        var found = await db.QueryAsync($"{Select} where b.run_id = $1 and b.signal = $2", [run, signal], Read, ct);
        return found is [var one] ? one.Request : Value.Null;
    }

    /// <summary>Finds who might have decided what is open no more, as the run's journal has it; null where nothing was asked under this id.</summary>
    public static async Task<Value> EarlierAsync(DbContext db, string approval, CancellationToken ct)
    {
        if (RunOf(approval) is not { } run || !int.TryParse(approval.AsSpan(33), NumberStyles.None, CultureInfo.InvariantCulture, out var execution)) return Value.Null;
        var asked = (await RunStore.JournalAsync(db, run, ct)).FirstOrDefault(e => e.Execution == execution && e.Kind == JournalKind.Suspended && e.Type == RequestApproval.Type);
        return asked is null ? Value.Null : RequestApproval.Deciders(asked.Inputs["roles"], asked.Inputs["users"], asked.Inputs["exceptUser"].AsText);
    }

    /// <summary>Tells whether it was decided already, though the run has not taken it yet.</summary>
    public static async Task<bool> IsDecidedAsync(DbContext db, string approval, CancellationToken ct) =>
        (await db.QueryAsync("select 1 from wfm_flows.delivery where run_id = $1 and signal = $2", [RunOf(approval)!.Value, Signals.Decided(approval)], r => r.GetInt32(0), ct)).Count > 0;

    /// <summary>Gets the run an approval is of.</summary>
    public static Guid? RunOf(string approval) => approval.Length > 33 && Guid.TryParseExact(approval[..32], "N", out var run) ? run : null;

    /// <summary>Tells whether somebody may decide.</summary>
    public static bool MayDecide(Value request, Actor actor)
    {
        if (request["exceptUser"].AsText == actor.Id.ToString()) return false;
        foreach (var user in request["users"].AsList)
            if (user.AsText == actor.Id.ToString()) return true;
        foreach (var role in request["roles"].AsList)
            if (actor.Roles.Contains(role.AsText!)) return true;
        return false;
    }

    private static (string Signal, Value Request) Read(Npgsql.NpgsqlDataReader r)
    {
        var (signal, execution) = (r.GetString(0), r.GetInt32(1));
        foreach (var one in (r.IsDBNull(2) ? Value.Null : Value.Parse(r.GetString(2)))["x"].AsList)
            if ((int)one["i"].AsNumber == execution) return (signal, one["k"]);
        return (signal, Value.Null);
    }
}

/// <summary>Where a request for a decision stands among the others.</summary>
/// <param name="At">When its run was started.</param>
/// <param name="Approval">Its id.</param>
internal sealed record ApprovalPlace(DateTimeOffset At, string Approval)
{
    /// <summary>Reads one; <c>null</c> when it is none.</summary>
    public static ApprovalPlace? Read(string text) =>
        text.Split('_', 2) is [var ticks, { Length: > 0 } approval] && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var at) && at <= DateTimeOffset.MaxValue.UtcTicks ? new(new(at, TimeSpan.Zero), approval) : null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{At.UtcTicks}_{Approval}");
}
