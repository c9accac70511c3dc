using Crm.Wfm.Persistence;
using Crm.Wfm.Rules;
using Microsoft.EntityFrameworkCore;

namespace Crm.Wfm.Events;

/// <summary>A workspace's events as the pump tells of them: positions have no gaps, and what was committed later comes later. Who has seen a position asks for what comes after it, and misses nothing.</summary>
/// <remarks>Reads in the context's current transaction, which has to see a workspace: that of a GET does, others begin theirs with <c>BeginWorkspaceAsync</c>.</remarks>
public sealed class EventFeed
{
    private readonly HostContext _host;

    internal EventFeed(HostContext host) => _host = host;

    /// <summary>Gets the events of the workspace, with their positions; those the pump has not told of yet have none.</summary>
    internal IQueryable<PlacedEvent> Events =>
        from row in _host.Db.Set<EventRow>().AsNoTracking()
        join place in _host.Db.Set<FeedRow>() on row.Sequence equals place.Sequence into places
        from place in places.DefaultIfEmpty()
        select new PlacedEvent { Row = row, Position = place == null ? null : place.Position };

    /// <summary>Tells the position of the newest event; 0 while there is none.</summary>
    public async Task<long> HeadAsync(CancellationToken ct) => await _host.Db.Set<FeedRow>().MaxAsync(f => (long?)f.Position, ct) ?? 0;

    /// <summary>Finds an event, whether or not the pump has told of it yet; <c>null</c> when there is none.</summary>
    public async Task<WfmEvent?> FindAsync(Guid id, CancellationToken ct) => (await Events.SingleOrDefaultAsync(e => e.Row.Id == id, ct))?.ToEvent();

    /// <summary>Reads what comes after a position, the oldest first.</summary>
    /// <param name="after">The last position seen; 0 for the beginning.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<IReadOnlyList<WfmEvent>> ReadAsync(long after, int limit, CancellationToken ct)
    {
        var events = await Events.Where(e => e.Position > after).OrderBy(e => e.Position).Take(limit).ToListAsync(ct);
        return [.. events.Select(e => e.ToEvent())];
    }
}

/// <summary>An event as stored, and its place in the feed.</summary>
internal sealed class PlacedEvent
{
    public required EventRow Row { get; init; }

    public required long? Position { get; init; }

    public WfmEvent ToEvent() => new()
    {
        Id = Row.Id,
        Workspace = Row.WorkspaceId,
        Type = Row.Type,
        Subject = Row.Subject,
        Time = Row.Time,
        Actor = Row.ActorId,
        Correlation = Row.CorrelationId,
        Causation = Row.CausationId,
        Depth = Row.Depth,
        Traceparent = Row.Traceparent,
        Position = Position,
        Data = Value.Parse(Row.Data),
    };
}
