using System.Text.Json.Nodes;
using Crm.Wfm.Flows.Running;
using Microsoft.Extensions.DependencyInjection;

namespace Crm.Wfm.Flows.Tests.Running;

/// <summary>What people do with runs.</summary>
public sealed class RunControlTests(FlowDesk desk) : IClassFixture<FlowDesk>
{
    private static readonly JsonObject Never = new() { ["max"] = 0 };

    [Fact]
    public async Task A_dead_letter_is_replayed_from_the_activity_it_failed_in()
    {
        var workspace = await FailingAsync();
        (await TellAsync(workspace, (c, run) => c.ReplayAsync(run, FlowDesk.Ann, default))).ShouldBe(new RunControlResult.Done("pending"));
        await desk.RunAsync();
        (await desk.RunsAsync(workspace)).ShouldBe(["greet finished"]);
        (await desk.NotesAsync(workspace)).ShouldBe(["after", "before"]);
        (await desk.JournalAsync(workspace)).ShouldBe(["event Done", "before Done", "do faulted", "do Done", "after Done"]);
        (await desk.EntriesAsync(workspace)).Single(e => e.Kind == JournalKind.Intervened).ShouldSatisfyAllConditions(e => e.Message.ShouldBe("replayed"), e => e.Inputs["actor"].AsText.ShouldBe(FlowDesk.Ann.Id.ToString()));
        (await desk.ErrorAsync(workspace)).ShouldBe("");
    }

    [Fact]
    public async Task A_replay_that_fails_is_a_dead_letter_again_and_may_be_replayed_again()
    {
        var workspace = await FailingAsync();
        desk.OnDo = (_, _, _) => throw new InvalidOperationException("still not");
        await TellAsync(workspace, (c, run) => c.ReplayAsync(run, FlowDesk.Ann, default));
        await desk.RunAsync();
        (await desk.RunsAsync(workspace)).ShouldBe(["greet faulted"]);
        (await desk.ErrorAsync(workspace)).ShouldEndWith("still not");
        desk.OnDo = (_, _, _) => Task.CompletedTask;
        await TellAsync(workspace, (c, run) => c.ReplayAsync(run, FlowDesk.Ann, default));
        await desk.RunAsync();
        (await desk.RunsAsync(workspace)).ShouldBe(["greet finished"]);
    }

    [Fact]
    public async Task A_dead_letter_that_is_discarded_cannot_be_replayed_and_keeps_its_journal()
    {
        var workspace = await FailingAsync();
        (await TellAsync(workspace, (c, run) => c.DiscardAsync(run, FlowDesk.Ann, default))).ShouldBe(new RunControlResult.Done("discarded"));
        (await TellAsync(workspace, (c, run) => c.ReplayAsync(run, FlowDesk.Ann, default))).ShouldBeOfType<RunControlResult.Refused>();
        (await TellAsync(workspace, (c, run) => c.RerunAsync(run, "do", FlowDesk.Ann, default))).ShouldBeOfType<RunControlResult.Refused>();
        await desk.RunAsync();
        (await desk.RunsAsync(workspace)).ShouldBe(["greet discarded"]);
        (await desk.JournalAsync(workspace)).ShouldContain("do faulted");
    }

    [Fact]
    public async Task Another_workspaces_run_cannot_be_told_anything()
    {
        var (mine, theirs) = (await desk.WorkspaceAsync(), await FailingAsync());
        var run = await RunAsync(theirs);
        await using var scope = desk.Scope(mine);
        var control = scope.ServiceProvider.GetRequiredService<RunControl>();
        (await control.ReplayAsync(run, FlowDesk.Ann, default)).ShouldBeOfType<RunControlResult.NotFound>();
        (await control.DiscardAsync(run, FlowDesk.Ann, default)).ShouldBeOfType<RunControlResult.NotFound>();
        (await control.CancelAsync(run, FlowDesk.Ann, default)).ShouldBeOfType<RunControlResult.NotFound>();
        (await control.ResumeAsync(run, null, FlowDesk.Ann, default)).ShouldBeOfType<RunControlResult.NotFound>();
        (await control.RerunAsync(run, "do", FlowDesk.Ann, default)).ShouldBeOfType<RunControlResult.NotFound>();
        (await desk.RunsAsync(theirs)).ShouldBe(["greet faulted"]);
    }

