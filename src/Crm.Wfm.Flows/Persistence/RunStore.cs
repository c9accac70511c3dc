using Crm.Wfm.Events;
using Crm.Wfm.Flows.Activities;
using Crm.Wfm.Flows.Running;
using Crm.Wfm.Rules;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;

namespace Crm.Wfm.Flows.Persistence;

/// <summary>The rows of runs: how they are started, claimed, loaded and written back.</summary>
/// <remarks>
/// Arrays are unnested side by side in a select list, which holds one row at a time; as a table function each would be put into a store of its own first. And whoever joins runs to
/// arrays asks for the ids once more as a condition: then every plan finds them by the primary key, one made while the table was empty too.
/// </remarks>
internal static class RunStore
{
    // One with a concurrency key waits until it is admitted.
    private const string Insert = """
        insert into wfm_flows.run (workspace_id, id, definition, flow, status, trigger, event_id, cause_id, depth, parent_id, awaited, correlation_id, state, error,
          idempotency_key, concurrency_key, created_at, updated_at, starts_at, due_at, finished_at, throttle_key, debounce_key,
          lease, attempts, leased_until)
        select d.workspace_id, r.id, r.definition, d.flow, case when r.error is not null then 'faulted' when r.concurrency_key is not null then 'waiting' else 'pending' end, r.trigger, r.event_id, r.cause_id,
          r.depth, r.parent_id, r.awaited, r.correlation_id, r.input, r.error, r.idempotency_key, r.concurrency_key, $15, $15,
          case when r.due_at is not null or r.throttle_key is not null then coalesce(r.due_at, $15) end,
          case when r.error is null and r.concurrency_key is null then coalesce(r.due_at, $15) end, case when r.error is not null then $15 end, r.throttle_key, case when r.error is null then r.debounce_key end,
          case when r.lease is null then 0 else 1 end, case when r.lease is null then 0 else 1 end, clock_timestamp() + r.lease
        from (
          select unnest($1::uuid[]) as id, unnest($2::int[]) as definition, unnest($3::text[]) as trigger, unnest($4::uuid[]) as event_id, unnest($5::uuid[]) as cause_id, unnest($6::smallint[]) as depth,
            unnest($7::uuid[]) as parent_id, unnest($8::bool[]) as awaited, unnest($9::text[]) as correlation_id, unnest($10::text[]) as input, unnest($11::text[]) as error,
            unnest($12::text[]) as idempotency_key, unnest($13::text[]) as concurrency_key, unnest($14::timestamptz[]) as due_at, unnest($16::text[]) as throttle_key, unnest($17::text[]) as debounce_key,
            unnest($18::interval[]) as lease, generate_subscripts($1::uuid[], 1) as n) r
        join wfm_flows.definition d on d.number = r.definition
        """;

    private const string Once = "order by r.n on conflict do nothing returning id";

    // The run that gathers takes the newest event, and begins so much later.
    private const string Gather = """
        where not exists (select from wfm_flows.run k where k.idempotency_key = r.idempotency_key)
        order by r.n
        on conflict (workspace_id, debounce_key) where debounce_key is not null do update set event_id = excluded.event_id, trigger = excluded.trigger, definition = excluded.definition,
          idempotency_key = excluded.idempotency_key, starts_at = excluded.starts_at, due_at = case when run.due_at is null then null else excluded.starts_at end, updated_at = excluded.updated_at
        returning id
        """;

    /// <summary>
    /// Inserts runs, in the transaction at hand; one that its event or its idempotency key has started already stays as it is, one whose debounce key another holds becomes that one.
    /// Those with a concurrency key wait while another holds it.
    /// </summary>
    /// <returns>The ids of those that are new, or have taken another event.</returns>
    public static async Task<List<Guid>> InsertAsync(DbContext db, IReadOnlyList<NewRun> runs, DateTimeOffset now, CancellationToken ct)
    {
        var plain = runs.Where(r => r.Throttle is null && r.DebounceKey is null).ToList();
        var inserted = plain.Count == 0 ? [] : await InsertAsync(db, plain, Once, now, ct);
        foreach (var run in runs.Where(r => r.Throttle is not null || r.DebounceKey is not null))
        {
            var due = await Turns.BeginAsync(db, run, now, ct);
            inserted.AddRange(await InsertAsync(db, [run with { Due = due }], run.DebounceKey is null || run.Error is not null ? Once : Gather, now, ct));
        }

        await Turns.AdmitAsync(db, runs.Where(r => r.Error is null).Select(r => r.ConcurrencyKey).OfType<string>(), now, ct);
        return inserted;
    }

