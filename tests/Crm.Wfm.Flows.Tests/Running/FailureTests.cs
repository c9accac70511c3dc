using System.Text.Json.Nodes;
using Crm.Wfm.Flows.Persistence;
using Crm.Wfm.Flows.Running;
using Crm.Wfm.Rules;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

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
        // No activity keeps much, but many wait.
        var sleepers = Enumerable.Range(0, 50).Select(i => Chart.Activity($"sleep{i}", "Elsa.Delay", ("timeSpan", Chart.Literal("01:00:00")))).ToArray();
        var flow = Chart.Flow([Chart.Event("event", "ticket.opened"), Chart.Activity("note", "Test.Note", ("text", Chart.Literal("note"))), .. sleepers], ["event>note", .. sleepers.Select(s => $"note>{s["id"]}")]);
        var workspace = await desk.WorkspaceAsync(("greet", FlowDesk.On("ticket.opened", flow, ("retry", Never.DeepClone()))));
        await desk.TellAsync(workspace, "ticket.opened");
        await desk.PumpAsync();
        await using var host = desk.Host(o => o.MaxState = 2000);
        await host.GetRequiredService<FlowRunner>().RunOnceAsync(default);
        (await desk.RunsAsync(workspace)).ShouldBe(["greet faulted"]);
        (await desk.ErrorAsync(workspace)).ShouldContain("more than 2000");
        (await desk.NotesAsync(workspace)).ShouldBeEmpty();

        // On a host that has more room it is replayed from where it was: its beginning.
        await ReplayAsync(workspace);
        (await desk.RunsAsync(workspace)).ShouldBe(["greet suspended"]);
        (await desk.NotesAsync(workspace)).ShouldBe(["note"]);
    }

    public static TheoryData<string, Func<object?>, string> Unkeepable()
    {
        var endless = new Dictionary<string, object?>();
        endless["itself"] = endless;
        var deep = Value.Null;
        for (var i = 0; i < 5000; i++) deep = Value.From([deep]);
        return new()
        {
            { "100 MB of text", () => new string('x', 100_000_000), "it gives out more than 64000000 bytes" },
            { "100 MB of objects", () => Enumerable.Range(0, 5_000_000).Select(i => new { Number = i }), "it gives out more than 64000000 bytes" },
            { "100 MB as a value", () => Value.From(new string('x', 100_000_000)), "more than 4000000 characters" },
            { "10 MB of text", () => new string('x', 10_000_000), "more than 4000000 characters" },
            { "a sequence without an end", () => Enumerable.Repeat(0, int.MaxValue).Concat(Enumerable.Repeat(0, int.MaxValue)), "it gives out more than 64000000 bytes" },
            { "what contains itself", () => endless, "it gives out a Dictionary`2 that cannot be written as JSON" },
            { "a function", () => new Action(() => { }), "it gives out a Action that cannot be written as JSON" },
            { "a pointer", () => new { At = IntPtr.Zero }, "cannot be written as JSON" },
            { "what is no number", () => double.NaN, "it gives out a Double that cannot be written as JSON" },
            { "what throws when it is read", () => Enumerable.Range(0, 2).Select(i => 1 / i), "DivideByZeroException" },
            { "what is too deep", () => deep, "values lie at most 220 deep in each other" },
        };
    }

    [Theory]
    [MemberData(nameof(Unkeepable))]
    public async Task What_an_activity_gives_out_that_cannot_be_kept_is_its_failure_and_other_runs_go_on(string what, Func<object?> given, string message)
    {
        var give = Chart.Flow([Chart.Event("event", "ticket.opened"), Chart.Decision("isBad", Chart.Logic("""{"var": "event.data.bad"}""")), Chart.Activity("give", "Test.Give"), Chart.Activity("sleep", "Elsa.Delay", ("timeSpan", Chart.Literal("01:00:00")))],
            "event>isBad", "isBad:True>give", "isBad:False>sleep", "give>sleep");
        var workspace = await desk.WorkspaceAsync(("greet", FlowDesk.On("ticket.opened", give, ("retry", Never.DeepClone()))));
        desk.ToGive = given;
        foreach (var bad in new[] { "false", "true", "false" }) await desk.TellAsync(workspace, "ticket.opened", $$"""{"bad": {{bad}}}""");
        await desk.PumpAsync();
        await desk.RunAsync();
        (await desk.RunsAsync(workspace)).ShouldBe(["greet suspended", "greet faulted", "greet suspended"], what);
        var (activity, error) = (await desk.AskAsync<string>("select error_activity from wfm_flows.run where workspace_id = $1 and status = 'faulted'", workspace),
            await desk.AskAsync<string>("select error from wfm_flows.run where workspace_id = $1 and status = 'faulted'", workspace));
        activity.ShouldBe("Workflow1:chart:give");
        error.ShouldContain(message);
    }

    [Fact]
    public async Task What_an_activity_keeps_beyond_what_a_run_may_is_its_failure_and_it_is_tried_again_where_there_is_room()
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
        (await desk.ErrorAsync(workspace)).ShouldBe("Workflow1:chart:do: what the run keeps would come to more than 5000 characters");
        (await desk.NotesAsync(workspace)).ShouldBe(["note"]);
        await ReplayAsync(workspace);
        (await desk.RunsAsync(workspace)).ShouldBe(["greet suspended"]);
        (await desk.NotesAsync(workspace)).ShouldBe(["note"]);
    }

    [Fact]
    public async Task A_loop_over_a_large_value_takes_neither_the_memory_nor_the_disk_again_each_time()
    {
        var set = Chart.Activity("set", "Elsa.SetVariable", ("variable", JsonNode.Parse("""{"id": "v", "name": "Text"}""")), ("value", Chart.Input("JavaScript", "'x'.repeat(1000000)")));
        var loop = Chart.Activity("loop", "Elsa.For", ("start", Chart.Literal(1)), ("end", Chart.Literal(100)), ("step", Chart.Literal(1)), ("body", Sequence(set, Chart.WriteLine("line", Chart.Input("Variable", JsonNode.Parse("""{"id": "v", "name": "Text"}"""))))));
        var flow = Chart.Line("ticket.opened", loop);
        flow["variables"] = JsonNode.Parse("""[{"id": "v", "name": "Text", "typeName": "String"}]""");
        var workspace = await desk.WorkspaceAsync(("greet", FlowDesk.On("ticket.opened", flow)));
        await desk.TellAndRunAsync(workspace, "ticket.opened");
        (await desk.ErrorAsync(workspace)).ShouldBe("");
        (await desk.RunsAsync(workspace)).ShouldBe(["greet finished"]);
        var lines = (await desk.EntriesAsync(workspace)).Where(e => e.Name == "line").ToList();
        lines.Count.ShouldBe(100);
        lines[0].Inputs["text"].AsText.ShouldBe(new string('x', 19_992) + "… (1000000 characters)");
        (await desk.AskAsync<long>($"select sum(length(entries)) from {RunStore.Bursts} b where workspace_id = $1", workspace)).ShouldBeLessThan(4_000_000);
    }

    [Fact]
    public async Task A_cycle_without_a_way_out_is_ended_by_name_and_other_runs_go_on()
    {
        var flow = Chart.Flow([Chart.Event("event", "ticket.opened"), Chart.Decision("isBad", Chart.Logic("""{"var": "event.data.bad"}""")), Chart.WriteLine("round"), Chart.WriteLine("and"), Chart.WriteLine("out")],
            "event>isBad", "isBad:True>round", "round>and", "and>round", "isBad:False>out");
        var workspace = await desk.WorkspaceAsync(("greet", FlowDesk.On("ticket.opened", flow)));
        foreach (var bad in new[] { "false", "true", "false" }) await desk.TellAsync(workspace, "ticket.opened", $$"""{"bad": {{bad}}}""");
        await desk.PumpAsync();
        await desk.RunAsync();
        (await desk.RunsAsync(workspace)).ShouldBe(["greet finished", "greet faulted", "greet finished"]);
        (await desk.AskAsync<string>("select error_activity || ': ' || error from wfm_flows.run where workspace_id = $1 and status = 'faulted'", workspace))
            .ShouldBeOneOf(new[] { "round", "and" }.Select(a => $"Workflow1:chart:{a}: The run was ended after 10000 activities: does a loop have no way out?").ToArray());
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

    private async Task ReplayAsync(Guid workspace)
    {
        var run = await desk.AskAsync<Guid>("select id from wfm_flows.run where workspace_id = $1", workspace);
        await using (var scope = desk.Scope(workspace)) await scope.ServiceProvider.GetRequiredService<RunControl>().ReplayAsync(run, FlowDesk.Ann, default);
        await desk.RunAsync();
    }

    private static JsonObject Sequence(params JsonObject[] activities)
    {
        var sequence = Chart.Activity("sequence", "Elsa.Sequence");
        sequence["activities"] = new JsonArray([.. activities]);
        return sequence;
    }

    private Task<Guid> FlowAsync(params JsonObject[] activities) => desk.WorkspaceAsync(("greet", FlowDesk.On("ticket.opened", Chart.Line("ticket.opened", activities), ("retry", Never.DeepClone()))));
}
