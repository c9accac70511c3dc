using Crm.Host.Realtime;

namespace Crm.Host.Tests.Realtime;

public sealed class ChangeWindowTests
{
    [Fact]
    public async Task Each_goes_along_at_its_own_pace()
    {
        var window = Opened(size: 10, head: 7);
        (await window.StartAsync(default)).ShouldBe(7);
        window.Add(Changes(8, 9));
        (await PositionsAsync(window, 7)).ShouldBe([8, 9]);
        (await PositionsAsync(window, 8)).ShouldBe([9]);
        (await window.StartAsync(default)).ShouldBe(9);
    }

    [Fact]
    public async Task Who_is_ahead_waits_for_more()
    {
        var window = Opened(size: 10, head: 0);
        var waiting = PositionsAsync(window, 0);
        waiting.IsCompleted.ShouldBeFalse();
        window.Add([]);
        waiting.IsCompleted.ShouldBeFalse();
        window.Add(Changes(1, 3));
        (await waiting).ShouldBe([1, 2, 3]);
        using var gone = new CancellationTokenSource();
        var leaving = window.AfterAsync(3, gone.Token);
        await gone.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => leaving);
    }

    [Fact]
    public async Task Who_is_too_far_behind_misses_the_oldest_and_can_tell()
    {
        var window = Opened(size: 3, head: 0);
        window.Add(Changes(1, 2));
        window.Add(Changes(3, 6));
        (await PositionsAsync(window, 1)).ShouldBe([4, 5, 6]);
        (await PositionsAsync(window, 4)).ShouldBe([5, 6]);
    }

    [Fact]
    public async Task Nobody_starts_before_it_is_open()
    {
        var window = new ChangeWindow(3);
        var starting = window.StartAsync(default);
        starting.IsCompleted.ShouldBeFalse();
        window.Open(5);
        window.Add(Changes(6, 6));
        (await starting).ShouldBeInRange(5, 6); // whatever it is, what comes after is told
    }

    private static ChangeWindow Opened(int size, long head)
    {
        var window = new ChangeWindow(size);
        window.Open(head);
        return window;
    }

    private static async Task<IReadOnlyList<long>> PositionsAsync(ChangeWindow window, long after) => [.. (await window.AfterAsync(after, default)).Select(c => c.Position)];

    private static Change[] Changes(long first, long last) =>
        [.. Enumerable.Range((int)first, (int)(last - first + 1)).Select(i => new Change(i, Guid.Empty, "test.told", "test/1", Guid.Empty, DateTimeOffset.UnixEpoch))];
}