    /// <summary>Leases runs that are due, of whatever workspace.</summary>
    /// <remarks>Committed for good: a claim lost in a crash of the server would be given once more under the same number, to another host.</remarks>
    public static Task<List<ClaimedRun>> ClaimAsync(DbContext db, int limit, DateTimeOffset now, TimeSpan lease, CancellationToken ct) => db.QueryAsync(
        "select workspace_id, id, lease, definition, attempts, crashes, due_at from wfm_flows.claim_runs($1, $2, $3)", [limit, now.ToUniversalTime(), lease],
        r => new ClaimedRun(r.GetGuid(0), r.GetGuid(1), r.GetInt32(2), r.GetInt32(3), r.GetInt32(4), r.GetInt32(5), r.GetFieldValue<DateTimeOffset>(6)), ct);

    /// <summary>Leases one run of the workspace at hand that is due, in the transaction at hand; <c>null</c> when somebody else has it, or it has nothing to do.</summary>
    public static async Task<ClaimedRun?> ClaimAsync(DbContext db, Guid workspace, Guid run, DateTimeOffset now, TimeSpan lease, CancellationToken ct) => (await db.QueryAsync("""
        update wfm_flows.run set lease = lease + 1, attempts = attempts + 1, leased_until = clock_timestamp() + $3
        where id = $1 and due_at <= $2 and (leased_until is null or leased_until < clock_timestamp())
        returning lease, definition, attempts, crashes, due_at
        """, [run, now.ToUniversalTime(), lease], r => new ClaimedRun(workspace, run, r.GetInt32(0), r.GetInt32(1), r.GetInt32(2), r.GetInt32(3), r.GetFieldValue<DateTimeOffset>(4)), ct)).SingleOrDefault();

    /// <summary>Locks claimed runs of one workspace until the transaction ends, and reads them; those that are somebody else's by now, or done, are left out.</summary>
    /// <param name="batch">The transaction's first batch.</param>
    /// <param name="claimed">The claims.</param>
    /// <param name="atMost">How long the transaction may lie still: a host that hangs in the middle, without dying, must not keep the runs from all others.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task<IReadOnlyList<LoadedRun>> LoadAsync(NpgsqlBatch batch, IReadOnlyList<ClaimedRun> claimed, TimeSpan atMost, CancellationToken ct)
    {
        var leases = claimed.ToDictionary(c => c.Id);
        batch.Add("select set_config('idle_in_transaction_session_timeout', $1, true)", $"{(long)atMost.TotalMilliseconds}ms");
        batch.Add("""
            select r.id, r.definition, r.status, r.trigger, r.event_id, r.cause_id, r.depth, r.parent_id, r.awaited, r.correlation_id, r.name, r.state, r.created_at, r.control, r.concurrency_key,
              (select coalesce(max(f.position), 0) from wfm.feed f)
            from wfm_flows.run r join unnest($1::uuid[], $2::int[]) as c (id, lease) on c.id = r.id and c.lease = r.lease
            where r.due_at is not null and r.id = any($1) order by r.id for update of r
            """, Array(claimed, c => c.Id), Array(claimed, c => c.Lease));
        batch.Add("select run_id, number, signal, payload from wfm_flows.delivery where run_id = any($1) order by number", Array(claimed, c => c.Id));
        await using var r = await batch.ExecuteReaderAsync(ct);
        // Past both set_config.
        await r.NextResultAsync(ct);
        await r.NextResultAsync(ct);
        var rows = new List<LoadedRun>();
        while (await r.ReadAsync(ct))
        {
            rows.Add(new(leases[r.GetGuid(0)], r.GetInt32(1), r.GetString(2), Text(r, 3), Id(r, 4), Id(r, 5), r.GetInt16(6), Id(r, 7), r.GetBoolean(8), Text(r, 9), Text(r, 10), Text(r, 11),
                r.GetFieldValue<DateTimeOffset>(12)) { Control = Text(r, 13), ConcurrencyKey = Text(r, 14), Head = r.GetInt64(15) });
        }

        await r.NextResultAsync(ct);
        while (await r.ReadAsync(ct)) rows.Find(run => run.Claim.Id == r.GetGuid(0))?.Deliveries.Add(new(r.GetInt64(1), r.GetString(2), r.GetString(3)));
        return rows;
    }

