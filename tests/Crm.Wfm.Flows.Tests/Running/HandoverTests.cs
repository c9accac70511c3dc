using System.Text.Json.Nodes;
using Crm.Testing;
using Crm.Wfm.Events;
using Crm.Wfm.Flows.Persistence;
using Crm.Wfm.Flows.Running;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace Crm.Wfm.Flows.Tests.Running;

/// <summary>Runs that are written as claimed, because the runner of the host that starts them has nothing to do.</summary>
public sealed class HandoverTests(FlowDesk desk) : IClassFixture<FlowDesk>
{
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task From_an_events_commit_to_its_flows_first_activity_an_idle_host_takes_five_round_trips()
    {
        await using var counter = new TripCounter(desk.Application);
        var committed = new Committed(counter);
        await using var host = desk.Host(connection: counter.ConnectionString, more: wfm =>
        {
            wfm.Services.AddSingleton(committed);
            wfm.AddEventConsumer<Watching>("watching");
        });
        var flow = Chart.Line("ticket.opened", Chart.Activity("give", "Test.Give"));
        var workspace = await desk.WorkspaceAsync(("greet", FlowDesk.On("ticket.opened", flow)));
        var trips = new List<int>();
        for (var i = 0; i < 6; i++) // the first ones open connections and prepare statements
        {
            var waiting = host.GetRequiredService<RunSignal>().WaitAsync(Long, default);
            await desk.TellAsync(workspace, "ticket.opened");
            var before = counter.Trips;
            await host.GetRequiredService<EventPump>().RunOnceAsync(default);
            (await waiting).ShouldBeTrue();
            var (pump, runner, begun) = (committed.Trips - before, counter.Trips, 0);
            desk.ToGive = () =>
            {
                begun = counter.Trips;
                return null;
            };
            (await host.GetRequiredService<FlowRunner>().RunOnceAsync(default)).ShouldBe(1);
            trips.Add(pump + begun - runner);
        }

        // The claim with its events, what they may start, the runs, the commit; the run.
        trips[^3..].ShouldBe([5, 5, 5]);
        await using var counted = new NpgsqlConnection(counter.ConnectionString);
        NpgsqlConnection.ClearPool(counted);
    }

    [Fact]
    public async Task Hosts_that_pump_and_run_at_once_do_every_run_once_though_leases_end_at_once()
    {
        const int Count = 60;
        var workspace = await NotingAsync();
        var hosts = Enumerable.Range(0, 3).Select(_ => desk.Host(o => (o.Lease, o.Interval, o.Crashes) = (TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(20), 100), more: wfm => wfm.AddEventPump(o => o.Interval = TimeSpan.FromMilliseconds(20)))).ToList();
        var workers = hosts.SelectMany(h => h.GetServices<IHostedService>()).Where(s => s is EventPump or FlowRunner).ToList();
        foreach (var worker in workers) await worker.StartAsync(default);
        for (var i = 0; i < Count; i++) await desk.TellAsync(workspace, "ticket.opened", $$"""{"name": "{{i:D2}}"}""");

        await FlowRunnerTests.UntilAsync(async () =>
        {
            desk.Clock.Now += TimeSpan.FromSeconds(5);
            return await desk.RunsAsync(workspace) is { Count: Count } runs && runs.All(r => r == "greet finished");
        });
        foreach (var worker in workers) await worker.StopAsync(default);
        foreach (var host in hosts) await host.DisposeAsync();

        (await desk.NotesAsync(workspace)).ShouldBe([.. Enumerable.Range(0, Count).Select(i => $"{i:D2}")]);
    }

    [Fact]
    public async Task What_a_host_was_handed_that_died_is_done_once_by_another_when_the_lease_is_over()
    {
        var workspace = await NotingAsync();
        await using var host = desk.Host(o => o.Lease = TimeSpan.FromMilliseconds(500));
        // A runner that waits, and will never wake.
        var signal = host.GetRequiredService<RunSignal>();
        var waiting = signal.WaitAsync(Long, default);
        await desk.TellAsync(workspace, "ticket.opened", """{"name": "Bob"}""");
        await host.GetRequiredService<EventPump>().RunOnceAsync(default);
        (await waiting).ShouldBeTrue();
        (await desk.AskAsync<bool>("select lease = 1 and attempts = 1 and leased_until is not null from wfm_flows.run where workspace_id = $1", workspace)).ShouldBeTrue();

        await FlowRunnerTests.UntilAsync(async () =>
        {
            await desk.RunAsync();
            return (await desk.RunsAsync(workspace)).Single() == "greet finished";
        });
        // It was not dead but late.
        await host.GetRequiredService<FlowRunner>().RunOnceAsync(default);

        (await desk.NotesAsync(workspace)).ShouldBe(["Bob"]);
        (await desk.RunsAsync(workspace)).ShouldBe(["greet finished"]);
    }

