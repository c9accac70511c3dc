namespace Crm.Host.Realtime;

/// <summary>
/// The last changes of one workspace, for its clients on this host. Each client goes along at its own pace: nobody waits for a slow one, and what a slow
/// one costs is bounded, for the oldest changes go when there are too many.
/// </summary>
internal sealed class ChangeWindow(int size)
{
    private readonly Lock _changing = new();
    private readonly Queue<Change> _changes = new();
    private readonly TaskCompletionSource<long> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Gets the position of the newest change; <c>null</c> before it was opened.</summary>
    public long? Position { get; private set; }

    /// <summary>Opens it at the feed's head: what comes after is told.</summary>
    public void Open(long head)
    {
        Position = head;
        _opened.SetResult(head);
    }

    /// <summary>Adds what comes next.</summary>
    public void Add(IReadOnlyList<Change> changes)
    {
        if (changes.Count == 0) return;
        lock (_changing)
        {
            foreach (var change in changes) _changes.Enqueue(change);
            while (_changes.Count > size) _changes.Dequeue();
            Position = changes[^1].Position;
            _more.SetResult();
            _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>Waits until it is open.</summary>
    /// <returns>Where to start from.</returns>
    public async Task<long> StartAsync(CancellationToken ct)
    {
        await _opened.Task.WaitAsync(ct);
        lock (_changing) return Position!.Value;
    }

    /// <summary>Waits for changes after a position.</summary>
    /// <returns>Those there are, in order, at least one; the first one is not the next one where the oldest have gone.</returns>
    public async Task<IReadOnlyList<Change>> AfterAsync(long position, CancellationToken ct)
    {
        while (true)
        {
            Task more;
            lock (_changing)
            {
                if (Position > position) return [.. _changes.Where(c => c.Position > position)];
                more = _more.Task;
            }

            await more.WaitAsync(ct);
        }
    }
}

/// <summary>One change, as clients are told: what it is about and who did it, no values. What a user may see they ask for over REST.</summary>
/// <param name="Position">The position in the workspace's feed: the next change has the next number.</param>
/// <param name="Id">The event's id.</param>
/// <param name="Type">The event's type, such as <c>wfm.project.moved</c>.</param>
/// <param name="Subject">What it is about, such as <c>deal/{id}</c>.</param>
/// <param name="Actor">Who did it.</param>
/// <param name="Time">When, in business time.</param>
internal sealed record Change(long Position, Guid Id, string Type, string Subject, Guid Actor, DateTimeOffset Time);
