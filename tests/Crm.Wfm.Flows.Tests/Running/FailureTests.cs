using System.Text.Json.Nodes;
using Crm.Wfm.Flows.Running;
using Crm.Wfm.Rules;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Microsoft.EntityFrameworkCore;

namespace Crm.Wfm.Flows.Tests.Running;

/// <summary>Failures of all kinds: whose they are, and what is left of them.</summary>
public sealed class FailureTests(FlowDesk desk) : IClassFixture<FlowDesk>
{
    private static readonly JsonObject Never = new() { ["max"] = 0 };

    [Fact]
    public async Task Of_runs_that_share_a_transaction_the_one_that_cannot_be_written_fails_and_counts_for_no_other()
    {
        var line = Chart.WriteLine("line", Chart.Template("{{event.data.text}}"));
        var set = Chart.Activity("set", "Elsa.SetVariable", ("variable", JsonNode.Parse("""{"id": "v", "name": "Text"}""")), ("value", Chart.Template("{{event.data.text}}")));
        var flow = Chart.Line("ticket.opened", set, line, Chart.Activity("sleep", "Elsa.Delay", ("timeSpan", Chart.Literal("01:00:00"))));
        flow["variables"] = JsonNode.Parse("""[{"id": "v", "name": "Text", "typeName": "String"}]""");
        var workspace = await desk.WorkspaceAsync(("greet", FlowDesk.On("ticket.opened", flow)));
        for (var i = 0; i < 10; i++) await desk.TellAsync(workspace, "ticket.opened", $$"""{"text": "{{(i == 5 ? new string('x', 5000) : "short")}}"}""");
        await desk.PumpAsync();
        await using var host = desk.Host(o => o.MaxState = 4000);
        while (await host.GetRequiredService<FlowRunner>().RunOnceAsync(default) > 0)
        {
        }

        (await desk.RunsAsync(workspace)).Count(r => r == "greet suspended").ShouldBe(9);
        (await desk.AskAsync<string>("select error from wfm_flows.run where workspace_id = $1 and status = 'faulted'", workspace)).ShouldContain("more than 4000");
        (await desk.AskAsync<long>("select count(*) from wfm_flows.run where workspace_id = $1 and status = 'suspended' and (attempts, crashes, error is null) = (0, 0, true)", workspace)).ShouldBe(9);
    }

