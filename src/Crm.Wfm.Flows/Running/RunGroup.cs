using Crm.Wfm.Events;
using Crm.Wfm.Flows.Activities;
using Crm.Wfm.Flows.Compiling;
using Crm.Wfm.Flows.Persistence;
using Crm.Wfm.Persistence;
using Crm.Wfm.Rules;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Crm.Wfm.Flows.Running;

/// <summary>
/// Claimed runs of one workspace that go on in one transaction: what their activities write, their states, their journals and what they wait for commit together, or not at
/// all. Runs of flows whose activities only compute share it; every other run has one of its own.
/// </summary>
internal sealed class RunGroup(IServiceProvider services, IReadOnlyList<ClaimedRun> claims, FlowLibrary library, FlowOptions options, TimeProvider time)
{
    private readonly HostContext _host = services.GetRequiredService<HostContext>();
    private readonly Dictionary<Guid, WfmEvent> _told = [];

    private DbContext Db => _host.Db;

    /// <summary>Gets the activity that did not stop when it was told to; <c>null</c> for none.</summary>
    public ActivityHung? Hung { get; private set; }

    /// <summary>Runs a burst of each, those that are another host's by now excepted.</summary>
    /// <param name="results">What came of calls to the outside, by run.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>The runs as they are now.</returns>
    public Task<IReadOnlyList<BurstRun>> RunAsync(IReadOnlyDictionary<Guid, IReadOnlyList<(int Execution, CallResult Result)>> results, CancellationToken ct) => _host.ExecuteAsync(token => RunOnceAsync(results, token), ct);

    private async Task<IReadOnlyList<BurstRun>> RunOnceAsync(IReadOnlyDictionary<Guid, IReadOnlyList<(int Execution, CallResult Result)>> results, CancellationToken ct)
    {
        Db.ChangeTracker.Clear();
        var (transaction, first) = await _host.BeginBatchAsync(ct);
        await using var ending = transaction;
        var now = time.GetUtcNow().ToUniversalTime();
        var done = new List<BurstRun>();
        try
        {
            var runs = await RunStore.LoadAsync(first, claims, options.Timeout * 2, ct);
            await FindEventsAsync(runs, ct);
            foreach (var loaded in runs) done.Add(await BurstAsync(loaded, results.GetValueOrDefault(loaded.Claim.Id) ?? [], now, ct));
        }
        catch (ActivityHung e)
        {
            Hung = e;
            await BreakAsync(ct);
            throw;
        }

        if (done.Count == 0) return done;
        await RunStore.CheckpointAsync(Db, [.. done.Select(d => d.Checkpoint)], now, ct);
        await FollowUpAsync(done, now, ct);
        await transaction.CommitAsync(ct);
        return done;
    }

    // Those that were just told of are at hand.
    private async Task FindEventsAsync(IReadOnlyList<LoadedRun> runs, CancellationToken ct)
    {
        foreach (var told in claims.Select(c => c.Event).OfType<WfmEvent>()) _told[told.Id] = told;
        Guid[] wanted = [.. runs.Select(r => r.Event ?? r.Cause).OfType<Guid>().Distinct().Where(id => !_told.ContainsKey(id))];
        foreach (var told in await services.GetRequiredService<EventFeed>().FindAsync(wanted, ct)) _told[told.Id] = told;
    }

    private async Task<BurstRun> BurstAsync(LoadedRun loaded, IReadOnlyList<(int Execution, CallResult Result)> results, DateTimeOffset now, CancellationToken ct)
    {
        var version = await library.FindAsync(Db, _host.Workspace, loaded.Definition, ct);
        if (version.Flow is not { } flow) throw new RunGivenUp("This host cannot read the flow: it lacks an activity that the host had which published it.");
        if (loaded.Claim.Crashes > options.Crash.Max) throw new RunGivenUp("The hosts that tried it did not come back.");
        var run = State(loaded);
        using var span = FlowTelemetry.StartBurst(run, flow.Definition.Name ?? flow.Definition.DefinitionId);
        var settings = Settings(version, now);
        var burst = new Burst(run, settings);
        var taken = new List<long>();
        bool isBegun;
        try
        {
            isBegun = await ReadAsync(loaded, run, burst, flow, ct);
            await InterveneAsync(loaded, burst, flow, ct);
            foreach (var (execution, result) in results)
                if (run.Executions.Find(e => e.Id == execution) is { } called) await burst.TakeAsync(called, result, ct);
            await DeliverAsync(loaded, run, burst, now, taken, ct);
            await burst.ContinueAsync(ct);
        }
        catch (FlowException e)
        {
            throw new RunGivenUp(e.Message);
        }

        var calls = burst.Calls;
        return new(Checkpoint(loaded, run, settings, calls, taken, hasResults: results.Count > 0, now), flow, calls, settings) { IsBegun = isBegun };
    }