    [Fact]
    public async Task What_is_not_committed_is_not_handed_over()
    {
        var workspace = await NotingAsync();
        await using var host = desk.Host(o => o.Lease = Long, more: wfm => wfm.AddEventConsumer<Failing>("failing"));
        var signal = host.GetRequiredService<RunSignal>();
        var waiting = signal.WaitAsync(Long, default);
        await desk.TellAsync(workspace, "ticket.opened", """{"name": "Bob"}""");
        await host.GetRequiredService<EventPump>().RunOnceAsync(default);

        // The batch failed as a whole; event by event, the one that fails is parked and the flow's run is there once.
        (await waiting).ShouldBeTrue();
        signal.Take().Count.ShouldBe(1);
        (await desk.RunsAsync(workspace)).ShouldBe(["greet pending"]);
    }

    [Fact]
    public async Task A_host_that_stops_gives_back_what_it_was_handed()
    {
        var workspace = await NotingAsync();
        await using var host = desk.Host(o => (o.Lease, o.BatchSize) = (Long, 1));
        var begun = new TaskCompletionSource();
        desk.OnDo = (_, _, ct) =>
        {
            begun.TrySetResult();
            return Task.Delay(Timeout.InfiniteTimeSpan, ct);
        };
        var runner = host.GetRequiredService<FlowRunner>();
        await runner.StartAsync(default);
        await IdleAsync(host);
        await desk.TellAsync(workspace, "ticket.opened", """{"name": "Bob"}""");
        await desk.TellAsync(workspace, "ticket.opened", """{"name": "Eve"}""");
        await host.GetRequiredService<EventPump>().RunOnceAsync(default);
        await begun.Task.WaitAsync(Patience);
        host.GetRequiredService<RunSignal>().Hand(await ClaimAsync());
        await runner.StopAsync(default);

        desk.OnDo = (_, _, _) => Task.CompletedTask;
        await desk.RunAsync();
        (await desk.NotesAsync(workspace)).ShouldBe(["Bob", "Eve"]);
        (await desk.RunsAsync(workspace)).ShouldBe(["greet finished", "greet finished"]);
    }

    [Fact]
    public async Task What_has_to_wait_is_not_handed_over_and_no_more_than_a_batch_is()
    {
        var workspace = await desk.WorkspaceAsync(
            ("keyed", FlowDesk.On("ticket.keyed", Chart.Line("ticket.keyed", Note()), ("concurrencyKey", JsonNode.Parse("""{"var": "event.subject"}""")))),
            ("greet", FlowDesk.On("ticket.opened", Chart.Line("ticket.opened", Note()))));
        await using var host = desk.Host(o => (o.Lease, o.BatchSize) = (Long, 3));
        var signal = host.GetRequiredService<RunSignal>();
        var waiting = signal.WaitAsync(Long, default);
        await desk.TellAsync(workspace, "ticket.keyed", """{"name": "Keyed"}""");
        for (var i = 0; i < 5; i++) await desk.TellAsync(workspace, "ticket.opened", $$"""{"name": "{{i}}"}""");
        await host.GetRequiredService<EventPump>().RunOnceAsync(default);
        (await waiting).ShouldBeTrue();

        (await desk.AskAsync<string[]>("select array_agg(d.automation || ' ' || r.lease order by d.automation, r.lease) from wfm_flows.run r join wfm_flows.definition d on d.workspace_id = r.workspace_id and d.number = r.definition where r.workspace_id = $1", workspace))
            .ShouldBe(["greet 0", "greet 0", "greet 1", "greet 1", "greet 1", "keyed 0"]);
        while (await host.GetRequiredService<FlowRunner>().RunOnceAsync(default) > 0)
        {
        }

        (await desk.NotesAsync(workspace)).ShouldBe(["0", "1", "2", "3", "4", "Keyed"]);
    }

    private static JsonObject Note() => Chart.Activity("note", "Test.Note", ("text", Chart.Template("{{event.data.name}}")));

    private Task<Guid> NotingAsync() => desk.WorkspaceAsync(("greet", FlowDesk.On("ticket.opened", Chart.Line("ticket.opened", Note(), Chart.Activity("do", "Test.Do")))));

    private static Task IdleAsync(IServiceProvider host) => FlowRunnerTests.UntilAsync(() => Task.FromResult(host.GetRequiredService<RunSignal>().IsAwaited));

    private async Task<List<ClaimedRun>> ClaimAsync()
    {
        await using var scope = desk.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<DeskContext>();
        await db.Database.OpenConnectionAsync();
        return await RunStore.ClaimAsync(db, 10, desk.Clock.Now, Long, default);
    }

    /// <summary>Counts the round trips until the pump has committed.</summary>
    private sealed class Watching(Committed committed) : IEventConsumer
    {
        public Task ConsumeAsync(IReadOnlyList<WfmEvent> events, DbContext db, CancellationToken ct) => Task.CompletedTask;

        public void Committed() => committed.Trips = committed.Counter.Trips;
    }

    private sealed class Committed(TripCounter counter)
    {
        public TripCounter Counter => counter;

        public int Trips { get; set; }
    }

    /// <summary>A consumer that takes nothing.</summary>
    private sealed class Failing : IEventConsumer
    {
        public Task ConsumeAsync(IReadOnlyList<WfmEvent> events, DbContext db, CancellationToken ct) => throw new InvalidOperationException("It takes nothing.");
    }
}
