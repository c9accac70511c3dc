using System.Net;
using System.Text.Json.Nodes;

namespace Crm.Host.Tests.Elsa;

/// <summary>Runs started, watched, cancelled and deleted as Elsa Studio does it.</summary>
public sealed class InstanceTests(ElsaHost host) : IClassFixture<ElsaHost>
{
    private Studio Studio => host.Designer;

    [Fact]
    public async Task A_run_that_sleeps_is_shown_with_what_it_did_and_what_it_holds()
    {
        var (flow, run) = await SleeperAsync();
        await Studio.UntilAsync(run, "Suspended");

        var shown = (await Studio.GetAsync($"/workflow-instances/{run}")).Ok;
        (Text(shown, "id"), Text(shown, "definitionId"), Text(shown, "definitionVersionId"), shown["version"]!.GetValue<int>(), Text(shown, "status"), shown["incidentCount"]!.GetValue<int>())
            .ShouldBe((run, Text(flow, "definitionId"), Text(flow, "id"), 1, "Running", 0));
        shown["finishedAt"].ShouldBeNull();
        var state = shown["workflowState"]!;
        (Text(state, "subStatus"), state["incidents"]!.AsArray().Count, state["input"]!["OrderId"]!.GetValue<string>()).ShouldBe(("Suspended", 0, "none"));
        (await Studio.GetAsync($"/workflow-instances/{run}/variables")).Items.Select(v => $"{v["id"]} {v["name"]} {v["value"]}").ShouldBe(["v-X X 8"]);

        var journal = (await Studio.PostAsync($"/workflow-instances/{run}/journal?skip=0&take=110", new { filter = new { activityIds = (string[]?)null, excludedActivityTypes = new[] { "Elsa.Workflow", "Elsa.Flowchart" } } })).Ok;
        journal["items"]!.AsArray().Select(j => $"{j!["activityId"]} {j["eventName"]}").ShouldBe(["Begin Completed", "Set Completed", "Say Completed", "Decide Completed", "Sleep Suspended"]);
        journal["totalCount"]!.GetValue<int>().ShouldBe(5);
        var said = journal["items"]![2]!;
        (Text(said, "nodeId"), said["activityState"]!["Text"]!.GetValue<string>(), said["payload"]!["Outcomes"]![0]!.GetValue<string>()).ShouldBe(("Workflow1:flow1:Say", "X is 8", "Done"));
        journal["items"]!.AsArray().Select(j => j!["sequence"]!.GetValue<int>()).ShouldBeInOrder();
        var page = (await Studio.PostAsync($"/workflow-instances/{run}/journal?skip=1&take=1", new { filter = new { activityNodeIds = new[] { "Workflow1:flow1:Set", "Workflow1:flow1:Say" } } })).Ok;
        (page["totalCount"]!.GetValue<int>(), Text(page["items"]!.AsArray().Single()!, "activityId")).ShouldBe((2, "Say"));
        (await Studio.PostAsync($"/workflow-instances/{run}/journal", new { filter = new { eventNames = new[] { "Faulted" } } })).Ok["totalCount"]!.GetValue<int>().ShouldBe(0);
    }

    [Fact]
    public async Task Executions_are_counted_listed_and_looked_into()
    {
        var (_, run) = await SleeperAsync();
        await Studio.UntilAsync(run, "Suspended");

        var report = (await Studio.PostAsync("/activity-executions/report", new { workflowInstanceId = run, activityNodeIds = new[] { "Workflow1:flow1:Say", "Workflow1:flow1:Sleep", "Workflow1:flow1:Never" } })).Ok["stats"]!.AsArray();
        report.Select(s => $"{s!["activityId"]} {s["startedCount"]} {s["completedCount"]} {s["uncompletedCount"]} {s["isBlocked"]} {s["isFaulted"]}")
            .ShouldBe(["Say 1 1 0 false false", "Sleep 1 0 1 true false", "Never 0 0 0 false false"]);
        var record = (await Studio.GetAsync($"/activity-executions/list?WorkflowInstanceId={run}&ActivityNodeId=Workflow1:flow1:Say")).Items.Single();
        (Text(record, "status"), record["activityState"]!["Text"]!.GetValue<string>(), record["hasBookmarks"]!.GetValue<bool>()).ShouldBe(("Completed", "X is 8", false));
        record["completedAt"].ShouldNotBeNull();
        var decided = (await Studio.GetAsync($"/activity-executions/list?WorkflowInstanceId={run}&ActivityNodeId=Workflow1:flow1:Decide")).Items.Single();
        (decided["outputs"]!["Result"]!.GetValue<bool>(), decided["payload"]!["Outcomes"]![0]!.GetValue<string>()).ShouldBe((true, "True"));
        var summary = (await Studio.GetAsync($"/activity-execution-summaries/list?WorkflowInstanceId={run}&ActivityNodeId=Workflow1:flow1:Sleep")).Items.Single();
        (Text(summary, "status"), summary["hasBookmarks"]!.GetValue<bool>(), summary["completedAt"], summary["activityState"]).ShouldBe(("Running", true, null, null));
        (await Studio.GetAsync($"/activity-executions/by-id?id={summary["id"]}")).Ok["activityState"]!["TimeSpan"]!.GetValue<string>().ShouldBe("01:00:00");
        var stack = (await Studio.GetAsync($"/activity-executions/{summary["id"]}/call-stack?includeCrossWorkflowChain=True")).Ok;
        stack["items"]!.AsArray().Select(e => Text(e!, "activityType")).ShouldBe(["Elsa.Workflow", "Elsa.Flowchart", "Elsa.Delay"]);
        (stack["totalCount"]!.GetValue<int>(), stack["items"]![2]!["callStackDepth"]!.GetValue<int>()).ShouldBe((3, 2));
    }

