using System.Text.Json.Nodes;
using Crm.Wfm.Flows.Definitions;
using Crm.Wfm.Flows.Persistence;
using Crm.Wfm.Flows.Running;
using Crm.Wfm.Flows.Tests.Definitions;
using Crm.Wfm.Rules;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Crm.Wfm.Flows.Tests.Running;

/// <summary>What starts runs besides events: times, calendars, somebody's hand; and what keeps them from starting.</summary>
public sealed class StartTests(FlowDesk desk) : IClassFixture<FlowDesk>
{
    private const string Singleton = "Elsa.Workflows.ActivationValidators.SingletonStrategy, Elsa.Workflows.Core";

    [Fact]
    public async Task A_timer_starts_a_run_each_time_and_one_for_all_it_missed()
    {
        var workspace = await desk.WorkspaceAsync();
        await PublishAsync(workspace, Timer("PT10M"));
        var began = desk.Clock.Now;
        (await TickAsync()).ShouldBe(0);
        desk.Clock.Now = began + TimeSpan.FromMinutes(10);
        (await TickAsync()).ShouldBe(1);
        (await TickAsync()).ShouldBe(0);
        (await desk.RunsAsync(workspace)).Count.ShouldBe(1);

        desk.Clock.Now = began + TimeSpan.FromMinutes(45);
        (await TickAsync()).ShouldBe(1);
        (await desk.RunsAsync(workspace)).Count.ShouldBe(2);
        desk.Clock.Now = began + TimeSpan.FromMinutes(50) - TimeSpan.FromSeconds(1);
        (await TickAsync()).ShouldBe(0);
        desk.Clock.Now = began + TimeSpan.FromMinutes(50);
        (await TickAsync()).ShouldBe(1);
        await desk.RunAsync();
        (await desk.RunsAsync(workspace)).ShouldBe(Enumerable.Repeat("flow finished", 3));

        await InAsync<FlowDefinitions, DefinitionResult>(workspace, d => d.RetractAsync("flow", FlowDesk.Ann, default));
        desk.Clock.Now += TimeSpan.FromHours(1);
        (await TickAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task A_time_starts_one_run_when_it_comes()
    {
        var workspace = await desk.WorkspaceAsync();
        var at = desk.Clock.Now + TimeSpan.FromDays(1);
        await PublishAsync(workspace, Chart.Flow([FlowDefinitionsTests.Trigger("t", "Elsa.StartAt", ("dateTime", Chart.Literal(at)))]));
        (await TickAsync()).ShouldBe(0);
        desk.Clock.Now = at + TimeSpan.FromMinutes(5);
        (await TickAsync()).ShouldBe(1);
        desk.Clock.Now += TimeSpan.FromDays(400);
        (await TickAsync()).ShouldBe(0);
        await desk.RunAsync();
        (await desk.RunsAsync(workspace)).ShouldBe(["flow finished"]);
    }

    [Fact]
    public async Task Hosts_that_race_start_each_time_once()
    {
        var workspace = await desk.WorkspaceAsync();
        await PublishAsync(workspace, Timer("PT1M"));
        var hosts = Enumerable.Range(0, 3).Select(_ => desk.Host(o => o.Lease = TimeSpan.FromMilliseconds(10))).ToList();
        for (var minute = 0; minute < 10; minute++)
        {
            desk.Clock.Now += TimeSpan.FromMinutes(1);
            await Task.WhenAll(hosts.Concat(hosts).Select(host => Task.Run(() => host.GetRequiredService<TimedStarts>().RunOnceAsync(default))));
        }

        await FlowRunnerTests.UntilAsync(async () => await TickAsync() == 0);
        (await desk.RunsAsync(workspace)).Count.ShouldBe(10);
        foreach (var host in hosts) await host.DisposeAsync();
        await InAsync<FlowDefinitions, DefinitionResult>(workspace, d => d.RetractAsync("flow", FlowDesk.Ann, default));
    }

    [Fact]
    public async Task Two_hosts_fire_each_time_of_a_calendar_once_and_no_longer_when_it_is_retracted()
    {
        var workspace = await desk.WorkspaceAsync();
        await PublishAsync(workspace, Chart.Flow([FlowDefinitionsTests.Trigger("t", "Elsa.Cron", ("cronExpression", Chart.Literal("* * * * * *")))]));
        var hosts = Enumerable.Range(0, 2).Select(_ => desk.Host(o => o.CronInterval = TimeSpan.FromMilliseconds(200), time: TimeProvider.System, more: wfm => wfm.AddFlowCron())).ToList();
        var crons = hosts.Select(h => h.GetServices<IHostedService>().OfType<CronStarts>().Single()).ToList();
        foreach (var cron in crons) await cron.StartAsync(default);
        await FlowRunnerTests.UntilAsync(async () => await CountAsync() >= 4);
        await InAsync<FlowDefinitions, DefinitionResult>(workspace, d => d.RetractAsync("flow", FlowDesk.Ann, default));
        var retracted = await CountAsync();
        await FlowRunnerTests.UntilAsync(async () => await desk.AskAsync<long>("select count(*) from wfm_quartz.qrtz_job_details") == 0);
        (await CountAsync()).ShouldBe(retracted);
        foreach (var cron in crons) await cron.StopAsync(default);
        foreach (var host in hosts) await host.DisposeAsync();

        // Each run is that of another second, one after the other.
        var seconds = await desk.AskAsync<string[]>("select array_agg(split_part(idempotency_key, ' ', 4) order by idempotency_key) from wfm_flows.run where workspace_id = $1", workspace);
        seconds.Distinct().Count().ShouldBe(seconds.Length);
        seconds.ShouldAllBe(s => s.EndsWith(".0000000+00:00", StringComparison.Ordinal));

        Task<long> CountAsync() => desk.AskAsync<long>("select count(*) from wfm_flows.run where workspace_id = $1", workspace);
    }

    [Fact]
    public async Task A_run_started_by_hand_has_its_inputs_and_a_key_starts_it_once()
    {
        var workspace = await desk.WorkspaceAsync();
        var flow = Chart.Flow([Chart.Activity("note", "Test.Note", ("text", Chart.Template("{{input.who}} {{input.times}}")))]);
        flow["inputs"] = new JsonArray(new JsonObject { ["name"] = "who", ["type"] = "String" }, new JsonObject { ["name"] = "times", ["type"] = "Int32", ["defaultValue"] = "2" });
        await PublishAsync(workspace, flow);
        var start = new NewStart("flow") { Input = Value.Parse("""{"who": "Bob"}"""), IdempotencyKey = "once", CorrelationId = "deal-7" };
        var started = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => StartAsync(workspace, start))));
        started.Cast<StartResult.Started>().Count(s => s.IsNew).ShouldBe(1);
        started.Cast<StartResult.Started>().Select(s => s.Run).Distinct().ShouldHaveSingleItem();
        await desk.RunAsync();
        (await desk.NotesAsync(workspace)).ShouldBe(["Bob 2"]);

