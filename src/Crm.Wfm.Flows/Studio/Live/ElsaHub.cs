using Crm.Wfm.Flows.Persistence;
using Crm.Wfm.Http;
using Crm.Wfm.Persistence;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;

namespace Crm.Wfm.Flows.Studio;

/// <summary>Where Studio says which run it looks at, to be told of its changes.</summary>
internal sealed class ElsaHub(RunWatch watch, HostContext host, CurrentWorkspace workspace, IOptions<ElsaApiOptions> options, IOptions<WfmOptions> wfm) : Hub
{
    /// <summary>Begins to tell of a run.</summary>
    /// <exception cref="HubException">There is no such run, or whoever asks may not see it.</exception>
    public async Task ObserveInstanceAsync(string instanceId)
    {
        var http = Context.GetHttpContext()!;
        if (WfmCaller.ActorOf(http) is not { } actor || !options.Value.Of(http, actor, wfm.Value.PublisherRole).HasFlag(ElsaRights.Look)) throw new HubException("You may not look at runs.");
        workspace.Id = WfmCaller.WorkspaceOf(http);
        if (!Guid.TryParse(instanceId, out var run) || !await IsThereAsync(run)) throw new HubException("There is no such run.");
        await Groups.AddToGroupAsync(Context.ConnectionId, RunWatch.Group(workspace.Id, run), Context.ConnectionAborted);
        watch.Watch(workspace.Id, run, Context.ConnectionId);
    }

    /// <inheritdoc/>
    public override Task OnDisconnectedAsync(Exception? exception)
    {
        watch.Leave(Context.ConnectionId);
        return Task.CompletedTask;
    }

    private async Task<bool> IsThereAsync(Guid run)
    {
        await using var transaction = await host.BeginAsync(Context.ConnectionAborted);
        return await host.Db.QueryAsync("select 1 from wfm_flows.run where id = $1", [run], r => r.GetInt32(0), Context.ConnectionAborted) is [_];
    }
}
