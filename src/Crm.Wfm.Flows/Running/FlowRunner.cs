using Crm.Wfm.Flows.Persistence;
using Crm.Wfm.Flows.Studio;
using Crm.Wfm.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Crm.Wfm.Flows.Running;

/// <summary>
/// Runs flows: leases runs that are due, of whatever workspace, and lets each go on for a burst. Any number of hosts may run one; a host that dies, or loses its connection,
/// has its runs taken up by another when its lease is over.
/// </summary>
public sealed partial class FlowRunner : BackgroundService
{
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

    internal FlowRunner(IServiceScopeFactory scopes, FlowLibrary library, RunSignal signal, RunBell bell, TimeProvider time, IOptions<FlowOptions> options, ILogger<FlowRunner> logger) =>
        (_scopes, _library, _signal, _bell, _time, _options, _logger) = (scopes, library, signal, bell, time, options.Value, logger);

    /// <summary>Claims a batch of runs that are due and lets each go on. For hosts that run their own loop, and for tests.</summary>
    /// <returns>How many were claimed; 0: nothing is due.</returns>
    public async Task<int> RunOnceAsync(CancellationToken ct)
    {
        var claimed = await ClaimAsync(ct);
        foreach (var group in await GroupsAsync(claimed, ct)) await RunAsync(group, ct);
        return claimed.Count;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Rung when a run is written, a little before it is committed: so it is looked for again soon, and then less and less often.
        var wait = _options.Interval;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await RunOnceAsync(stoppingToken) > 0)
                {
                }
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogUnreachable(e);
            }

            wait = await _signal.WaitAsync(wait, stoppingToken) ? Soon : wait * 2 < _options.Interval ? wait * 2 : _options.Interval;
        }
    }

    private async Task<List<ClaimedRun>> ClaimAsync(CancellationToken ct)
    {
        await using var scope = _scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<HostContext>().Db;
        await db.Database.OpenConnectionAsync(ct);
        var claimed = await RunStore.ClaimAsync(db, _options.BatchSize, _time.GetUtcNow(), _options.Lease, ct);
        if (claimed.Count > 0 || await SignalStore.SettleAsync(db, _time.GetUtcNow(), ct) == 0) return claimed;
        return await RunStore.ClaimAsync(db, _options.BatchSize, _time.GetUtcNow(), _options.Lease, ct);
    }

    /// <summary>Puts runs together that can share a transaction: those of one workspace whose flows only compute. A run that was claimed before and not brought to its end is alone.</summary>
    private async Task<IReadOnlyList<IReadOnlyList<ClaimedRun>>> GroupsAsync(List<ClaimedRun> claimed, CancellationToken ct)
    {
        var groups = new List<IReadOnlyList<ClaimedRun>>();
        foreach (var workspace in claimed.GroupBy(c => c.Workspace))
        {
            await using var scope = ScopeOf(workspace.Key);
            var host = scope.ServiceProvider.GetRequiredService<HostContext>();
            await using var transaction = await host.BeginAsync(ct);
            var shared = new List<ClaimedRun>();
            foreach (var claim in workspace)
            {
                if (claim.Attempts == 1 && (await _library.FindAsync(host.Db, workspace.Key, claim.Definition, ct)).Flow is { IsPure: true }) shared.Add(claim);
                else groups.Add([claim]);
            }

            if (shared.Count > 0) groups.Add(shared);
        }

        return groups;
    }

    private async Task RunAsync(IReadOnlyList<ClaimedRun> claims, CancellationToken ct)
    {
        var results = NoResults;
        while (true)
        {
            // A scope each: what a failed attempt left in its context is not the next one's.
            await using var scope = ScopeOf(claims[0].Workspace);
            var group = new RunGroup(scope.ServiceProvider, claims, _library, _options, _time);
            IReadOnlyList<BurstRun> done;
            try
            {
                done = await group.RunAsync(results, ct);
                _bell.Ring();
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                LogFailed(e, claims[0].Id, claims.Count, claims[0].Attempts);
                await using var another = ScopeOf(claims[0].Workspace);
                await new RunGroup(another.ServiceProvider, claims, _library, _options, _time).FailAsync(e, ct);
                return;
            }

            if (done.All(d => d.Calls.Count == 0)) return;
            results = await CallAsync(done, ct);
        }
    }

    private async Task<IReadOnlyDictionary<Guid, IReadOnlyList<(int, CallResult)>>> CallAsync(IReadOnlyList<BurstRun> done, CancellationToken ct)
    {
        var results = new Dictionary<Guid, IReadOnlyList<(int, CallResult)>>();
        foreach (var run in done)
        {
            var called = new List<(int, CallResult)>();
            foreach (var execution in run.Calls) called.Add((execution.Id, await CallAsync(run, execution, ct)));
            results[run.Checkpoint.State.Id] = called;
        }

        return results;
    }

    private async Task<CallResult> CallAsync(BurstRun run, Running.Execution execution, CancellationToken ct)
    {
        await using var scope = ScopeOf(run.Checkpoint.State.Workspace);
        return await OutsideCall.CallAsync(run.Checkpoint.State, execution, run.Settings! with { Services = scope.ServiceProvider }, ct);
    }

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
