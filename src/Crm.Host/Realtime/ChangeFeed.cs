using System.Threading.Channels;
using Crm.Entities;
using Crm.Host.Database;
using Crm.Wfm.Events;
using Crm.Wfm.Persistence;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Crm.Host.Realtime;

/// <summary>
/// Reads the feeds of the workspaces that have clients on this host, once for all of them, whichever host the changes were made on. The pump's signal
/// says when to look; looking every now and then is what can be relied on.
/// </summary>
internal sealed partial class ChangeFeed(IServiceScopeFactory scopes, CrmDatabase database, IOptions<RealtimeOptions> options, ILogger<ChangeFeed> logger) : BackgroundService
{
    private const int Page = 500;
    private static readonly TimeSpan Respite = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);

    private readonly Lock _joining = new();
    private readonly Dictionary<Guid, Audience> _audiences = [];
    // Workspaces to look at. What finds no place here is found at the next interval.
    private readonly Channel<Guid> _due = Channel.CreateBounded<Guid>(new BoundedChannelOptions(1000) { FullMode = BoundedChannelFullMode.DropWrite });

    private sealed class Audience(ChangeWindow window)
    {
        public ChangeWindow Window => window;

        public int Listeners { get; set; }
    }

    /// <summary>Follows a workspace's changes for one more client.</summary>
    public ChangeWindow Join(Guid workspace)
    {
        lock (_joining)
        {
            if (!_audiences.TryGetValue(workspace, out var audience))
            {
                _audiences.Add(workspace, audience = new(new(options.Value.Kept)));
                _due.Writer.TryWrite(workspace);
            }

            audience.Listeners++;
            return audience.Window;
        }
    }

    /// <summary>Takes a client's leave; with the last one the workspace is followed no more.</summary>
    public void Leave(Guid workspace)
    {
        lock (_joining)
        {
            if (--_audiences[workspace].Listeners == 0) _audiences.Remove(workspace);
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(ListenAsync(stoppingToken), LookNowAndThenAsync(stoppingToken), ReadAsync(stoppingToken));

    private async Task ListenAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await using var connection = await database.Source.OpenConnectionAsync(ct);
                connection.Notification += (_, signal) =>
                {
                    if (Guid.TryParse(signal.Payload, out var workspace)) _due.Writer.TryWrite(workspace);
                };
                await using var listen = new NpgsqlCommand($"listen {EventPump.Channel}", connection);
                do
                {
                    await listen.ExecuteNonQueryAsync(ct); // again after a silence: it would tell of a connection that is dead
                    while (await connection.WaitAsync(Silence, ct))
                    {
                    }
                }
                while (!ct.IsCancellationRequested);
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                LogDeaf(e);
                await Task.Delay(Respite, ct);
            }
        }
    }

    private async Task LookNowAndThenAsync(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(options.Value.Interval);
        while (await timer.WaitForNextTickAsync(ct))
        {
            foreach (var workspace in Workspaces()) _due.Writer.TryWrite(workspace);
        }
    }

    private async Task ReadAsync(CancellationToken ct)
    {
        while (await _due.Reader.WaitToReadAsync(ct))
        {
            var due = new HashSet<Guid>();
            while (_due.Reader.TryRead(out var workspace)) due.Add(workspace);
            foreach (var workspace in due)
            {
                try
                {
                    if (Window(workspace) is { } window) await ReadAsync(workspace, window, ct);
                }
                catch (Exception e) when (!ct.IsCancellationRequested)
                {
                    LogUnread(e);
                }
            }
        }
    }

    private async Task ReadAsync(Guid workspace, ChangeWindow window, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        await using var transaction = await scope.ServiceProvider.GetRequiredService<CrmDbContext>().Database.BeginWorkspaceAsync(workspace, ct);
        var feed = scope.ServiceProvider.GetRequiredService<EventFeed>();
        if (window.Position is null) window.Open(await feed.HeadAsync(ct));
        IReadOnlyList<Change> changes;
        do
        {
            changes = await feed.ChangesAsync(window.Position!.Value, Page, ct);
            window.Add(changes);
        }
        while (changes.Count == Page);
    }

    private ChangeWindow? Window(Guid workspace)
    {
        lock (_joining) return _audiences.GetValueOrDefault(workspace)?.Window;
    }

    private List<Guid> Workspaces()
    {
        lock (_joining) return [.. _audiences.Keys];
    }

    [LoggerMessage(EventId = 2001, Level = LogLevel.Warning, Message = "The signal of changes is not heard; until it is, changes are looked for now and then.")]
    private partial void LogDeaf(Exception e);

    [LoggerMessage(EventId = 2002, Level = LogLevel.Error, Message = "Changes could not be read; it is tried again.")]
    private partial void LogUnread(Exception e);
}

internal static class FeedChanges
{
    /// <summary>Reads what comes after a position as clients are told.</summary>
    public static async Task<IReadOnlyList<Change>> ChangesAsync(this EventFeed feed, long after, int limit, CancellationToken ct) =>
        [.. (await feed.ReadAsync(after, limit, ct)).Select(e => new Change(e.Position!.Value, e.Id, e.Type, e.Subject, e.Actor, e.Time))];
}
