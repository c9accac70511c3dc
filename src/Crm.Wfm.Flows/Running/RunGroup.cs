using Crm.Wfm.Events;
using Crm.Wfm.Flows.Activities;
using Crm.Wfm.Flows.Compiling;
using Crm.Wfm.Flows.Persistence;
using Crm.Wfm.Persistence;
using Crm.Wfm.Rules;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Crm.Wfm.Flows.Running;

/// <summary>
/// Claimed runs of one workspace that go on in one transaction: what their activities write, their states, their journals and what they wait for commit together, or not at
/// all. Runs of flows whose activities only compute share it; every other run has one of its own.
/// </summary>
internal sealed class RunGroup(IServiceProvider services, IReadOnlyList<ClaimedRun> claims, FlowLibrary library, FlowOptions options, TimeProvider time)
{
    private readonly HostContext _host = services.GetRequiredService<HostContext>();

    private DbContext Db => _host.Db;

    /// <summary>Runs a burst of each, those that are another host's by now excepted.</summary>
    /// <param name="results">What came of calls to the outside, by run.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>The runs as they are now.</returns>
    public Task<IReadOnlyList<BurstRun>> RunAsync(IReadOnlyDictionary<Guid, IReadOnlyList<(int Execution, CallResult Result)>> results, CancellationToken ct) => _host.ExecuteAsync(token => RunOnceAsync(results, token), ct);

    /// <summary>Gives up the claims because something other than an activity failed; they are tried again later, or dead-lettered when that went on for too long.</summary>
    public Task FailAsync(Exception failure, CancellationToken ct) => _host.ExecuteAsync(async token =>
    {
        var now = time.GetUtcNow();
        await using var transaction = await _host.BeginAsync(token);
        foreach (var claim in claims) await RunStore.FailAsync(Db, claim, Failures.Text(failure), now, now + options.Crash.WaitAfter(claim.Attempts), token);
        await transaction.CommitAsync(token);
        return true;
    }, ct);

    private async Task<IReadOnlyList<BurstRun>> RunOnceAsync(IReadOnlyDictionary<Guid, IReadOnlyList<(int Execution, CallResult Result)>> results, CancellationToken ct)
    {
        Db.ChangeTracker.Clear();
        await using var transaction = await _host.BeginAsync(ct);
        // A host that hangs in the middle, without dying, must not keep the runs from all others.
        await Db.ExecuteAsync("select set_config('idle_in_transaction_session_timeout', $1, true)", [$"{(long)(options.Timeout * 2).TotalMilliseconds}ms"], ct);
        var now = time.GetUtcNow().ToUniversalTime();
        var done = new List<BurstRun>();
        foreach (var loaded in await RunStore.LoadAsync(Db, claims, ct)) done.Add(await BurstAsync(loaded, results.GetValueOrDefault(loaded.Claim.Id) ?? [], now, ct));
        if (done.Count == 0) return done;
        await RunStore.CheckpointAsync(Db, [.. done.Select(d => d.Checkpoint)], now, ct);
        await FollowUpAsync(done, now, ct);
        await transaction.CommitAsync(ct);
        return done;
    }

    private async Task<BurstRun> BurstAsync(LoadedRun loaded, IReadOnlyList<(int Execution, CallResult Result)> results, DateTimeOffset now, CancellationToken ct)
    {
        var version = await library.FindAsync(Db, _host.Workspace, loaded.Definition, ct);
        var run = await StateAsync(loaded, ct);
        if (version.Flow is not { } flow) return GiveUp(loaded, run, "This host cannot read the flow: it lacks an activity that the host had which published it.");
        if (loaded.Claim.Attempts > options.Crash.Max + 1) return GiveUp(loaded, run, "The hosts that tried it did not come back.");
        var settings = Settings(version, now);
        var burst = new Burst(run, settings);
        var taken = new List<long>();
        try
        {
            await ReadAsync(loaded, run, burst, flow, ct);
            foreach (var (execution, result) in results)
                if (run.Executions.Find(e => e.Id == execution) is { } called) await burst.TakeAsync(called, result, ct);
            await DeliverAsync(loaded, run, burst, now, taken, ct);
            await burst.ContinueAsync(ct);
        }
        catch (FlowException e)
        {
            return GiveUp(loaded, run, e.Message);
        }

        if (run.Status is RunStatus.Finished or RunStatus.Faulted) taken = [.. loaded.Deliveries.Select(d => d.Number)];
        var calls = burst.Calls;
        // What is to be called is due until it was: a host that dies over it has it called by another.
        var due = run.Status is RunStatus.Finished or RunStatus.Faulted ? null : calls.Count > 0 ? now : run.Due;
        var text = run.Status is RunStatus.Finished ? null : StateText.Write(run);
        if (text?.Length > options.MaxState) return GiveUp(loaded, run, $"The run keeps {text.Length} characters, more than {options.MaxState}: what its variables and outputs hold is too large.");
        return new(new(loaded, run, taken, text, due, Calling(calls, settings)), flow, calls, settings);
    }

