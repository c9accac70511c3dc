using Crm.Wfm.Events;
using Crm.Wfm.Flows.Persistence;
using Crm.Wfm.Flows.Studio;
using Crm.Wfm.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Crm.Wfm.Flows.Running;

/// <summary>
/// Runs flows: leases runs that are due, of whatever workspace, and lets each go on for a burst. Any number of hosts may run one; a host that dies, or loses its connection,
/// has its runs taken up by another when its lease is over.
/// </summary>
public sealed partial class FlowRunner : BackgroundService
{
    private const int Deadlocks = 3;

    // About as long as a commit takes after its runs were rung for.
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(5);
    private static readonly IReadOnlyDictionary<Guid, IReadOnlyList<(int, CallResult)>> NoResults = new Dictionary<Guid, IReadOnlyList<(int, CallResult)>>();

    private readonly IServiceScopeFactory _scopes;
    private readonly FlowLibrary _library;
    private readonly RunSignal _signal;
    private readonly RunBell _bell;
    private readonly TimeProvider _time;
    private readonly FlowOptions _options;
    private readonly ILogger<FlowRunner> _logger;
    private long _settled;

    internal FlowRunner(IServiceScopeFactory scopes, FlowLibrary library, RunSignal signal, RunBell bell, TimeProvider time, IOptions<FlowOptions> options, ILogger<FlowRunner> logger) =>
        (_scopes, _library, _signal, _bell, _time, _options, _logger) = (scopes, library, signal, bell, time, options.Value, logger);

    /// <summary>Claims a batch of runs that are due and lets each go on, until the outside was called for them as well. For hosts that run their own loop, and for tests.</summary>
    /// <returns>How many were claimed; 0: nothing is due.</returns>
    public async Task<int> RunOnceAsync(CancellationToken ct)
    {
        var calls = new List<Task>();
        var count = await RunOnceAsync(calls, ct);
        await Task.WhenAll(calls);
        ct.ThrowIfCancellationRequested();
        return count;
    }

