using Crm.Entities;
using Crm.Host.Authentication;
using Crm.Wfm;
using Crm.Wfm.Events;
using Crm.Wfm.Persistence;
using Microsoft.AspNetCore.SignalR;

namespace Crm.Host.Realtime;

/// <summary>
/// Tells a client of its workspace's changes: first <c>welcome {position}</c>, then <c>changed</c> for every change after it, in order. A client that gets
/// n + 2 after n has missed one, and asks for what came after n.
/// </summary>
internal sealed partial class ChangesHub(ChangeFeed changes, IHubContext<ChangesHub> hub, ILogger<ChangesHub> logger) : Hub
{
    public const string Path = "/hubs/changes";

    /// <summary>How many changes <see cref="Since"/> tells at once.</summary>
    public const int Page = 200;

    public override Task OnConnectedAsync()
    {
        // Goes on beside the client's own calls, until it leaves.
        _ = TellAsync(Context, hub.Clients.Client(Context.ConnectionId));
        return Task.CompletedTask;
    }

    /// <summary>Tells what came after a position, the oldest first, up to 200: for a client that was away. Fewer than 200 are all there are.</summary>
    public async Task<IReadOnlyList<Change>> Since(long position, CrmDbContext db, CurrentWorkspace workspace, EventFeed feed)
    {
        workspace.Id = SignedIn.Workspace(Context.GetHttpContext()!);
        await using var transaction = await db.Database.BeginWorkspaceAsync(workspace.Id, Context.ConnectionAborted);
        return await feed.ChangesAsync(position, Page, Context.ConnectionAborted);
    }

    private async Task TellAsync(HubCallerContext connection, ISingleClientProxy client)
    {
        var (workspace, gone) = (SignedIn.Workspace(connection.GetHttpContext()!), connection.ConnectionAborted);
        var window = changes.Join(workspace);
        try
        {
            var position = await window.StartAsync(gone);
            await client.SendAsync("welcome", new Welcome(position), gone);
            while (true)
            {
                foreach (var change in await window.AfterAsync(position, gone))
                {
                    await client.SendAsync("changed", change, gone);
                    position = change.Position;
                }
            }
        }
        catch (OperationCanceledException) when (gone.IsCancellationRequested)
        {
            // It has left.
        }
        catch (Exception e)
        {
            LogUntold(e);
            connection.Abort(); // it comes again
        }
        finally
        {
            changes.Leave(workspace);
        }
    }

    [LoggerMessage(EventId = 2003, Level = LogLevel.Error, Message = "A client could not be told of changes.")]
    private partial void LogUntold(Exception e);
}

/// <summary>The first message.</summary>
/// <param name="Position">Where the feed is; the first change that is told has the next position.</param>
internal sealed record Welcome(long Position);