    // Nobody else calls it meanwhile: the claim lasts for as long as the calls may take, one after the other, and then as long as any.
    private TimeSpan? Calling(IReadOnlyList<Execution> calls, BurstSettings settings) =>
        calls.Count == 0 ? null : options.Lease + calls.Aggregate(TimeSpan.Zero, (sum, call) => sum + (call.Node.Timeout ?? settings.Timeout));

    private async Task<RunState> StateAsync(LoadedRun loaded, CancellationToken ct)
    {
        var told = (loaded.Event ?? loaded.Cause) is { } id ? await services.GetRequiredService<EventFeed>().FindAsync(id, ct) : null;
        return new()
        {
            Id = loaded.Claim.Id,
            Workspace = _host.Workspace,
            Event = loaded.Event is null ? null : told,
            Cause = told is null ? null : new(told.Id, told.Correlation, told.Depth),
            CorrelationId = loaded.CorrelationId,
            Name = loaded.Name,
            Trigger = loaded.Trigger,
            Status = loaded.Status == "suspended" ? RunStatus.Suspended : RunStatus.Pending,
        };
    }

    private async Task ReadAsync(LoadedRun loaded, RunState run, Burst burst, Flow flow, CancellationToken ct)
    {
        if (loaded.Status == "pending")
        {
            foreach (var (name, value) in (loaded.State is null ? null : Value.Parse(loaded.State)["i"].AsObject) ?? FactObject.Empty) run.Input[name] = value;
            burst.Begin(flow);
            return;
        }

        await StateText.ReadAsync(loaded.State!, run, flow, async key =>
            (await library.FindAsync(Db, _host.Workspace, int.Parse(key, System.Globalization.CultureInfo.InvariantCulture), ct)).Flow ?? throw new FlowException("a flow it uses as an activity is gone"));
        loaded.Bookmarks = [.. run.Executions.SelectMany(e => e.Waits.OfType<Wait.For>().Select(w => new Bookmark(e.Id, w.Signal)))];
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
        IsLost = e => Db.Database.CurrentTransaction is null || Db.Database.GetDbConnection().State != System.Data.ConnectionState.Open,
    };

    private async Task IsolateAsync(Func<CancellationToken, Task> piece, CancellationToken ct)
    {
        var transaction = Db.Database.CurrentTransaction!;
        await transaction.CreateSavepointAsync("activity", ct);
        try
        {
            await piece(ct);
        }
        catch
        {
            Db.ChangeTracker.Clear();
            await transaction.RollbackToSavepointAsync("activity", CancellationToken.None);
            throw;
        }

        await transaction.ReleaseSavepointAsync("activity", ct);
    }

    /// <summary>Starts what the bursts dispatched, and tells of the ends of runs somebody waits for.</summary>
    private async Task FollowUpAsync(IReadOnlyList<BurstRun> done, DateTimeOffset now, CancellationToken ct)
    {
        foreach (var run in done)
        {
            if (run.Checkpoint.State.Dispatched.Count > 0) await Dispatching.StartAsync(Db, run.Checkpoint, options.MaxDepth, now, ct);
            var state = run.Checkpoint.State;
            if (run.Checkpoint.Loaded is not { IsAwaited: true, Parent: { } parent } || state.Status is RunStatus.Pending or RunStatus.Suspended) continue;
            var payload = Value.From(new FactObjectBuilder { ["status"] = Value.From(RunStore.Name(state.Status)), ["output"] = RunStore.Of(state.Output) }.Build());
            await SignalStore.SendToAsync(Db, parent, Signals.RunEnded(state.Id), payload, now, ct);
        }
    }

    private static BurstRun GiveUp(LoadedRun loaded, RunState run, string message)
    {
        run.Status = RunStatus.Faulted;
        run.Incidents.Add(new(0, "Workflow1", "Elsa.Workflow", message, DateTimeOffset.UnixEpoch, loaded.Claim.Attempts));
        return new(new(loaded, run, [], loaded.State, Due: null), Flow: null, [], Settings: null);
    }
}

/// <summary>A run after a burst.</summary>
/// <param name="Checkpoint">What was written of it.</param>
/// <param name="Flow">Its flow; <c>null</c> when it was given up.</param>
/// <param name="Calls">What is to be called now.</param>
/// <param name="Settings">What it was run with.</param>
internal sealed record BurstRun(Checkpoint Checkpoint, Flow? Flow, IReadOnlyList<Execution> Calls, BurstSettings? Settings);