    [Fact]
    public async Task A_run_that_is_cancelled_waits_for_nothing_any_more_and_goes_on_where_it_was_when_it_is_resumed()
    {
        var workspace = await AwaitingAsync();
        await desk.TellAndRunAsync(workspace, "ticket.opened");
        (await TellAsync(workspace, (c, run) => c.CancelAsync(run, FlowDesk.Ann, default))).ShouldBe(new RunControlResult.Done("cancelled"));
        (await TellAsync(workspace, (c, run) => c.CancelAsync(run, FlowDesk.Ann, default))).ShouldBeOfType<RunControlResult.Refused>();
        desk.Clock.Now += TimeSpan.FromDays(2);
        await desk.RunAsync();
        (await desk.RunsAsync(workspace)).ShouldBe(["greet cancelled"]);
        (await desk.NotesAsync(workspace)).ShouldBe(["before"]);

        desk.Clock.Now -= TimeSpan.FromDays(2);
        await TellAsync(workspace, (c, run) => c.ResumeAsync(run, null, FlowDesk.Ann, default));
        await desk.RunAsync();
        (await desk.RunsAsync(workspace)).ShouldBe(["greet suspended"]);
        desk.Clock.Now += TimeSpan.FromDays(1);
        await desk.RunAsync();
        (await desk.RunsAsync(workspace)).ShouldBe(["greet finished"]);
        (await desk.NotesAsync(workspace)).ShouldBe(["after", "before"]);
    }

    [Fact]
    public async Task A_run_that_waits_goes_on_at_once_when_it_is_resumed()
    {
        var workspace = await AwaitingAsync();
        await desk.TellAndRunAsync(workspace, "ticket.opened");
        (await TellAsync(workspace, (c, run) => c.ResumeAsync(run, "nowhere", FlowDesk.Ann, default))).ShouldBeOfType<RunControlResult.Refused>();
        (await TellAsync(workspace, (c, run) => c.ResumeAsync(run, "sleep", FlowDesk.Ann, default))).ShouldBe(new RunControlResult.Done("suspended"));
        await desk.RunAsync();
        (await desk.RunsAsync(workspace)).ShouldBe(["greet finished"]);
        (await TellAsync(workspace, (c, run) => c.ResumeAsync(run, null, FlowDesk.Ann, default))).ShouldBeOfType<RunControlResult.Refused>();
    }

    [Fact]
    public async Task A_run_that_is_cancelled_while_its_burst_is_under_way_is_cancelled_after_it()
    {
        var workspace = await FlowAsync(Chart.Activity("do", "Test.Do"), Chart.Activity("sleep", "Elsa.Delay", ("timeSpan", Chart.Literal("1.00:00:00"))));
        var cancelling = Task.FromResult<RunControlResult>(new RunControlResult.NotFound());
        desk.OnDo = async (flow, _, _) =>
        {
            cancelling = Task.Run(() => TellAsync(workspace, (c, run) => c.CancelAsync(run, FlowDesk.Ann, default)));
            await FlowRunnerTests.UntilAsync(async () => await desk.AskAsync<long>("select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'") > 0);
        };
        await desk.TellAndRunAsync(workspace, "ticket.opened");
        (await cancelling).ShouldBe(new RunControlResult.Done("cancelled"));
        await desk.RunAsync();
        (await desk.RunsAsync(workspace)).ShouldBe(["greet cancelled"]);
    }

    [Theory]
    [InlineData("before", "after,after,before,before")]
    [InlineData("sleep", "after,after,before")]
    [InlineData("Workflow1:chart:after", "after,after,before")]
    public async Task A_run_that_has_finished_is_run_again_from_an_activity_with_its_variables(string from, string notes)
    {
        var workspace = await AwaitingAsync();
        await desk.TellAndRunAsync(workspace, "ticket.opened");
        desk.Clock.Now += TimeSpan.FromDays(1);
        await desk.RunAsync();
        (await TellAsync(workspace, (c, run) => c.RerunAsync(run, from, FlowDesk.Ann, default))).ShouldBe(new RunControlResult.Done("pending"));
        await desk.RunAsync();
        desk.Clock.Now += TimeSpan.FromDays(1);
        await desk.RunAsync();
        (await desk.RunsAsync(workspace)).ShouldBe(["greet finished"]);
        (await desk.NotesAsync(workspace)).ShouldBe(notes.Split(','));
    }