    /// <summary>Reads what a run is known to wait for: where somebody intervened that need not be what its state says.</summary>
    public static async Task<IReadOnlyList<Bookmark>> BookmarksAsync(DbContext db, Guid run, CancellationToken ct) =>
        await db.QueryAsync("select execution, signal from wfm_flows.bookmark where run_id = $1", [run], r => new Bookmark(r.GetInt32(0), r.GetString(1)), ct);

    /// <summary>Writes down what runs have become, what they did, and what they wait for now. Run rows are locked by <see cref="LoadAsync"/>.</summary>
    public static async Task CheckpointAsync(DbContext db, IReadOnlyList<Checkpoint> runs, DateTimeOffset now, CancellationToken ct)
    {
        await using var batch = db.Batch();
        var told = runs.Where(r => r.State.Journal.Count > 0).ToList();
        if (told.Count > 0) batch.Add(PutBy, Array(told, r => r.State.Id));
        // While the outside is called the lease goes on. Claims are counted until something has come of one: a host that dies over a call has nothing come of it.
        batch.Add("""
            update wfm_flows.run r set status = c.status, state = c.state, output = c.output, due_at = c.due_at, correlation_id = c.correlation_id, name = c.name, error = c.error,
              error_activity = c.error_activity, incidents = c.incidents, attempts = case when c.progressed then 0 else r.attempts end, crashes = case when c.progressed then 0 else r.crashes end,
              control = null, leased_until = clock_timestamp() + c.lease, updated_at = $11, finished_at = case when c.finished then $11 end, journal = coalesce(c.journal, r.journal)
            from (
              select unnest($1::uuid[]) as id, unnest($2::text[]) as status, unnest($3::text[]) as state, unnest($4::text[]) as output, unnest($5::timestamptz[]) as due_at, unnest($6::text[]) as correlation_id,
                unnest($7::text[]) as name, unnest($8::text[]) as error, unnest($9::text[]) as error_activity, unnest($10::smallint[]) as incidents, unnest($12::bool[]) as finished,
                unnest($13::bool[]) as progressed, unnest($14::interval[]) as lease, unnest($15::text[]) as journal) c
            where r.id = c.id and r.id = any($1)
            """, Array(runs, r => r.State.Id), Array(runs, r => Name(r.State.Status)), Array(runs, r => r.Text),
            Array(runs, r => r.State.Output.Count == 0 ? null : Storable.Text(CanonicalJson.Text(Of(r.State.Output)))),
            Array(runs, r => r.Due?.ToUniversalTime()), Array(runs, r => r.State.CorrelationId), Array(runs, r => r.State.Name), Array(runs, r => r.Error?.Message), Array(runs, r => r.Error?.NodeId),
            Array(runs, r => (short)r.State.Incidents.Count), now.ToUniversalTime(), Array(runs, r => r.State.Status is RunStatus.Finished or RunStatus.Faulted or RunStatus.Cancelled),
            Array(runs, r => r.HasProgressed), Array(runs, r => r.Lease), Array(runs, r => r.State.Journal.Count == 0 ? null : Storable.Text(JournalText.Write(r.State.Journal))));
        var taken = runs.SelectMany(r => r.Taken).ToArray();
        if (taken.Length > 0) batch.Add("delete from wfm_flows.delivery where number = any($1)", taken);
        var gone = runs.Where(r => r.State.Status is RunStatus.Suspended or RunStatus.Faulted).SelectMany(r => r.Loaded.Bookmarks.Except(r.Bookmarks).Select(b => (r.State.Id, Bookmark: b))).ToList();
        if (gone.Count > 0)
        {
            batch.Add("delete from wfm_flows.bookmark b using unnest($1::uuid[], $2::int[], $3::text[]) as g (run_id, execution, signal) where b.run_id = any($1) and b.run_id = g.run_id and b.execution = g.execution and b.signal = g.signal",
                Array(gone, g => g.Id), Array(gone, g => g.Bookmark.Execution), Array(gone, g => g.Bookmark.Signal));
        }

        await batch.ExecuteNonQueryAsync(ct);
        var fresh = runs.SelectMany(r => r.Fresh.Select(b => new RunBookmark(r.State.Id, b, r.Loaded.Head))).ToList();
        if (fresh.Count > 0) await SignalStore.WaitAsync(db, fresh, ct);
        List<Guid> ended = [.. runs.Where(r => r.State.Status is RunStatus.Finished && (r.Loaded.Bookmarks.Count > 0 || r.Loaded.Deliveries.Count > r.Taken.Count)).Select(r => r.State.Id)];
        if (ended.Count > 0) await SignalStore.ForgetAsync(db, ended, ct);
    }

