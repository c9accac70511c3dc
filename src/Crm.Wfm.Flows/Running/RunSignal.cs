namespace Crm.Wfm.Flows.Running;

/// <summary>Wakes this host's runner when this host has started runs. Only saves waiting: the rows are what counts.</summary>
internal sealed class RunSignal : IDisposable
{
    private readonly SemaphoreSlim _rung = new(0, 1);

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
    public Task<bool> WaitAsync(TimeSpan atMost, CancellationToken ct) => _rung.WaitAsync(atMost, ct);

    public void Dispose() => _rung.Dispose();
}
