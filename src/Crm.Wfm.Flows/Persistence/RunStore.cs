using Crm.Wfm.Flows.Activities;
using Crm.Wfm.Flows.Running;
using Crm.Wfm.Rules;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using NpgsqlTypes;

namespace Crm.Wfm.Flows.Persistence;

/// <summary>The rows of runs: how they are started, claimed, loaded and written back.</summary>
internal static class RunStore
{
    /// <summary>Inserts runs, in the transaction at hand; one that its event or its idempotency key has started already stays as it is.</summary>
    /// <returns>The ids of those that are new.</returns>
    public static Task<List<Guid>> InsertAsync(DbContext db, IReadOnlyList<NewRun> runs, DateTimeOffset now, CancellationToken ct) => db.QueryAsync("""
        insert into wfm_flows.run (workspace_id, id, definition, flow, status, trigger, event_id, cause_id, depth, parent_id, awaited, correlation_id, state, error,
          idempotency_key, concurrency_key, created_at, updated_at, due_at, finished_at)
        select d.workspace_id, r.id, r.definition, d.flow, case when r.error is null then 'pending' else 'faulted' end, r.trigger, r.event_id, r.cause_id, r.depth, r.parent_id, r.awaited,
          r.correlation_id, r.input, r.error, r.idempotency_key, r.concurrency_key, $15, $15, case when r.error is null then coalesce(r.due_at, $15) end, case when r.error is not null then $15 end
        from unnest($1::uuid[], $2::int[], $3::text[], $4::uuid[], $5::uuid[], $6::smallint[], $7::uuid[], $8::bool[], $9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::timestamptz[])
          with ordinality as r (id, definition, trigger, event_id, cause_id, depth, parent_id, awaited, correlation_id, input, error, idempotency_key, concurrency_key, due_at, n)
        join wfm_flows.definition d on d.number = r.definition
        order by r.n
        on conflict do nothing
        returning id
        """,
        [
            Array(runs, r => r.Id), Array(runs, r => r.Definition), Array(runs, r => r.Trigger), Array(runs, r => r.Event), Array(runs, r => r.Cause), Array(runs, r => (short)r.Depth),
            Array(runs, r => r.Parent), Array(runs, r => r.IsAwaited), Array(runs, r => r.CorrelationId), Array(runs, r => r.Input is null ? null : InputText(r.Input)), Array(runs, r => r.Error),
            Array(runs, r => r.IdempotencyKey), Array(runs, r => r.ConcurrencyKey), Array(runs, r => r.Due?.ToUniversalTime()), now.ToUniversalTime(),
        ], r => r.GetGuid(0), ct);

    /// <summary>Leases runs that are due, of whatever workspace.</summary>
    public static Task<List<ClaimedRun>> ClaimAsync(DbContext db, int limit, DateTimeOffset now, TimeSpan lease, CancellationToken ct) => db.QueryAsync(
        "select workspace_id, id, lease, definition, attempts from wfm_flows.claim_runs($1, $2, $3)", [limit, now.ToUniversalTime(), lease],
        r => new ClaimedRun(r.GetGuid(0), r.GetGuid(1), r.GetInt32(2), r.GetInt32(3), r.GetInt32(4)), ct);

    /// <summary>Locks claimed runs of one workspace until the transaction ends, and reads them; those that are somebody else's by now, or done, are left out.</summary>
    public static async Task<IReadOnlyList<LoadedRun>> LoadAsync(DbContext db, IReadOnlyList<ClaimedRun> claimed, CancellationToken ct)
    {
        var leases = claimed.ToDictionary(c => c.Id);
        var rows = await db.QueryAsync("""
            select r.id, r.definition, r.status, r.trigger, r.event_id, r.cause_id, r.depth, r.parent_id, r.awaited, r.correlation_id, r.name, r.state, r.created_at
            from wfm_flows.run r join unnest($1::uuid[], $2::int[]) as c (id, lease) on c.id = r.id and c.lease = r.lease
            where r.due_at is not null order by r.id for update of r
            """, [Array(claimed, c => c.Id), Array(claimed, c => c.Lease)], r => new LoadedRun(leases[r.GetGuid(0)], r.GetInt32(1), r.GetString(2), Text(r, 3), Id(r, 4), Id(r, 5), r.GetInt16(6),
                Id(r, 7), r.GetBoolean(8), Text(r, 9), Text(r, 10), Text(r, 11), r.GetFieldValue<DateTimeOffset>(12)), ct);
        if (rows.Count == 0) return rows;
        var deliveries = await db.QueryAsync("select run_id, number, signal, payload from wfm_flows.delivery where run_id = any($1) order by number", [Array(rows, r => r.Claim.Id)],
            r => (Run: r.GetGuid(0), Delivery: new Delivery(r.GetInt64(1), r.GetString(2), r.GetString(3))), ct);
        foreach (var (run, delivery) in deliveries) rows.Find(r => r.Claim.Id == run)!.Deliveries.Add(delivery);
        return rows;
    }

