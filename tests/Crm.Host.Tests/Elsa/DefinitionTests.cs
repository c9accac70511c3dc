using System.IO.Compression;
using System.Net;
using System.Text.Json.Nodes;

namespace Crm.Host.Tests.Elsa;

/// <summary>Flows drawn, saved, published, taken back, deleted, exported and imported as Elsa Studio does it.</summary>
public sealed class DefinitionTests(ElsaHost host) : IClassFixture<ElsaHost>
{
    private Studio Studio => host.Designer;

    [Fact]
    public async Task A_new_flow_is_created_as_the_create_dialog_posts_it()
    {
        var name = Drawing.Name();
        (await Studio.GetAsync($"/workflow-definitions/validation/is-name-unique?name={Uri.EscapeDataString(name)}")).Ok["isUnique"]!.GetValue<bool>().ShouldBeTrue();
        var root = new JsonObject { ["id"] = "e3016895612868d9", ["type"] = "Elsa.Flowchart", ["version"] = 1, ["name"] = "Flowchart1", ["nodeId"] = "Workflow1:e3016895612868d9" };
        var reply = (await Studio.PostAsync("/workflow-definitions", new { model = Drawing.Model(name, root), publish = (bool?)null })).Ok;

        var flow = reply["workflowDefinition"]!;
        (flow["name"]!.GetValue<string>(), flow["version"]!.GetValue<int>(), flow["isLatest"]!.GetValue<bool>(), flow["isPublished"]!.GetValue<bool>()).ShouldBe((name, 1, true, false));
        flow["createdAt"]!.GetValue<DateTimeOffset>().Year.ShouldBeGreaterThan(2000);
        flow["root"]!["nodeId"]!.GetValue<string>().ShouldBe("Workflow1:e3016895612868d9");
        (reply["alreadyPublished"]!.GetValue<bool>(), reply["consumingWorkflowCount"]!.GetValue<int>()).ShouldBe((false, 0));
        Rels(flow).ShouldContain("publish");
        var definitionId = flow["definitionId"]!.GetValue<string>();
        (await Studio.GetAsync($"/workflow-definitions/by-definition-id/{definitionId}?versionOptions=Latest")).Ok.ToJsonString().ShouldBe(flow.ToJsonString());
        (await Studio.GetAsync($"/workflow-definitions/by-id/{flow["id"]}")).Ok.ToJsonString().ShouldBe(flow.ToJsonString());
        (await Studio.GetAsync($"/workflow-definitions/validation/is-name-unique?name={Uri.EscapeDataString(name)}")).Ok["isUnique"]!.GetValue<bool>().ShouldBeFalse();
        (await Studio.GetAsync($"/workflow-definitions/validation/is-name-unique?name={Uri.EscapeDataString(name)}&definitionId={definitionId}")).Ok["isUnique"]!.GetValue<bool>().ShouldBeTrue();
    }

    [Fact]
    public async Task A_draft_is_overwritten_and_what_was_published_is_not()
    {
        var first = await Studio.DrawAsync(Drawing.Name(), Drawing.Chart([Drawing.WriteLine("A")]));
        first["root"] = Drawing.Chart([Drawing.WriteLine("A"), Drawing.WriteLine("B")]);
        var again = await Studio.SaveAsync(first);
        (again["id"]!.GetValue<string>(), again["version"]!.GetValue<int>()).ShouldBe((first["id"]!.GetValue<string>(), 1));

        var published = await Studio.SaveAsync(again, publish: true);
        published["isPublished"]!.GetValue<bool>().ShouldBeTrue();
        published["description"] = "Edited since";
        var draft = await Studio.SaveAsync(published);
        (draft["version"]!.GetValue<int>(), draft["isLatest"]!.GetValue<bool>(), draft["isPublished"]!.GetValue<bool>()).ShouldBe((2, true, false));
        draft["id"]!.GetValue<string>().ShouldNotBe(published["id"]!.GetValue<string>());
        // The next edit may still name the published version.
        published["description"] = "Edited twice";
        var twice = await Studio.SaveAsync(published);
        (twice["id"]!.GetValue<string>(), twice["description"]!.GetValue<string>()).ShouldBe((draft["id"]!.GetValue<string>(), "Edited twice"));
        var kept = (await Studio.GetAsync($"/workflow-definitions/by-id/{published["id"]}")).Ok;
        (kept["isLatest"]!.GetValue<bool>(), kept["isPublished"]!.GetValue<bool>(), kept["description"]).ShouldBe((false, true, null));
    }