    private Checkpoint Checkpoint(LoadedRun loaded, RunState run, BurstSettings settings, IReadOnlyList<Execution> calls, List<long> taken, bool hasResults, DateTimeOffset now)
    {
        var isOver = run.Status is RunStatus.Finished or RunStatus.Faulted;
        var text = Storable.Text(StateText.Write(run));
        // What has finished needs its state to be run again from an activity on, and does without.
        if (text.Length > options.MaxState && run.Status != RunStatus.Finished)
            throw new RunGivenUp($"The run keeps {text.Length} characters, more than {options.MaxState}: what its variables and outputs hold is too large.");
        var calling = isOver || calls.Count == 0 ? (TimeSpan?)null : calls.Max(c => c.Node.Timeout ?? settings.Timeout);
        // What is to be called is due until it was: a host that dies over it has it called by another, once its time is over.
        return new(loaded, run, taken, text.Length > options.MaxState ? null : text, isOver ? null : calling is null ? run.Due : now)
        {
            Lease = calling + Patience.Grace(calling ?? default) + options.Lease,
            HasProgressed = hasResults || taken.Count > 0 || run.Journal.Count > 0 || loaded.Status == "pending" || loaded.Control is not null,
        };
    }

    private RunState State(LoadedRun loaded)
    {
        var told = (loaded.Event ?? loaded.Cause) is { } id ? _told.GetValueOrDefault(id) : null;
        return new()
        {
            Id = loaded.Claim.Id,
            Workspace = _host.Workspace,
            Event = loaded.Event is null ? null : told,
            Cause = told is null ? null : new(told.Id, told.Correlation, told.Depth),
            Traceparent = told?.Traceparent,
            CorrelationId = loaded.CorrelationId,
            Name = loaded.Name,
            Trigger = loaded.Trigger,
            MaxKept = options.MaxState,
            Status = loaded.Status == "suspended" ? RunStatus.Suspended : RunStatus.Pending,
        };
    }

    /// <returns>Whether it begins only now.</returns>
    private async Task<bool> ReadAsync(LoadedRun loaded, RunState run, Burst burst, Flow flow, CancellationToken ct)
    {
        // One that is pending may have begun before: it was replayed, or admitted again.
        var state = loaded.Status != "suspended" && loaded.State is not null ? Value.Parse(loaded.State) : Value.Null;
        if (loaded.State is null || (loaded.Status != "suspended" && state["n"].IsNull))
        {
            foreach (var (name, value) in state["i"].AsObject ?? FactObject.Empty) run.Input[name] = value;
            burst.Begin(flow);
            return true;
        }

        await StateText.ReadAsync(loaded.State, run, flow, async key =>
            (await library.FindAsync(Db, _host.Workspace, int.Parse(key, System.Globalization.CultureInfo.InvariantCulture), ct)).Flow ?? throw new FlowException("a flow it uses as an activity is gone"));
        loaded.Bookmarks = loaded.Control is null ? [.. run.Executions.SelectMany(e => e.Waits.OfType<Wait.For>().Select(w => new Bookmark(e.Id, w.Signal)))] : await RunStore.BookmarksAsync(Db, run.Id, ct);
        return false;
    }

    /// <summary>Does what somebody told the run to do.</summary>
    private static async Task InterveneAsync(LoadedRun loaded, Burst burst, Flow flow, CancellationToken ct)
    {
        if (loaded.Control is null) return;
        var (run, told) = (burst.Run, Intervention.Of(loaded.Control));
        switch (told.Kind)
        {
            case InterventionKind.Replay:
                foreach (var failed in run.Executions.Where(e => e.Status == ExecutionStatus.Faulted).ToList())
                    if (run.Executions.Contains(failed)) await burst.RetryAsync(failed, ct);
                break;
            case InterventionKind.Wake:
                foreach (var waiting in run.Executions.Where(e => e.Waits.Count > 0 && (told.Activity is null || e.Node.Definition.NodeId == told.Activity)).ToList())
                    if (run.Executions.Contains(waiting)) await burst.ResumeAsync(waiting, new(null, Value.Null), ct);
                break;
            case InterventionKind.Rerun when Reruns.Find(flow, told.Activity!, out _) is { } from:
                burst.Rerun(flow, from);
                break;
        }
    }

    /// <summary>Lets go on what waited for the signals that came, and what waited for a time that has come.</summary>
    private static async Task DeliverAsync(LoadedRun loaded, RunState run, Burst burst, DateTimeOffset now, List<long> taken, CancellationToken ct)
    {
        foreach (var delivery in loaded.Deliveries)
        {
            var waiting = run.Executions.Where(e => e.Waits.Contains(new Wait.For(delivery.Signal))).ToList();
            if (waiting.Count == 0) continue;
            taken.Add(delivery.Number);
            foreach (var execution in waiting) await burst.ResumeAsync(execution, new(delivery.Signal, Value.Parse(delivery.Payload)), ct);
            await burst.ContinueAsync(ct);
        }

        foreach (var execution in run.Executions.Where(e => e.Waits.OfType<Wait.Until>().Any(w => w.Due <= now)).ToList())
            if (run.Executions.Contains(execution)) await burst.ResumeAsync(execution, new(null, Value.Null), ct);
    }

