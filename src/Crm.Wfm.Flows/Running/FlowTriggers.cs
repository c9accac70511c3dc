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
        await SignalStore.LockEventsAsync(db, ct);
        var runs = await OfBundlesAsync(events, db, now, ct);
        runs.AddRange(await OfDefinitionsAsync(events, db, now, ct));
        _isAnythingDue |= (await Activation.StartAsync(db, runs, now, ct)).Count > 0;
        foreach (var told in events)
        {
            var sent = await SignalStore.SendAsync(db, Signals.Event(told.Type), Value.From(told.ToCloudEvent()), isKept: false, now, ct);
            if (told.Type == EventTypes.ProjectMoved) sent += await SignalStore.SendAsync(db, Signals.EventOf(told.Type, told.Subject), Value.From(told.ToCloudEvent()), isKept: false, now, ct);
            _isAnythingDue |= sent > 0;
        }
    }

    public void Committed()
    {
        if (_isAnythingDue) signal.Ring();
    }

    private async Task<List<NewRun>> OfBundlesAsync(IReadOnlyList<WfmEvent> events, DbContext db, DateTimeOffset now, CancellationToken ct)
    {
        var runs = new List<NewRun>();
        var live = await catalog.LiveAsync(db, ct);
        foreach (var told in events)
        {
            foreach (var published in live.Where(p => p.Automation.StartsOn(told, now)))
            {
                var run = new NewRun
                {
                    Id = Guid.CreateVersion7(now), Definition = await BundleDefinitions.NumberAsync(db, published, activities, now, ct), Trigger = published.Automation.Triggers.GetValueOrDefault(told.Type),
                    Event = told.Id, Error = TooDeep(told),
                };
                runs.Add(published.Automation.Control.Apply(run, $"{published.Bundle.Key}/{published.Automation.Key}", told, published.Automation.Facts(told, now), now));
            }
        }

        return runs;
    }

    private async Task<IEnumerable<NewRun>> OfDefinitionsAsync(IReadOnlyList<WfmEvent> events, DbContext db, DateTimeOffset now, CancellationToken ct)
    {
        var types = events.Select(e => e.Type).Distinct().ToArray();
        var triggers = await db.QueryAsync("select definition, node_id, key from wfm_flows.trigger where kind = 'event' and key = any($1)", [types],
            r => (Definition: r.GetInt32(0), Node: r.GetString(1), Type: r.GetString(2)), ct);
        return from told in events
               from trigger in triggers
               where trigger.Type == told.Type
               select new NewRun { Id = Guid.CreateVersion7(now), Definition = trigger.Definition, Trigger = trigger.Node, Event = told.Id, Error = TooDeep(told) };
    }

    private string? TooDeep(WfmEvent told) => told.Depth < options.Value.MaxDepth ? null
        : $"Not run: {told.Depth} causes lie before this event, more than flows may cause one another ({options.Value.MaxDepth}). Look for a circle among the events of correlation {told.Correlation}.";
}