    // The last burst of each makes room for the next.
    private const string PutBy = """
        insert into wfm_flows.journal (workspace_id, run_id, burst, entries)
        select r.workspace_id, r.id, coalesce((select max(b.burst) from wfm_flows.journal b where b.run_id = r.id), 0) + 1, r.journal from wfm_flows.run r where r.id = any($1) and r.journal is not null
        """;

    /// <summary>Writes something into a run's journal. Its row is locked.</summary>
    public static async Task NoteAsync(DbContext db, Guid run, JournalEntry entry, CancellationToken ct)
    {
        await db.ExecuteAsync(PutBy, [new[] { run }], ct);
        await db.ExecuteAsync("update wfm_flows.run set journal = $2 where id = $1", [run, Storable.Text(JournalText.Write([entry]))], ct);
    }

    /// <summary>The bursts of runs: the last one's journal stands in the run.</summary>
    internal const string Bursts = """
        (select j.workspace_id, j.run_id, j.burst, j.entries from wfm_flows.journal j
         union all select r.workspace_id, r.id, 2147483647, r.journal from wfm_flows.run r where r.journal is not null)
        """;

    /// <summary>Reads what a run's activities did, in the order they did it.</summary>
    public static async Task<IReadOnlyList<JournalEntry>> JournalAsync(DbContext db, Guid run, CancellationToken ct) =>
        [.. (await db.QueryAsync($"select b.entries from {Bursts} b where b.run_id = $1 order by b.burst", [run], r => JournalText.Read(r.GetString(0)), ct)).SelectMany(b => b)];

    /// <summary>Writes down that a run is begun once more that was claimed before and nothing came of it. Committed before it is begun, so that it counts when nobody comes back.</summary>
    public static Task<int> BeginAgainAsync(DbContext db, ClaimedRun run, CancellationToken ct) =>
        db.ExecuteAsync("update wfm_flows.run set crashes = crashes + 1 where id = $1 and lease = $2 and due_at is not null", [run.Id, run.Lease], ct);

    /// <summary>Gives claims back that were not begun, or whose host stops: they are nobody's fault.</summary>
    public static Task<int> ReleaseAsync(DbContext db, IReadOnlyList<ClaimedRun> runs, CancellationToken ct) => db.ExecuteAsync("""
        update wfm_flows.run r set leased_until = null, attempts = greatest(r.attempts - 1, 0), crashes = case when r.attempts > 1 then greatest(r.crashes - 1, 0) else r.crashes end
        from unnest($1::uuid[], $2::int[]) as c (id, lease) where r.id = any($1) and c.id = r.id and c.lease = r.lease and r.due_at is not null and r.leased_until is not null
        """, [Array(runs, r => r.Id), Array(runs, r => r.Lease)], ct);