    /// <summary>Lets one claimed run go on at once, for somebody who waits for it.</summary>
    /// <param name="claim">The claim.</param>
    /// <param name="isEnough">Told of each burst once it is committed; where it says so, what is left is left to whoever claims the run next.</param>
    /// <param name="ct">Cancels when the host stops.</param>
    internal async Task RunNowAsync(ClaimedRun claim, Func<BurstRun, bool> isEnough, CancellationToken ct)
    {
        foreach (var run in await RunAsync([claim], NoResults, ct)) await GoOnAsync(run, isEnough, ct);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Who starts a run in a transaction of somebody else rings a little before it is committed: so it is looked for again soon, and then less and less often.
        var (wait, calls) = (_options.Interval, new List<Task>());
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await RunOnceAsync(calls, stoppingToken) > 0)
                {
                    // Whoever waits for the outside keeps nobody else waiting, up to a point.
                    calls.RemoveAll(c => c.IsCompleted);
                    if (calls.Count >= _options.Calls) await Task.WhenAny(calls);
                }
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogUnreachable(e);
            }
            catch (Exception)
            {
                // The host stops.
                break;
            }

            wait = await IsRungAsync(wait, stoppingToken) ? Soon : wait * 2 < _options.Interval ? wait * 2 : _options.Interval;
        }

        await ReleaseAsync(_signal.Take());
        await Task.WhenAll(calls);
    }

    private async Task<bool> IsRungAsync(TimeSpan wait, CancellationToken ct)
    {
        try
        {
            return await _signal.WaitAsync(wait, ct);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <param name="calls">Receives what goes on with runs that speak with the outside.</param>
    /// <param name="ct">Cancels.</param>
    private async Task<int> RunOnceAsync(List<Task> calls, CancellationToken ct)
    {
        var claimed = _signal.Take() is { Count: > 0 } handed ? handed : await ClaimAsync(ct);
        FlowTelemetry.Claimed(claimed, _time.GetUtcNow());
        var left = claimed.ToDictionary(c => c.Id);
        try
        {
            foreach (var group in await GroupsAsync(claimed, ct))
            {
                var done = await RunAsync(group, NoResults, ct);
                foreach (var claim in group) left.Remove(claim.Id);
                foreach (var run in done.Where(d => d.Calls.Count > 0)) calls.Add(GoOnAsync(run, _ => false, ct));
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            await ReleaseAsync([.. left.Values]);
            throw;
        }

        return claimed.Count;
    }

    private async Task<List<ClaimedRun>> ClaimAsync(CancellationToken ct)
    {
        await using var scope = _scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<HostContext>().Db;
        await db.Database.OpenConnectionAsync(ct);
        var claimed = await RunStore.ClaimAsync(db, _options.BatchSize, _time.GetUtcNow(), _options.Lease, ct);
        // However much there is to do, signals and events find those who began to wait meanwhile.
        if (claimed.Count > 0 && System.Diagnostics.Stopwatch.GetElapsedTime(_settled) < _options.Interval) return claimed;
        _settled = System.Diagnostics.Stopwatch.GetTimestamp();
        var (given, unsettled) = await SignalStore.SettleAsync(db, _time.GetUtcNow(), ct);
        foreach (var workspace in unsettled) given += await SettleEventsAsync(workspace, ct);
        return claimed.Count > 0 || given == 0 ? claimed : await RunStore.ClaimAsync(db, _options.BatchSize, _time.GetUtcNow(), _options.Lease, ct);
    }

    private async Task<int> SettleEventsAsync(Guid workspace, CancellationToken ct)
    {
        await using var scope = ScopeOf(workspace);
        var host = scope.ServiceProvider.GetRequiredService<HostContext>();
        return await host.ExecuteAsync(async token =>
        {
            await using var transaction = await host.BeginAsync(token);
            var given = await SignalStore.SettleEventsAsync(host.Db, scope.ServiceProvider.GetRequiredService<EventFeed>(), _time.GetUtcNow(), token);
            await transaction.CommitAsync(token);
            return given;
        }, ct);
    }

    /// <summary>Puts runs together that can share a transaction: those of one workspace whose flows only compute. A run that was claimed before and nothing came of it is alone.</summary>
    private async Task<IReadOnlyList<IReadOnlyList<ClaimedRun>>> GroupsAsync(List<ClaimedRun> claimed, CancellationToken ct)
    {
        var groups = new List<IReadOnlyList<ClaimedRun>>();
        foreach (var workspace in claimed.GroupBy(c => c.Workspace))
        {
            var pure = await PureAsync(workspace.Key, workspace.Where(c => c.Attempts == 1).Select(c => c.Definition).Distinct(), ct);
            var shared = workspace.Where(c => c.Attempts == 1 && pure.Contains(c.Definition)).ToList();
            groups.AddRange(workspace.Except(shared).Select(c => (IReadOnlyList<ClaimedRun>)[c]));
            if (shared.Count > 0) groups.Add(shared);
        }

        return groups;
    }

    /// <summary>Gives those flows that only compute.</summary>
    private async Task<HashSet<int>> PureAsync(Guid workspace, IEnumerable<int> definitions, CancellationToken ct)
    {
        var versions = definitions.Select(d => (Number: d, Version: _library.Known(workspace, d))).ToList();
        var pure = versions.Where(v => v.Version?.Flow is { IsPure: true }).Select(v => v.Number).ToHashSet();
        if (versions.TrueForAll(v => v.Version is not null)) return pure;
        await using var scope = ScopeOf(workspace);
        var host = scope.ServiceProvider.GetRequiredService<HostContext>();
        await using var transaction = await host.BeginAsync(ct);
        foreach (var (number, _) in versions.Where(v => v.Version is null))
            if ((await _library.FindAsync(host.Db, workspace, number, ct)).Flow is { IsPure: true }) pure.Add(number);
        return pure;
    }

    /// <summary>Runs a burst of each; what fails together is tried one by one.</summary>
    private async Task<IReadOnlyList<BurstRun>> RunAsync(IReadOnlyList<ClaimedRun> claims, IReadOnlyDictionary<Guid, IReadOnlyList<(int, CallResult)>> results, CancellationToken ct)
    {
        if (claims is [{ Attempts: > 1 } again] && results.Count == 0) await BeginAgainAsync(again, ct);
        for (var deadlocks = 0; ; deadlocks++)
        {
            // A scope each: what a failed attempt left in its context is not the next one's.
            await using var scope = ScopeOf(claims[0].Workspace);
            var group = new RunGroup(scope.ServiceProvider, claims, _library, _options, _time);
            try
            {
                var done = await group.RunAsync(results, ct);
                FlowTelemetry.Committed(done);
                _bell.Ring();
                if (done.Any(d => d.WaitsForEvents)) await SettleEventsAsync(claims[0].Workspace, ct);
                _bell.Ring();
                return done;
            }
            catch (Exception e) when (!ct.IsCancellationRequested && IsDeadlock(e) && deadlocks < Deadlocks)
            {
                // Nothing of it is left: it is done over.
            }
            catch (Exception caught) when (!ct.IsCancellationRequested)
            {
                // What ends a hanging activity's session fails too, and says less.
                var e = group.Hung ?? caught;
                LogFailed(e, claims[0].Id, claims.Count, claims[0].Attempts);
                FlowTelemetry.Failed();
                if (claims.Count > 1) return await OneByOneAsync(claims, ct);
                await FailAsync(claims[0], e, ct);
                return [];
            }
        }
    }

    private async Task<IReadOnlyList<BurstRun>> OneByOneAsync(IReadOnlyList<ClaimedRun> claims, CancellationToken ct)
    {
        var done = new List<BurstRun>();
        foreach (var claim in claims) done.AddRange(await RunAsync([claim], NoResults, ct));
        return done;
    }

    private async Task FailAsync(ClaimedRun claim, Exception failure, CancellationToken ct)
    {
        await using var scope = ScopeOf(claim.Workspace);
        var giving = new GivingUp(scope.ServiceProvider.GetRequiredService<HostContext>(), _options, _time);
        if (await giving.FailAsync(claim, failure, ct)) FlowTelemetry.DeadLettered();
    }

    private async Task BeginAgainAsync(ClaimedRun claim, CancellationToken ct)
    {
        await using var scope = ScopeOf(claim.Workspace);
        var host = scope.ServiceProvider.GetRequiredService<HostContext>();
        await host.ExecuteAsync(async token =>
        {
            await using var transaction = await host.BeginAsync(token);
            var begun = await RunStore.BeginAgainAsync(host.Db, claim, token);
            await transaction.CommitAsync(token);
            return begun;
        }, ct);
    }

    /// <summary>Calls the outside for a run, and lets it go on with what came of it, until it calls no more.</summary>
    private async Task GoOnAsync(BurstRun run, Func<BurstRun, bool> isEnough, CancellationToken ct)
    {
        var claim = run.Checkpoint.Loaded.Claim;
        try
        {
            for (BurstRun? calling = run; calling is not null;)
            {
                var isLeft = isEnough(calling);
                if (calling.Calls.Count == 0) return;
                if (isLeft)
                {
                    await ReleaseAsync([claim]);
                    _signal.Ring();
                    return;
                }

                var results = new Dictionary<Guid, IReadOnlyList<(int, CallResult)>> { [claim.Id] = await Task.WhenAll(calling.Calls.Select(c => CallAsync(calling, c, ct))) };
                // Something came of the claim: what failed before it is forgotten.
                if (calling.Checkpoint.HasProgressed) claim = claim with { Crashes = 0 };
                calling = (await RunAsync([claim], results, ct)).SingleOrDefault();
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            await ReleaseAsync([claim]);
        }
        catch (Exception e)
        {
            LogUnreachable(e);
        }
    }

    private async Task<(int, CallResult)> CallAsync(BurstRun run, Execution execution, CancellationToken ct)
    {
        await using var scope = ScopeOf(run.Checkpoint.State.Workspace);
        var result = await OutsideCall.CallAsync(run.Checkpoint.State, execution, run.Settings with { Services = scope.ServiceProvider }, ct);
        FlowTelemetry.Called(execution.Node.Definition.Type, result.Duration);
        return (execution.Id, result);
    }

    /// <summary>Gives claims back when the host stops. Where that fails, their leases end by themselves.</summary>
    private async Task ReleaseAsync(IReadOnlyList<ClaimedRun> claims)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try
        {
            foreach (var workspace in claims.GroupBy(c => c.Workspace))
            {
                await using var scope = ScopeOf(workspace.Key);
                var host = scope.ServiceProvider.GetRequiredService<HostContext>();
                await using var transaction = await host.BeginAsync(patience.Token);
                await RunStore.ReleaseAsync(host.Db, [.. workspace], patience.Token);
                await transaction.CommitAsync(patience.Token);
            }
        }
        catch (Exception e)
        {
            LogUnreachable(e);
        }
    }

    private static bool IsDeadlock(Exception e) => (e as PostgresException ?? e.InnerException as PostgresException)?.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure;

    private AsyncServiceScope ScopeOf(Guid workspace)
    {
        var scope = _scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentWorkspace>().Id = workspace;
        return scope;
    }

    [LoggerMessage(EventId = 1101, Level = LogLevel.Warning, Message = "A burst of run {Run} and {Count} in all failed at its attempt {Attempt}.")]
    private partial void LogFailed(Exception? e, Guid run, int count, int attempt);

    [LoggerMessage(EventId = 1102, Level = LogLevel.Error, Message = "Runs could not be claimed or written; they are tried again.")]
    private partial void LogUnreachable(Exception e);
}
