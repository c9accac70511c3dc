using Crm.Wfm.Persistence;
using Crm.Wfm.Rules;
using Microsoft.EntityFrameworkCore;
using Npgsql;

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
        join place in _host.Db.Set<FeedRow>() on new { row.WorkspaceId, row.Sequence } equals new { place.WorkspaceId, place.Sequence } into places
        from place in places.DefaultIfEmpty()
        select new PlacedEvent { Row = row, Position = place == null ? null : place.Position };

    /// <summary>Tells the position of the newest event; 0 while there is none.</summary>
    public async Task<long> HeadAsync(CancellationToken ct) => await _host.Db.Set<FeedRow>().MaxAsync(f => (long?)f.Position, ct) ?? 0;

    /// <summary>Finds an event, whether or not the pump has told of it yet; <c>null</c> when there is none.</summary>
    public async Task<WfmEvent?> FindAsync(Guid id, CancellationToken ct) => (await Events.SingleOrDefaultAsync(e => e.Row.Id == id, ct))?.ToEvent();

    /// <summary>Finds events by their ids, in no order; those that are not there are left out.</summary>
    public async Task<IReadOnlyList<WfmEvent>> FindAsync(IReadOnlyCollection<Guid> ids, CancellationToken ct) =>
        ids.Count == 0 ? [] : [.. (await Events.Where(e => ids.Contains(e.Row.Id)).ToListAsync(ct)).Select(e => e.ToEvent())];

    /// <summary>Reads what comes after a position, the oldest first.</summary>
    /// <param name="after">The last position seen; 0 for the beginning.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="ct">Cancels.</param>
    public Task<IReadOnlyList<WfmEvent>> ReadAsync(long after, int limit, CancellationToken ct) => ReadAsync(after, limit, null, null, ct);

    /// <summary>The same, of a subject and a type alone.</summary>
    internal async Task<IReadOnlyList<WfmEvent>> ReadAsync(long after, int limit, string? subject, string? type, CancellationToken ct)
    {
        await using var batch = _host.Batch();
        batch.Add($"{Select} where f.position > $1 and ($3 is null or e.subject = $3) and ($4 is null or e.type = $4) order by f.position limit $2", after, limit, Batches.Text(subject), Batches.Text(type));
        await using var reader = await batch.ExecuteReaderAsync(ct);
        return await ReadAllAsync(reader, ct);
    }

    /// <summary>Selects what <c>wfm.claim_events</c> has taken in this transaction.</summary>
    internal const string Claimed = $"{Select} where f.position > nullif(current_setting('wfm.claimed_after', true), '')::bigint order by f.position";

    /// <summary>Reads all events of a result.</summary>
    internal static async Task<IReadOnlyList<WfmEvent>> ReadAllAsync(NpgsqlDataReader reader, CancellationToken ct)
    {
        var events = new List<WfmEvent>();
        while (await reader.ReadAsync(ct)) events.Add(Read(reader));
        return events;
    }

    // An event each by its number: left to itself the planner joins, while the tables are new, by reading all of the workspace.
    private const string Select = """
        select e.workspace_id, f.position, e.id, e.type, e.subject, e.time, e.actor_id, e.correlation_id, e.causation_id, e.depth, e.traceparent, e.data
        from wfm.feed f cross join lateral (select * from wfm.event x where x.workspace_id = f.workspace_id and x.sequence = f.sequence limit 1) e
        """;

    private static WfmEvent Read(NpgsqlDataReader reader) => new()
    {
        Workspace = reader.GetGuid(0),
        Position = reader.GetInt64(1),
        Id = reader.GetGuid(2),
        Type = reader.GetString(3),
        Subject = reader.GetString(4),
        Time = reader.GetFieldValue<DateTimeOffset>(5),
        Actor = reader.GetGuid(6),
        Correlation = reader.GetGuid(7),
        Causation = reader.IsDBNull(8) ? null : reader.GetGuid(8),
        Depth = reader.GetInt32(9),
        Traceparent = reader.IsDBNull(10) ? null : reader.GetString(10),
        Data = Value.Parse(reader.GetString(11)),
    };
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