    private BurstSettings Settings(FlowVersion version, DateTimeOffset now) => new()
    {
        Services = services,
        Now = now,
        Time = time,
        Param = version.Automation?.Param ?? Value.From(FactObject.Empty),
        MaxSteps = options.MaxSteps,
        Timeout = version.Automation?.Timeout ?? options.Timeout,
        Retry = version.Automation?.Retry ?? options.Retry,
        Strategy = version.Automation?.Strategy ?? IncidentStrategies.Of(version.Flow?.Definition) ?? options.Incidents,
        FindFlow = (node, ct) => library.FindAsync(Db, _host.Workspace, node.Definition, ct),
        SaveAsync = ct => Db.SaveChangesAsync(ct),
        IsolateAsync = IsolateAsync,
        IsLost = e => e is ActivityHung || IsLost,
    };

    // What was done is undone with the connection, or was committed or rolled back by an activity: nothing more can be written with the run.
    private bool IsLost => Db.Database.CurrentTransaction is null || Db.Database.GetDbConnection().State != System.Data.ConnectionState.Open;

    private async Task IsolateAsync(Func<CancellationToken, Task> piece, CancellationToken ct)
    {
        var transaction = Db.Database.CurrentTransaction!;
        await transaction.CreateSavepointAsync("activity", ct);
        try
        {
            await piece(ct);
        }
        catch (Exception e) when (e is not ActivityHung && !IsLost)
        {
            Db.ChangeTracker.Clear();
            await transaction.RollbackToSavepointAsync("activity", CancellationToken.None);
            throw;
        }

        await transaction.ReleaseSavepointAsync("activity", ct);
    }

    /// <summary>Ends the session from outside, for a hanging activity may be in the midst of using it: what was done is undone, and the run's row is free.</summary>
    private async Task BreakAsync(CancellationToken ct)
    {
        var session = ((NpgsqlConnection)Db.Database.GetDbConnection()).ProcessID;
        await using var scope = services.GetRequiredService<IServiceScopeFactory>().CreateAsyncScope();
        var another = scope.ServiceProvider.GetRequiredService<HostContext>().Db;
        await another.Database.OpenConnectionAsync(ct);
        await another.ExecuteAsync("select pg_terminate_backend($1, 5000)", [session], ct);
    }

    /// <summary>Tells the events and sends the signals the run's activities wanted.</summary>
    private async Task TellAsync(RunState state, DateTimeOffset now, CancellationToken ct)
    {
        if (state.Told.Count > 0)
        {
            var events = state.Told.Select(t => new NewEvent(t.Type, new(t.Subject[..t.Subject.IndexOf('/')], t.Subject[(t.Subject.IndexOf('/') + 1)..]), t.Data));
            await services.GetRequiredService<EventEmitter>().EmitAsync([.. events], Moves.Actor.System, now, state.Cause, ct);
        }

        foreach (var signal in state.Signals)
        {
            if (signal.IsLocal) await SignalStore.SendToAsync(Db, state.Id, signal.Signal, signal.Payload, now, ct);
            else await SignalStore.SendCorrelatedAsync(Db, signal.Signal, signal.CorrelationId!, signal.Payload, now, ct);
        }
    }

    /// <summary>Starts what the bursts dispatched, and lets go on what waited for the ends of these runs.</summary>
    private async Task FollowUpAsync(IReadOnlyList<BurstRun> done, DateTimeOffset now, CancellationToken ct)
    {
        foreach (var run in done.Where(d => d.Checkpoint.State.Dispatched.Count > 0)) await Dispatching.StartAsync(Db, library, run.Checkpoint, options.MaxDepth, now, ct);
        foreach (var run in done) await TellAsync(run.Checkpoint.State, now, ct);
        await RunEnds.TellAsync(Db,
            [.. done.Where(d => d.Checkpoint.State.Status is not (RunStatus.Pending or RunStatus.Suspended)).Select(d => RunEnd.Of(d.Checkpoint))], now, ct);
    }
}

/// <summary>A run after a burst.</summary>
/// <param name="Checkpoint">What was written of it.</param>
/// <param name="Flow">Its flow.</param>
/// <param name="Calls">What is to be called now.</param>
/// <param name="Settings">What it was run with.</param>
internal sealed record BurstRun(Checkpoint Checkpoint, Flow Flow, IReadOnlyList<Execution> Calls, BurstSettings Settings)
{
    /// <summary>Gets whether it was its first.</summary>
    public bool IsBegun { get; init; }

    /// <summary>Gets whether it began to wait for an event.</summary>
    public bool WaitsForEvents => Checkpoint.Fresh.Any(b => Signals.IsEvent(b.Signal));
}