    /// <summary>Gives up a claim whose burst failed as a whole: it is tried again then, or, without a time, dead-lettered. What is no longer this claim's is left alone.</summary>
    /// <returns>Whether it was still this claim's.</returns>
    public static async Task<bool> FailAsync(DbContext db, ClaimedRun run, string message, DateTimeOffset now, DateTimeOffset? next, CancellationToken ct) => await db.ExecuteAsync("""
        update wfm_flows.run set error = $3, error_activity = null, leased_until = null, due_at = $4, updated_at = $5, crashes = $6,
          status = case when $4::timestamptz is null then 'faulted' else status end, finished_at = case when $4::timestamptz is null then $5 end
        where id = $1 and lease = $2 and due_at is not null
        """,
        [run.Id, run.Lease, message, new NpgsqlParameter { Value = (object?)next?.ToUniversalTime() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz }, now.ToUniversalTime(), run.Crashes + 1], ct) > 0;

    /// <summary>Writes the name of a status as rows and answers have it.</summary>
    public static string Name(RunStatus status) => status.ToString().ToLowerInvariant();

    internal static Value Of(IEnumerable<KeyValuePair<string, Value>> members)
    {
        var builder = new FactObjectBuilder();
        foreach (var (key, value) in members) builder[key] = value;
        return Value.From(builder.Build());
    }

    private static async Task<List<Guid>> InsertAsync(DbContext db, IReadOnlyList<NewRun> runs, string conflict, DateTimeOffset now, CancellationToken ct)
    {
        await using var batch = db.Batch();
        // It reads definitions alone, of which there are few: to plan it takes three times as long as to run it, and without being told so PostgreSQL does every time.
        if (conflict == Once) batch.Add("set local plan_cache_mode = force_generic_plan");
        batch.Add($"{Insert}\n{conflict}",
            Array(runs, r => r.Id), Array(runs, r => r.Definition), Array(runs, r => r.Trigger), Array(runs, r => r.Event), Array(runs, r => r.Cause), Array(runs, r => (short)r.Depth),
            Array(runs, r => r.Parent), Array(runs, r => r.IsAwaited), Array(runs, r => r.CorrelationId), Array(runs, r => r.Input is null ? null : InputText(r.Input)), Array(runs, r => r.Error),
            Array(runs, r => r.IdempotencyKey), Array(runs, r => r.ConcurrencyKey), Array(runs, r => r.Due?.ToUniversalTime()), now.ToUniversalTime(),
            Array(runs, r => r.Throttle?.Key), Array(runs, r => r.DebounceKey), Array(runs, r => r.Lease));
        if (conflict == Once) batch.Add("set local plan_cache_mode = default");
        await using var r = await batch.ExecuteReaderAsync(ct);
        var inserted = new List<Guid>();
        while (await r.ReadAsync(ct)) inserted.Add(r.GetGuid(0));
        return inserted;
    }

    // Until its first burst a run's state is its input.
    private static string InputText(IReadOnlyDictionary<string, Value> input) => Storable.Text(CanonicalJson.Text(Value.From(FactObject.Empty.With("i", Of(input)))));

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

    /// <summary>Gets the key of which there is one run for ever.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>Gets the key of which one run goes on at a time.</summary>
    public string? ConcurrencyKey { get; init; }

    /// <summary>Gets the key of which one run gathers events until it begins.</summary>
    public string? DebounceKey { get; init; }

    /// <summary>Gets how many may begin in a period.</summary>
    public NewRunThrottle? Throttle { get; init; }

    /// <summary>Gets when it is to begin; <c>null</c> for at once.</summary>
    public DateTimeOffset? Due { get; init; }

    /// <summary>Gets for how long it is claimed from the start, under the number 1, by the host that starts it; <c>null</c> for not at all. Only for one that <see cref="BeginsAtOnce"/>.</summary>
    public TimeSpan? Lease { get; init; }