    [Fact]
    public async Task A_run_that_failed_says_why()
    {
        var flow = await Studio.DrawAsync(Drawing.Name(), Drawing.Chart([Drawing.WriteLine("A"), Drawing.Activity("Break", "Elsa.Fault", ("message", "Literal", "No way"))]));
        var run = await Studio.RunAsync(flow);
        await Studio.UntilAsync(run, "Faulted");

        var shown = (await Studio.GetAsync($"/workflow-instances/{run}")).Ok;
        (Text(shown, "status"), shown["incidentCount"]!.GetValue<int>()).ShouldBe(("Finished", 1));
        var incident = shown["workflowState"]!["incidents"]!.AsArray().Single()!;
        (Text(incident, "activityId"), Text(incident, "activityNodeId"), Text(incident, "activityType")).ShouldBe(("Break", "Workflow1:flow1:Break", "Elsa.Fault"));
        Text(incident, "message").ShouldContain("No way");
        var stats = (await Studio.PostAsync("/activity-executions/report", new { workflowInstanceId = run, activityNodeIds = new[] { "Workflow1:flow1:Break" } })).Ok["stats"]![0]!;
        (stats["isFaulted"]!.GetValue<bool>(), stats["aggregateFaultCount"]!.GetValue<int>()).ShouldBe((true, 1));
        var record = (await Studio.GetAsync($"/activity-executions/list?WorkflowInstanceId={run}&ActivityNodeId=Workflow1:flow1:Break")).Items.Single();
        (Text(record, "status"), Text(record["exception"]!, "message").Contains("No way", StringComparison.Ordinal)).ShouldBe(("Faulted", true));
        (await Studio.PostAsync($"/workflow-instances/{run}/journal", new { filter = new { eventNames = new[] { "Faulted" } } })).Items.Single()["message"]!.GetValue<string>().ShouldContain("No way");
    }

    [Fact]
    public async Task Runs_are_listed_by_everything_the_list_filters_by()
    {
        var flow = await Studio.DrawAsync(Drawing.Name("Listed"), Drawing.Chart([Drawing.WriteLine("A")]), publish: true);
        var runs = new List<string>();
        for (var i = 0; i < 3; i++) runs.Add(await Studio.RunAsync(flow));
        foreach (var run in runs) await Studio.UntilAsync(run, "Finished");
        var failing = await Studio.DrawAsync(Drawing.Name("Listed too"), Drawing.Chart([Drawing.Activity("F", "Elsa.Fault")]));
        var failed = await Studio.RunAsync(failing);
        await Studio.UntilAsync(failed, "Faulted");
        string[] both = [Text(flow, "definitionId"), Text(failing, "definitionId")];

        async Task<IReadOnlyList<string>> List(object filter) => [.. (await Studio.PostAsync("/workflow-instances", filter)).Items.Select(i => Text(i, "id"))];
        (await List(new { page = 0, pageSize = 10, definitionIds = both, statuses = Array.Empty<string>(), subStatuses = Array.Empty<string>(), orderBy = (string?)null, orderDirection = "Descending" })).ShouldBe([failed, .. runs.AsEnumerable().Reverse()]);
        (await List(new { definitionIds = both, orderBy = "Created", orderDirection = "Ascending" })).ShouldBe([.. runs, failed]);
        (await List(new { definitionIds = both, page = 1, pageSize = 3, orderDirection = "Ascending" })).ShouldBe([failed]);
        (await List(new { definitionIds = both, subStatuses = new[] { "Faulted" } })).ShouldBe([failed]);
        (await List(new { definitionIds = both, statuses = new[] { "Running" } })).ShouldBeEmpty();
        (await List(new { definitionIds = both, hasIncidents = true })).ShouldBe([failed]);
        (await List(new { definitionId = both[1] })).ShouldBe([failed]);
        (await List(new { searchTerm = runs[1] })).ShouldBe([runs[1]]);
        (await List(new { definitionIds = both, isSystem = true })).ShouldBeEmpty();
        (await List(new { definitionIds = both, version = 2 })).ShouldBeEmpty();
        (await List(new { definitionIds = both, correlationId = "nobody's" })).ShouldBeEmpty();
        (await List(new { definitionIds = both, timestampFilters = new[] { new { column = "CreatedAt", @operator = "GreaterThan", timestamp = "2100-01-01T00:00:00+00:00" } } })).ShouldBeEmpty();
        (await List(new { definitionIds = both, timestampFilters = new[] { new { column = "FinishedAt", @operator = "LessThanOrEqual", timestamp = "2100-01-01T00:00:00+00:00" } } })).Count.ShouldBe(4);
        var page = (await Studio.PostAsync("/workflow-instances", new { definitionIds = both, page = 0, pageSize = 2 })).Ok;
        (page["totalCount"]!.GetValue<int>(), page["items"]!.AsArray().Count).ShouldBe((4, 2));
    }

