using Crm.Wfm.Events;
using Crm.Wfm.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Crm.Wfm.Tests.Events;

/// <summary>Consumers that fail: nobody but they themselves waits for it.</summary>
public sealed class ConsumerFaultTests(PumpDesk desk) : IClassFixture<PumpDesk>
{
    public static TheoryData<string> Faults => ["throws", "breaks the transaction", "fails at the commit", "leaves what cannot be saved", "does not come back"];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task An_event_a_consumer_fails_on_is_parked_for_it_and_all_others_go_on(string fault)
    {
        var workspace = await desk.WorkspaceAsync();
        await desk.EventsAsync(workspace, 4);
        var handed = new List<long>();
        desk.OnFirst = async call =>
        {
            await NoteAsync(call, "tried");
            if (call.Events.Any(e => e.Position == 2)) await FailAsync(fault, call);
            handed.AddRange(call.Events.Select(e => e.Position!.Value));
        };
        await using var host = desk.OtherHost(o => o.Timeout = TimeSpan.FromMilliseconds(fault == "does not come back" ? 3_000 : 60_000));
        var pump = host.GetRequiredService<EventPump>();
        (await pump.RunOnceAsync(default)).ShouldBe(4);
        (await pump.RunOnceAsync(default)).ShouldBe(0);

        (await desk.FeedAsync(workspace)).Select(e => e.Position).ShouldBe([1, 2, 3, 4]);
        (await desk.NotesAsync(workspace)).Count.ShouldBe(4); // the other consumer's, of the same event too
        (await TriedAsync(workspace)).ShouldBe(3); // and nothing of what was undone
        var parked = (await ParkedAsync(workspace)).ShouldHaveSingleItem();
        (parked.Position, parked.Consumer, parked.Attempts, parked.NextAt).ShouldBe((2, "first", 1, Cut(desk.Clock.Now + TimeSpan.FromSeconds(5))));
        parked.Error.ShouldNotBeNullOrEmpty();

        desk.OnFirst = call => NoteAsync(call, "tried");
        (await pump.RunOnceAsync(default)).ShouldBe(0);
        desk.Clock.Now += TimeSpan.FromSeconds(5);
        (await pump.RunOnceAsync(default)).ShouldBe(1);
        (await ParkedAsync(workspace)).ShouldBeEmpty();
        (await TriedAsync(workspace)).ShouldBe(4);
        (await desk.NotesAsync(workspace)).Count.ShouldBe(4);
    }

    [Fact]
    public async Task What_fails_again_is_tried_ever_later_and_at_last_waits_for_somebody()
    {
        var workspace = await desk.WorkspaceAsync();
        await desk.EventsAsync(workspace, 1);
        desk.OnFirst = _ => throw new InvalidOperationException("a text \0 no database holds \ud800 " + new string('x', 5000));
        await using var host = desk.OtherHost(o => (o.RetryAfter, o.MaxAttempts) = (TimeSpan.FromMinutes(25), 5));
        var pump = host.GetRequiredService<EventPump>();
        await pump.RunOnceAsync(default);
        foreach (var minutes in new[] { 25, 50, 60, 60 })
        {
            var parked = (await ParkedAsync(workspace)).ShouldHaveSingleItem();
            parked.Error.ShouldStartWith("InvalidOperationException: a text \uFFFD no database holds \uFFFD xxx");
            parked.NextAt.ShouldBe(Cut(desk.Clock.Now.AddMinutes(minutes)));
            desk.Clock.Now += TimeSpan.FromMinutes(minutes);
            (await pump.RunOnceAsync(default)).ShouldBe(1);
        }

        var given = (await ParkedAsync(workspace)).ShouldHaveSingleItem();
        (given.Attempts, given.NextAt).ShouldBe((5, null));
        desk.Clock.Now += TimeSpan.FromDays(365);
        (await pump.RunOnceAsync(default)).ShouldBe(0);
    }

