using System.Diagnostics;
using Crm.Wfm.Events;
using Crm.Wfm.Moves;
using Crm.Wfm.Persistence;
using Crm.Wfm.Tests.Moves;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Crm.Wfm.Tests.Events;

public sealed class EventPumpTests(PumpDesk desk) : IClassFixture<PumpDesk>
{
    [Fact]
    public async Task Events_are_handed_over_once_and_get_positions_without_gaps()
    {
        var workspace = await desk.WorkspaceAsync();
        await desk.EventsAsync(workspace, 3);
        (await desk.FeedAsync(workspace)).ShouldBeEmpty();
        (await desk.Pump.RunOnceAsync(default)).ShouldBe(3);
        (await desk.Pump.RunOnceAsync(default)).ShouldBe(0);
        await desk.EventsAsync(workspace, 2);
        (await desk.Pump.RunOnceAsync(default)).ShouldBe(2);

        var feed = await desk.FeedAsync(workspace);
        feed.Select(e => e.Position).ShouldBe([1, 2, 3, 4, 5]);
        feed.Select(e => e.Type).ShouldBe([EventTypes.ProjectStarted, EventTypes.ProjectMoved, EventTypes.ProjectMoved, EventTypes.ProjectStarted, EventTypes.ProjectMoved]);
        (await desk.NotesAsync(workspace)).ShouldBe(feed.Select(e => e.Id), ignoreOrder: true);
        (await desk.OutboxAsync(workspace)).ShouldBe(0);
    }

    [Fact]
    public async Task A_consumer_is_handed_whole_events_of_one_workspace_and_sees_its_rows_alone()
    {
        var (mine, theirs) = (await desk.WorkspaceAsync(), await desk.WorkspaceAsync());
        await desk.EventsAsync(mine, 2);
        await desk.EventsAsync(theirs, 2);
        await desk.EventsAsync(mine, 1);
        var handed = new List<WfmEvent>();
        desk.OnFirst = async call =>
        {
            var workspace = call.Events.Select(e => e.Workspace).Distinct().ShouldHaveSingleItem();
            (await call.Db.Set<EventRow>().Select(e => e.WorkspaceId).Distinct().ToListAsync(call.Ct)).ShouldBe([workspace]);
            handed.AddRange(call.Events);
        };
        await desk.DrainAsync();
        handed.Select(e => (e.Workspace, e.Position)).ShouldBe([(mine, 1), (mine, 2), (mine, 3), (theirs, 1), (theirs, 2)]);
        Texts(handed).ShouldBe(Texts([.. await desk.FeedAsync(mine), .. await desk.FeedAsync(theirs)]));
    }

    [Fact]
    public async Task A_consumer_is_told_once_what_it_wrote_is_committed_and_not_when_it_threw()
    {
        var workspace = await desk.WorkspaceAsync();
        await desk.EventsAsync(workspace, 3);
        var left = new List<long>();
        desk.OnCommitted = () => left.Add(desk.OutboxAsync(workspace).GetAwaiter().GetResult());
        desk.OnFirst = call => call.Events.Any(e => e.Position == 2) ? throw new InvalidOperationException("wrong") : Task.CompletedTask;

        await desk.DrainAsync();

        left.ShouldBe([2, 0], "one by one after it threw, and not of the second");
    }