    [Fact]
    public async Task What_runs_again_sees_variables_and_outputs_as_they_were()
    {
        var flow = Chart.Line("ticket.opened", Chart.Activity("set", "Elsa.SetVariable", ("variable", JsonNode.Parse("""{"id": "v", "name": "Greeting"}""")), ("value", Chart.Literal("hello"))),
            Chart.Activity("note", "Test.Note", ("text", Chart.Template("{{variables.Greeting}}"))), Chart.Activity("last", "Test.Note", ("text", Chart.Template("{{variables.Greeting}} {{outputs.note.noteId}}"))));
        flow["variables"] = JsonNode.Parse("""[{"id": "v", "name": "Greeting", "typeName": "String", "value": "none"}]""");
        var workspace = await desk.WorkspaceAsync(("greet", FlowDesk.On("ticket.opened", flow)));
        await desk.TellAndRunAsync(workspace, "ticket.opened");
        await TellAsync(workspace, (c, run) => c.RerunAsync(run, "last", FlowDesk.Ann, default));
        await desk.RunAsync();
        var id = await desk.AskAsync<Guid>("select id from wfm.record where workspace_id = $1 and name = 'hello'", workspace);
        (await desk.NotesAsync(workspace)).ShouldBe(["hello", $"hello {id}", $"hello {id}"]);
    }

    [Fact]
    public async Task A_join_after_the_activity_it_is_run_again_from_waits_for_its_branch_alone()
    {
        var flow = Chart.Flow(
            [Chart.Event("event", "ticket.opened"), Note("left"), Note("right"), Note("join"), Note("last")], "event>left", "event>right", "left>join", "right>join", "join>last");
        var workspace = await desk.WorkspaceAsync(("greet", FlowDesk.On("ticket.opened", flow)));
        await desk.TellAndRunAsync(workspace, "ticket.opened");
        await TellAsync(workspace, (c, run) => c.RerunAsync(run, "right", FlowDesk.Ann, default));
        await desk.RunAsync();
        (await desk.NotesAsync(workspace)).ShouldBe(["join", "join", "last", "last", "left", "right", "right"]);
    }

    [Fact]
    public async Task Where_a_flow_cannot_be_run_again_from_is_said()
    {
        var loop = Chart.Activity("loop", "Elsa.For", ("start", Chart.Literal(1)), ("end", Chart.Literal(2)), ("body", Note("inner")));
        var workspace = await FlowAsync(loop);
        await desk.TellAndRunAsync(workspace, "ticket.opened");
        (await RefusedAsync("inner")).ShouldContain("run the flow again from 'loop'");
        (await RefusedAsync("lop")).ShouldContain("loop");
        (await TellAsync(workspace, (c, run) => c.RerunAsync(run, "loop", FlowDesk.Ann, default))).ShouldBe(new RunControlResult.Done("pending"));
        await desk.RunAsync();
        (await desk.NotesAsync(workspace)).ShouldBe(["inner", "inner", "inner", "inner"]);

        async Task<string> RefusedAsync(string activity) => (await TellAsync(workspace, (c, run) => c.RerunAsync(run, activity, FlowDesk.Ann, default))).ShouldBeOfType<RunControlResult.Refused>().Why;
    }

    private static JsonObject Note(string text) => Chart.Activity(text, "Test.Note", ("text", Chart.Literal(text)));

    private Task<Guid> FlowAsync(params JsonObject[] activities) => desk.WorkspaceAsync(("greet", FlowDesk.On("ticket.opened", Chart.Line("ticket.opened", activities), ("retry", Never.DeepClone()))));

    private Task<Guid> AwaitingAsync() => FlowAsync(Note("before"), Chart.Activity("sleep", "Elsa.Delay", ("timeSpan", Chart.Literal("1.00:00:00"))), Note("after"));

    /// <summary>A run that failed in the middle, whose activity would not fail any more.</summary>
    private async Task<Guid> FailingAsync()
    {
        var workspace = await FlowAsync(Note("before"), Chart.Activity("do", "Test.Do"), Note("after"));
        desk.OnDo = (_, _, _) => throw new InvalidOperationException("not yet");
        await desk.TellAndRunAsync(workspace, "ticket.opened");
        (await desk.RunsAsync(workspace)).ShouldBe(["greet faulted"]);
        desk.OnDo = (_, _, _) => Task.CompletedTask;
        return workspace;
    }

    private Task<Guid> RunAsync(Guid workspace) => desk.AskAsync<Guid>("select id from wfm_flows.run where workspace_id = $1", workspace);

    private async Task<RunControlResult> TellAsync(Guid workspace, Func<RunControl, Guid, Task<RunControlResult>> tell)
    {
        await using var scope = desk.Scope(workspace);
        return await tell(scope.ServiceProvider.GetRequiredService<RunControl>(), await RunAsync(workspace));
    }
}
