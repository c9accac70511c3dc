using Crm.Wfm.Flows.Activities;
using Crm.Wfm.Flows.Compiling;
using Microsoft.EntityFrameworkCore;

namespace Crm.Wfm.Flows.Persistence;

/// <summary>The endpoints by which requests start flows: rows of <c>wfm_flows.trigger</c>, kind <c>http</c>, one for each method and path.</summary>
internal static class HttpTriggers
{
    public const string Kind = "http";

    /// <summary>Lists the endpoints a flow begins with, and their keys.</summary>
    public static IReadOnlyList<(FlowNode Node, string Key)> Of(Flow flow) =>
        [.. from node in EventTriggers.Of(flow) where node.Descriptor!.Class == typeof(HttpEndpoint) from key in HttpEndpoint.KeysOf(node) select (node, key)];

    /// <summary>Refuses a path that one of the flow's own endpoints, or another published flow of the workspace, begins at already. One publisher at a time: of two at once, the second sees the first.</summary>
    /// <param name="db">The context, in the transaction that publishes.</param>
    /// <param name="flow">The flow.</param>
    /// <param name="faults">Receives a fault for each, with pointers relative to the definition.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task CheckAsync(DbContext db, Flow flow, ICollection<Fault> faults, CancellationToken ct)
    {
        var own = Of(flow);
        foreach (var (node, key) in own.GroupBy(o => o.Key).SelectMany(g => g.Skip(1))) faults.Add(Taken(node, key, "another endpoint of the flow"));
        if (own.Count == 0) return;
        await db.QueryAsync("select pg_advisory_xact_lock(hashtextextended('wfm_flows.http ' || wfm.workspace(), 0))", [], _ => true, ct);
        var others = await db.QueryAsync("""
            select t.key, d.name from wfm_flows.trigger t join wfm_flows.definition d on d.workspace_id = t.workspace_id and d.number = t.definition
            where t.kind = 'http' and t.key = any($1) and d.definition_id <> $2
            """, [own.Select(o => o.Key).ToArray(), flow.Definition.DefinitionId], r => (Key: r.GetString(0), Name: r.GetString(1)), ct);
        foreach (var (key, name) in others) faults.Add(Taken(own.First(o => o.Key == key).Node, key, $"the flow '{name}'"));
    }

    private static Fault Taken(FlowNode node, string key, string by) => node.Definition.Place["path"].Fault("duplicate-trigger", $"{key} is taken by {by} already");
}
