using Crm.Wfm.Events;
using Crm.Wfm.Flows.Activities;
using Crm.Wfm.Flows.Persistence;
using Crm.Wfm.Rules;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Crm.Wfm.Flows.Running;

/// <summary>Writes down the runs that events start, and sends the events to the runs that wait for them, in the transaction that takes the events out of the outbox.</summary>
internal sealed class FlowTriggers(FlowCatalog catalog, ActivityCatalog activities, RunSignal signal, TimeProvider time, IOptions<FlowOptions> options) : IEventConsumer
{
    /// <summary>The name events wait under.</summary>
    public const string Name = "flows";

    private bool _isAnythingDue;

    public async Task ConsumeAsync(IReadOnlyList<WfmEvent> events, DbContext db, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var (bundles, triggers, awaited) = await ReadAsync(events, db, ct);
        var runs = await OfBundlesAsync(events, bundles, db, now, ct);
        runs.AddRange(OfDefinitions(events, triggers, now));
        _isAnythingDue |= (await Activation.StartAsync(db, runs, now, ct, triggers.Where(t => t.IsFree).Select(t => t.Definition).ToHashSet())).Count > 0;
        // Who begins to wait while this goes on stands aside until it is committed, and finds the events then.
        foreach (var told in events)
            foreach (var signal in SignalsOf(told).Where(awaited.Contains))
                _isAnythingDue |= await SignalStore.SendAsync(db, signal, Value.From(told.ToCloudEvent()), isKept: false, now, ct) > 0;
    }

    public void Committed()
    {
        if (_isAnythingDue) signal.Ring();
    }

    private static string[] SignalsOf(WfmEvent told) => told.Type == EventTypes.ProjectMoved ? [Signals.Event(told.Type), Signals.EventOf(told.Type, told.Subject)] : [Signals.Event(told.Type)];

    // What the events may start, and what waits for them, is asked once the lock is held, in one round trip.
    private static async Task<(List<BundleVersion> Bundles, List<EventTrigger> Triggers, HashSet<string> Awaited)> ReadAsync(IReadOnlyList<WfmEvent> events, DbContext db, CancellationToken ct)
    {
        await using var batch = db.Batch();
        batch.Add(SignalStore.LockEvents);
        batch.Add(BundleVersion.Live);
        batch.Add("""
            select t.definition, t.node_id, t.key, d.activation = 'always' from wfm_flows.trigger t join wfm_flows.definition d on d.workspace_id = t.workspace_id and d.number = t.definition
            where t.kind = 'event' and t.key = any($1)
            """, (object)events.Select(e => e.Type).Distinct().ToArray());
        batch.Add("select distinct signal from wfm_flows.bookmark where signal = any($1)", (object)events.SelectMany(SignalsOf).Distinct().ToArray());
        await using var r = await batch.ExecuteReaderAsync(ct);
        var (bundles, triggers, awaited) = (new List<BundleVersion>(), new List<EventTrigger>(), new HashSet<string>(StringComparer.Ordinal));
        await r.NextResultAsync(ct); // past the lock
        while (await r.ReadAsync(ct)) bundles.Add(BundleVersion.Of(r));
        await r.NextResultAsync(ct);
        while (await r.ReadAsync(ct)) triggers.Add(new(r.GetInt32(0), r.GetString(1), r.GetString(2), r.GetBoolean(3)));
        await r.NextResultAsync(ct);
        while (await r.ReadAsync(ct)) awaited.Add(r.GetString(0));
        return (bundles, triggers, awaited);
    }

    private async Task<List<NewRun>> OfBundlesAsync(IReadOnlyList<WfmEvent> events, IReadOnlyList<BundleVersion> bundles, DbContext db, DateTimeOffset now, CancellationToken ct)
    {
        var runs = new List<NewRun>();
        var live = await catalog.LiveAsync(db, bundles, ct);
        foreach (var told in events)
        {
            foreach (var published in live.Where(p => p.Automation.StartsOn(told, now)))
            {
                var run = new NewRun
                {
                    Id = RunIds.New(now), Definition = await BundleDefinitions.NumberAsync(db, published, activities, now, ct), Trigger = published.Automation.Triggers.GetValueOrDefault(told.Type),
                    Event = told.Id, Error = TooDeep(told),
                };
                runs.Add(published.Automation.Control.Apply(run, $"{published.Bundle.Key}/{published.Automation.Key}", told, published.Automation.Facts(told, now), now));
            }
        }

        return runs;
    }

    private IEnumerable<NewRun> OfDefinitions(IReadOnlyList<WfmEvent> events, IReadOnlyList<EventTrigger> triggers, DateTimeOffset now) =>
        from told in events
        from trigger in triggers
        where trigger.Type == told.Type
        select new NewRun { Id = RunIds.New(now), Definition = trigger.Definition, Trigger = trigger.Node, Event = told.Id, Error = TooDeep(told) };

    private string? TooDeep(WfmEvent told) => told.Depth < options.Value.MaxDepth ? null
        : $"Not run: {told.Depth} causes lie before this event, more than flows may cause one another ({options.Value.MaxDepth}). Look for a circle among the events of correlation {told.Correlation}.";

    /// <summary>An event's type that starts a published flow.</summary>
    /// <param name="Definition">The number of the flow's version.</param>
    /// <param name="Node">The trigger's place in it.</param>
    /// <param name="Type">The type.</param>
    /// <param name="IsFree">Whether any number of its runs go on beside one another.</param>
    private sealed record EventTrigger(int Definition, string Node, string Type, bool IsFree);
}
