using System.Text.Json.Nodes;
using Crm.Wfm.Bundles;
using Crm.Wfm.Events;
using Crm.Wfm.Flows.Running;
using Crm.Wfm.Persistence;
using Microsoft.Extensions.DependencyInjection;

namespace Crm.Wfm.Flows.Tests.Running;

/// <summary>From an event to what its flow has done.</summary>
public sealed class FlowRunnerTests(FlowDesk desk) : IClassFixture<FlowDesk>
{
    private static readonly JsonObject Note = Chart.Activity("note", "Test.Note", ("text", Chart.Template("{{event.data.name}}")));
    private static readonly JsonObject Do = Chart.Activity("do", "Test.Do");

    [Fact]
    public async Task An_event_starts_the_flow_that_listens_to_it_and_its_effects_are_there()
    {
        var workspace = await desk.WorkspaceAsync(("greet", FlowDesk.On("ticket/opened", Chart.Line("ticket/opened", Copy(Note), Chart.WriteLine("after", Chart.Template("{{outputs.note.noteId}}"))))));

        await desk.TellAndRunAsync(workspace, "ticket.opened", """{"name": "Bob & Sons"}""");
        await desk.TellAndRunAsync(workspace, "ticket.closed");

        (await desk.NotesAsync(workspace)).ShouldBe(["Bob & Sons"]);
        (await desk.RunsAsync(workspace)).ShouldBe(["greet finished"]);
        (await desk.JournalAsync(workspace)).ShouldBe(["event Done", "note Done", "after Done"]);
        var note = await desk.AskAsync<Guid>("select id from wfm.record where workspace_id = $1", workspace);
        (await desk.EntriesAsync(workspace)).Single(e => e.Name == "note").Outputs["noteId"].AsText.ShouldBe(note.ToString());
        (await desk.EntriesAsync(workspace)).Single(e => e.Name == "after").Inputs["text"].AsText.ShouldBe(note.ToString());
    }

    [Fact]
    public async Task However_often_an_event_is_delivered_it_starts_a_flow_once()
    {
        var automation = ("greet", FlowDesk.On("ticket.opened", Chart.Line("ticket.opened", Copy(Note))));
        var workspace = await desk.WorkspaceAsync(automation);
        var told = await desk.TellAsync(workspace, "ticket.opened", """{"name": "Bob"}""");
        await DeliverAsync(workspace, told);
        await DeliverAsync(workspace, told);
        await desk.RunAsync();
        await DeliverAsync(workspace, told);
        (await desk.PublishAsync(workspace, automation)).ShouldBeOfType<PublishResult.Published>();
        await DeliverAsync(workspace, told);
        await desk.PumpAsync();
        await desk.RunAsync();

        (await desk.NotesAsync(workspace)).ShouldBe(["Bob"]);
        (await desk.RunsAsync(workspace)).ShouldBe(["greet finished"]);
    }

    [Fact]
    public async Task Every_automation_that_listens_has_a_run_of_its_own()
    {
        var workspace = await desk.WorkspaceAsync(("first", FlowDesk.On("ticket.opened", Chart.Line("ticket.opened", Copy(Note)))), ("second", FlowDesk.On("ticket.opened", Chart.Line("ticket.opened"))));
        await desk.TellAndRunAsync(workspace, "ticket.opened", """{"name": "Bob"}""");
        (await desk.RunsAsync(workspace)).ShouldBe(["first finished", "second finished"]);
    }

    [Fact]
    public async Task A_flow_starts_only_when_its_automations_rule_holds()
    {
        var rule = JsonNode.Parse("""{">": [{"var": "event.data.seats"}, {"var": "param.limit"}]}""");
        var workspace = await desk.WorkspaceAsync(("greet", FlowDesk.On("ticket.opened", Chart.Line("ticket.opened", Copy(Note)), ("when", rule))));
        await desk.TellAndRunAsync(workspace, "ticket.opened", """{"name": "small", "seats": 3}""");
        await desk.TellAndRunAsync(workspace, "ticket.opened", """{"name": "large", "seats": 4}""");
        (await desk.NotesAsync(workspace)).ShouldBe(["large"]);
        (await desk.RunsAsync(workspace)).ShouldBe(["greet finished"]);
    }

    [Fact]
    public async Task The_newest_version_is_live_and_what_has_started_goes_on_as_it_was()
    {
        var workspace = await desk.WorkspaceAsync(("greet", FlowDesk.On("ticket.opened", Chart.Line("ticket.opened", Text("old")))));
        await desk.TellAsync(workspace, "ticket.opened");
        await desk.PumpAsync();
        (await desk.PublishAsync(workspace, ("greet", FlowDesk.On("ticket.opened", Chart.Line("ticket.opened", Text("new")))))).ShouldBeOfType<PublishResult.Published>();
        await desk.TellAndRunAsync(workspace, "ticket.opened");
        (await desk.PublishAsync(workspace)).ShouldBeOfType<PublishResult.Published>();
        await desk.TellAndRunAsync(workspace, "ticket.opened");
        (await desk.NotesAsync(workspace)).ShouldBe(["new", "old"]);
    }

