using Crm.Wfm.Flows.Persistence;

namespace Crm.Wfm.Flows.Running;

/// <summary>
/// Wakes this host's runner when this host has started runs, and hands it those that were written as claimed for it. Only saves waiting: the rows are what counts. What was handed over
/// and is not begun is another host's when its lease is over, as any claim is.
/// </summary>
internal sealed class RunSignal : IDisposable
{
    private readonly SemaphoreSlim _rung = new(0, 1);
    private readonly Lock _lock = new();
    private List<ClaimedRun> _handed = [];
    private bool _isAwaited;

    /// <summary>Gets whether the runner has nothing to do: what is started now may be written as claimed and handed to it, and is nobody's turn.</summary>
    public bool IsAwaited
    {
        get
        {
            lock (_lock) return _isAwaited;
        }
    }

    /// <summary>Hands over claims that are committed.</summary>
    public void Hand(IReadOnlyList<ClaimedRun> claims)
    {
        lock (_lock)
        {
            _handed.AddRange(claims);
            _isAwaited = false;
        }

        Ring();
    }

    /// <summary>Takes what was handed over; whoever takes it runs it, or gives it back.</summary>
    public List<ClaimedRun> Take()
    {
        lock (_lock)
        {
            var taken = _handed;
            if (taken.Count > 0) _handed = [];
            return taken;
        }
    }

    public void Ring()
    {
        try
        {
            _rung.Release();
        }
        catch (SemaphoreFullException)
        {
            // It was rung already.
        }
    }

    /// <summary>Waits until it is rung, or so long, and tells which.</summary>
    public async Task<bool> WaitAsync(TimeSpan atMost, CancellationToken ct)
    {
        lock (_lock) _isAwaited = _handed.Count == 0;
        try
        {
            return await _rung.WaitAsync(atMost, ct);
        }
        finally
        {
            lock (_lock) _isAwaited = false;
        }
    }

    public void Dispose() => _rung.Dispose();
}
