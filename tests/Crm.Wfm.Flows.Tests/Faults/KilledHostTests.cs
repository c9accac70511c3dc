using System.Text.Json.Nodes;
using Crm.Testing;
using Crm.Wfm.Flows.Running;
using Crm.Wfm.Flows.Tests.App;
using Crm.Wfm.Flows.Tests.Running;

namespace Crm.Wfm.Flows.Tests.Faults;

/// <summary>Hosts that are killed without a word: processes of their own.</summary>
public sealed class KilledHostTests(AppDesk desk) : IClassFixture<AppDesk>
{
    [Fact]
    public async Task Killed_at_whatever_answer_of_the_database_a_host_leaves_every_effect_once()
    {
        var flow = Chart.Line("ticket.opened", Note("before", "{{event.data.name}} before"), Chart.Activity("sleep", "Elsa.Delay", ("timeSpan", Chart.Literal("00:00:30"))),
            Chart.Activity("call", "App.Call"), Note("after", "{{event.data.name}} after"));
        var workspace = await desk.WorkspaceAsync(("greet", FlowDesk.On("ticket.opened", flow)));
        var names = new List<string>();
        // The next one starts while this one runs.
        var (counter, starting) = Next();
        for (var isKilled = true; isKilled;)
        {
            var name = $"{names.Count:D3}";
            names.Add(name);
            await using var answers = counter;
            using var host = await starting;
            (counter, starting) = Next();
            await desk.TellAsync(workspace, "ticket.opened", $$"""{"name": "{{name}}"}""");
            await desk.PumpAsync();
            answers.Interrupt(names.Count, isHeard: true, host.Kill);
            isKilled = !await host.RunAsync(desk.Clock.Now) || !await host.RunAsync(desk.Clock.Now.AddMinutes(1));

            await FinishAsync(workspace);
            (await desk.TextsAsync(workspace)).ShouldBe([.. names.SelectMany(n => new[] { $"{n} after", $"{n} before" })]);
        }

        (await starting).Dispose();
        await counter.DisposeAsync();
        // One came through unharmed: there is no answer left to be killed at.
        names.Count.ShouldBeGreaterThan(15);
        var entries = await desk.EntriesAsync(workspace);
        foreach (var activity in new[] { "before", "call", "after" }) entries.Count(e => e.Name == activity && e.Kind == JournalKind.Completed).ShouldBe(names.Count);
        (await desk.AskAsync<long>("select count(distinct key) from public.app_call")).ShouldBe(names.Count);
        (await desk.AskAsync<long>("select count(*) from wfm_flows.run where workspace_id = $1 and (status <> 'finished' or leased_until is not null)", workspace)).ShouldBe(0);
    }

    [Fact]
    public async Task A_run_that_kills_its_hosts_is_dead_lettered_and_those_claimed_with_it_are_not()
    {
        var kills = Chart.Activity("kill", "App.Kill", ("when", Chart.Logic("""{"==": [{"var": "event.data.name"}, "bad"]}""")));
        var workspace = await desk.WorkspaceAsync(("greet", FlowDesk.On("ticket.opened", Chart.Line("ticket.opened", kills, Note("note", "{{event.data.name}}")))));
        foreach (var name in new[] { "bad", "good one", "good two", "good three" }) await desk.TellAsync(workspace, "ticket.opened", $$"""{"name": "{{name}}"}""");
        await desk.PumpAsync();
        var deaths = 0;
        while (true)
        {
            using var host = await OtherHost.StartAsync(Options(desk.Application) with { Crashes = 1, Timeout = TimeSpan.FromSeconds(30) });
            var isAlive = true;
            await FlowRunnerTests.UntilAsync(async () =>
                !(isAlive = await host.RunAsync(desk.Clock.Now += TimeSpan.FromSeconds(1))) || await desk.AskAsync<long>("select count(*) from wfm_flows.run where workspace_id = $1 and finished_at is null", workspace) == 0);
            if (isAlive) break;
            deaths++.ShouldBeLessThan(10);
        }

        deaths.ShouldBeInRange(2, 4);
        (await desk.TextsAsync(workspace)).ShouldBe(["good one", "good three", "good two"]);
        (await desk.RunsAsync(workspace)).Order().ShouldBe(["greet faulted", "greet finished", "greet finished", "greet finished"]);
        (await desk.AskAsync<string>("select error from wfm_flows.run where workspace_id = $1 and status = 'faulted'", workspace)).ShouldBe("The hosts that tried it did not come back.");
        (await desk.EntriesAsync(workspace)).ShouldContain(e => e.Kind == JournalKind.Faulted && e.Message == "The hosts that tried it did not come back.");
    }

    /// <summary>A host that is killed at an answer of the database's.</summary>
    private (TripCounter Answers, Task<OtherHost> Host) Next()
    {
        var answers = new TripCounter(desk.Application);
        return (answers, OtherHost.StartAsync(Options(answers.ConnectionString)));
    }

    private static JsonObject Note(string id, string text) => Chart.Activity(id, "App.Note", ("text", Chart.Template(text)));

    private HostOptions Options(string connection) => new(connection, desk.Application, TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(300), 5, 10);

    /// <summary>Another host takes up what was left, once the leases are over.</summary>
    private Task FinishAsync(Guid workspace) => FlowRunnerTests.UntilAsync(async () =>
    {
        desk.Clock.Now += TimeSpan.FromMinutes(1);
        await desk.RunAsync();
        return await desk.AskAsync<long>("select count(*) from wfm_flows.run where workspace_id = $1 and finished_at is null", workspace) == 0;
    });
}
