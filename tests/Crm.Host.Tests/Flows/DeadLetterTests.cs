using System.Net;
using System.Text.Json.Nodes;

namespace Crm.Host.Tests.Flows;

/// <summary>Runs that failed for good, over HTTP; and the figures.</summary>
public sealed class DeadLetterTests(CrmHost host) : IClassFixture<CrmHost>
{
    private static int _bundles;

    [Fact]
    public async Task A_dead_letter_is_listed_opened_replayed_and_discarded()
    {
        var flow = await FailedAsync(1);
        var letter = (await host.Rep.GetAsync($"/api/v1/dead-letters?flow={flow}.{flow}&error=REASON")).Items.ShouldHaveSingleItem();
        letter["activity"]!.GetValue<string>().ShouldEndWith(":fail");
        letter["eventType"]!.GetValue<string>().ShouldBe("crm.deal.assigned");
        var path = $"/api/v1/dead-letters/{letter["run"]}";

        var opened = await host.Rep.GetAsync(path);
        opened["incidents"].AsArray().ShouldHaveSingleItem()!["message"]!.GetValue<string>().ShouldContain("the reason");
        opened["state"]["executions"]!.AsArray().ShouldContain(e => e!["status"]!.GetValue<string>() == "faulted");
        opened["state"]["variables"]!["v"]!.GetValue<string>().ShouldBe("kept");
        opened["journal"].AsArray().Select(e => $"{e!["name"]} {e["what"]}").ShouldBe(["assigned completed", "fail faulted"]);

        (await host.Rep.PostAsync($"{path}/replay", new { })).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await host.Admin.PostAsync($"{path}/replay", new { }, ("Idempotency-Key", "once"))).Status.ShouldBe(HttpStatusCode.OK);
        (await host.Admin.PostAsync($"{path}/replay", new { }, ("Idempotency-Key", "once"))).Status.ShouldBe(HttpStatusCode.OK);
        await host.QuietAsync();
        (await host.Rep.GetAsync(path))["journal"].AsArray().Select(e => $"{e!["name"]} {e["what"]}").ShouldBe(["assigned completed", "fail faulted", "Workflow1 intervened", "fail faulted"]);
        (await host.Admin.PostAsync($"/api/v1/runs/{letter["run"]}/rerun", new { activity = "nowhere" })).Status.ShouldBe(HttpStatusCode.Conflict);
        (await host.Admin.PostAsync($"/api/v1/runs/{letter["run"]}/resume", new { })).Status.ShouldBe(HttpStatusCode.Conflict);
        (await host.Admin.PostAsync($"{path}/discard", new { })).Status.ShouldBe(HttpStatusCode.OK);
        (await host.Rep.GetAsync(path)).Status.ShouldBe(HttpStatusCode.NotFound);
        (await host.Admin.PostAsync($"{path}/replay", new { })).Status.ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task Dead_letters_are_listed_page_by_page_and_put_away_together()
    {
        var flow = await FailedAsync(5);
        var first = await host.Rep.GetAsync($"/api/v1/dead-letters?flow={flow}.{flow}&limit=3");
        var second = await host.Rep.GetAsync($"/api/v1/dead-letters?flow={flow}.{flow}&limit=3&after={first["next"]}");
        first.Items.Concat(second.Items).Select(l => l["run"]!.GetValue<Guid>()).Distinct().Count().ShouldBe(5);
        second.Json["next"].ShouldBeNull();

        (await host.Admin.PostAsync("/api/v1/dead-letters/bulk-discard", new { })).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await host.Rep.PostAsync("/api/v1/dead-letters/bulk-discard", new { flow = $"{flow}.{flow}" })).Status.ShouldBe(HttpStatusCode.Forbidden);
        var two = await host.Admin.PostAsync("/api/v1/dead-letters/bulk-discard", new { runs = new[] { first.Items[0]["run"], first.Items[1]["run"], JsonValue.Create("00000000-0000-7000-8000-0000000000ff") } });
        two["count"].GetValue<int>().ShouldBe(2);
        two["refused"].AsArray().Count.ShouldBe(1);
        (await host.Admin.PostAsync("/api/v1/dead-letters/bulk-replay", new { flow = $"{flow}.{flow}" }))["count"].GetValue<int>().ShouldBe(3);
        await host.QuietAsync();
        (await host.Rep.GetAsync($"/api/v1/dead-letters?flow={flow}.{flow}")).Items.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Figures_are_those_of_the_period()
    {
        var flow = await FailedAsync(2);
        var figures = await host.Rep.GetAsync("/api/v1/metrics/flows");
        figures["faulted"].GetValue<long>().ShouldBeGreaterThanOrEqualTo(2);
        figures["events"].GetValue<long>().ShouldBeGreaterThan(0);
        figures["queue"]["deadLetters"]!.GetValue<long>().ShouldBeGreaterThanOrEqualTo(2);
        figures["flows"].AsArray().Single(f => f!["flow"]!.GetValue<string>() == $"{flow}.{flow}")!["faulted"]!.GetValue<long>().ShouldBe(2);
        (await host.Rep.GetAsync("/api/v1/metrics/flows?from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00Z"))["hours"].AsArray().Count.ShouldBe(24);
        (await host.Rep.GetAsync("/api/v1/metrics/flows?from=2020-01-02T00:00:00Z&to=2020-01-01T00:00:00Z")).Status.ShouldBe(HttpStatusCode.BadRequest);
        var activities = await host.Rep.GetAsync("/api/v1/metrics/system-activities");
        activities["doneByPeople"].GetValue<long>().ShouldBeLessThanOrEqualTo(activities["created"].GetValue<long>());
    }

