using Crm.Wfm.Events;
using Crm.Wfm.Flows.Activities;
using Crm.Wfm.Flows.Persistence;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Crm.Wfm.Flows.Running;

/// <summary>What there is in a workspace that events may start, or that waits for them.</summary>
/// <param name="Bundles">The bundles that are live.</param>
/// <param name="Flows">The flows of bundles, by the names of their bundle, its version and the automation.</param>
/// <param name="Triggers">The types of events that start a published flow.</param>
/// <param name="Awaited">The signals some run waits for.</param>
internal sealed record Listening(List<BundleVersion> Bundles, Dictionary<(string Bundle, string Version, string Automation), ListeningFlow> Flows, List<ListeningTrigger> Triggers, HashSet<string> Awaited)
{
    /// <summary>Gets the versions any number of whose runs go on beside one another.</summary>
    public IReadOnlySet<int> Free => Flows.Values.Where(f => f.IsFree).Select(f => f.Definition).Concat(Triggers.Where(t => t.IsFree).Select(t => t.Definition)).ToHashSet();

    /// <summary>Asks, once the lock of those who begin to wait is held; all in one round trip.</summary>
    public static async Task<Listening> ReadAsync(DbContext db, IReadOnlyList<WfmEvent> events, CancellationToken ct)
    {
        await using var batch = db.Batch();
        batch.Add(SignalStore.LockEvents);
        batch.Add(BundleVersion.Live);
        batch.Add("select bundle_key, bundle_version, automation, number, activation = 'always' from wfm_flows.definition where is_published and bundle_key is not null");
        batch.Add("""
            select t.definition, t.node_id, t.key, d.activation = 'always' from wfm_flows.trigger t join wfm_flows.definition d on d.workspace_id = t.workspace_id and d.number = t.definition
            where t.kind = 'event' and t.key = any($1)
            """, (object)events.Select(e => e.Type).Distinct().ToArray());
        batch.Add("select distinct signal from wfm_flows.bookmark where signal = any($1)", (object)events.SelectMany(SignalsOf).Distinct().ToArray());
        await using var r = await batch.ExecuteReaderAsync(ct);
        var listening = new Listening([], [], [], new(StringComparer.Ordinal));
        await r.NextResultAsync(ct); // past the lock
        await EachAsync(r, () => listening.Bundles.Add(BundleVersion.Of(r)), ct);
        await EachAsync(r, () => listening.Flows[(r.GetString(0), r.GetString(1), r.GetString(2))] = new(r.GetInt32(3), r.GetBoolean(4)), ct);
        await EachAsync(r, () => listening.Triggers.Add(new(r.GetInt32(0), r.GetString(1), r.GetString(2), r.GetBoolean(3))), ct);
        await EachAsync(r, () => listening.Awaited.Add(r.GetString(0)), ct);
        return listening;
    }

    /// <summary>Lists the signals an event is.</summary>
    public static string[] SignalsOf(WfmEvent told) => told.Type == EventTypes.ProjectMoved ? [Signals.Event(told.Type), Signals.EventOf(told.Type, told.Subject)] : [Signals.Event(told.Type)];

    /// <summary>Finds the flow of a bundle's automation; <c>null</c> where it was not published with its bundle.</summary>
    public int? NumberOf(PublishedAutomation published) =>
        Flows.TryGetValue((published.Bundle.Key, published.Bundle.Version, published.Automation.Key), out var flow) ? flow.Definition : null;

    private static async Task EachAsync(NpgsqlDataReader reader, Action read, CancellationToken ct)
    {
        while (await reader.ReadAsync(ct)) read();
        await reader.NextResultAsync(ct);
    }
}

/// <summary>A published flow of a bundle.</summary>
/// <param name="Definition">The number of the flow's version.</param>
/// <param name="IsFree">Whether any number of its runs go on beside one another.</param>
internal sealed record ListeningFlow(int Definition, bool IsFree);

/// <summary>An event's type that starts a published flow.</summary>
/// <param name="Definition">The number of the flow's version.</param>
/// <param name="Node">The trigger's place in it.</param>
/// <param name="Type">The type.</param>
/// <param name="IsFree">Whether any number of its runs go on beside one another.</param>
internal sealed record ListeningTrigger(int Definition, string Node, string Type, bool IsFree);