    [Fact]
    public async Task A_transaction_that_is_undone_leaves_nothing_to_tell()
    {
        var workspace = await desk.WorkspaceAsync();
        var record = await desk.RecordAsync(workspace: workspace);
        await using (var scope = desk.Scope(workspace))
        {
            await using var transaction = await scope.Db.Database.BeginWorkspaceAsync(workspace);
            (await scope.Engine.StartAsync(new(record, Desk.Ann), default)).ShouldBeOfType<MoveResult.Moved>();
        }

        (await desk.OutboxAsync(workspace)).ShouldBe(0);
        (await desk.DrainAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task An_event_that_was_written_first_and_committed_last_is_not_lost()
    {
        var workspace = await desk.WorkspaceAsync();
        var (early, late) = (await desk.RecordAsync(workspace: workspace), await desk.RecordAsync(workspace: workspace));
        await using var scope = desk.Scope(workspace);
        await using var transaction = await scope.Db.Database.BeginWorkspaceAsync(workspace);
        (await scope.Engine.StartAsync(new(early, Desk.Ann), default)).ShouldBeOfType<MoveResult.Moved>();
        (await desk.StartAsync(new(late, Desk.Ann), workspace)).ShouldBeOfType<MoveResult.Moved>();
        (await desk.DrainAsync()).ShouldBe(1);
        await transaction.CommitAsync();
        (await desk.DrainAsync()).ShouldBe(1);
        (await desk.FeedAsync(workspace)).Select(e => (e.Position, e.Subject)).ShouldBe([(1, late.ToString()), (2, early.ToString())]);
    }

    [Fact]
    public async Task Pumps_of_several_hosts_hand_over_each_event_once_and_a_later_commit_is_told_later()
    {
        const int Writers = 4, Moves = 40;
        var workspaces = new[] { await desk.WorkspaceAsync(), await desk.WorkspaceAsync() };
        await using var other = desk.OtherHost(o => o.BatchSize = 3);
        using var done = new CancellationTokenSource();
        var pumps = new[] { desk.Pump, other.GetRequiredService<EventPump>() }.Select(pump => Task.Run(async () =>
        {
            while (await pump.RunOnceAsync(default) > 0 || !done.IsCancellationRequested) await Task.Yield();
        })).ToList();
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(i => Task.Run(() => desk.EventsAsync(workspaces[i % 2], Moves))));
        await done.CancelAsync();
        await Task.WhenAll(pumps);
        await desk.DrainAsync(); // what one pump held when the other one looked last

        foreach (var workspace in workspaces)
        {
            var feed = await desk.FeedAsync(workspace);
            feed.Select(e => e.Position).ShouldBe(Enumerable.Range(1, Writers / 2 * Moves).Select(i => (long?)i));
            (await desk.NotesAsync(workspace)).ShouldBe(feed.Select(e => e.Id), ignoreOrder: true);
            foreach (var project in feed.GroupBy(e => e.Subject)) project.Select(Version).ShouldBe(Enumerable.Range(1, Moves));
        }
    }

    [Fact]
    public async Task While_one_pump_is_at_a_workspace_another_takes_no_later_event_of_it_but_those_of_others()
    {
        var (held, free) = (await desk.WorkspaceAsync(), await desk.WorkspaceAsync());
        await desk.EventsAsync(held, 1);
        var (claimed, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        desk.OnFirst = call =>
        {
            if (call.Events[0].Workspace != held) return Task.CompletedTask;
            claimed.SetResult();
            return goOn.Task;
        };
        var holding = Task.Run(() => desk.Pump.RunOnceAsync(default));
        await claimed.Task;
        await desk.EventsAsync(held, 1);
        await desk.EventsAsync(free, 1);
        await using var other = desk.OtherHost();
        (await other.GetRequiredService<EventPump>().RunOnceAsync(default)).ShouldBe(1);
        (await other.GetRequiredService<EventPump>().RunOnceAsync(default)).ShouldBe(0);
        (await desk.FeedAsync(free)).Count.ShouldBe(1);
        desk.OnFirst = _ => Task.CompletedTask;
        goOn.SetResult();
        (await holding).ShouldBe(1);
        (await desk.DrainAsync()).ShouldBe(1);
        (await desk.FeedAsync(held)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_pump_that_dies_between_claim_and_commit_loses_nothing_and_doubles_nothing()
    {
        var workspace = await desk.WorkspaceAsync();
        await desk.EventsAsync(workspace, 3);
        var tries = 0;
        desk.OnFirst = async call =>
        {
            // Only the second try, event by event, dies for good: that is where a host is killed.
            if (tries++ > 1) return;
            await call.Db.Database.ExecuteSqlAsync($"insert into wfm.record (workspace_id, id, type, name, fields, created_at, created_by, updated_at, updated_by) values ({workspace}, {Guid.CreateVersion7(desk.Clock.Now)}, 'lost', 'x', '{{}}', now(), {workspace}, now(), {workspace})");
            await desk.AskAsync<bool>("select pg_terminate_backend($1)", await BackendAsync(call.Db));
        };
        await Should.ThrowAsync<Exception>(() => desk.Pump.RunOnceAsync(default));
        (await desk.OutboxAsync(workspace)).ShouldBe(3);
        (await desk.FeedAsync(workspace)).ShouldBeEmpty();
        await using (var other = desk.OtherHost()) (await other.GetRequiredService<EventPump>().RunOnceAsync(default)).ShouldBe(3);
        (await desk.NotesAsync(workspace)).ShouldBe((await desk.FeedAsync(workspace)).Select(e => e.Id), ignoreOrder: true);
        (await desk.AskAsync<long>("select count(*) from wfm.record where type = 'lost'")).ShouldBe(0);
    }

    [Fact]
    public async Task What_a_consumer_does_with_the_engine_commits_with_its_events_and_is_told_in_turn()
    {
        var workspace = await desk.WorkspaceAsync();
        var project = await desk.ProjectIn(workspace);
        var (first, tries) = (default(WfmEvent), 0);
        desk.OnFirst = async call =>
        {
            if (call.Events[0] is not { Type: EventTypes.ProjectStarted } started) return;
            first = started;
            (await call.Engine.MoveAsync(new(project, "begin", Desk.Ann) { Cause = new(started.Id, started.Correlation, started.Depth) }, call.Ct)).ShouldBeOfType<MoveResult.Moved>().Version.ShouldBe(2);
            if (tries++ == 0) throw new InvalidOperationException("once");
        };
        await desk.DrainAsync();
        tries.ShouldBe(2);
        var moved = (await desk.FeedAsync(workspace))[1];
        (moved.Causation, moved.Correlation, moved.Depth, moved.Position).ShouldBe((first!.Id, first.Correlation, 1, 2));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_commit_of_its_own_host_wakes_the_pump(bool joined)
    {
        var workspace = await desk.WorkspaceAsync();
        await using var host = desk.OtherHost(o => o.Interval = TimeSpan.FromHours(1));
        var pump = host.GetRequiredService<EventPump>();
        await desk.EventsAsync(workspace, 1);
        await pump.StartAsync(default);
        await UntilNotesAsync(workspace, 1);
        var record = await desk.RecordAsync(workspace: workspace);
        await using (var scope = new EngineScope(host.CreateAsyncScope(), workspace))
        {
            await using var transaction = joined ? await scope.Db.Database.BeginWorkspaceAsync(workspace) : null;
            (await scope.Engine.StartAsync(new(record, Desk.Ann), default)).ShouldBeOfType<MoveResult.Moved>();
            if (transaction is not null) await transaction.CommitAsync();
        }

        await UntilNotesAsync(workspace, 2);
        await pump.StopAsync(default);
    }

    private async Task UntilNotesAsync(Guid workspace, int count)
    {
        var since = Stopwatch.GetTimestamp();
        while ((await desk.NotesAsync(workspace)).Count < count) Stopwatch.GetElapsedTime(since).ShouldBeLessThan(TimeSpan.FromSeconds(30));
    }

    private static int Version(WfmEvent e) => (int)e.Data.AsObject!["version"].AsNumber;

    private static IEnumerable<string> Texts(IEnumerable<WfmEvent> events) => events.Select(e => e.ToCloudEvent().ToJsonString());

    private static async Task<int> BackendAsync(DbContext db) => (await db.Database.SqlQuery<int>($"select pg_backend_pid() as \"Value\"").ToListAsync())[0];
}
