using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Crm.Host.Tests.Http;

namespace Crm.Host.Tests.Flows;

/// <summary>Flows that stand in no bundle, over HTTP; each answer is compared with the description.</summary>
public sealed class FlowTests(CrmHost host) : IClassFixture<CrmHost>
{
    private const string Flows = "/api/v1/flows";

    [Fact]
    public async Task A_flow_is_drawn_saved_published_run_retracted_and_deleted()
    {
        var created = await host.Admin.PostAsync(Flows, new { definition = Flow("hand", "Say it") });
        created.Status.ShouldBe(HttpStatusCode.OK, created.Text);
        created["flow"]["version"]!.GetValue<int>().ShouldBe(1);
        (await host.Admin.PostAsync($"{Flows}/hand/runs", new { })).Status.ShouldBe(HttpStatusCode.NotFound);

        var published = await host.Admin.PostAsync($"{Flows}/hand/publish", new { });
        published["flow"]["isPublished"]!.GetValue<bool>().ShouldBeTrue();
        var saved = await PutAsync("hand", new { definition = Flow("hand", "Say it aloud"), version = 1 });
        saved.Status.ShouldBe(HttpStatusCode.OK, saved.Text);
        saved["flow"]["version"]!.GetValue<int>().ShouldBe(2);
        (await PutAsync("hand", new { definition = Flow("hand", "Too late"), version = 1 })).Status.ShouldBe(HttpStatusCode.Conflict);

        var started = await host.Admin.PostAsync($"{Flows}/hand/runs", new { input = new { who = "Ada" }, correlationId = "deal-7" }, ("Idempotency-Key", "once"));
        started.Status.ShouldBe(HttpStatusCode.Accepted, started.Text);
        var again = await host.Admin.PostAsync($"{Flows}/hand/runs", new { input = new { who = "Ada" }, correlationId = "deal-7" }, ("Idempotency-Key", "once"));
        again["run"].GetValue<string>().ShouldBe(started["run"].GetValue<string>());
        again["isNew"].GetValue<bool>().ShouldBeFalse();
        await UntilAsync(started["run"].GetValue<string>(), "finished");
        var run = await host.Rep.GetAsync($"/api/v1/runs/{started["run"]}");
        run["journal"].AsArray().Select(e => e!["inputs"]!["text"]?.GetValue<string>()).ShouldContain("Ada");
        (await host.Rep.GetAsync("/api/v1/runs?flow=hand&correlation=deal-7")).Items.ShouldHaveSingleItem();

        (await host.Rep.GetAsync($"{Flows}/hand?version=1"))["definition"]["name"]!.GetValue<string>().ShouldBe("Say it");
        (await host.Rep.GetAsync($"{Flows}?search=aloud&versions=draft&limit=1")).Items.ShouldHaveSingleItem();
        (await host.Admin.PostAsync($"{Flows}/hand/retract", new { }))["flow"]["isPublished"]!.GetValue<bool>().ShouldBeFalse();
        (await host.Admin.SendAsync(HttpMethod.Delete, $"{Flows}/hand", null)).Status.ShouldBe(HttpStatusCode.NoContent);
        (await host.Rep.GetAsync($"{Flows}/hand")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_run_that_waits_is_signalled_and_ended()
    {
        await host.Admin.PostAsync(Flows, new { definition = Flow("wait", "Wait", """{"id": "w", "type": "Elsa.Event", "eventName": {"typeName": "String", "expression": {"type": "Literal", "value": "shop.none"}}}"""), publish = true });
        var run = (await host.Admin.PostAsync($"{Flows}/wait/runs", new { }))["run"].GetValue<string>();
        await UntilAsync(run, "suspended");
        (await host.Admin.SendAsync(HttpMethod.Delete, $"{Flows}/wait", null)).Status.ShouldBe(HttpStatusCode.Conflict);
        (await host.Admin.PostAsync($"/api/v1/runs/{run}/signals/event:shop.none", new { payload = new { n = 1 } })).Status.ShouldBe(HttpStatusCode.Accepted);
        await UntilAsync(run, "finished");
        (await host.Admin.PostAsync($"/api/v1/runs/{run}/signals/event:shop.none", new { })).Status.ShouldBe(HttpStatusCode.NotFound);

        var another = (await host.Admin.PostAsync($"{Flows}/wait/runs", new { }))["run"].GetValue<string>();
        await UntilAsync(another, "suspended");
        (await host.Admin.PostAsync($"/api/v1/runs/{another}/cancel", new { })).Status.ShouldBe(HttpStatusCode.OK);
        (await host.Admin.PostAsync($"/api/v1/runs/{another}/cancel", new { })).Status.ShouldBe(HttpStatusCode.Conflict);
        (await host.Rep.GetAsync($"/api/v1/runs/{another}"))["run"]["status"]!.GetValue<string>().ShouldBe("cancelled");
    }

    [Fact]
    public async Task What_could_not_run_is_not_published_and_every_fault_has_its_place()
    {
        var answer = await host.Admin.PostAsync(Flows, new { definition = Flow("odd", "Odd", """{"id": "t", "type": "Elsa.Telepathy"}"""), publish = true });
        answer.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        answer["faults"].AsArray().Single()!["pointer"]!.GetValue<string>().ShouldBe("/root/type");
        (await host.Rep.GetAsync($"{Flows}/odd")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Who_may_not_publish_changes_starts_and_ends_nothing()
    {
        await host.Admin.PostAsync(Flows, new { definition = Flow("mine", "Mine"), publish = true });
        (await host.Rep.PostAsync(Flows, new { definition = Flow("mine", "Theirs") })).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await host.Rep.PostAsync($"{Flows}/mine/runs", new { })).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await host.Rep.PostAsync($"{Flows}/mine/retract", new { })).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await host.Stranger.GetAsync($"{Flows}/mine")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await host.Stranger.PostAsync($"{Flows}/mine/publish", new { })).Status.ShouldBe(HttpStatusCode.NotFound);
        (await host.Stranger.PostAsync($"{Flows}/mine/runs", new { })).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_bundles_flow_is_there_to_look_at()
    {
        var listed = (await host.Rep.GetAsync($"{Flows}?versions=published&limit=200")).Items.Where(f => f["bundle"]?.GetValue<string>() == "sales").ToList();
        listed.ShouldNotBeEmpty();
        (await host.Admin.SendAsync(HttpMethod.Delete, $"{Flows}/{listed[0]["id"]}", null)).Status.ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task Decisions_are_listed_page_by_page_for_those_who_may_make_them_and_forged_by_nobody()
    {
        await PublishAsync("ask", """{"id": "a", "type": "Wfm.RequestApproval", "title": "May we?", "roles": "sales-rep"}""");
        await PublishAsync("other", """{"id": "a", "type": "Wfm.RequestApproval", "title": "May they?", "roles": "sales-manager"}""");
        var runs = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            runs.Add(await StartAsync("ask"));
            await StartAsync("other");
        }

        await host.QuietAsync();
        var pages = new List<Answer> { await host.Rep.GetAsync("/api/v1/approvals?limit=2") };
        while (pages[^1].Json["next"] is { } next) pages.Add(await host.Rep.GetAsync($"/api/v1/approvals?limit=2&after={next}"));
        pages.Select(p => p.Items.Count).ShouldBe([2, 2, 1]);
        pages.SelectMany(p => p.Items).Select(a => a["run"]!.GetValue<string>()).ShouldBe(runs);
        (await host.Stranger.GetAsync("/api/v1/approvals")).Items.ShouldBeEmpty();
        (await host.Rep.GetAsync("/api/v1/approvals?after=x")).Faults.ShouldBe(["?after cursor"]);
        (await host.Rep.GetAsync("/api/v1/approvals?limit=0")).Faults.ShouldBe(["?limit limit"]);

        var approval = pages[0].Items[0];
        (await host.Admin.PostAsync($"/api/v1/runs/{approval["run"]}/signals/approval:{approval["id"]}", new { payload = new { approved = true } })).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await host.Admin.PostAsync($"/api/v1/approvals/{approval["id"]}", new { approve = true })).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await host.Stranger.PostAsync($"/api/v1/approvals/{approval["id"]}", new { approve = true })).Status.ShouldBe(HttpStatusCode.NotFound);
        (await host.Rep.PostAsync($"/api/v1/approvals/{approval["id"]}", new { approve = true })).Status.ShouldBe(HttpStatusCode.OK);
        (await host.Rep.GetAsync("/api/v1/approvals")).Items.Count.ShouldBe(4);

        // The next one comes too late, also once the run has gone on.
        await UntilAsync(approval["run"]!.GetValue<string>(), "finished");
        (await host.Rep.PostAsync($"/api/v1/approvals/{approval["id"]}", new { approve = false })).Status.ShouldBe(HttpStatusCode.Conflict);
        (await host.Admin.PostAsync($"/api/v1/approvals/{approval["id"]}", new { approve = false })).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await host.Stranger.PostAsync($"/api/v1/approvals/{approval["id"]}", new { approve = false })).Status.ShouldBe(HttpStatusCode.NotFound);
        (await host.Rep.PostAsync($"/api/v1/approvals/{approval["id"]}9", new { approve = false })).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_task_a_flow_asks_for_is_reported_done_once_by_who_may_and_its_result_is_the_activitys()
    {
        await PublishAsync("ship", """
            {"id": "s", "type": "Elsa.Sequence", "activities": [{"id": "ship", "type": "Elsa.RunTask", "taskName": "Ship"},
              {"id": "say", "type": "Elsa.WriteLine", "text": {"typeName": "String", "expression": {"type": "JavaScript", "value": "`parcel ${getOutputFrom('ship', 'Result').parcel}`"}}}]}
            """);
        var run = await StartAsync("ship");
        await host.QuietAsync();
        var asked = (await host.Rep.GetAsync($"/api/v1/events?type=flow.task.requested&subject=run/{run}")).Items.ShouldHaveSingleItem();
        var path = $"/api/v1/runs/tasks/{asked["data"]!["taskId"]}/complete";
        var report = new { result = new { parcel = 9 } };

        (await host.Rep.PostAsync(path, report)).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await host.Stranger.PostAsync(path, report)).Status.ShouldBe(HttpStatusCode.NotFound);
        (await host.Admin.PostAsync("/api/v1/runs/tasks/nothing/complete", report)).Status.ShouldBe(HttpStatusCode.NotFound);
        (await host.Admin.PostAsync($"/api/v1/runs/tasks/{Guid.Parse(run):N}-99/complete", report)).Status.ShouldBe(HttpStatusCode.Conflict);
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => host.Admin.PostAsync(path, report, ("Idempotency-Key", $"worker {i % 2}"))));
        answers.Count(a => a.Status == HttpStatusCode.OK).ShouldBe(4, string.Join('\n', answers.Select(a => a.Text)));
        answers.Where(a => a.Status != HttpStatusCode.OK).ShouldAllBe(a => a.Status == HttpStatusCode.Conflict);

        await UntilAsync(run, "finished");
        (await host.Rep.GetAsync($"/api/v1/runs/{run}"))["journal"].AsArray().Select(e => e!["inputs"]!["text"]?.GetValue<string>()).ShouldContain("parcel 9");
        (await host.Admin.PostAsync(path, report)).Status.ShouldBe(HttpStatusCode.Conflict);
        await host.QuietAsync();
        var told = (await host.Rep.GetAsync($"/api/v1/events?type=flow.task.completed&subject=run/{run}")).Items.ShouldHaveSingleItem();
        told["actorid"]!.GetValue<string>().ShouldBe(answers.First(a => a.Status == HttpStatusCode.OK)["by"].GetValue<string>());
    }

    private async Task PublishAsync(string id, string root)
    {
        var answer = await host.Admin.PostAsync(Flows, new { definition = Flow(id, id, root), publish = true });
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
    }

    private async Task<string> StartAsync(string flow)
    {
        var answer = await host.Admin.PostAsync($"{Flows}/{flow}/runs", new { });
        answer.Status.ShouldBe(HttpStatusCode.Accepted, answer.Text);
        return answer["run"].GetValue<string>();
    }

    private static JsonNode Flow(string id, string name, string? root = null)
    {
        var flow = JsonNode.Parse($$$$"""
            {"inputs": [{"name": "who", "type": "String"}], "root": {{{{root ?? """{"id": "say", "type": "Elsa.WriteLine", "text": {"typeName": "String", "expression": {"type": "Handlebars", "value": "{{input.who}}"}}}"""}}}}}
            """)!;
        (flow["definitionId"], flow["name"]) = (id, name);
        return flow;
    }

    private Task<Answer> PutAsync(string flow, object body) => host.Admin.SendAsync(HttpMethod.Put, $"{Flows}/{flow}", JsonContent.Create(body));

    private async Task UntilAsync(string run, string status)
    {
        for (var tries = 0; (await host.Rep.GetAsync($"/api/v1/runs/{run}"))["run"]["status"]!.GetValue<string>() != status; tries++)
        {
            tries.ShouldBeLessThan(1000);
            await Task.Delay(10);
        }
    }
}