    [Fact]
    public async Task Runs_are_cancelled_and_deleted_alone_and_together()
    {
        var (flow, first) = await SleeperAsync();
        List<string> runs = [first];
        for (var i = 0; i < 4; i++) runs.Add(await Studio.RunAsync(flow));
        foreach (var run in runs) await Studio.UntilAsync(run, "Suspended");

        (await Studio.PostAsync($"/cancel/workflow-instances/{runs[0]}")).Status.ShouldBe(HttpStatusCode.OK);
        (await Studio.GetAsync($"/workflow-instances/{runs[0]}/execution-state")).Ok["subStatus"]!.GetValue<string>().ShouldBe("Cancelled");
        var left = (await Studio.GetAsync($"/activity-executions/list?WorkflowInstanceId={runs[0]}&ActivityNodeId=Workflow1:flow1:Sleep")).Items.Single();
        (Text(left, "status"), left["hasBookmarks"]!.GetValue<bool>(), left["completedAt"] is null).ShouldBe(("Canceled", false, false));
        (await Studio.PostAsync("/bulk-actions/cancel/workflow-instances", new { ids = new[] { runs[0], runs[1], "none" }, definitionVersionId = (string?)null, definitionId = (string?)null, versionOptions = (string?)null })).Ok["cancelledCount"]!.GetValue<int>().ShouldBe(1);
        (await Studio.PostAsync("/bulk-actions/cancel/workflow-instances", new { ids = (string[]?)null, definitionVersionId = Text(flow, "id") })).Ok["cancelledCount"]!.GetValue<int>().ShouldBe(3);
        foreach (var run in runs) (await Studio.GetAsync($"/workflow-instances/{run}")).Ok["subStatus"]!.GetValue<string>().ShouldBe("Cancelled");

        (await Studio.DeleteAsync($"/workflow-instances/{runs[0]}")).Status.ShouldBe(HttpStatusCode.NoContent);
        (await Studio.GetAsync($"/workflow-instances/{runs[0]}")).Status.ShouldBe(HttpStatusCode.NotFound);
        var awake = await Studio.RunAsync(flow);
        await Studio.UntilAsync(awake, "Suspended");
        (await Studio.PostAsync("/bulk-actions/delete/workflow-instances/by-id", new { ids = new[] { runs[1], runs[2], awake, runs[0] } })).Ok["deleted"]!.GetValue<int>().ShouldBe(3);
        (await Studio.PostAsync("/workflow-instances", new { definitionId = Text(flow, "definitionId") })).Items.Select(i => Text(i, "id")).Order().ShouldBe(new[] { runs[3], runs[4] }.Order());
        (await Studio.PostAsync("/bulk-actions/cancel/workflow-instances", new { definitionId = Text(flow, "definitionId"), versionOptions = "AllVersions" })).Ok["cancelledCount"]!.GetValue<int>().ShouldBe(0);
    }