    [Theory]
    [InlineData("/api/v1/dead-letters?limit=0", HttpStatusCode.BadRequest)]
    [InlineData("/api/v1/dead-letters?after=x", HttpStatusCode.BadRequest)]
    [InlineData("/api/v1/dead-letters?since=x", HttpStatusCode.BadRequest)]
    [InlineData("/api/v1/dead-letters/00000000-0000-7000-8000-0000000000ff", HttpStatusCode.NotFound)]
    public async Task What_is_asked_wrongly_is_a_problem(string path, HttpStatusCode status) => (await host.Rep.GetAsync(path)).Status.ShouldBe(status);

    /// <summary>Publishes a flow that fails, and has it run so many times.</summary>
    private async Task<string> FailedAsync(int times)
    {
        var key = $"fail-{Interlocked.Increment(ref _bundles)}";
        (await host.Admin.PostAsync("/api/v1/bundles", """
            {
              "apiVersion": "wfm/v1", "kind": "ProcessBundle", "bundle": {"key": "KEY", "version": "1.0.0"},
              "subjects": {"KEY": {"schema": {"type": "object"}}}, "projectTypes": {"KEY": {"workflow": "KEY", "subject": "KEY"}},
              "statuses": {"open": {"category": "open"}, "solved": {"category": "done"}},
              "workflows": {"KEY": {"steps": [{"status": "open", "initial": true}, {"status": "solved", "final": true}], "transitions": {"solve": {"from": ["open"], "to": "solved"}}}},
              "automations": {"KEY": {
                "on": ["crm.deal.assigned"], "when": {"==": [{"var": "event.data.name"}, "KEY"]}, "retry": {"max": 0},
                "flow": {"definitionId": "KEY", "variables": [{"id": "v", "name": "V", "typeName": "String", "value": "kept"}], "root": {"type": "Elsa.Flowchart",
                  "activities": [
                    {"id": "assigned", "type": "Elsa.Event", "customProperties": {"canStartWorkflow": true}, "eventName": "crm/deal.assigned"},
                    {"id": "fail", "type": "Elsa.Fault", "message": {"typeName": "String", "expression": {"type": "Literal", "value": "the reason"}}}],
                  "connections": [{"source": "assigned", "target": "fail"}]}}}}
            }
            """.Replace("KEY", key))).Status.ShouldBe(HttpStatusCode.Created);
        for (var i = 0; i < times; i++) await host.Rep.DealAsync(new { name = key });
        await host.QuietAsync();
        return key;
    }
}