    /// <summary>Writes down what runs have become, what they did, and what they wait for now. Run rows are locked by <see cref="LoadAsync"/>.</summary>
    public static async Task CheckpointAsync(DbContext db, IReadOnlyList<Checkpoint> runs, DateTimeOffset now, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch((NpgsqlConnection)db.Database.GetDbConnection());
        void Add(string sql, params object[] parameters)
        {
            var command = new NpgsqlBatchCommand(sql);
            foreach (var parameter in parameters) command.Parameters.Add(new() { Value = parameter });
            batch.BatchCommands.Add(command);
        }

        Add("""
            update wfm_flows.run r set status = c.status, state = c.state, output = c.output, due_at = c.due_at, correlation_id = c.correlation_id, name = c.name, error = c.error,
              error_activity = c.error_activity, incidents = c.incidents, attempts = 0, leased_until = null, updated_at = $11, finished_at = case when c.finished then $11 end
            from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::text[], $7::text[], $8::text[], $9::text[], $10::smallint[], $12::bool[]) as
              c (id, status, state, output, due_at, correlation_id, name, error, error_activity, incidents, finished)
            where r.id = c.id
            """, Array(runs, r => r.State.Id), Array(runs, r => Name(r.State.Status)), Array(runs, r => r.Text), Array(runs, r => r.State.Output.Count == 0 ? null : CanonicalJson.Text(Of(r.State.Output))),
            Array(runs, r => r.Due?.ToUniversalTime()), Array(runs, r => r.State.CorrelationId), Array(runs, r => r.State.Name), Array(runs, r => r.Error?.Message), Array(runs, r => r.Error?.NodeId),
            Array(runs, r => (short)r.State.Incidents.Count), now.ToUniversalTime(), Array(runs, r => r.State.Status is RunStatus.Finished or RunStatus.Faulted or RunStatus.Cancelled));
        var journals = runs.Where(r => r.State.Journal.Count > 0).ToList();
        if (journals.Count > 0)
        {
            Add("insert into wfm_flows.journal (workspace_id, run_id, burst, entries) select wfm.workspace(), j.run_id, j.burst, j.entries from unnest($1::uuid[], $2::int[], $3::text[]) as j (run_id, burst, entries)",
                Array(journals, r => r.State.Id), Array(journals, r => r.Loaded.Claim.Lease), Array(journals, r => JournalText.Write(r.State.Journal)));
        }

        var taken = runs.SelectMany(r => r.Taken).ToArray();
        if (taken.Length > 0) Add("delete from wfm_flows.delivery where number = any($1)", taken);
        var gone = runs.SelectMany(r => r.Loaded.Bookmarks.Except(r.Bookmarks).Select(b => (r.State.Id, Bookmark: b))).ToList();
        if (gone.Count > 0)
        {
            Add("delete from wfm_flows.bookmark b using unnest($1::uuid[], $2::int[], $3::text[]) as g (run_id, execution, signal) where b.run_id = g.run_id and b.execution = g.execution and b.signal = g.signal",
                Array(gone, g => g.Id), Array(gone, g => g.Bookmark.Execution), Array(gone, g => g.Bookmark.Signal));
        }

        if (batch.BatchCommands.Count > 0)
        {
            batch.Transaction = (NpgsqlTransaction?)db.Database.CurrentTransaction?.GetDbTransaction();
            await batch.ExecuteNonQueryAsync(ct);
        }

        var fresh = runs.SelectMany(r => r.Bookmarks.Except(r.Loaded.Bookmarks).Select(b => (r.State.Id, Bookmark: b))).ToList();
        if (fresh.Count > 0) await SignalStore.WaitAsync(db, [.. fresh.Select(f => new RunBookmark(f.Id, f.Bookmark))], ct);
    }

    /// <summary>Gives up a claim whose burst failed as a whole: it is tried again then, or, without a time, dead-lettered. What is no longer this claim's is left alone.</summary>
    public static Task<int> FailAsync(DbContext db, ClaimedRun run, string message, DateTimeOffset now, DateTimeOffset? next, CancellationToken ct) => db.ExecuteAsync("""
        update wfm_flows.run set error = $3, leased_until = null, due_at = $4, updated_at = $5,
          status = case when $4::timestamptz is null then 'faulted' else status end, finished_at = case when $4::timestamptz is null then $5 end
        where id = $1 and lease = $2 and due_at is not null
        """,
        [run.Id, run.Lease, message, new NpgsqlParameter { Value = (object?)next?.ToUniversalTime() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz }, now.ToUniversalTime()], ct);

