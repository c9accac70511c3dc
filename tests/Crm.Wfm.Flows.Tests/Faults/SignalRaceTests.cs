using System.Text.Json.Nodes;
using Crm.Wfm.Flows.Persistence;
using Crm.Wfm.Flows.Running;
using Crm.Wfm.Flows.Tests.Running;
using Crm.Wfm.Persistence;
using Crm.Wfm.Rules;
using Microsoft.Extensions.DependencyInjection;

namespace Crm.Wfm.Flows.Tests.Faults;

/// <summary>Signals and events that come before, or while, somebody begins to wait for them.</summary>
public sealed class SignalRaceTests(FlowDesk desk) : IClassFixture<FlowDesk>
{
    [Fact]
    public async Task A_signal_that_was_accepted_is_taken_once_whether_it_comes_before_while_or_after_its_run_begins_to_wait()
    {
        const int Count = 150;
        var workspace = await AwaitingAsync();
        var runs = new List<Guid>();
        for (var i = 0; i < Count; i++) await desk.TellAsync(workspace, "ticket.opened", $$"""{"name": "{{i:D3}}"}""");
        await desk.PumpAsync();
        await using var one = desk.Host(o => o.BatchSize = 5);
        await using var two = desk.Host(o => o.BatchSize = 5);
        var sending = Task.Run(async () =>
        {
            for (var i = 0; i < Count; i++) await SendAsync(workspace, $"answer {i:D3}", i);
        });
        await Task.WhenAll([sending, .. new[] { one, two }.Select(host => Task.Run(async () =>
        {
            while (!sending.IsCompleted || await host.GetRequiredService<FlowRunner>().RunOnceAsync(default) > 0) await host.GetRequiredService<FlowRunner>().RunOnceAsync(default);
        }))]);
        await FlowRunnerTests.UntilAsync(async () =>
        {
            await desk.RunAsync();
            return (await desk.RunsAsync(workspace)).All(r => r == "greet finished");
        });

        (await desk.NotesAsync(workspace)).ShouldBe([.. Enumerable.Range(0, Count).Select(i => $"{i:D3} {i}")]);
        (await desk.AskAsync<long>("select (select count(*) from wfm_flows.delivery where workspace_id = $1) + (select count(*) from wfm_flows.bookmark where workspace_id = $1)", workspace)).ShouldBe(0);
    }

    [Fact]
    public async Task A_signal_that_comes_before_there_is_a_run_waits_for_it()
    {
        var workspace = await AwaitingAsync();
        await SendAsync(workspace, "answer Bob", 1);
        await desk.RunAsync();
        await desk.TellAndRunAsync(workspace, "ticket.opened", """{"name": "Bob"}""");
        await desk.RunAsync();
        (await desk.NotesAsync(workspace)).ShouldBe(["Bob 1"]);
    }

    [Fact]
    public async Task Of_two_signals_for_whoever_waits_each_goes_to_another_run()
    {
        var workspace = await AwaitingAsync();
        await desk.TellAndRunAsync(workspace, "ticket.opened", """{"name": "Bob"}""");
        await SendAsync(workspace, "answer Bob", 1);
        await SendAsync(workspace, "answer Bob", 2);
        await desk.RunAsync();
        await desk.TellAndRunAsync(workspace, "ticket.opened", """{"name": "Bob"}""");
        await desk.RunAsync();
        (await desk.NotesAsync(workspace)).ShouldBe(["Bob 1", "Bob 2"]);
    }

    [Fact]
    public async Task A_signal_that_reaches_a_dead_letter_is_there_when_it_is_replayed()
    {
        var fork = Chart.Flow(
            [Chart.Event("event", "ticket.opened"), Chart.Activity("await", "Test.Await", ("signal", Chart.Literal("answer"))), Chart.Activity("do", "Test.Do"), Chart.Activity("note", "Test.Note", ("text", Chart.Template("{{outputs.await.payload}}")))],
            "event>await", "event>do", "await>note");
        var workspace = await desk.WorkspaceAsync(("greet", FlowDesk.On("ticket.opened", fork, ("retry", new JsonObject { ["max"] = 0 }))));
        desk.OnDo = (_, _, _) => throw new InvalidOperationException("not yet");
        await desk.TellAndRunAsync(workspace, "ticket.opened");
        (await desk.RunsAsync(workspace)).ShouldBe(["greet faulted"]);
        await SendAsync(workspace, "answer", 1);
        await SendAsync(workspace, "answer", 2);
        await desk.RunAsync();
        (await desk.RunsAsync(workspace)).ShouldBe(["greet faulted"]);

        desk.OnDo = (_, _, _) => Task.CompletedTask;
        var run = await desk.AskAsync<Guid>("select id from wfm_flows.run where workspace_id = $1", workspace);
        await using (var scope = desk.Scope(workspace)) (await scope.ServiceProvider.GetRequiredService<RunControl>().ReplayAsync(run, FlowDesk.Ann, default)).ShouldBe(new RunControlResult.Done("pending"));
        await desk.RunAsync();
        (await desk.RunsAsync(workspace)).ShouldBe(["greet finished"]);
        (await desk.NotesAsync(workspace)).ShouldBe(["1"]);
    }

