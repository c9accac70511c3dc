using Crm.Wfm.Events;
using Crm.Wfm.Flows.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Crm.Wfm.Flows.Running;

/// <summary>Writes down the runs that events start, in the transaction that takes the events out of the outbox.</summary>
internal sealed class FlowTriggers(FlowCatalog catalog, RunSignal signal, TimeProvider time, IOptions<FlowOptions> options) : IEventConsumer
{
    /// <summary>The name events wait under.</summary>
    public const string Name = "flows";

    public async Task ConsumeAsync(IReadOnlyList<WfmEvent> events, DbContext db, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var live = await catalog.LiveAsync(db, ct);
        var runs = (from told in events
                    from published in live
                    where published.Automation.StartsOn(told, now)
                    select new NewRun(published.Bundle, published.Automation.Key, told.Id, TooDeep(told))).ToList();
        if (runs.Count > 0 && await RunStore.InsertAsync(db, runs, now, ct) > 0) signal.Ring();
    }

    private string? TooDeep(WfmEvent told) => told.Depth < options.Value.MaxDepth ? null
        : $"Not run: {told.Depth} causes lie before this event, more than flows may cause one another ({options.Value.MaxDepth}). Look for a circle among the events of correlation {told.Correlation}.";
}