    [Fact]
    public async Task Another_workspaces_flows_never_see_an_event()
    {
        var (mine, theirs) = (await desk.WorkspaceAsync(("mine", FlowDesk.On("ticket.opened", Chart.Line("ticket.opened", Copy(Note))))), await desk.WorkspaceAsync(("theirs", FlowDesk.On("ticket.opened", Chart.Line("ticket.opened", Copy(Note))))));
        await desk.TellAndRunAsync(mine, "ticket.opened", """{"name": "Bob"}""");
        (await desk.NotesAsync(mine)).ShouldBe(["Bob"]);
        (await desk.NotesAsync(theirs)).ShouldBeEmpty();
        (await desk.RunsAsync(theirs)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Flows_that_cause_each_other_end_at_the_limit_which_says_why()
    {
        var workspace = await desk.WorkspaceAsync(
            ("ping", FlowDesk.On("ticket.ping", Chart.Line("ticket.ping", Chart.Activity("tell", "Test.Tell", ("eventType", Chart.Literal("ticket.pong")))))),
            ("pong", FlowDesk.On("ticket.pong", Chart.Line("ticket.pong", Chart.Activity("tell", "Test.Tell", ("eventType", Chart.Literal("ticket.ping")))))));
        await desk.TellAsync(workspace, "ticket.ping");
        for (var i = 0; i < 20; i++)
        {
            await desk.PumpAsync();
            await desk.RunAsync();
        }

        var runs = await desk.RunsAsync(workspace);
        runs.Count.ShouldBe(17);
        runs.Take(16).ShouldAllBe(r => r.EndsWith("finished"));
        runs[16].ShouldBe("ping faulted");
        (await desk.AskAsync<string>("select error from wfm_flows.run where workspace_id = $1 and status = 'faulted'", workspace)).ShouldStartWith("Not run: 16 causes lie before this event");
        (await desk.AskAsync<long>("select count(distinct correlation_id) from wfm.event where workspace_id = $1 and type like 'ticket.%'", workspace)).ShouldBe(1);
    }

    [Fact]
    public async Task A_failing_activity_leaves_nothing_is_tried_again_later_and_later_and_is_given_up_with_the_reason()
    {
        var workspace = await desk.WorkspaceAsync(("greet", FlowDesk.On("ticket.opened", Chart.Line("ticket.opened", Text("note"), Copy(Do)))));
        desk.OnDo = (_, _, _) => throw new InvalidOperationException("the printer is on fire");
        await desk.TellAsync(workspace, "ticket.opened");
        await desk.PumpAsync();
        foreach (var (seconds, tries) in new[] { (0, 1), (4, 1), (1, 2), (9, 2), (1, 3), (20, 4), (40, 5), (79, 5) })
        {
            desk.Clock.Now += TimeSpan.FromSeconds(seconds);
            await desk.RunAsync();
            (await desk.RunsAsync(workspace)).ShouldBe(["greet suspended"]);
            (await desk.JournalAsync(workspace)).Count(j => j == "do retrying").ShouldBe(tries);
        }

        desk.Clock.Now += TimeSpan.FromSeconds(1);
        await desk.RunAsync();
        (await desk.RunsAsync(workspace)).ShouldBe(["greet faulted"]);
        (await desk.ErrorAsync(workspace)).ShouldBe("Workflow1:chart:do: InvalidOperationException: the printer is on fire");
        (await desk.NotesAsync(workspace)).ShouldBe(["note"]);
    }

    [Fact]
    public async Task What_ran_before_an_activity_that_failed_is_not_run_again()
    {
        var workspace = await desk.WorkspaceAsync(("greet", FlowDesk.On("ticket.opened", Chart.Line("ticket.opened", Text("note"), Copy(Do)))));
        desk.OnDo = (_, _, _) => throw new InvalidOperationException("not yet");
        await desk.TellAndRunAsync(workspace, "ticket.opened");
        desk.OnDo = (_, _, _) => Task.CompletedTask;
        desk.Clock.Now += TimeSpan.FromSeconds(5);
        await desk.RunAsync();
        (await desk.RunsAsync(workspace)).ShouldBe(["greet finished"]);
        (await desk.NotesAsync(workspace)).ShouldBe(["note"]);
        (await desk.ErrorAsync(workspace)).ShouldBe("");
    }

    [Fact]
    public async Task An_automation_says_itself_how_often_it_is_tried()
    {
        var retry = JsonNode.Parse("""{"max": 1, "backoff": "fixed", "initial": "PT2M"}""");
        var workspace = await desk.WorkspaceAsync(("greet", FlowDesk.On("ticket.opened", Chart.Line("ticket.opened", Copy(Do)), ("retry", retry))));
        desk.OnDo = (_, _, _) => throw new InvalidOperationException("no");
        await desk.TellAndRunAsync(workspace, "ticket.opened");
        desk.Clock.Now += TimeSpan.FromSeconds(119);
        await desk.RunAsync();
        (await desk.RunsAsync(workspace)).ShouldBe(["greet suspended"]);
        desk.Clock.Now += TimeSpan.FromSeconds(1);
        await desk.RunAsync();
        (await desk.RunsAsync(workspace)).ShouldBe(["greet faulted"]);
    }

    [Fact]
    public async Task Poison_keeps_nobody_else()
    {
        var workspace = await desk.WorkspaceAsync(("greet", FlowDesk.On("ticket.opened", Chart.Line("ticket.opened", Copy(Do), Copy(Note)), ("retry", new JsonObject { ["max"] = 0 }))));
        desk.OnDo = (flow, _, _) => flow.Event!.Data["name"].AsText!.StartsWith("bad", StringComparison.Ordinal) ? throw new InvalidOperationException("bad") : Task.CompletedTask;
        for (var i = 0; i < 30; i++) await desk.TellAsync(workspace, "ticket.opened", $$"""{"name": "{{(i % 10 == 0 ? "bad" : "good")}}{{i}}"}""");
        await desk.PumpAsync();
        await desk.RunAsync();
        (await desk.NotesAsync(workspace)).Count.ShouldBe(27);
        (await desk.RunsAsync(workspace)).Count(r => r == "greet faulted").ShouldBe(3);
    }

    [Fact]
    public async Task A_run_that_takes_too_long_fails()
    {
        var workspace = await desk.WorkspaceAsync(("greet", FlowDesk.On("ticket.opened", Chart.Line("ticket.opened", Copy(Do)), ("timeout", "PT0.1S"), ("retry", new JsonObject { ["max"] = 0 }))));
        desk.OnDo = (_, _, ct) => Task.Delay(Timeout.Infinite, ct);
        await desk.TellAndRunAsync(workspace, "ticket.opened");
        (await desk.RunsAsync(workspace)).ShouldBe(["greet faulted"]);
        (await desk.ErrorAsync(workspace)).ShouldBe("Workflow1:chart:do: it took longer than 00:00:00.1000000");
    }

    [Fact]
    public async Task A_host_that_stops_leaves_its_run_to_others()
    {
        var workspace = await desk.WorkspaceAsync(("greet", FlowDesk.On("ticket.opened", Chart.Line("ticket.opened", Text("note"), Copy(Do)))));
        await desk.TellAsync(workspace, "ticket.opened");
        await desk.PumpAsync();
        await using var stopping = desk.Host(o => o.Lease = TimeSpan.FromMilliseconds(10));
        using var stop = new CancellationTokenSource();
        desk.OnDo = async (_, _, ct) =>
        {
            await stop.CancelAsync();
            ct.ThrowIfCancellationRequested();
        };
        await Should.ThrowAsync<OperationCanceledException>(() => stopping.GetRequiredService<FlowRunner>().RunOnceAsync(stop.Token));
        (await desk.RunsAsync(workspace)).ShouldBe(["greet pending"]);

        desk.OnDo = (_, _, _) => Task.CompletedTask;
        await UntilAsync(async () =>
        {
            await desk.RunAsync();
            return (await desk.RunsAsync(workspace)).Single() == "greet finished";
        });
        (await desk.NotesAsync(workspace)).ShouldBe(["note"]);
    }

    [Fact]
    public async Task The_workers_of_a_host_do_it_by_themselves()
    {
        var workspace = await desk.WorkspaceAsync(("greet", FlowDesk.On("ticket.opened", Chart.Line("ticket.opened", Copy(Note)))));
        await using var host = desk.Host();
        var workers = host.GetServices<Microsoft.Extensions.Hosting.IHostedService>().ToList();
        foreach (var worker in workers) await worker.StartAsync(default);
        await desk.TellAsync(workspace, "ticket.opened", """{"name": "Bob"}""");
        await UntilAsync(async () => (await desk.NotesAsync(workspace)).Count == 1);
        foreach (var worker in workers) await worker.StopAsync(default);
        (await desk.RunsAsync(workspace)).ShouldBe(["greet finished"]);
    }

    private static JsonObject Copy(JsonObject activity) => activity.DeepClone().AsObject();

    private static JsonObject Text(string text) => Chart.Activity("note", "Test.Note", ("text", Chart.Literal(text)));

    /// <summary>Hands an event to the flows once more, as after a crash of whoever did it first.</summary>
    private async Task DeliverAsync(Guid workspace, Guid told)
    {
        await using var scope = desk.Scope(workspace);
        var db = scope.ServiceProvider.GetRequiredService<DeskContext>();
        await using var transaction = await db.Database.BeginWorkspaceAsync(workspace);
        var found = await scope.ServiceProvider.GetRequiredService<EventFeed>().FindAsync(told, default);
        await scope.ServiceProvider.GetRequiredKeyedService<IEventConsumer>(FlowTriggers.Name).ConsumeAsync([found.ShouldNotBeNull()], db, default);
        await transaction.CommitAsync();
    }

    internal static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        for (var tries = 0; !await isSo(); tries++)
        {
            tries.ShouldBeLessThan(3000);
            await Task.Delay(10);
        }
    }
}