        (await StartAsync(workspace, new("flow") { Input = Value.Parse("""{"times": "many"}""") })).ShouldBeOfType<StartResult.Faulty>().Faults.Single().Pointer.ShouldBe("/input/times");
        (await StartAsync(workspace, new("flow") { TriggerActivityId = "notes" })).ShouldBeOfType<StartResult.Faulty>().Faults.Single().Pointer.ShouldBe("/triggerActivityId");
        (await StartAsync(workspace, new("none"))).ShouldBeOfType<StartResult.NotFound>();
        (await StartAsync(await desk.WorkspaceAsync(), start)).ShouldBeOfType<StartResult.NotFound>();
    }

    [Fact]
    public async Task A_draft_that_has_run_never_changes_again_whoever_saves_meanwhile()
    {
        var workspace = await desk.WorkspaceAsync();
        for (var round = 0; round < 10; round++)
        {
            var id = $"flow-{round}";
            await SaveAsync(workspace, id, "old");
            var saving = Task.Run(() => SaveAsync(workspace, id, "new"));
            var started = await StartAsync(workspace, new(id) { Version = VersionOptions.Of(1) });
            var saved = await saving;
            started.ShouldBeOfType<StartResult.Started>();
            var ran = (await InAsync<FlowDefinitions, StoredDefinition?>(workspace, d => d.FindAsync(id, VersionOptions.Of(1), default)))!;
            // Either the draft was overwritten and that is what runs, or it ran and the saved one is the next version.
            (ran.Summary.Name, saved.Version).ShouldBeOneOf(("new", 1), ("old", 2));
            ran.Summary.IsSettled.ShouldBeTrue();
        }

        await desk.RunAsync();
        foreach (var note in await desk.NotesAsync(workspace)) note.ShouldBeOneOf("new", "old");
        (await desk.AskAsync<long>($"""
            select count(*) from wfm_flows.run r join wfm_flows.definition d on d.workspace_id = r.workspace_id and d.number = r.definition
            join {RunStore.Bursts} j on j.workspace_id = r.workspace_id and j.run_id = r.id where r.workspace_id = $1 and position('"' || d.name || '"' in j.entries) > 0
            """, workspace)).ShouldBe(10);
    }

    [Fact]
    public async Task Of_many_who_start_a_singleton_at_once_one_does()
    {
        var workspace = await desk.WorkspaceAsync();
        var flow = Chart.Line("ticket.opened");
        flow["options"] = new JsonObject { ["activationStrategyType"] = Singleton };
        await PublishAsync(workspace, flow);
        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => StartAsync(workspace, new("flow")))));
        results.OfType<StartResult.Started>().ShouldHaveSingleItem();
        results.OfType<StartResult.CannotStart>().Count().ShouldBe(7);
        await desk.RunAsync();
        (await desk.RunsAsync(workspace)).ShouldBe(["flow suspended"]);
        // The one started by hand waits for the event, and takes it; a second does not begin beside it.
        await desk.TellAndRunAsync(workspace, "ticket.opened");
        (await desk.RunsAsync(workspace)).ShouldBe(["flow finished"]);
        await desk.TellAndRunAsync(workspace, "ticket.opened");
        (await desk.RunsAsync(workspace)).ShouldBe(["flow finished", "flow finished"], ignoreOrder: true);
    }

    [Fact]
    public async Task Of_those_with_one_correlation_id_one_runs_at_a_time()
    {
        var workspace = await desk.WorkspaceAsync();
        var flow = Chart.Flow([Chart.WriteLine("line")]);
        flow["options"] = new JsonObject { ["activationStrategyType"] = "CorrelationStrategy" };
        await PublishAsync(workspace, flow);
        (await StartAsync(workspace, new("flow") { CorrelationId = "a" })).ShouldBeOfType<StartResult.Started>();
        (await StartAsync(workspace, new("flow") { CorrelationId = "a" })).ShouldBeOfType<StartResult.CannotStart>();
        (await StartAsync(workspace, new("flow") { CorrelationId = "b" })).ShouldBeOfType<StartResult.Started>();
        (await StartAsync(workspace, new("flow"))).ShouldBeOfType<StartResult.Started>();
    }

    [Fact]
    public async Task A_cancelled_run_does_nothing_more()
    {
        var workspace = await desk.WorkspaceAsync();
        await PublishAsync(workspace, Chart.Flow([Chart.Activity("wait", "Elsa.Delay", ("timeSpan", Chart.Literal("PT1H"))), Chart.Activity("note", "Test.Note", ("text", Chart.Literal("late")))], "wait>note"));
        var run = (await StartAsync(workspace, new("flow"))).ShouldBeOfType<StartResult.Started>().Run;
        await desk.RunAsync();
        (await InAsync<RunControl, RunControlResult>(await desk.WorkspaceAsync(), r => r.CancelAsync(run, FlowDesk.Ann, default))).ShouldBeOfType<RunControlResult.NotFound>();
        (await InAsync<RunControl, RunControlResult>(workspace, r => r.CancelAsync(run, FlowDesk.Ann, default))).ShouldBeOfType<RunControlResult.Done>();
        (await InAsync<RunControl, RunControlResult>(workspace, r => r.CancelAsync(run, FlowDesk.Ann, default))).ShouldBeOfType<RunControlResult.Refused>();
        (await InAsync<FlowRuns, bool>(workspace, r => r.SignalAsync(run, "x", Value.Null, default))).ShouldBeFalse();
        desk.Clock.Now += TimeSpan.FromHours(2);
        await desk.RunAsync();
        (await desk.NotesAsync(workspace)).ShouldBeEmpty();
        (await desk.RunsAsync(workspace)).ShouldBe(["flow cancelled"]);
    }

    private static JsonObject Timer(string interval) => Chart.Flow([FlowDefinitionsTests.Trigger("t", "Elsa.Timer", ("interval", Chart.Literal(interval))), Chart.WriteLine("line")], "t>line");

    private Task<int> TickAsync() => desk.Services.GetRequiredService<TimedStarts>().RunOnceAsync(default);

    private Task<StartResult> StartAsync(Guid workspace, NewStart start) => InAsync<FlowRuns, StartResult>(workspace, r => r.StartAsync(start, default));

    private async Task PublishAsync(Guid workspace, JsonObject flow)
    {
        var result = await InAsync<FlowDefinitions, DefinitionResult>(workspace, d => d.SaveAsync(new(flow.Value()) { Publish = true }, FlowDesk.Ann, default));
        if (result is DefinitionResult.Faulty faulty) faulty.Faults.ShouldBeEmpty();
    }

    private async Task<DefinitionSummary> SaveAsync(Guid workspace, string id, string name)
    {
        var flow = Chart.Flow([Chart.Activity("note", "Test.Note", ("text", Chart.Literal(name)))]);
        flow["name"] = name;
        return (await InAsync<FlowDefinitions, DefinitionResult>(workspace, d => d.SaveAsync(new(flow.Value()) { DefinitionId = id }, FlowDesk.Ann, default))).ShouldBeOfType<DefinitionResult.Done>().Definition.Summary;
    }

    private async Task<T> InAsync<TService, T>(Guid workspace, Func<TService, Task<T>> work)
        where TService : notnull
    {
        await using var scope = desk.Scope(workspace);
        return await work(scope.ServiceProvider.GetRequiredService<TService>());
    }
}
