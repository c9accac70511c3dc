using System.Net;
using System.Text.Json.Nodes;

namespace Crm.Host.Tests.Metrics;

/// <summary>The figures are those of what happened: each is counted a second time by what the API lists.</summary>
public sealed class MetricsTests(CrmHost host) : IClassFixture<CrmHost>
{
    private const string Metrics = "/api/v1/metrics";

    [Fact]
    public async Task Share_of_system_activities_that_people_did_leaves_out_what_flows_and_nobody_did()
    {
        await PublishAsync("make", """{"id": "make", "type": "Crm.CreateActivity", "kind": "task", "subject": "Look at it"}""");
        await PublishAsync("complete", """{"id": "do", "type": "Crm.CompleteActivity", "activityId": {"typeName": "Guid", "expression": {"type": "Input", "value": {"name": "activity"}}}}""");
        await host.Rep.PostAsync("/api/v1/activities", new { kind = "task", subject = "A person's own" });
        for (var i = 0; i < 4; i++) await StartAsync("make");
        await host.QuietAsync();
        var made = (await host.Rep.GetAsync("/api/v1/activities")).Items.Where(a => a["isSystem"]!.GetValue<bool>()).Select(a => a["id"]!.GetValue<string>()).ToList();
        made.Count.ShouldBe(4);
        (await host.Rep.PostAsync($"/api/v1/activities/{made[0]}/complete", new { })).Status.ShouldBe(HttpStatusCode.OK);
        (await host.Rep.PostAsync($"/api/v1/activities/{made[1]}/complete", new { })).Status.ShouldBe(HttpStatusCode.OK);
        (await host.Rep.PostAsync($"/api/v1/activities/{made[1]}/reopen", new { })).Status.ShouldBe(HttpStatusCode.OK);
        await StartAsync("complete", new { activity = made[2] });
        await host.QuietAsync();

        var figures = await host.Rep.GetAsync($"{Metrics}/system-activities");
        (Number(figures.Json, "created"), Number(figures.Json, "done"), Number(figures.Json, "doneByPeople")).ShouldBe((4, 2, 1));
        figures["shareDoneByPeople"].GetValue<double>().ShouldBe(0.25);
        figures["createdPerHour"].GetValue<double>().ShouldBe(4 / 24.0, 1e-9);
        var hours = figures["hours"].AsArray();
        (hours.Sum(h => Number(h!, "created")), hours.Sum(h => Number(h!, "done")), hours.Sum(h => Number(h!, "doneByPeople"))).ShouldBe((4, 2, 1));

        foreach (var nothing in new[] { await host.Stranger.GetAsync($"{Metrics}/system-activities"), await host.Rep.GetAsync($"{Metrics}/system-activities?from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00Z") })
        {
            Number(nothing.Json, "created").ShouldBe(0);
            nothing.Json["shareDoneByPeople"].ShouldBeNull();
        }
    }

