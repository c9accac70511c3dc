using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Crm.Wfm.Events;

/// <summary>Wakes this host's pump when this host has committed something. Only saves waiting: the outbox is what counts.</summary>
internal sealed class EventSignal : IDisposable
{
    private readonly SemaphoreSlim _rung = new(0);
    private int _isRung;

    public void Ring()
    {
        if (Interlocked.Exchange(ref _isRung, 1) == 0) _rung.Release();
    }

    /// <summary>Waits until it has been rung since the last time, or so long.</summary>
    public async Task WaitAsync(TimeSpan atMost, CancellationToken ct)
    {
        if (await _rung.WaitAsync(atMost, ct)) Volatile.Write(ref _isRung, 0);
    }

    public void Dispose() => _rung.Dispose();
}

/// <summary>Rings when the host's context commits a transaction of the host's own: moves and events that joined it are to be told from now on.</summary>
internal sealed class CommitSignal(EventSignal signal) : DbTransactionInterceptor
{
    public override void TransactionCommitted(DbTransaction transaction, TransactionEndEventData eventData) => signal.Ring();

    public override Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        signal.Ring();
        return Task.CompletedTask;
    }
}