    [Theory]
    [InlineData("GET", "/workflow-instances/none")]
    [InlineData("GET", "/workflow-instances/00000000-0000-7000-8000-0000000000ff/execution-state")]
    [InlineData("GET", "/workflow-instances/none/variables")]
    [InlineData("POST", "/workflow-instances/none/journal")]
    [InlineData("POST", "/cancel/workflow-instances/none")]
    [InlineData("DELETE", "/workflow-instances/00000000-0000-7000-8000-0000000000ff")]
    [InlineData("GET", "/activity-executions/by-id?id=none")]
    [InlineData("GET", "/activity-executions/000000000000700080000000000000ff-1/call-stack")]
    [InlineData("GET", "/activity-executions/list?WorkflowInstanceId=none")]
    [InlineData("POST", "/activity-executions/report")]
    [InlineData("POST", "/tests/activities")]
    [InlineData("POST", "/workflow-definitions/none/execute")]
    [InlineData("POST", "/workflow-definitions/none/publish")]
    [InlineData("POST", "/workflow-definitions/none/retract")]
    [InlineData("POST", "/workflow-definitions/none/revert/1")]
    [InlineData("DELETE", "/workflow-definitions/none")]
    [InlineData("DELETE", "/workflow-definition-versions/none")]
    public async Task What_is_not_there_is_not_found(string method, string path) =>
        (await Studio.SendAsync(new(method), path, method == "POST" ? Http.Api.Json(new { }) : null)).Status.ShouldBe(HttpStatusCode.NotFound);

    [Fact]
    public async Task An_activity_is_tried_alone_and_leaves_nothing_behind()
    {
        var flow = await Studio.DrawAsync(Drawing.Name(), Drawing.Chart(
        [
            Drawing.Activity("Decide", "Elsa.FlowDecision", ("condition", "JavaScript", "getX() > 6")),
            Drawing.Activity("Note", "Crm.CreateActivity", ("kind", "Literal", "task"), ("subject", "Handlebars", "Call, {{variables.X}} times")),
            Drawing.Activity("Fail", "Elsa.WriteLine", ("text", "JavaScript", "nothing.at.all")),
            Drawing.Delay("Sleep", "01:00:00"),
        ]), new { variables = new[] { Drawing.Variable("X", "Int32", "5") }, customProperties = new { VariableTestValues = new Dictionary<string, string> { ["v-X"] = "7" } } });
        var rows = await host.RowsAsync();

        async Task<JsonNode> Try(string activity) => (await Studio.PostAsync("/tests/activities", new
        {
            workflowDefinitionHandle = new { definitionId = (string?)null, versionOptions = (string?)null, definitionVersionId = Text(flow, "id") },
            activityHandle = new { activityId = (string?)null, activityNodeId = $"Workflow1:flow1:{activity}", activityInstanceId = (string?)null, activityHash = (string?)null },
        })).Ok;
        var decided = await Try("Decide");
        (Text(decided, "status"), decided["payload"]!["Outcomes"]![0]!.GetValue<string>(), decided["outputs"]!["Result"]!.GetValue<bool>(), decided["exception"]).ShouldBe(("Completed", "True", true, null));
        var noted = await Try("Note");
        (Text(noted, "status"), noted["activityState"]!["Subject"]!.GetValue<string>()).ShouldBe(("Completed", "Call, 7 times"), noted.ToJsonString());
        var failed = await Try("Fail");
        (Text(failed, "status"), Text(failed["exception"]!, "message").Contains("script failed", StringComparison.Ordinal)).ShouldBe(("Faulted", true), failed.ToJsonString());
        var slept = await Try("Sleep");
        (Text(slept, "status"), slept["payload"]!["WaitsFor"]!.GetValue<string>().StartsWith("until", StringComparison.Ordinal)).ShouldBe(("Running", true), slept.ToJsonString());

        (await host.RowsAsync()).ShouldBe(rows);
        (await Studio.PostAsync("/workflow-instances", new { definitionId = Text(flow, "definitionId") })).Items.ShouldBeEmpty();
    }

    private async Task<(JsonObject Flow, string Run)> SleeperAsync()
    {
        var set = Drawing.Activity("Set", "Elsa.SetVariable", ("value", "JavaScript", "getX() + 3"));
        set["variable"] = Drawing.Variable("X", "Int32", "5");
        var flow = await Studio.DrawAsync(Drawing.Name(), Drawing.Chart(
        [
            Drawing.Activity("Begin", "Elsa.Start"), set, Drawing.Activity("Say", "Elsa.WriteLine", ("text", "Handlebars", "X is {{variables.X}}")),
            Drawing.Activity("Decide", "Elsa.FlowDecision", ("condition", "JavaScript", "getX() > 6")), Drawing.Delay("Sleep", "01:00:00"), Drawing.Activity("Never", "Elsa.End"),
        ], "Begin:Done:Set", "Set:Done:Say", "Say:Done:Decide", "Decide:True:Sleep", "Decide:False:Never"), new
        {
            variables = new[] { Drawing.Variable("X", "Int32", "5") },
            inputs = new[] { new { type = "String", name = "OrderId", displayName = "Order", defaultValue = "none" } },
        });
        return (flow, await Studio.RunAsync(flow));
    }

    private static string Text(JsonNode node, string member) => node[member]!.GetValue<string>();
}
