using System.Net;
using System.Text.Json.Nodes;
using Crm.Testing;

namespace Crm.Host.Tests.Http;

/// <summary>Rules that are wrong or too much, over HTTP: always an answer, never a 500.</summary>
public sealed class RuleTests(CrmHost host) : IClassFixture<CrmHost>
{
    [Fact]
    public async Task Guard_that_exhausts_its_budget_refuses_and_says_so_and_the_host_goes_on()
    {
        var project = await StartAsync("greedy", """{"all":[{"var":"entity.items"},{"<":[{"var":""},9]}]}""", new { items = Enumerable.Repeat(1, 100_000) });

        var refused = (await host.Admin.MoveAsync(project, "finish", 1)).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "refused");

        var reason = refused["reasons"].AsArray().ShouldHaveSingleItem()!;
        reason["key"]!.GetValue<string>().ShouldBe("sound");
        reason["error"]!["type"]!.GetValue<string>().ShouldBe("Too Complex");
        reason["error"]!["message"]!.GetValue<string>().ShouldBe("The rule was stopped after 250,000 steps.");
        var offered = await host.Admin.GetAsync($"/api/v1/projects/{project}/transitions");
        offered["transitions"][0]!["reasons"]![0]!["error"]!["type"]!.GetValue<string>().ShouldBe("Too Complex");
    }

    [Fact]
    public async Task Guard_that_ends_in_an_error_refuses_with_the_error_and_its_place_in_the_trace()
    {
        var project = await StartAsync("mixed", """{"<":[{"var":"entity.items"},9]}""", new { items = new[] { 1 } });

        var refused = (await host.Admin.MoveAsync(project, "finish", 1)).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "refused");

        var reason = refused["reasons"][0]!;
        reason["error"]!["type"]!.GetValue<string>().ShouldBe("NaN");
        JsonNode.DeepEquals(reason["trace"]!["args"]![0], JsonNode.Parse("""{"value":[1],"var":"entity.items"}""")).ShouldBeTrue();
    }

    [Fact]
    public async Task Post_action_that_computes_no_event_type_refuses_and_a_type_with_data_is_emitted()
    {
        var project = await StartAsync("telling", "true", new { kind = "no type" }, """[{"do":"emit","value":{"var":"entity.kind"}},{"do":"emit","value":{"preserve":{"type":"thing.told","data":{"n":1}}}}]""");

        var refused = (await host.Admin.MoveAsync(project, "finish", 1)).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "refused");

        refused["reasons"].AsArray().ShouldHaveSingleItem()!["key"]!.GetValue<string>().ShouldBe("post-action");
        var moved = await host.Admin.MoveAsync(project, "finish", 1, changes: new { kind = "thing.meant" });
        moved.Status.ShouldBe(HttpStatusCode.OK, moved.Text);
    }

    [Fact]
    public async Task Trace_of_the_deepest_guard_can_be_told()
    {
        var rule = "{\"var\":\"entity.items\"}";
        for (var i = 0; i < 50; i++) rule = $$"""{"!!":{{rule}}}""";
        var project = await StartAsync("deep", rule, new { items = Array.Empty<int>() });

        var refused = (await host.Admin.MoveAsync(project, "finish", 1)).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "refused");

        refused["reasons"][0]!["trace"]!["op"]!.GetValue<string>().ShouldBe("!!");
    }

    [Fact]
    public async Task Bundle_with_a_bomb_is_refused_at_its_place()
    {
        foreach (var bomb in Bomb.All.Where(b => b.Fault is not null))
        {
            var answer = await host.Admin.PostAsync("/api/v1/bundles", Bundle("bombs", bomb.Rule));

            answer.ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "invalid");
            var fault = answer["faults"].AsArray().First(f => f!["key"]!.GetValue<string>() == bomb.Fault)!;
            fault["pointer"]!.GetValue<string>().ShouldStartWith("/workflows/bombs/transitions/finish/conditions/sound/rule");
        }
    }

    private async Task<string> StartAsync(string key, string rule, object fields, string actions = "[]")
    {
        var published = await host.Admin.PostAsync("/api/v1/bundles", Bundle(key, rule, actions));
        published.Status.ShouldBe(HttpStatusCode.Created, published.Text);
        var record = await host.Admin.PostAsync("/api/v1/records", new { type = key, name = key, fields });
        record.Status.ShouldBe(HttpStatusCode.Created, record.Text);
        var project = await host.Admin.PostAsync("/api/v1/projects", new { subject = new { type = key, id = record["id"].GetValue<string>() } });
        project.Status.ShouldBe(HttpStatusCode.Created, project.Text);
        return project["id"].GetValue<string>();
    }

    private static string Bundle(string key, string rule, string actions = "[]") =>
        Bundles.Small(key, transitions: $$"""" "finish": { "from": ["open"], "to": "done", "conditions": { "sound": { "rule": {{rule}}, "message": "Not sound." } }, "postActions": {{actions}} } """", schema: """ "type": "object", "properties": { "kind": { "type": "string" } } """);
}