    [Fact]
    public async Task What_a_run_did_whose_state_is_too_large_is_undone()
    {
        var workspace = await FlowAsync(Chart.Activity("note", "Test.Note", ("text", Chart.Literal("note"))), Chart.Activity("do", "Test.Do"), Chart.Activity("sleep", "Elsa.Delay", ("timeSpan", Chart.Literal("01:00:00"))));
        desk.OnDo = (flow, _, _) =>
        {
            flow.SetOutput("large", Value.From(new string('x', 5000)));
            return Task.CompletedTask;
        };
        await desk.TellAsync(workspace, "ticket.opened");
        await desk.PumpAsync();
        await using var host = desk.Host(o => o.MaxState = 5000);
        await host.GetRequiredService<FlowRunner>().RunOnceAsync(default);
        (await desk.RunsAsync(workspace)).ShouldBe(["greet faulted"]);
        (await desk.NotesAsync(workspace)).ShouldBeEmpty();

        // On a host that has more room it is replayed from where it was: its beginning.
        var run = await desk.AskAsync<Guid>("select id from wfm_flows.run where workspace_id = $1", workspace);
        await using (var scope = desk.Scope(workspace)) await scope.ServiceProvider.GetRequiredService<RunControl>().ReplayAsync(run, FlowDesk.Ann, default);
        await desk.RunAsync();
        (await desk.RunsAsync(workspace)).ShouldBe(["greet suspended"]);
        (await desk.NotesAsync(workspace)).ShouldBe(["note"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_activity_that_does_not_stop_when_it_is_told_to_keeps_nobody(bool inTheDatabase)
    {
        var workspace = await FlowAsync(Chart.Activity("note", "Test.Note", ("text", Chart.Literal("note"))), Chart.Activity("do", "Test.Do"));
        var (hangs, never) = (true, new TaskCompletionSource());
        desk.OnDo = (_, db, _) => !hangs ? Task.CompletedTask : inTheDatabase ? db.Database.ExecuteSqlRawAsync("select pg_sleep(60)", CancellationToken.None) : never.Task;
        await desk.TellAsync(workspace, "ticket.opened");
        await desk.PumpAsync();
        await using var host = desk.Host(o => (o.Timeout, o.Crashes) = (TimeSpan.FromSeconds(1), 1));
        await host.GetRequiredService<FlowRunner>().RunOnceAsync(default);
        (await desk.ErrorAsync(workspace)).ShouldBe("it took longer than 00:00:01, and did not stop when it was told to");
        (await desk.RunsAsync(workspace)).ShouldBe(["greet pending"]);
        (await desk.NotesAsync(workspace)).ShouldBeEmpty();
        hangs = false;
        desk.Clock.Now += TimeSpan.FromSeconds(5);
        await desk.RunAsync();
        (await desk.RunsAsync(workspace)).ShouldBe(["greet finished"]);
        (await desk.NotesAsync(workspace)).ShouldBe(["note"]);
        never.SetResult();
    }

    [Fact]
    public async Task What_was_given_up_tells_who_waits_for_it_and_is_found_in_the_journal()
    {
        var workspace = await FlowAsync(Chart.Activity("do", "Test.Do"));
        desk.OnDo = async (_, db, _) => await desk.AskAsync<bool>("select pg_terminate_backend($1, 5000)", ((NpgsqlConnection)db.Database.GetDbConnection()).ProcessID);
        await desk.TellAsync(workspace, "ticket.opened");
        await desk.PumpAsync();
        await using var host = desk.Host(o => o.Crashes = 2);
        foreach (var seconds in new[] { 0, 5, 10 })
        {
            desk.Clock.Now += TimeSpan.FromSeconds(seconds);
            await host.GetRequiredService<FlowRunner>().RunOnceAsync(default);
        }

        (await desk.RunsAsync(workspace)).ShouldBe(["greet faulted"]);
        (await desk.EntriesAsync(workspace)).ShouldHaveSingleItem().Kind.ShouldBe(JournalKind.Faulted);
    }

    [Fact]
    public async Task Where_a_flow_continues_after_an_incident_the_other_branches_go_on_first()
    {
        var flow = Chart.Flow(
            [Chart.Event("event", "ticket.opened"), Chart.Activity("do", "Test.Do"), Chart.Activity("sleep", "Elsa.Delay", ("timeSpan", Chart.Literal("01:00:00"))), Chart.Activity("note", "Test.Note", ("text", Chart.Literal("note")))],
            "event>do", "event>sleep", "sleep>note");
        var workspace = await desk.WorkspaceAsync(("greet", FlowDesk.On("ticket.opened", flow, ("retry", Never.DeepClone()), ("incidents", "continue"))));
        desk.OnDo = (_, _, _) => throw new InvalidOperationException("bad");
        await desk.TellAndRunAsync(workspace, "ticket.opened");
        (await desk.RunsAsync(workspace)).ShouldBe(["greet suspended"]);
        desk.Clock.Now += TimeSpan.FromHours(1);
        await desk.RunAsync();
        (await desk.RunsAsync(workspace)).ShouldBe(["greet faulted"]);
        (await desk.NotesAsync(workspace)).ShouldBe(["note"]);
        (await desk.ErrorAsync(workspace)).ShouldStartWith("Workflow1:chart:do");
    }

    [Fact]
    public async Task The_way_drawn_for_a_failure_makes_good_what_was_done_before()
    {
        var flow = Chart.Flow(
            [Chart.Event("event", "ticket.opened"), Chart.Activity("do", "Test.Do"), Chart.Activity("undo", "Test.Note", ("text", Chart.Template("{{outputs.do.message}}")))], "event>do", "do:Failed>undo");
        var workspace = await desk.WorkspaceAsync(("greet", FlowDesk.On("ticket.opened", flow, ("retry", Never.DeepClone()))));
        desk.OnDo = (_, _, _) => throw new Crm.Wfm.Flows.Activities.FlowException("bad");
        await desk.TellAndRunAsync(workspace, "ticket.opened");
        (await desk.RunsAsync(workspace)).ShouldBe(["greet finished"]);
        (await desk.JournalAsync(workspace)).ShouldContain("undo Done");
        (await desk.NotesAsync(workspace)).ShouldBe(["bad"]);
    }

    [Theory]
    [InlineData(0xd800)]
    [InlineData(0xdc00)]
    [InlineData(0)]
    public async Task Whatever_text_an_activity_gives_out_can_be_kept(int character)
    {
        var text = $"with {(char)character} in it";
        var workspace = await FlowAsync(Chart.Activity("do", "Test.Do"), Chart.Activity("sleep", "Elsa.Delay", ("timeSpan", Chart.Literal("01:00:00"))));
        desk.OnDo = (flow, _, _) =>
        {
            flow.SetOutput("text", Value.From(text));
            (flow.CorrelationId, flow.RunName) = (text, text);
            return Task.CompletedTask;
        };
        await desk.TellAndRunAsync(workspace, "ticket.opened");
        (await desk.RunsAsync(workspace)).ShouldBe(["greet suspended"]);
        desk.Clock.Now += TimeSpan.FromHours(1);
        await desk.RunAsync();
        (await desk.RunsAsync(workspace)).ShouldBe(["greet finished"]);
    }

    [Fact]
    public async Task A_signals_name_that_is_none_is_the_activitys_fault()
    {
        var workspace = await FlowAsync(Chart.Activity("await", "Test.Await", ("signal", Chart.Literal(new string('x', 401)))));
        await desk.TellAndRunAsync(workspace, "ticket.opened");
        (await desk.ErrorAsync(workspace)).ShouldBe("Workflow1:chart:await: a signal's name has 1 to 400 characters, and no NUL: 401 were given");
    }

    [Fact]
    public void Waits_before_a_retry_are_spread()
    {
        var policy = RetryPolicy.Read(Value.Parse("""{"max": 100, "initial": "PT10S", "backoff": "fixed", "jitter": 0.5}""")).ShouldNotBeNull();
        var waits = Enumerable.Range(1, 100).Select(i => policy.WaitAfter(i)!.Value.TotalSeconds).ToList();
        waits.ShouldAllBe(w => w >= 5 && w <= 15);
        waits.Distinct().Count().ShouldBeGreaterThan(50);
        RetryPolicy.Read(Value.Parse("""{"max": 9, "initial": "PT10S", "longest": "PT35S"}"""))!.WaitAfter(5).ShouldBe(TimeSpan.FromSeconds(35));
    }

    private Task<Guid> FlowAsync(params JsonObject[] activities) => desk.WorkspaceAsync(("greet", FlowDesk.On("ticket.opened", Chart.Line("ticket.opened", activities), ("retry", Never.DeepClone()))));
}