    [Fact]
    public async Task What_nobody_has_drawn_yet_has_places_of_its_own_and_what_is_drawn_stays()
    {
        JsonObject[] activities = [.. "STABJLX".Select(c => Drawing.WriteLine($"{c}"))];
        foreach (var activity in activities) activity.Remove("metadata");
        // A start, a test with two ways that meet, a way back, and one that nothing leads to.
        var chart = Drawing.Chart(activities, "S:Done:T", "T:Yes:A", "T:No:B", "A:Done:J", "B:Done:J", "J:Done:L", "L:Done:T");
        var shown = await Studio.DrawAsync(Drawing.Name(), chart);
        Places(shown).ShouldBe([("S", 0, 0), ("T", 280, 0), ("A", 560, 0), ("B", 560, 120), ("J", 840, 0), ("L", 1120, 0), ("X", 0, 120)], ignoreOrder: true);

        // The file keeps none until somebody draws.
        var exported = await Studio.GetAsync($"/workflow-definitions/{shown["definitionId"]}/export?versionOptions=Latest");
        exported.Ok.ToJsonString().ShouldNotContain("position");

        foreach (var drawn in shown["root"]!["activities"]!.AsArray().Take(2)) drawn!["metadata"]!["designer"]!["position"] = new JsonObject { ["x"] = -7.5, ["y"] = 30 };
        foreach (var undrawn in shown["root"]!["activities"]!.AsArray().Skip(2)) undrawn!.AsObject().Remove("metadata");
        Places(await Studio.SaveAsync(shown)).ShouldBe([("S", -7.5, 30), ("T", -7.5, 30), ("A", 0, 150), ("B", 0, 270), ("J", 280, 150), ("L", 560, 150), ("X", 0, 390)], ignoreOrder: true);

        static IEnumerable<(string, double, double)> Places(JsonObject flow) => flow["root"]!["activities"]!.AsArray().Select(a => (a!["id"]!.GetValue<string>(), a["metadata"]!["designer"]!["position"]!))
            .Select(a => (a.Item1, a.Item2["x"]!.GetValue<double>(), a.Item2["y"]!.GetValue<double>()));
    }

