using System.Text.Json.Nodes;
using Crm.Wfm.Flows.Activities;
using Crm.Wfm.Rules;
using Microsoft.Extensions.DependencyInjection;

namespace Crm.Wfm.Flows.Tests.Outside;

/// <summary>A host whose flows may connect to 127.0.0.1, and to nothing else that is not public.</summary>
public class OutsideDesk : FlowDesk
{
    public const string Type = "order.paid";

    protected override void Register(IServiceCollection services) => services.Configure<OutsideOptions>(o => (o.AllowedNetworks, o.MaxAnswer) = (["127.0.0.1/32"], 10_000));

    /// <summary>Publishes a flow an event starts, without tries but those it says itself, and starts it.</summary>
    /// <returns>The workspace.</returns>
    public async Task<Guid> RunAsync(JsonObject flow, string data = "{}", int tries = 0)
    {
        var workspace = await WorkspaceAsync(("outside", On(Type, flow, ("retry", new JsonObject { ["max"] = tries, ["backoff"] = "fixed", ["initial"] = "PT1M" }))));
        await TellAndRunAsync(workspace, Type, data);
        return workspace;
    }

    /// <summary>What an activity of the only run gave out the last time.</summary>
    public async Task<Value> OutputsAsync(Guid workspace, string activity) => (await EntriesAsync(workspace)).Last(e => e.Name == activity && e.Outputs.AsObject is { Count: > 0 }).Outputs;
}