    /// <summary>Writes the name of a status as rows and answers have it.</summary>
    public static string Name(RunStatus status) => status.ToString().ToLowerInvariant();

    internal static Value Of(IEnumerable<KeyValuePair<string, Value>> members)
    {
        var builder = new FactObjectBuilder();
        foreach (var (key, value) in members) builder[key] = value;
        return Value.From(builder.Build());
    }

    // Until its first burst a run's state is its input.
    private static string InputText(IReadOnlyDictionary<string, Value> input) => CanonicalJson.Text(Value.From(FactObject.Empty.With("i", Of(input))));

    private static T[] Array<TItem, T>(IEnumerable<TItem> items, Func<TItem, T> select) => [.. items.Select(select)];

    private static string? Text(NpgsqlDataReader r, int column) => r.IsDBNull(column) ? null : r.GetString(column);

    private static Guid? Id(NpgsqlDataReader r, int column) => r.IsDBNull(column) ? null : r.GetGuid(column);
}

/// <summary>A run to be.</summary>
internal sealed record NewRun
{
    public required Guid Id { get; init; }

    /// <summary>Gets the number of the flow's version.</summary>
    public required int Definition { get; init; }

    /// <summary>Gets the place of the trigger that starts it; <c>null</c> for none.</summary>
    public string? Trigger { get; init; }

    /// <summary>Gets the event that starts it.</summary>
    public Guid? Event { get; init; }

    /// <summary>Gets the event it is traced back to, where that did not start it itself.</summary>
    public Guid? Cause { get; init; }

    /// <summary>Gets how many runs lie between it and the first that started another.</summary>
    public int Depth { get; init; }

    /// <summary>Gets the run that started it.</summary>
    public Guid? Parent { get; init; }

    /// <summary>Gets whether the run that started it is told of its end.</summary>
    public bool IsAwaited { get; init; }

    public string? CorrelationId { get; init; }

    public IReadOnlyDictionary<string, Value>? Input { get; init; }

    /// <summary>Gets why it is not run at all; <c>null</c> when it is.</summary>
    public string? Error { get; init; }

    public string? IdempotencyKey { get; init; }

    public string? ConcurrencyKey { get; init; }

    /// <summary>Gets when it is to begin; <c>null</c> for at once.</summary>
    public DateTimeOffset? Due { get; init; }
}

/// <summary>A run this host has leased.</summary>
/// <param name="Workspace">The workspace it runs in.</param>
/// <param name="Id">Its id.</param>
/// <param name="Lease">The claim: a write of an earlier one is refused.</param>
/// <param name="Definition">The number of its flow's version.</param>
/// <param name="Attempts">How often it was claimed since something was last committed, this claim included.</param>
internal sealed record ClaimedRun(Guid Workspace, Guid Id, int Lease, int Definition, int Attempts);

/// <summary>A run as its row has it.</summary>
internal sealed record LoadedRun(
    ClaimedRun Claim, int Definition, string Status, string? Trigger, Guid? Event, Guid? Cause, int Depth, Guid? Parent, bool IsAwaited, string? CorrelationId, string? Name, string? State, DateTimeOffset CreatedAt)
{
    public List<Delivery> Deliveries { get; } = [];

    /// <summary>Gets or sets what it waited for besides times.</summary>
    public IReadOnlyList<Bookmark> Bookmarks { get; set; } = [];
}

/// <summary>A signal on its way to a run.</summary>
internal sealed record Delivery(long Number, string Signal, string Payload);

/// <summary>A signal an execution waits for.</summary>
internal sealed record Bookmark(int Execution, string Signal);

/// <summary>A signal a run waits for.</summary>
internal sealed record RunBookmark(Guid Run, Bookmark Bookmark);

/// <summary>What a burst made of a run.</summary>
/// <param name="Loaded">The run before it.</param>
/// <param name="State">The run after it.</param>
/// <param name="Taken">The numbers of the deliveries it took.</param>
/// <param name="Text">Its state as text; <c>null</c> when it is done.</param>
/// <param name="Due">When it has something to do by itself.</param>
internal sealed record Checkpoint(LoadedRun Loaded, RunState State, IReadOnlyList<long> Taken, string? Text, DateTimeOffset? Due)
{
    /// <summary>Gets what it waits for besides times.</summary>
    public IReadOnlyList<Bookmark> Bookmarks { get; } =
        State.Status is RunStatus.Suspended or RunStatus.Pending ? [.. State.Executions.SelectMany(e => e.Waits.OfType<Wait.For>().Select(w => new Bookmark(e.Id, w.Signal)))] : [];

    /// <summary>Gets the incident a faulted run ended with.</summary>
    public Incident? Error => State.Status is RunStatus.Faulted ? State.Incidents.LastOrDefault() : null;
}
