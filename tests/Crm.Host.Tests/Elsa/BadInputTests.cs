using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Crm.Host.Tests.Elsa;

/// <summary>What goes wrong at a designer's: each is said in Studio's way, and nothing is lost.</summary>
public sealed class BadInputTests(ElsaHost host) : IClassFixture<ElsaHost>
{
    private Studio Studio => host.Designer;

    [Fact]
    public async Task Activities_of_another_server_are_shown_as_missing_and_kept_to_the_last_member()
    {
        var missing = Drawing.Activity("Send1", "Acme.SendPigeon", ("loft", "Liquid", "{{ Variables.X }}"));
        (missing["version"], missing["nested"]) = (3, new JsonObject { ["id"] = "In1", ["type"] = "Acme.Inner", ["version"] = 1, ["deep"] = new JsonArray(1, "two") });
        var original = missing.ToJsonString();
        var flow = (await Studio.PostAsync("/workflow-definitions/import", Drawing.Model(Drawing.Name(), Drawing.Chart([Drawing.Activity("S", "Elsa.Start"), missing]), new { definitionId = $"far{Guid.CreateVersion7():N}", id = "far" }))).Ok.AsObject();

        var shown = flow["root"]!["activities"]![1]!;
        (Text(shown, "type"), shown["version"]!.GetValue<int>(), Text(shown, "id"), Text(shown, "nodeId"), Text(shown, "missingTypeName"), shown["missingTypeVersion"]!.GetValue<int>())
            .ShouldBe(("Elsa.NotFoundActivity", 1, "Send1", "Workflow1:flow1:Send1", "Acme.SendPigeon", 3));
        JsonNode.DeepEquals(JsonNode.Parse(Text(shown, "originalActivityJson")), JsonNode.Parse(original)).ShouldBeTrue();

        // Moved and renamed in the designer, saved, and taken elsewhere again.
        shown["metadata"]!["designer"]!["position"]!["x"] = 400;
        shown["name"] = "Pigeon";
        var saved = await Studio.SaveAsync(flow);
        Text(saved["root"]!["activities"]![1]!, "type").ShouldBe("Elsa.NotFoundActivity");
        var exported = (await Studio.GetAsync($"/workflow-definitions/{flow["definitionId"]}/export?versionOptions=Latest")).Ok["root"]!["activities"]![1]!;
        var expected = JsonNode.Parse(original)!;
        (expected["name"], expected["nodeId"], expected["metadata"]!["designer"]!["position"]!["x"]) = ("Pigeon", "Workflow1:flow1:Send1", 400);
        JsonNode.DeepEquals(exported, expected).ShouldBeTrue(exported.ToJsonString());

        var refused = (await Studio.PostAsync("/workflow-definitions", new { model = saved, publish = true })).Reasons;
        refused.ShouldContain(r => r.StartsWith("Pigeon: ", StringComparison.Ordinal) && r.Contains("Acme.SendPigeon", StringComparison.Ordinal));
        var run = await Studio.PostAsync($"/workflow-definitions/{flow["definitionId"]}/execute", new { versionOptions = "Latest" });
        run.Headers["x-elsa-workflow-cannot-start"].ShouldBe("true");
        run.Ok["reasons"]!.AsArray().ShouldContain(r => r!.GetValue<string>().Contains("Acme.SendPigeon", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Everything_by_which_a_flow_cannot_be_published_is_said_with_the_activitys_name()
    {
        var flow = await Studio.DrawAsync(Drawing.Name(), Drawing.Chart(
        [
            Drawing.Activity("Write", "Elsa.WriteLine", ("text", "Liquid", "{{ a }}")),
            Drawing.Activity("Decide", "Elsa.FlowDecision", ("condition", "JavaScript", "getX( >")),
        ], "Write:Nowhere:Decide"));

        var refused = await Studio.PostAsync("/workflow-definitions", new { model = flow, publish = true });

        refused.Reasons.ShouldContain(r => r.StartsWith("Write, text: Liquid expressions are not run here", StringComparison.Ordinal));
        refused.Reasons.ShouldContain(r => r.StartsWith("Decide, condition: is no JavaScript", StringComparison.Ordinal));
        refused.Reasons.ShouldContain(r => r.Contains("Nowhere", StringComparison.Ordinal));
        (await Studio.PostAsync($"/workflow-definitions/{flow["definitionId"]}/publish", new { })).Reasons.ShouldBe(refused.Reasons);
        var kept = (await Studio.GetAsync($"/workflow-definitions/by-definition-id/{flow["definitionId"]}?versionOptions=Latest")).Ok;
        (kept["isPublished"]!.GetValue<bool>(), kept["version"]!.GetValue<int>()).ShouldBe((false, 1));
    }

    [Fact]
    public async Task Two_thousand_activities_are_saved_shown_published_and_run()
    {
        List<JsonObject> activities = [.. Enumerable.Range(0, 2000).Select(i => Drawing.WriteLine($"W{i}", $"Line {i}"))];
        var flow = await Studio.DrawAsync(Drawing.Name(), Drawing.Chart(activities), publish: true);

        var shown = flow["root"]!["activities"]!.AsArray();
        shown.Count.ShouldBe(2000);
        shown.Select(a => Text(a!, "nodeId")).Distinct().Count().ShouldBe(2000);
        var run = await Studio.RunAsync(flow);
        await Studio.UntilAsync(run, "Finished");
        var journal = (await Studio.PostAsync($"/workflow-instances/{run}/journal?skip=1990&take=110", new { filter = new { activityNodeIds = shown.Select(a => Text(a!, "nodeId")), excludedActivityTypes = new[] { "Elsa.Workflow", "Elsa.Flowchart" } } })).Ok;
        (journal["totalCount"]!.GetValue<int>(), journal["items"]!.AsArray().Count).ShouldBe((2000, 10));
        var report = (await Studio.PostAsync("/activity-executions/report", new { workflowInstanceId = run, activityNodeIds = shown.Select(a => Text(a!, "nodeId")) })).Ok["stats"]!.AsArray();
        report.ShouldAllBe(s => s!["completedCount"]!.GetValue<int>() == 1);
    }

    [Fact]
    public async Task A_flow_with_too_many_activities_is_kept_as_a_draft_and_not_published()
    {
        var flow = await Studio.DrawAsync(Drawing.Name(), Drawing.Chart([.. Enumerable.Range(0, 2501).Select(i => Drawing.WriteLine($"W{i}"))]));

        (await Studio.PostAsync($"/workflow-definitions/{flow["definitionId"]}/publish", new { })).Reasons.ShouldContain(r => r.Contains("2500", StringComparison.Ordinal));
        (await Studio.GetAsync($"/workflow-definitions/by-id/{flow["id"]}")).Ok["root"]!["activities"]!.AsArray().Count.ShouldBe(2501);
    }

    [Fact]
    public async Task A_name_is_used_once()
    {
        var name = Drawing.Name();
        var first = await Studio.DrawAsync(name, Drawing.Chart([Drawing.WriteLine("A")]));

        (await Studio.PostAsync("/workflow-definitions", new { model = Drawing.Model(name.ToUpperInvariant(), Drawing.Chart([Drawing.WriteLine("B")])) })).Reasons.Single().ShouldContain(name.ToUpperInvariant());
        first["description"] = "The one that has it may keep it";
        (await Studio.SaveAsync(first))["name"]!.GetValue<string>().ShouldBe(name);
        // Each workspace has names of its own.
        await host.Outsider.DrawAsync(name, Drawing.Chart([Drawing.WriteLine("A")]));
    }

    [Fact]
    public async Task A_save_over_what_somebody_else_saved_meanwhile_is_refused_and_loses_nothing_of_theirs()
    {
        var mine = await Studio.DrawAsync(Drawing.Name(), Drawing.Chart([Drawing.WriteLine("A")]));
        var theirs = (await host.Colleague.GetAsync($"/workflow-definitions/by-definition-id/{mine["definitionId"]}?versionOptions=Latest")).Ok.AsObject();
        theirs["description"] = "Theirs";
        theirs = await host.Colleague.SaveAsync(theirs);

        mine["description"] = "Mine";
        (await Studio.PostAsync("/workflow-definitions", new { model = mine })).Reasons.Single().ShouldContain("Somebody else has saved");
        (await Studio.PostAsync("/workflow-definitions", new { model = mine, publish = true })).Reasons.Single().ShouldContain("Somebody else has saved");
        var kept = (await Studio.GetAsync($"/workflow-definitions/by-definition-id/{mine["definitionId"]}?versionOptions=Latest")).Ok.AsObject();
        Text(kept, "description").ShouldBe("Theirs");

        // They go on, also where their next edit was posted before the last one's answer had come; and so do we, once we have seen it.
        foreach (var words in new[] { "Theirs again", "And again" })
        {
            theirs["description"] = words;
            await host.Colleague.SaveAsync(theirs);
        }

        kept = (await Studio.GetAsync($"/workflow-definitions/by-definition-id/{mine["definitionId"]}?versionOptions=Latest")).Ok.AsObject();
        Text(kept, "description").ShouldBe("And again");
        kept["description"] = "Mine";
        Text(await Studio.SaveAsync(kept), "description").ShouldBe("Mine");
    }

    [Fact]
    public async Task Twenty_saves_at_once_make_one_version_that_is_whole()
    {
        var flow = await Studio.DrawAsync(Drawing.Name(), Drawing.Chart([Drawing.WriteLine("A")]), publish: true);

        var saved = await Task.WhenAll(Enumerable.Range(0, 20).Select(async i =>
        {
            var edited = flow.DeepClone().AsObject();
            edited["description"] = $"Edit {i}";
            return await Studio.SaveAsync(edited);
        }));

        saved.Select(s => Text(s, "id")).Distinct().Count().ShouldBe(1);
        saved.ShouldAllBe(s => s["version"]!.GetValue<int>() == 2);
        (await Studio.GetAsync($"/workflow-definitions?versionOptions=AllVersions&DefinitionIds={flow["definitionId"]}")).Items.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_token_that_ended_in_mid_edit_is_refused_and_the_edit_can_be_saved_with_a_new_one()
    {
        var key = await host.KeyAsync(host.Workspace, "admin");
        var before = new Studio(host.Admin.Client, key);
        var flow = await before.DrawAsync(Drawing.Name(), Drawing.Chart([Drawing.WriteLine("A")]));
        await host.AskAsync<long>("with gone as (update crm.api_key set expires_at = now() - interval '1 day' where id = $1 returning 1) select count(*) from gone", Crm.Entities.ApiKeys.ApiKeyText.Parse(key)!.Id);
        // As long as callers are remembered it may still be used; a host that does not remember asks.
        await using var other = await Accounts.OtherHost.StartAsync(host, new Crm.Testing.TestClock { Now = TimeProvider.System.GetUtcNow() });

        flow["description"] = "Drawn before, saved after";
        (await new Studio(other.As(null).Client, key).PostAsync("/workflow-definitions", new { model = flow })).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await Studio.GetAsync($"/workflow-definitions/by-id/{flow["id"]}")).Ok["description"].ShouldBeNull();
        Text(await new Studio(other.As(null).Client, host.DesignerKey).SaveAsync((JsonObject)flow.DeepClone()), "description").ShouldBe("Drawn before, saved after");
    }

    [Theory]
    [InlineData("/workflow-definitions", "")]
    [InlineData("/workflow-definitions", "{")]
    [InlineData("/workflow-definitions", "[]")]
    [InlineData("/workflow-definitions", "{}")]
    [InlineData("/workflow-definitions", """{"model":{}}""")]
    [InlineData("/workflow-definitions", """{"model":{"name":"No root","root":{"type":""}}}""")]
    [InlineData("/workflow-definitions", """{"model":{"name":"\u0000","root":{"type":"Elsa.Flowchart","id":"a"}}}""")]
    [InlineData("/workflow-definitions", """{"model":{"definitionId":"a/b","name":"Slash","root":{"type":"Elsa.Flowchart","id":"a"}}}""")]
    [InlineData("/workflow-definitions/import", "7")]
    [InlineData("/workflow-definitions/import", "{}")]
    [InlineData("/workflow-instances", "{")]
    [InlineData("/workflow-instances", """{"pageSize":"many"}""")]
    [InlineData("/workflow-instances", """{"timestampFilters":[{"column":"Price","operator":"Is","timestamp":"2026-01-01T00:00:00Z"}]}""")]
    [InlineData("/bulk-actions/cancel/workflow-instances", """{"definitionId":"a","versionOptions":"Newest"}""")]
    public async Task What_cannot_be_read_is_refused_with_words(string path, string body)
    {
        var before = await host.AskAsync<long>("select count(*) from wfm_flows.definition");

        (await Studio.SendAsync(HttpMethod.Post, path, new StringContent(body, Encoding.UTF8, "application/json"))).Reasons.ShouldNotBeEmpty();

        (await host.AskAsync<long>("select count(*) from wfm_flows.definition")).ShouldBe(before);
    }

    [Fact]
    public async Task What_is_larger_than_Studio_reads_from_a_file_is_refused()
    {
        var body = "{\"model\":{\"name\":\"Large\",\"description\":\"" + new string('x', 10_000_000) + "\",\"root\":{\"type\":\"Elsa.Flowchart\",\"id\":\"a\"}}}";

        (await Studio.PostAsync("/workflow-definitions", body)).Reasons.Single().ShouldContain("10 MB");
    }

    [Fact]
    public async Task Runs_of_another_server_are_not_imported()
    {
        using var file = new MultipartFormDataContent { { new StringContent("{}"), "files", "run.json" } };

        (await Studio.SendAsync(HttpMethod.Post, "/bulk-actions/import/workflow-instances", file)).Reasons.Single().ShouldContain("cannot be imported");
    }

    private static string Text(JsonNode node, string member) => node[member]!.GetValue<string>();
}
