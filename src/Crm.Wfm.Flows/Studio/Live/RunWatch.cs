using System.Collections.Concurrent;
using Crm.Wfm.Flows.Persistence;
using Crm.Wfm.Persistence;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Crm.Wfm.Flows.Studio;

/// <summary>
/// Tells Studios of the runs they look at. Looking at the rows every now and then is what can be relied on, whichever host they are written by; a burst of this host only has them looked at sooner.
/// </summary>
internal sealed partial class RunWatch(IServiceScopeFactory scopes, IHubContext<ElsaHub> hub, RunBell bell, IOptions<ElsaApiOptions> options, ILogger<RunWatch> logger) : BackgroundService
{
    private readonly ConcurrentDictionary<(Guid Workspace, Guid Run), Watched> _watched = [];
    private readonly RunBell _joined = new();

    private sealed class Watched
    {
        public HashSet<string> Connections { get; } = [];

        /// <summary>Gets or sets what the run was when its watchers were last told; <c>null</c> when they were not yet.</summary>
        public (DateTimeOffset UpdatedAt, string Status, int Lease)? Told { get; set; }
    }

    /// <summary>Names the group of the connections that look at a run.</summary>
    public static string Group(Guid workspace, Guid run) => $"{workspace:N}/{run:N}";

    /// <summary>Begins to tell a connection of a run.</summary>
    public void Watch(Guid workspace, Guid run, string connection)
    {
        lock (_watched)
        {
            var watched = _watched.GetOrAdd((workspace, run), _ => new());
            watched.Connections.Add(connection);
            // Whatever was told to others: who comes now has seen the run a little while ago.
            watched.Told = null;
        }

        _joined.Ring();
    }

    /// <summary>Forgets a connection that is gone.</summary>
    public void Leave(string connection)
    {
        lock (_watched)
        {
            foreach (var (key, watched) in _watched)
                if (watched.Connections.Remove(connection) && watched.Connections.Count == 0) _watched.TryRemove(key, out _);
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var (rung, joined) = (bell.Next, _joined.Next);
            if (_watched.IsEmpty)
            {
                await joined.WaitAsync(stoppingToken);
                continue;
            }

            try
            {
                foreach (var workspace in _watched.Keys.ToLookup(k => k.Workspace, k => k.Run)) await LookAsync(workspace.Key, [.. workspace], stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogBlind(e);
            }

            await Task.Delay(options.Value.UpdateInterval, stoppingToken);
            await Task.WhenAny(rung, joined, Task.Delay(options.Value.WatchInterval, stoppingToken));
        }
    }

    private async Task LookAsync(Guid workspace, Guid[] runs, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentWorkspace>().Id = workspace;
        var host = scope.ServiceProvider.GetRequiredService<HostContext>();
        await using var transaction = await host.BeginAsync(ct);
        var rows = await host.Db.QueryAsync("select id, updated_at, status, lease from wfm_flows.run where id = any($1)", [runs],
            r => (Run: r.GetGuid(0), Now: (r.GetFieldValue<DateTimeOffset>(1), r.GetString(2), r.GetInt32(3))), ct);
        foreach (var (run, now) in rows)
        {
            if (!_watched.TryGetValue((workspace, run), out var watched) || watched.Told == now) continue;
            watched.Told = now;
            if (await scope.ServiceProvider.GetRequiredService<RunTraces>().FindAsync(run, ct) is { } trace) await TellAsync(workspace, trace, ct);
        }
    }

    private async Task TellAsync(Guid workspace, RunTrace trace, CancellationToken ct)
    {
        var clients = hub.Clients.Group(Group(workspace, trace.Run));
        await clients.SendAsync("ActivityExecutionLogUpdatedAsync", new { stats = ActivityStats.Of(trace) }, ct);
        await clients.SendAsync("WorkflowExecutionLogUpdatedAsync", new { }, ct);
        await clients.SendAsync("WorkflowInstanceUpdatedAsync", new { workflowInstanceId = trace.Run }, ct);
    }

    [LoggerMessage(EventId = 1201, Level = LogLevel.Warning, Message = "Runs that are looked at could not be read; it is tried again.")]
    private partial void LogBlind(Exception e);
}