    [Fact]
    public async Task A_parked_event_is_tried_by_one_pump_at_a_time()
    {
        var workspace = await desk.WorkspaceAsync();
        await desk.EventsAsync(workspace, 1);
        desk.OnFirst = _ => throw new InvalidOperationException("wrong");
        await desk.Pump.RunOnceAsync(default);
        desk.Clock.Now += TimeSpan.FromMinutes(1);
        var (trying, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        desk.OnFirst = _ =>
        {
            trying.SetResult();
            return goOn.Task;
        };
        var held = Task.Run(() => desk.Pump.RunOnceAsync(default));
        await trying.Task;
        await using (var other = desk.OtherHost()) (await other.GetRequiredService<EventPump>().RunOnceAsync(default)).ShouldBe(0);
        goOn.SetResult();
        (await held).ShouldBe(1);
        (await ParkedAsync(workspace)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_parked_for_a_consumer_a_host_has_not_waits_for_one_that_has()
    {
        var workspace = await desk.WorkspaceAsync();
        await desk.EventsAsync(workspace, 1);
        await desk.DrainAsync();
        await desk.AskAsync<object>("insert into wfm.parked_event values ($1, 1, 'gone', 3, 'wrong', $2)", workspace, desk.Clock.Now.UtcDateTime.AddDays(-1));
        (await desk.Pump.RunOnceAsync(default)).ShouldBe(0);
        (await ParkedAsync(workspace)).ShouldHaveSingleItem().Attempts.ShouldBe(3);
    }

    [Fact]
    public async Task A_host_that_hangs_in_a_transaction_loses_it()
    {
        var workspace = await desk.WorkspaceAsync();
        await desk.EventsAsync(workspace, 1);
        await using var hanging = desk.OtherHost(o => o.Timeout = TimeSpan.FromMilliseconds(100));
        var (claimed, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        desk.OnFirst = _ =>
        {
            claimed.TrySetResult();
            return goOn.Task; // deaf to its token
        };
        var held = Task.Run(() => hanging.GetRequiredService<EventPump>().RunOnceAsync(default));
        await claimed.Task;
        desk.OnFirst = _ => Task.CompletedTask;
        var since = System.Diagnostics.Stopwatch.GetTimestamp();
        while (await desk.DrainAsync() == 0) System.Diagnostics.Stopwatch.GetElapsedTime(since).ShouldBeLessThan(TimeSpan.FromSeconds(30));
        goOn.SetResult();
        (await held).ShouldBe(0);
        (await desk.NotesAsync(workspace)).Count.ShouldBe(1);
    }

    private static async Task FailAsync(string fault, Handed call)
    {
        switch (fault)
        {
            case "throws":
                throw new InvalidOperationException("wrong");
            case "breaks the transaction":
                await call.Db.Database.ExecuteSqlAsync($"select 1 / 0", call.Ct);
                break;
            case "fails at the commit":
                await call.Db.Database.ExecuteSqlAsync($"create temporary table once (n int unique deferrable initially deferred) on commit drop; insert into once values (1), (1)", call.Ct);
                break;
            case "leaves what cannot be saved":
                call.Db.Add(Record(call.Events[0], "tried", "[]"));
                break;
            default:
                await Task.Delay(Timeout.Infinite, call.Ct);
                break;
        }
    }

    // One for every event, and saved at once.
    private static async Task NoteAsync(Handed call, string type)
    {
        call.Db.AddRange(call.Events.Select(e => Record(e, type, "{}")));
        await call.Db.SaveChangesAsync(call.Ct);
    }

    private static RecordRow Record(WfmEvent e, string type, string fields) => new()
    {
        WorkspaceId = e.Workspace, Id = Guid.CreateVersion7(e.Time), Type = type, Name = e.Type, Fields = fields, Version = 1, CreatedAt = e.Time, CreatedBy = e.Actor, UpdatedAt = e.Time, UpdatedBy = e.Actor,
    };

    private static DateTimeOffset Cut(DateTimeOffset time) => new(time.Ticks / 10 * 10, TimeSpan.Zero);

    private Task<long> TriedAsync(Guid workspace) => desk.AskAsync<long>("select count(*) from wfm.record where workspace_id = $1 and type = 'tried'", workspace);

    private async Task<List<ParkedEventRow>> ParkedAsync(Guid workspace)
    {
        await using var scope = desk.Scope(workspace);
        await using var transaction = await scope.Db.Database.BeginWorkspaceAsync(workspace);
        return await scope.Db.Set<ParkedEventRow>().ToListAsync();
    }
}