    [Fact]
    public async Task Flows_figures_are_what_the_lists_of_runs_and_events_hold()
    {
        await PublishAsync("say", """{"id": "say", "type": "Elsa.WriteLine", "text": "Hello"}""");
        await PublishAsync("fail", """{"id": "fail", "type": "Elsa.Fault", "message": "no"}""");
        await PublishAsync("sleep", """{"id": "sleep", "type": "Elsa.Delay", "timeSpan": "1.00:00:00"}""");
        for (var i = 0; i < 3; i++) await StartAsync("say");
        await StartAsync("fail");
        var sleeper = await StartAsync("sleep");
        await StartAsync("sleep");
        await host.Rep.DealAsync(new { name = "Somebody's", ownerId = await host.UserAsync() });
        await host.QuietAsync();

        var figures = await host.Rep.GetAsync($"{Metrics}/flows");
        var (finished, faulted) = (await CountAsync("runs?status=finished"), await CountAsync("runs?status=faulted"));
        (Number(figures.Json, "started"), Number(figures.Json, "finished"), Number(figures.Json, "faulted")).ShouldBe((await CountAsync("runs?"), finished, faulted));
        (finished >= 4, faulted).ShouldBe((true, 1)); // three that were started, the sales process's own
        figures["successRate"].GetValue<double>().ShouldBe((double)finished / (finished + faulted), 1e-9);
        Number(figures.Json, "events").ShouldBe(await CountAsync("events?"));
        figures["eventsPerMinute"].GetValue<double>().ShouldBe(Number(figures.Json, "events") / 1440.0, 1e-9);
        foreach (var name in new[] { "events", "started", "finished", "faulted" }) figures["hours"].AsArray().Sum(h => Number(h!, name)).ShouldBe(Number(figures.Json, name), name);
        var say = figures["flows"].AsArray().Single(f => f!["flow"]!.GetValue<string>() == "say")!;
        (Number(say, "finished"), Number(say, "faulted"), Number(say, "cancelled")).ShouldBe((3, 0, 0));
        var sleeping = await CountAsync("runs?status=suspended"); // the two, and the sales process's own that wait for a deal to stall
        sleeping.ShouldBeGreaterThanOrEqualTo(2);
        (Number(figures["queue"], "due"), Number(figures["queue"], "sleeping"), Number(figures["queue"], "waiting"), Number(figures["queue"], "deadLetters")).ShouldBe((0, sleeping, 0, 1));
        figures["queue"]["ageSeconds"]!.GetValue<double>().ShouldBe(0);

        // One that is due and that no host takes: its age is the queue's.
        await host.AskAsync<long>("with held as (update wfm_flows.run set due_at = clock_timestamp() - interval '1 hour', leased_until = clock_timestamp() + interval '1 hour' where id = $1 returning 1) select count(*) from held", Guid.Parse(sleeper));
        var queue = (await host.Rep.GetAsync($"{Metrics}/flows"))["queue"];
        (Number(queue, "due"), Number(queue, "sleeping")).ShouldBe((1, sleeping - 1));
        queue["ageSeconds"]!.GetValue<double>().ShouldBeInRange(3590, 7200);
        (await host.Admin.PostAsync($"/api/v1/runs/{sleeper}/cancel", new { })).Status.ShouldBe(HttpStatusCode.OK);

        var elsewhere = await host.Stranger.GetAsync($"{Metrics}/flows");
        (Number(elsewhere.Json, "started"), Number(elsewhere["queue"], "sleeping"), elsewhere["flows"].AsArray().Count).ShouldBe((0, 0, 0));
        elsewhere.Json["successRate"].ShouldBeNull();
    }

    [Theory]
    [InlineData("from=2020-01-02T00:00:00Z&to=2020-01-01T00:00:00Z", "?from period")]
    [InlineData("from=2020-01-01T00:00:00Z&to=2020-03-01T00:00:00Z", "?from period")]
    [InlineData("from=yesterday", "?from parameter")]
    [InlineData("from=2020-01-01", "?from parameter")]
    [InlineData("since=2020-01-01T00:00:00Z", "?since unknown-parameter")]
    public async Task What_is_no_period_is_a_fault(string query, string fault)
    {
        foreach (var path in new[] { "flows", "system-activities" }) (await host.Rep.GetAsync($"{Metrics}/{path}?{query}")).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe([fault]);
    }

    private static long Number(JsonNode of, string member) => of[member]!.GetValue<long>();

    private async Task<long> CountAsync(string list)
    {
        var count = 0;
        for (string? next = null; ;)
        {
            var page = await host.Rep.GetAsync($"/api/v1/{list}&limit=200{(next is null ? "" : $"&{(list.StartsWith("events", StringComparison.Ordinal) ? "before" : "after")}={next}")}");
            count += page.Items.Count;
            if ((next = page.Json["next"]?.ToString()) is null) return count;
        }
    }

    private async Task PublishAsync(string id, string root)
    {
        var definition = new JsonObject { ["definitionId"] = id, ["name"] = id, ["inputs"] = JsonNode.Parse("""[{"name": "activity", "type": "String"}]"""), ["customProperties"] = null, ["root"] = JsonNode.Parse(root) };
        definition["root"]!["customProperties"] = JsonNode.Parse("""{"retry": {"max": 0}}""");
        var answer = await host.Admin.PostAsync("/api/v1/flows", new { definition, publish = true });
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
    }

    private async Task<string> StartAsync(string flow, object? input = null)
    {
        var answer = await host.Admin.PostAsync($"/api/v1/flows/{flow}/runs", new { input });
        answer.Status.ShouldBe(HttpStatusCode.Accepted, answer.Text);
        return answer["run"].GetValue<string>();
    }
}
