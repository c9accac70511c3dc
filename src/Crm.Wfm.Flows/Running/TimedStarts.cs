using System.Globalization;
using Crm.Wfm.Flows.Persistence;
using Crm.Wfm.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Crm.Wfm.Flows.Running;

/// <summary>
/// Starts flows whose time has come: those that begin again and again, and those that begin at a time. Any number of hosts may do so; each time starts one run. Times that passed while no host was there
/// start one run together; then it goes on as before.
/// </summary>
public sealed partial class TimedStarts : BackgroundService
{
    private readonly IServiceScopeFactory _scopes;
    private readonly RunSignal _signal;
    private readonly TimeProvider _time;
    private readonly FlowOptions _options;
    private readonly ILogger<TimedStarts> _logger;

    internal TimedStarts(IServiceScopeFactory scopes, RunSignal signal, TimeProvider time, IOptions<FlowOptions> options, ILogger<TimedStarts> logger) =>
        (_scopes, _signal, _time, _options, _logger) = (scopes, signal, time, options.Value, logger);

    /// <summary>Claims triggers that are due and starts their runs. For hosts that run their own loop, and for tests.</summary>
    /// <returns>How many were claimed; 0: nothing is due.</returns>
    public async Task<int> RunOnceAsync(CancellationToken ct)
    {
        var now = _time.GetUtcNow();
        var claimed = await ClaimAsync(now, ct);
        foreach (var due in claimed)
        {
            try
            {
                if (await StartAsync(due, now, ct)) _signal.Ring();
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                // Its lease ends, and it is tried again; the others need not wait for that.
                LogFailed(e, due.Definition, due.Node);
            }
        }

        return claimed.Count;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_options.Interval);
        do
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
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<List<DueTrigger>> ClaimAsync(DateTimeOffset now, CancellationToken ct)
    {
        await using var scope = _scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<HostContext>().Db;
        await db.Database.OpenConnectionAsync(ct);
        return await TriggerStore.ClaimAsync(db, _options.BatchSize, now, _options.Lease, ct);
    }

    private async Task<bool> StartAsync(DueTrigger due, DateTimeOffset now, CancellationToken ct)
    {
        await using var scope = _scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentWorkspace>().Id = due.Workspace;
        var host = scope.ServiceProvider.GetRequiredService<HostContext>();
        return await host.ExecuteAsync(async token =>
        {
            await using var transaction = await host.BeginAsync(token);
            // Whoever moves the time on starts the run; a host whose lease was over finds it moved.
            if (!await TriggerStore.AdvanceAsync(host.Db, due, Next(due, now), token)) return false;
            var started = await Activation.StartAsync(host.Db, [ScheduledRun.Of(due.Definition, due.Node, due.DueAt, now)], now, token);
            await transaction.CommitAsync(token);
            return started.Count > 0;
        }, ct);
    }

    // The key of a timer is how long it is from one time to the next; that of a time is the time.
    private static DateTimeOffset? Next(DueTrigger due, DateTimeOffset now)
    {
        if (!TimeSpan.TryParseExact(due.Key, "c", CultureInfo.InvariantCulture, out var interval)) return null;
        var missed = Math.Max(0, (now - due.DueAt).Ticks / interval.Ticks);
        return due.DueAt + interval * (missed + 1);
    }

    [LoggerMessage(EventId = 1103, Level = LogLevel.Warning, Message = "Flow version {Definition} could not be started by its trigger {Node}; it is tried again.")]
    private partial void LogFailed(Exception e, int definition, string node);

    [LoggerMessage(EventId = 1104, Level = LogLevel.Error, Message = "Triggers could not be claimed; they are tried again.")]
    private partial void LogUnreachable(Exception e);
}

/// <summary>Runs that a time starts.</summary>
internal static class ScheduledRun
{
    /// <summary>Makes the run of a trigger at a time: there is one, however often it is asked for.</summary>
    public static NewRun Of(int definition, string node, DateTimeOffset due, DateTimeOffset now) => new()
    {
        Id = RunIds.New(now), Definition = definition, Trigger = node,
        IdempotencyKey = string.Create(CultureInfo.InvariantCulture, $"time {definition} {node} {due.ToUniversalTime():O}"),
    };
}