    /// <summary>Gets whether it waits for nothing.</summary>
    public bool BeginsAtOnce => Error is null && Due is null && ConcurrencyKey is null && DebounceKey is null && Throttle is null;
}

/// <summary>A run this host has leased.</summary>
/// <param name="Workspace">The workspace it runs in.</param>
/// <param name="Id">Its id.</param>
/// <param name="Lease">The claim: a write of an earlier one is refused.</param>
/// <param name="Definition">The number of its flow's version.</param>
/// <param name="Attempts">How often it was claimed since something came of it, this claim included.</param>
/// <param name="Crashes">How often it was begun since, and failed as a whole or nobody came back.</param>
/// <param name="Due">Since when it is due.</param>
internal sealed record ClaimedRun(Guid Workspace, Guid Id, int Lease, int Definition, int Attempts, int Crashes, DateTimeOffset Due)
{
    /// <summary>Gets the event that started it, where that is at hand.</summary>
    public WfmEvent? Event { get; init; }
}

/// <summary>A run as its row has it.</summary>
internal sealed record LoadedRun(
    ClaimedRun Claim, int Definition, string Status, string? Trigger, Guid? Event, Guid? Cause, int Depth, Guid? Parent, bool IsAwaited, string? CorrelationId, string? Name, string? State, DateTimeOffset CreatedAt)
{
    public List<Delivery> Deliveries { get; } = [];

    /// <summary>Gets what somebody told it to do; see <see cref="Running.Intervention"/>.</summary>
    public string? Control { get; init; }

    public string? ConcurrencyKey { get; init; }

    /// <summary>Gets the feed's position when it was loaded: events after it reach what the burst begins to wait for.</summary>
    public long Head { get; init; }

    /// <summary>Gets or sets what it waited for besides times.</summary>
    public IReadOnlyList<Bookmark> Bookmarks { get; set; } = [];
}

/// <summary>A signal on its way to a run.</summary>
internal sealed record Delivery(long Number, string Signal, string Payload);

/// <summary>A signal an execution waits for.</summary>
internal sealed record Bookmark(int Execution, string Signal);

/// <summary>A signal a run waits for.</summary>
/// <param name="Run">The run.</param>
/// <param name="Bookmark">What it waits for.</param>
/// <param name="Head">The feed's position since when, where it is an event.</param>
internal sealed record RunBookmark(Guid Run, Bookmark Bookmark, long Head);

/// <summary>What a burst made of a run.</summary>
/// <param name="Loaded">The run before it.</param>
/// <param name="State">The run after it.</param>
/// <param name="Taken">The numbers of the deliveries it took.</param>
/// <param name="Text">Its state as text.</param>
/// <param name="Due">When it has something to do by itself.</param>
internal sealed record Checkpoint(LoadedRun Loaded, RunState State, IReadOnlyList<long> Taken, string? Text, DateTimeOffset? Due)
{
    /// <summary>Gets for how long nobody else may claim it; <c>null</c> for anybody may.</summary>
    public TimeSpan? Lease { get; init; }

    /// <summary>Gets whether something came of the claim.</summary>
    public bool HasProgressed { get; init; } = true;

    /// <summary>Gets what it waits for besides times. What is in dead letters waits on.</summary>
    public IReadOnlyList<Bookmark> Bookmarks { get; } = State.Status is RunStatus.Finished or RunStatus.Cancelled ? []
        : [.. State.Executions.SelectMany(e => e.Waits.OfType<Wait.For>().Select(w => new Bookmark(e.Id, w.Signal))).Distinct()];

    /// <summary>Gets what it did not wait for before.</summary>
    public IEnumerable<Bookmark> Fresh => Bookmarks.Except(Loaded.Bookmarks);

    /// <summary>Gets the incident a faulted run ended with.</summary>
    public Incident? Error => State.Status is RunStatus.Faulted ? State.Incidents.LastOrDefault() : null;
}
