using Crm.Wfm.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Crm.Wfm.Events;

/// <summary>One transaction of the pump: events are claimed, handed over, and what the consumers made of them is committed with the claim.</summary>
internal sealed partial class EventDelivery(IServiceProvider services, EventConsumerNames consumers, EventPumpOptions options, DateTimeOffset now, ILogger logger)
{
    private const string Savepoint = "wfm_consumer";
    private readonly HostContext _host = services.GetRequiredService<HostContext>();
    private readonly List<IEventConsumer> _told = [];

    private sealed record Parked(string Consumer, long Position, int Attempts);

    /// <summary>Hands a batch to every consumer. Whoever throws undoes it all.</summary>
    public Task<Delivered> BatchAsync(CancellationToken ct) => DeliverAsync(options.BatchSize, async (events, token) =>
    {
        foreach (var consumer in consumers.All) _told.Add(await ConsumeAsync(consumer, events, token));
    }, ct);

    /// <summary>Hands over one event; for a consumer that throws it is parked.</summary>
    public Task<Delivered> OneAsync(CancellationToken ct) => DeliverAsync(1, async (events, token) =>
    {
        foreach (var consumer in consumers.All)
        {
            if (await TryAsync(consumer, events, token) is { } error) await ParkAsync(new(consumer, events[0].Position!.Value, 1), error, token);
        }
    }, ct);

    /// <summary>Hands one parked event that is due to its consumer again.</summary>
    public Task<Delivered> ParkedAsync(CancellationToken ct) => TransactAsync(async (transaction, token) =>
    {
        if (await ClaimParkedAsync(transaction, token) is not { } parked) return 0;
        var events = await new EventFeed(_host).ReadAsync(parked.Position - 1, 1, token);
        if (await TryAsync(parked.Consumer, events, token) is { } error) await ParkAsync(parked with { Attempts = parked.Attempts + 1 }, error, token);
        else await _host.Db.Set<ParkedEventRow>().Where(p => p.Position == parked.Position && p.Consumer == parked.Consumer).ExecuteDeleteAsync(token);
        return 1;
    }, ct);

    private Task<Delivered> DeliverAsync(int limit, Func<IReadOnlyList<WfmEvent>, CancellationToken, Task> deliver, CancellationToken ct) => TransactAsync(async (transaction, token) =>
    {
        var events = await ClaimAsync(transaction, limit, token);
        if (events.Count > 0) await deliver(events, token);
        return events.Count;
    }, ct);

    private Task<Delivered> TransactAsync(Func<EngineTransaction, CancellationToken, Task<int>> work, CancellationToken ct) => _host.ExecuteAsync(async token =>
    {
        _host.Db.ChangeTracker.Clear();
        _told.Clear();
        await using var transaction = await EngineTransaction.BeginAsync(_host, token);
        var count = await work(transaction, token);
        if (count == 0) return Delivered.Nothing;
        await using var batch = transaction.Batch();
        await transaction.CommitAsync(batch, token);
        foreach (var consumer in _told) consumer.Committed();
        return new Delivered(_host.Workspace, count);
    }, ct);

    private async Task<IReadOnlyList<WfmEvent>> ClaimAsync(EngineTransaction transaction, int limit, CancellationToken ct)
    {
        await using var batch = FirstBatch(transaction);
        batch.Add("select from wfm.claim_events($1)", limit);
        batch.Add(EventFeed.Claimed);
        await using var reader = await batch.ExecuteReaderAsync(ct);
        await reader.NextResultAsync(ct); // past set_config
        await reader.NextResultAsync(ct); // and past the claim
        var events = await EventFeed.ReadAllAsync(reader, ct);
        if (events.Count > 0) WorkIn(events[0].Workspace);
        return events;
    }

