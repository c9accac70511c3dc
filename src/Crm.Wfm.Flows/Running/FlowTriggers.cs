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

    private readonly List<ClaimedRun> _claimed = [];
    private bool _isAnythingDue;

    public async Task ConsumeAsync(IReadOnlyList<WfmEvent> events, DbContext db, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var listening = await Listening.ReadAsync(db, events, ct);
        var runs = await OfBundlesAsync(events, listening, db, now, ct);
        runs.AddRange(OfDefinitions(events, listening.Triggers, now));
        await StartAsync(db, events, Claimed(runs), listening.Free, now, ct);
        // Who begins to wait while this goes on stands aside until it is committed, and finds the events then.
        foreach (var told in events)
            foreach (var signal in Listening.SignalsOf(told).Where(listening.Awaited.Contains))
                _isAnythingDue |= await SignalStore.SendAsync(db, signal, Value.From(told.ToCloudEvent()), isKept: false, now, ct) > 0;
    }

    public void Committed()
    {
        if (_claimed.Count > 0) signal.Hand(_claimed);
        else if (_isAnythingDue) signal.Ring();
    }

    private async Task StartAsync(DbContext db, IReadOnlyList<WfmEvent> events, IReadOnlyList<NewRun> runs, IReadOnlySet<int> free, DateTimeOffset now, CancellationToken ct)
    {
        var started = (await Activation.StartAsync(db, runs, now, ct, free)).ToHashSet();
        _isAnythingDue = started.Count > 0;
        _claimed.Clear();
        foreach (var run in runs.Where(r => r.Lease is not null && started.Contains(r.Id)))
        {
            var told = events.First(e => e.Id == run.Event);
            _claimed.Add(new(told.Workspace, run.Id, Lease: 1, run.Definition, Attempts: 1, Crashes: 0, now) { Event = told });
        }
    }

    // While this host's runner has nothing else to do, what may begin at once is written as claimed: that saves looking for it.
    private List<NewRun> Claimed(List<NewRun> runs)
    {
        if (!signal.IsAwaited) return runs;
        var left = options.Value.BatchSize;
        return [.. runs.Select(r => r.BeginsAtOnce && left-- > 0 ? r with { Lease = options.Value.Lease } : r)];
    }

    private async Task<List<NewRun>> OfBundlesAsync(IReadOnlyList<WfmEvent> events, Listening listening, DbContext db, DateTimeOffset now, CancellationToken ct)
    {
        var runs = new List<NewRun>();
        var live = await catalog.LiveAsync(db, listening.Bundles, ct);
        foreach (var told in events)
        {
            foreach (var published in live.Where(p => p.Automation.StartsOn(told, now)))
            {
                var run = new NewRun
                {
                    Id = RunIds.New(now), Definition = listening.NumberOf(published) ?? await BundleDefinitions.NumberAsync(db, published, activities, now, ct),
                    Trigger = published.Automation.Triggers.GetValueOrDefault(told.Type),
                    Event = told.Id, Error = TooDeep(told),
                };
                runs.Add(published.Automation.Control.Apply(run, $"{published.Bundle.Key}/{published.Automation.Key}", told, published.Automation.Facts(told, now), now));
            }
        }

        return runs;
    }

    private IEnumerable<NewRun> OfDefinitions(IReadOnlyList<WfmEvent> events, IReadOnlyList<ListeningTrigger> triggers, DateTimeOffset now) =>
        from told in events
        from trigger in triggers
        where trigger.Type == told.Type
        select new NewRun { Id = RunIds.New(now), Definition = trigger.Definition, Trigger = trigger.Node, Event = told.Id, Error = TooDeep(told) };

    private string? TooDeep(WfmEvent told) => told.Depth < options.Value.MaxDepth ? null
        : $"Not run: {told.Depth} causes lie before this event, more than flows may cause one another ({options.Value.MaxDepth}). Look for a circle among the events of correlation {told.Correlation}.";
}
