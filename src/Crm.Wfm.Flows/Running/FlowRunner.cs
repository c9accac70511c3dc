using Crm.Wfm.Flows.Persistence;
using Crm.Wfm.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Crm.Wfm.Flows.Running;

/// <summary>Runs what events have started. Any number of hosts may run one: each claims some of the runs, and what a host that is gone had claimed becomes another's.</summary>
public sealed partial class FlowRunner : BackgroundService
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(10);

    private readonly IServiceScopeFactory _scopes;
    private readonly FlowCatalog _catalog;
    private readonly RunSignal _signal;
    private readonly TimeProvider _time;
    private readonly FlowOptions _options;
    private readonly ILogger<FlowRunner> _logger;

    internal FlowRunner(IServiceScopeFactory scopes, FlowCatalog catalog, RunSignal signal, TimeProvider time, IOptions<FlowOptions> options, ILogger<FlowRunner> logger) =>
        (_scopes, _catalog, _signal, _time, _options, _logger) = (scopes, catalog, signal, time, options.Value, logger);

    /// <summary>Claims runs that are due and runs them, one after the other.</summary>
    /// <returns>How many were claimed; 0 when nothing is left to do now.</returns>
    public async Task<int> RunOnceAsync(CancellationToken ct)
    {
        List<ClaimedRun> claimed;
        await using (var scope = _scopes.CreateAsyncScope())
        {
            var db = scope.ServiceProvider.GetRequiredService<HostContext>().Db;
            await db.Database.OpenConnectionAsync(ct);
            claimed = await RunStore.ClaimAsync(db, _options.BatchSize, _time.GetUtcNow(), _options.Lease, ct);
        }

        foreach (var run in claimed) await RunAsync(run, ct);
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

    // A scope each: what a failed attempt left in its context is not the next one's.
    private async Task RunAsync(ClaimedRun run, CancellationToken ct)
    {
        await using var scope = _scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentWorkspace>().Id = run.Workspace;
        var attempt = new RunAttempt(scope.ServiceProvider, run, _catalog, _options, _time);
        try
        {
            await attempt.RunAsync(ct);
        }
        catch (RunFailure failure)
        {
            LogFailed(failure.InnerException, run.Id, run.Attempt, failure.Activity);
            await attempt.FailAsync(failure, ct);
        }
    }

    [LoggerMessage(EventId = 1101, Level = LogLevel.Warning, Message = "Attempt {Attempt} at run {Run} failed in activity {Activity}.")]
    private partial void LogFailed(Exception? e, Guid run, int attempt, string? activity);

    [LoggerMessage(EventId = 1102, Level = LogLevel.Error, Message = "Runs could not be claimed or written; they are tried again.")]
    private partial void LogUnreachable(Exception e);
}