    private async Task<Parked?> ClaimParkedAsync(EngineTransaction transaction, CancellationToken ct)
    {
        await using var batch = FirstBatch(transaction);
        batch.Add("select workspace_id, consumer, position, attempts from wfm.claim_parked_event($1, $2)", consumers.All.ToArray(), now.ToUniversalTime());
        await using var reader = await batch.ExecuteReaderAsync(ct);
        await reader.NextResultAsync(ct); // past set_config
        if (!await reader.ReadAsync(ct)) return null;
        WorkIn(reader.GetGuid(0));
        return new(reader.GetString(1), reader.GetInt64(2), reader.GetInt32(3));
    }

    // A host that hangs in the middle, without dying, must not keep a workspace from all others.
    private NpgsqlBatch FirstBatch(EngineTransaction transaction)
    {
        var batch = transaction.Batch();
        batch.Add("select set_config('idle_in_transaction_session_timeout', $1, true)", $"{(long)(options.Timeout * 2).TotalMilliseconds}ms");
        return batch;
    }

    // The claim has set the transaction's workspace; what consumers are given works in it too.
    private void WorkIn(Guid workspace) => services.GetRequiredService<CurrentWorkspace>().Id = workspace;

    private async Task<IEventConsumer> ConsumeAsync(string consumer, IReadOnlyList<WfmEvent> events, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(options.Timeout);
        var told = services.GetRequiredKeyedService<IEventConsumer>(consumer);
        await told.ConsumeAsync(events, _host.Db, patience.Token);
        await _host.Db.SaveChangesAsync(patience.Token);
        _host.Db.ChangeTracker.Clear();
        return told;
    }

    /// <returns>What the consumer threw, its effects undone; <c>null</c> when it did not.</returns>
    private async Task<Exception?> TryAsync(string consumer, IReadOnlyList<WfmEvent> events, CancellationToken ct)
    {
        var transaction = _host.Db.Database.CurrentTransaction!;
        await transaction.CreateSavepointAsync(Savepoint, ct);
        IEventConsumer told;
        try
        {
            told = await ConsumeAsync(consumer, events, ct);
            // What would fail at the commit has to fail here, where it is known whose it is.
            await _host.Db.Database.ExecuteSqlAsync($"set constraints all immediate", ct);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            _host.Db.ChangeTracker.Clear();
            await transaction.RollbackToSavepointAsync(Savepoint, ct);
            return e;
        }

        await transaction.ReleaseSavepointAsync(Savepoint, ct);
        _told.Add(told);
        return null;
    }

    private async Task ParkAsync(Parked parked, Exception error, CancellationToken ct)
    {
        DateTimeOffset? next = options.NextTry(parked.Attempts, now)?.ToUniversalTime();
        await _host.Db.Database.ExecuteSqlAsync($"""
            insert into wfm.parked_event (workspace_id, position, consumer, attempts, error, next_at)
            values ({_host.Workspace}, {parked.Position}, {parked.Consumer}, {parked.Attempts}, {ErrorText(error)}, {next})
            on conflict on constraint pk_parked_event do update set attempts = excluded.attempts, error = excluded.error, next_at = excluded.next_at
            """, ct);
        LogParked(error, parked.Consumer, parked.Position, parked.Attempts);
    }

    // Whatever it says, the database can hold it.
    private static string ErrorText(Exception error)
    {
        const int Most = 2000;
        var text = $"{error.GetType().Name}: {error.Message}".Replace('\0', '\uFFFD');
        return string.Concat(text[..Math.Min(text.Length, Most)].EnumerateRunes());
    }

    [LoggerMessage(EventId = 1004, Level = LogLevel.Warning, Message = "Consumer {Consumer} failed on the event at position {Position}, attempt {Attempts}; it is parked.")]
    private partial void LogParked(Exception error, string consumer, long position, int attempts);
}

/// <summary>What one transaction of the pump has done.</summary>
/// <param name="Workspace">The workspace.</param>
/// <param name="Count">How many events; 0 when there was nothing to do.</param>
internal sealed record Delivered(Guid Workspace, int Count)
{
    public static Delivered Nothing { get; } = new(default, 0);
}
