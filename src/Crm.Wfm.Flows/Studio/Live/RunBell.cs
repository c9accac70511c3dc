namespace Crm.Wfm.Flows.Studio;

/// <summary>Rung when this host has committed bursts. Only saves waiting: the rows are what counts.</summary>
internal sealed class RunBell
{
    private TaskCompletionSource _rung = New();

    public void Ring() => Interlocked.Exchange(ref _rung, New()).TrySetResult();

    /// <summary>Gets what ends when it is rung the next time.</summary>
    public Task Next => Volatile.Read(ref _rung).Task;

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