    [Fact]
    public async Task Versions_are_listed_published_retracted_reverted_and_deleted()
    {
        var flow = await Studio.DrawAsync(Drawing.Name(), Drawing.Chart([Drawing.WriteLine("A")]), publish: true);
        var id = flow["definitionId"]!.GetValue<string>();
        flow["description"] = "Two";
        await Studio.SaveAsync(flow);
        var published = (await Studio.PostAsync($"/workflow-definitions/{id}/publish", new { })).Ok;
        (published["workflowDefinition"]!["version"]!.GetValue<int>(), published["alreadyPublished"]!.GetValue<bool>()).ShouldBe((2, false));
        (await Studio.PostAsync($"/workflow-definitions/{id}/publish", new { })).Ok["alreadyPublished"]!.GetValue<bool>().ShouldBeTrue();

        (await Studio.PostAsync($"/workflow-definitions/{id}/retract", new { })).Ok["isPublished"]!.GetValue<bool>().ShouldBeFalse();
        var reverted = (await Studio.PostAsync($"/workflow-definitions/{id}/revert/1")).Ok;
        (reverted["version"]!.GetValue<int>(), reverted["isLatest"]!.GetValue<bool>(), reverted["isPublished"]!.GetValue<bool>(), reverted["description"]).ShouldBe((3, true, false, null));
        var history = await Studio.GetAsync($"/workflow-definitions?versionOptions=AllVersions&Page=0&PageSize=10&DefinitionIds={id}&OrderBy=Version&OrderDirection=Descending");
        history.Items.Select(v => v["version"]!.GetValue<int>()).ShouldBe([3, 2, 1]);

        (await Studio.DeleteAsync($"/workflow-definition-versions/{history.Items[2]["id"]}")).Status.ShouldBe(HttpStatusCode.NoContent);
        (await Studio.PostAsync("/bulk-actions/delete/workflow-definitions/by-id", new { ids = new[] { history.Items[1]["id"]!.GetValue<string>(), "none" } })).Ok["deleted"]!.GetValue<int>().ShouldBe(1);
        (await Studio.DeleteAsync($"/workflow-definitions/{id}")).Status.ShouldBe(HttpStatusCode.NoContent);
        (await Studio.GetAsync($"/workflow-definitions/by-definition-id/{id}?versionOptions=Latest")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Lists_have_pages_orders_and_searches()
    {
        var word = $"searched{Guid.CreateVersion7():N}";
        var ids = new List<string>();
        foreach (var letter in new[] { "b", "c", "a" }) ids.Add((await Studio.DrawAsync($"{word} {letter}", Drawing.Chart([Drawing.WriteLine("A")]), publish: letter == "b"))["definitionId"]!.GetValue<string>());

        var page = (await Studio.GetAsync($"/workflow-definitions?versionOptions=Latest&Page=1&PageSize=2&SearchTerm={word}&IsSystem=False&OrderBy=Name&OrderDirection=Ascending")).Ok;
        (page["totalCount"]!.GetValue<int>(), page["items"]!.AsArray().Single()!["name"]!.GetValue<string>()).ShouldBe((3, $"{word} c"));
        Rels(page).ShouldContain("bulk-publish");
        (await Studio.GetAsync($"/workflow-definitions?versionOptions=Latest&SearchTerm={word}&OrderBy=Created&OrderDirection=Descending")).Items.Select(d => d["name"]!.GetValue<string>()[^1]).ShouldBe(['a', 'c', 'b']);
        (await Studio.GetAsync($"/workflow-definitions?versionOptions=Published&DefinitionIds={ids[0]}&DefinitionIds={ids[1]}")).Items.Select(d => d["definitionId"]!.GetValue<string>()).ShouldBe([ids[0]]);
        var version = (await Studio.GetAsync($"/workflow-definitions/by-definition-id/{ids[2]}")).Ok["id"]!.GetValue<string>();
        (await Studio.GetAsync($"/workflow-definitions?versionOptions=&Ids={version}&Ids=none")).Items.Select(d => d["id"]!.GetValue<string>()).ShouldBe([version]);
        (await Studio.GetAsync($"/workflow-definitions?versionOptions=LatestOrPublished&SearchTerm={word}")).Ok["totalCount"]!.GetValue<int>().ShouldBe(3);
        (await Studio.GetAsync("/workflow-definitions?versionOptions=Newest")).Reasons.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Several_are_published_retracted_exported_and_deleted_at_once()
    {
        var good = await Studio.DrawAsync(Drawing.Name(), Drawing.Chart([Drawing.WriteLine("A")]));
        var bad = await Studio.DrawAsync(Drawing.Name(), Drawing.Chart([Drawing.Activity("A", "Acme.Missing")]));
        string[] ids = [good["definitionId"]!.GetValue<string>(), bad["definitionId"]!.GetValue<string>(), "none"];

        var published = (await Studio.PostAsync("/bulk-actions/publish/workflow-definitions/by-definition-ids", new { definitionIds = ids })).Ok;
        Texts(published, "published").ShouldBe([ids[0]]);
        Texts(published, "skipped").ShouldBe([ids[1]]);
        Texts(published, "notFound").ShouldBe(["none"]);
        Texts(published, "alreadyPublished").Concat(Texts(published, "updatedConsumers")).ShouldBeEmpty();
        var retracted = (await Studio.PostAsync("/bulk-actions/retract/workflow-definitions/by-definition-ids", new { definitionIds = ids })).Ok;
        Texts(retracted, "retracted").ShouldBe([ids[0]]);
        Texts(retracted, "notFound").ShouldBe(["none"]);

        var exported = await Studio.PostAsync("/bulk-actions/export/workflow-definitions", new { ids = new[] { good["id"]!.GetValue<string>(), bad["id"]!.GetValue<string>() }, includeConsumingWorkflows = false });
        (exported.Status, exported.MediaType, exported.FileName).ShouldBe((HttpStatusCode.OK, "application/zip", "workflow-definitions.zip"));
        using var zip = new ZipArchive(new MemoryStream(exported.Bytes));
        zip.Entries.Count.ShouldBe(2);
        // What this host lacks leaves it as it came.
        var missing = await JsonNode.ParseAsync(zip.Entries.Single(e => e.Name.Contains(ids[1], StringComparison.Ordinal)).Open());
        missing!["root"]!["activities"]![0]!["type"]!.GetValue<string>().ShouldBe("Acme.Missing");
        (await Studio.PostAsync("/bulk-actions/export/workflow-definitions", new { ids = new[] { "none" } })).Reasons.Count.ShouldBe(1);

        (await Studio.PostAsync("/bulk-actions/delete/workflow-definitions/by-definition-id", new { definitionIds = ids })).Ok["deleted"]!.GetValue<int>().ShouldBe(2);
    }

    [Fact]
    public async Task What_is_exported_is_imported_again()
    {
        var name = Drawing.Name();
        var flow = await Studio.DrawAsync(name, Drawing.Chart([Drawing.WriteLine("A")]), new { customProperties = new { ours = 1 } });
        var exported = await Studio.GetAsync($"/workflow-definitions/{flow["definitionId"]}/export?versionOptions=Latest&includeConsumingWorkflows=False");
        (exported.Status, exported.MediaType).ShouldBe((HttpStatusCode.OK, "application/json"));
        exported.FileName.ShouldNotBeNull().ShouldEndWith(".json");
        var file = exported.Json.AsObject();
        file["$schema"]!.GetValue<string>().ShouldStartWith("https://elsaworkflows.io/schemas/workflow-definition");
        file["customProperties"]!.ToJsonString().ShouldBe("""{"ours":1}""");

        (file["definitionId"], file["id"], file["name"]) = ("imported", "imp1", Drawing.Name());
        var imported = (await Studio.PostAsync("/workflow-definitions/import", file)).Ok;
        (imported["definitionId"]!.GetValue<string>(), imported["version"]!.GetValue<int>(), imported["isPublished"]!.GetValue<bool>()).ShouldBe(("imported", 1, false));
        imported["root"]!["activities"]![0]!["nodeId"]!.GetValue<string>().ShouldBe("Workflow1:flow1:A");
        (await Studio.GetAsync($"/workflow-definitions/{flow["definitionId"]}/export?includeConsumingWorkflows=True")).MediaType.ShouldBe("application/zip");
        (await Studio.GetAsync("/workflow-definitions/none/export?versionOptions=Latest")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Every_activity_has_its_place_wherever_it_lies_and_the_way_to_it_is_shown()
    {
        var inner = Drawing.Chart([Drawing.WriteLine("Inner")]);
        (inner["id"], inner["name"]) = ("tf", "Then");
        var decide = Drawing.Activity("If9", "Elsa.If", ("condition", "JavaScript", "true"));
        decide["then"] = inner;
        var flow = await Studio.DrawAsync(Drawing.Name(), Drawing.Chart([Drawing.Activity("S1", "Elsa.Start"), decide]));

        var shown = flow["root"]!["activities"]![1]!["then"]!;
        (shown["nodeId"]!.GetValue<string>(), shown["activities"]![0]!["nodeId"]!.GetValue<string>()).ShouldBe(("Workflow1:flow1:If9:tf", "Workflow1:flow1:If9:tf:Inner"));
        var segments = (await Studio.GetAsync($"/workflow-definitions/subgraph/segments/{flow["id"]}?childNodeId=Workflow1:flow1:If9:tf:Inner")).Ok;
        segments["childNode"]!["activity"]!["id"]!.GetValue<string>().ShouldBe("Inner");
        segments["container"]!["nodeId"]!.GetValue<string>().ShouldBe("Workflow1:flow1:If9:tf");
        segments["pathSegments"]!.AsArray().Select(s => $"{s!["activityNodeId"]} {s["activityId"]} {s["activityType"]} {s["portName"]}").ShouldBe(["Workflow1:flow1:If9 If9 Elsa.If then"]);
        var graph = (await Studio.GetAsync($"/workflow-definitions/subgraph/{flow["id"]}?parentNodeId=Workflow1:flow1:If9")).Ok;
        (graph["nodeId"]!.GetValue<string>(), graph["children"]![0]!["port"]!.GetValue<string>()).ShouldBe(("Workflow1:flow1:If9", "then"));
        (await Studio.GetAsync($"/workflow-definitions/subgraph/{flow["id"]}")).Ok["nodeId"]!.GetValue<string>().ShouldBe("Workflow1:flow1");
        foreach (var path in new[] { $"{flow["id"]}?parentNodeId=Workflow1:flow1:Nobody", "none", $"segments/{flow["id"]}?childNodeId=Workflow1:other", "segments/none?childNodeId=Workflow1" })
            (await Studio.GetAsync($"/workflow-definitions/subgraph/{path}")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task What_lies_in_a_flow_used_as_an_activity_is_shown_below_it()
    {
        var name = Drawing.Name("Called");
        var called = await Studio.DrawAsync(name, Drawing.Chart([Drawing.WriteLine("Deep")]), new { options = new { usableAsActivity = true } }, publish: true);
        var call = Drawing.Activity("Call", name.Replace(" ", ""));
        (call["workflowDefinitionId"], call["workflowDefinitionVersionId"], call["version"]) = (called["definitionId"]!.DeepClone(), called["id"]!.DeepClone(), 7);
        var flow = await Studio.DrawAsync(Drawing.Name(), Drawing.Chart([call]));

        var shown = flow["root"]!["activities"]![0]!;
        (shown["version"]!.GetValue<int>(), shown["latestAvailablePublishedVersion"]!.GetValue<int>(), shown["latestAvailablePublishedVersionId"]!.GetValue<string>()).ShouldBe((1, 1, called["id"]!.GetValue<string>()));
        var graph = (await Studio.GetAsync($"/workflow-definitions/subgraph/{flow["id"]}?parentNodeId=Workflow1:flow1:Call")).Ok;
        graph["children"]![0]!["nodeId"]!.GetValue<string>().ShouldBe("Workflow1:flow1:Call:flow1");
        var run = await Studio.RunAsync(flow);
        await Studio.UntilAsync(run, "Finished");
        var journal = await Studio.PostAsync($"/workflow-instances/{run}/journal", new { filter = new { activityNodeIds = new[] { "Workflow1:flow1:Call:flow1:Deep" } } });
        journal.Items.Single()["activityType"]!.GetValue<string>().ShouldBe("Elsa.WriteLine");
    }

    [Fact]
    public async Task A_bundles_flow_is_shown_and_not_edited_here()
    {
        await host.Rep.DealAsync(new { name = "Acme", ownerId = await host.UserAsync() });
        await host.QuietAsync();
        var flow = (await Studio.GetAsync("/workflow-definitions?versionOptions=Latest")).Items.First(d => d["isReadonly"]!.GetValue<bool>());

        Rels(flow).ShouldNotContain("publish");
        var shown = (await Studio.GetAsync($"/workflow-definitions/by-definition-id/{flow["definitionId"]}?versionOptions=Latest")).Ok;
        Rels(shown).ShouldNotContain("publish");
        (await Studio.PostAsync("/workflow-definitions", new { model = shown })).Reasons.Single().ShouldContain("bundle");
        (await Studio.PostAsync($"/workflow-definitions/{flow["definitionId"]}/retract", new { })).Reasons.Single().ShouldContain("bundle");
        (await Studio.DeleteAsync($"/workflow-definitions/{flow["definitionId"]}")).Status.ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task Scripts_are_told_what_they_can_call()
    {
        var flow = await Studio.DrawAsync(Drawing.Name(), Drawing.Chart([Drawing.Activity("Decide", "Elsa.FlowDecision", ("condition", "JavaScript", "getX() > 3"))]), new
        {
            variables = new[] { Drawing.Variable("X", "Int32", "5"), Drawing.Variable("not a name", "String", "a") },
            inputs = new[] { new { type = "String", name = "OrderId", isArray = true } },
        });

        var reply = await Studio.PostAsync($"/scripting/javascript/type-definitions/{flow["definitionId"]}", new { workflowDefinitionId = flow["definitionId"]!.GetValue<string>(), activityTypeName = "Elsa.FlowDecision", propertyName = "Condition" });

        reply.Status.ShouldBe(HttpStatusCode.OK);
        foreach (var line in new[]
        {
            "declare function getX(): number;", "declare function setX(value: number): void;", "declare function getOrderId(): string[];", "declare function getResultFromDecide(): boolean;",
            "declare const variables: { X: number; };", "declare function getVariable(name: string): any;",
        }) reply.Text.ShouldContain(line);
        reply.Text.ShouldNotContain("not a name");
        (await Studio.PostAsync("/scripting/javascript/type-definitions/none", new { })).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    internal static IEnumerable<string> Rels(JsonNode node) => node["links"]!.AsArray().Select(l => l!["rel"]!.GetValue<string>());

    private static IEnumerable<string> Texts(JsonNode node, string member) => node[member]!.AsArray().Select(t => t!.GetValue<string>());
}
