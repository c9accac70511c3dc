using System.Diagnostics;
using Crm.Wfm.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Crm.Wfm.Events;

/// <summary>
/// Gives events their place in their workspace's feed and hands them to the consumers, in one transaction. Added with <c>wfm.AddEventPump()</c>; any number of hosts
/// may run one. A crash loses no event and doubles none. Every batch is followed by one <c>NOTIFY wfm_feed</c> with the workspace's id: it saves waiting, nothing more.
/// </summary>
public sealed partial class EventPump : BackgroundService
{
    /// <summary>The channel notified after a batch; the payload is the workspace's id.</summary>
    public const string Channel = "wfm_feed";

    private readonly IServiceScopeFactory _scopes;
    private readonly EventConsumerNames _consumers;
    private readonly EventSignal _signal;
    private readonly TimeProvider _time;
    private readonly EventPumpOptions _options;
    private readonly ILogger<EventPump> _logger;

    internal EventPump(IServiceScopeFactory scopes, EventConsumerNames consumers, EventSignal signal, TimeProvider time, IOptions<EventPumpOptions> options, ILogger<EventPump> logger) =>
        (_scopes, _consumers, _signal, _time, _options, _logger) = (scopes, consumers, signal, time, options.Value, logger);

    /// <summary>Handles one batch of one workspace, and one parked event that is due.</summary>
    /// <returns>How many events were handled; 0 when nothing is left to do now.</returns>
    /// <exception cref="NpgsqlException">The database cannot be reached; what was not committed is handed over again.</exception>
    public async Task<int> RunOnceAsync(CancellationToken ct) => (await NextBatchAsync(ct)).Count + (await NextParkedAsync(ct) ? 1 : 0);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var (isMore, begun) = (false, Stopwatch.GetTimestamp());
            try
            {
                isMore = await LapAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(e);
            }

            if (!isMore) await _signal.WaitAsync(_options.Interval, stoppingToken);
            // The first after a pause waits for nobody.
            if (_options.Gather - Stopwatch.GetElapsedTime(begun) is { Ticks: > 0 } left) await Task.Delay(left, stoppingToken);
        }
    }

    /// <returns>Whether something may be left.</returns>
    private async Task<bool> LapAsync(CancellationToken ct)
    {
        var isMore = await GoRoundAsync(ct);
        var retries = 0;
        while (retries < _options.BatchSize && await NextParkedAsync(ct)) retries++;
        return isMore || retries == _options.BatchSize;
    }

    /// <summary>Takes batches until nothing is left, or a workspace comes up that has had its turn: then it is better to let some events gather.</summary>
    /// <returns>Whether something may be left.</returns>
    private async Task<bool> GoRoundAsync(CancellationToken ct)
    {
        var workspaces = new HashSet<Guid>();
        while (await NextBatchAsync(ct) is { Count: > 0 } batch)
        {
            if (batch.Count < _options.BatchSize && !workspaces.Add(batch.Workspace)) return true;
        }

        return false;
    }

    private async Task<bool> NextParkedAsync(CancellationToken ct) => _consumers.All.Count > 0 && (await DeliverAsync(d => d.ParkedAsync(ct))).Count > 0;

    private async Task<Delivered> NextBatchAsync(CancellationToken ct)
    {
        Delivered delivered;
        try
        {
            delivered = await DeliverAsync(d => d.BatchAsync(ct));
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            LogOneByOne(e);
            return await OneByOneAsync(ct);
        }

        if (delivered.Count > 0) await NotifyAsync(delivered.Workspace, ct);
        return delivered;
    }

    private async Task<Delivered> OneByOneAsync(CancellationToken ct)
    {
        var (delivered, count) = (Delivered.Nothing, 0);
        while (count < _options.BatchSize && await DeliverAsync(d => d.OneAsync(ct)) is { Count: > 0 } next)
        {
            if (count > 0 && next.Workspace != delivered.Workspace) await NotifyAsync(delivered.Workspace, ct);
            (delivered, count) = (next, count + 1);
        }

        if (count > 0) await NotifyAsync(delivered.Workspace, ct);
        return delivered with { Count = count };
    }

    // A scope each time: what a failed batch left in its context is not the next one's.
    private async Task<Delivered> DeliverAsync(Func<EventDelivery, Task<Delivered>> deliver)
    {
        await using var scope = _scopes.CreateAsyncScope();
        return await deliver(new(scope.ServiceProvider, _consumers, _options, _time.GetUtcNow(), _logger));
    }

    private async Task NotifyAsync(Guid workspace, CancellationToken ct)
    {
        await using var scope = _scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<HostContext>().Db.Database.ExecuteSqlAsync($"select pg_notify({Channel}, {workspace.ToString()})", ct);
    }

    [LoggerMessage(EventId = 1002, Level = LogLevel.Warning, Message = "A batch of events failed and is handed over event by event.")]
    private partial void LogOneByOne(Exception e);

    [LoggerMessage(EventId = 1003, Level = LogLevel.Error, Message = "Events could not be delivered; they are tried again.")]
    private partial void LogFailed(Exception e);
}