    [Fact]
    public async Task An_event_that_is_told_while_the_burst_is_under_way_that_comes_to_wait_for_it_is_heard()
    {
        var workspace = await desk.WorkspaceAsync(("greet", FlowDesk.On("ticket.opened", Hearing())));
        // Told, and handed to everybody who waits, before the run does.
        desk.OnDo = async (_, _, _) =>
        {
            await desk.TellAsync(workspace, "ticket.answered", """{"name": "early"}""");
            await desk.PumpAsync();
        };
        await desk.TellAsync(workspace, "ticket.answered", """{"name": "too early"}""");
        await desk.TellAndRunAsync(workspace, "ticket.opened");
        await desk.RunAsync();
        (await desk.NotesAsync(workspace)).ShouldBe(["early"]);
        (await desk.RunsAsync(workspace)).ShouldBe(["greet finished"]);
    }

    [Fact]
    public async Task Events_that_race_with_the_bursts_that_come_to_wait_for_them_are_each_heard_once()
    {
        const int Count = 60;
        var workspace = await desk.WorkspaceAsync(("greet", FlowDesk.On("ticket.opened", Hearing())));
        desk.OnDo = (_, _, _) => desk.TellAsync(workspace, "ticket.answered", """{"name": "heard"}""");
        for (var i = 0; i < Count; i++) await desk.TellAsync(workspace, "ticket.opened");
        await using var one = desk.Host(o => o.BatchSize = 3);
        await using var two = desk.Host(o => o.BatchSize = 3);
        using var enough = new CancellationTokenSource();
        var workers = new[] { one, two }.Select(host => Task.Run(async () =>
        {
            while (!enough.IsCancellationRequested)
            {
                await host.GetRequiredService<Events.EventPump>().RunOnceAsync(default);
                await host.GetRequiredService<FlowRunner>().RunOnceAsync(default);
            }
        })).ToList();
        await FlowRunnerTests.UntilAsync(async () => (await desk.RunsAsync(workspace)) is { Count: Count } runs && runs.All(r => r == "greet finished"));
        await enough.CancelAsync();
        await Task.WhenAll(workers);
        (await desk.NotesAsync(workspace)).Count.ShouldBe(Count);
        (await desk.AskAsync<long>("select count(*) from wfm_flows.bookmark where workspace_id = $1", workspace)).ShouldBe(0);
    }

    private static JsonObject Hearing() => Chart.Line("ticket.opened", Chart.Activity("do", "Test.Do"),
        Chart.Activity("heard", "Elsa.Event", ("eventName", Chart.Literal("ticket.answered")), ("customProperties", new JsonObject())), Chart.Activity("note", "Test.Note", ("text", Chart.Template("{{outputs.heard.result.data.name}}"))));

    private Task<Guid> AwaitingAsync() => desk.WorkspaceAsync(("greet", FlowDesk.On("ticket.opened", Chart.Line("ticket.opened",
        Chart.Activity("await", "Test.Await", ("signal", Chart.Template("answer {{event.data.name}}"))), Chart.Activity("note", "Test.Note", ("text", Chart.Template("{{event.data.name}} {{outputs.await.payload}}")))))));

    private async Task SendAsync(Guid workspace, string signal, int payload)
    {
        await using var scope = desk.Scope(workspace);
        var host = scope.ServiceProvider.GetRequiredService<HostContext>();
        await using var transaction = await host.BeginAsync(default);
        await SignalStore.SendAsync(host.Db, signal, Value.From(payload), isKept: true, desk.Clock.Now, default);
        await transaction.CommitAsync();
    }
}
