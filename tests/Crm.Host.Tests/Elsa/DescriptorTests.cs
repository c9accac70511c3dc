using System.Net;
using System.Text.Json.Nodes;

namespace Crm.Host.Tests.Elsa;

/// <summary>What Elsa Studio is told there is to draw with.</summary>
public sealed class DescriptorTests(ElsaHost host) : IClassFixture<ElsaHost>
{
    [Fact]
    public async Task Every_activity_is_described_as_its_class_says()
    {
        var reply = (await host.Designer.GetAsync("/descriptors/activities?Refresh=True")).Ok;
        var all = reply["items"]!.AsArray().ToDictionary(d => d!["typeName"]!.GetValue<string>(), d => d!);

        reply["count"]!.GetValue<int>().ShouldBe(all.Count);
        foreach (var needed in new[] { "Elsa.Flowchart", "Elsa.Start", "Elsa.End", "Elsa.Finish", "Elsa.Sequence", "Elsa.If", "Elsa.NotFoundActivity", "Elsa.WriteLine", "Crm.CreateActivity" }) all.ShouldContainKey(needed);
        (Text(all["Elsa.WriteLine"], "namespace"), Text(all["Elsa.WriteLine"], "name"), Text(all["Elsa.WriteLine"], "displayName"), Text(all["Elsa.WriteLine"], "category")).ShouldBe(("Elsa", "WriteLine", "Write line", "Primitives"));
        all["Elsa.Flowchart"]["isContainer"]!.GetValue<bool>().ShouldBeTrue();
        all["Elsa.Flowchart"]["isBrowsable"]!.GetValue<bool>().ShouldBeFalse();
        all["Elsa.Start"]["isStart"]!.GetValue<bool>().ShouldBeTrue();
        all["Elsa.End"]["isTerminal"]!.GetValue<bool>().ShouldBeTrue();
        all["Elsa.NotFoundActivity"]["isBrowsable"]!.GetValue<bool>().ShouldBeFalse();
        Text(all["Elsa.Event"], "kind").ShouldBe("Trigger");
        Text(all["Elsa.WriteLine"], "kind").ShouldBe("Action");
        Ports(all["Elsa.FlowDecision"]).ShouldBe(["True Flow", "False Flow"]);
        Ports(all["Elsa.If"]).ShouldBe(["Then Embedded", "Else Embedded", "Done Flow"]);
        Ports(all["Elsa.While"]).ShouldBe(["Body Embedded", "Done Flow"]);
        Ports(all["Elsa.Flowchart"]).ShouldBeEmpty();
        Ports(all["Elsa.FlowFork"]).ShouldBeEmpty();
        Ports(all["Elsa.FlowSwitch"]).ShouldBe(["Default Flow"]);
        // What writes can fail on any day, and the flow may have an answer to that.
        Ports(all["Crm.CreateActivity"]).ShouldBe(["Done Flow", "Failed Flow"]);
        all.Values.Where(d => d["isTerminal"]!.GetValue<bool>()).ShouldAllBe(d => d["ports"]!.AsArray().Count == 0);
    }

    [Theory]
    [InlineData("Elsa.WriteLine", "Text", "multiline", "Literal", true)]
    [InlineData("Elsa.FlowDecision", "Condition", "checkbox", "JavaScript", true)]
    [InlineData("Elsa.FlowJoin", "Mode", "dropdown", "Literal", true)]
    [InlineData("Elsa.FlowFork", "Branches", "dynamic-outcomes", "Object", true)]
    [InlineData("Elsa.FlowSwitch", "Cases", "flow-switch-editor", "Literal", false)]
    [InlineData("Elsa.Switch", "Cases", "switch-editor", "Literal", false)]
    [InlineData("Elsa.SetVariable", "Variable", "variable-picker", "Literal", false)]
    [InlineData("Elsa.StartAt", "DateTime", "datetime-picker", "Literal", true)]
    [InlineData("Elsa.Delay", "TimeSpan", "singleline", "Literal", true)]
    public async Task Inputs_are_edited_as_their_types_ask(string type, string name, string hint, string syntax, bool isWrapped)
    {
        var input = await InputAsync(type, name);

        (Text(input, "uiHint"), Text(input, "defaultSyntax"), input["isWrapped"]!.GetValue<bool>(), input["isBrowsable"]!.GetValue<bool>()).ShouldBe((hint, syntax, isWrapped, true));
        Text(input, "description").ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Choices_and_defaults_are_told()
    {
        var mode = await InputAsync("Elsa.FlowJoin", "Mode");

        mode["uiSpecifications"]!["dropdown"]!["selectList"]!["items"]!.AsArray().Select(i => $"{i!["text"]} {i["value"]}").ShouldBe(["Wait any WaitAny", "Wait all WaitAll", "Wait all active WaitAllActive"]);
        Text(mode, "defaultValue").ShouldBe("WaitAny");
        (await InputAsync("Elsa.For", "Step"))["defaultValue"]!.GetValue<int>().ShouldBe(1);
        Text(await InputAsync("Elsa.Timer", "Interval"), "defaultValue").ShouldBe("00:01:00");
        var options = (await host.Designer.PostAsync("/descriptors/activities/Elsa.FlowJoin/options/Mode", new { context = new { text = new { } } })).Ok;
        options["items"]!.ToJsonString().ShouldBe(mode["uiSpecifications"]!.ToJsonString());
        (await host.Designer.PostAsync("/descriptors/activities/Elsa.WriteLine/options/Text", new { })).Ok["items"]!.AsObject().ShouldBeEmpty();
        (await host.Designer.PostAsync("/descriptors/activities/Elsa.Nothing/options/Text", new { })).Status.ShouldBe(HttpStatusCode.NotFound);
        (await host.Designer.PostAsync("/descriptors/activities/Elsa.WriteLine/options/Nothing", new { })).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Languages_are_those_flows_can_be_written_in()
    {
        var types = (await host.Designer.GetAsync("/descriptors/expression-descriptors")).Items.ToDictionary(t => Text(t, "type"));

        types.Keys.ShouldBe(["Literal", "Object", "Variable", "Input", "JavaScript", "JsonLogic", "Handlebars"]);
        types.Values.Where(t => t["properties"]!["MonacoLanguage"] is not null).Select(t => $"{t["type"]} {t["properties"]!["MonacoLanguage"]}").ShouldBe(["Object json", "JavaScript javascript", "JsonLogic json", "Handlebars handlebars"]);
        types.Values.Where(t => !t["isBrowsable"]!.GetValue<bool>()).Select(t => Text(t, "type")).ShouldBe(["Literal", "Object"]);
    }

    [Theory]
    [InlineData("variables", 11)]
    [InlineData("storage-drivers", 1)]
    [InlineData("workflow-activation-strategies", 4)]
    [InlineData("incident-strategies", 2)]
    [InlineData("log-persistence-strategies", 1)]
    [InlineData("commit-strategies/workflows", 0)]
    [InlineData("commit-strategies/activities", 0)]
    [InlineData("output-converters?sourceType=Boolean&destinationType=Int32", 0)]
    public async Task Small_lists_are_there(string path, int count)
    {
        var reply = (await host.Designer.GetAsync($"/descriptors/{path}")).Ok;

        (reply["items"]!.AsArray().Count, reply["count"]!.GetValue<int>()).ShouldBe((count, count));
        reply["items"]!.AsArray().ShouldAllBe(i => Text(i!, "typeName").Length > 0 && Text(i!, "displayName").Length > 0);
    }

    [Fact]
    public async Task Live_updates_alone_are_announced() =>
        (await host.Designer.GetAsync("/features/installed")).Items.Select(f => Text(f, "fullName")).ShouldBe(["Elsa.RealTimeWorkflowUpdates"]);

    [Fact]
    public async Task A_strategy_that_is_offered_is_one_the_engine_knows()
    {
        var flow = await host.Designer.DrawAsync(Drawing.Name(), Drawing.Chart([Drawing.Delay("Wait", "01:00:00")]), new
        {
            options = new { activationStrategyType = Text((await host.Designer.GetAsync("/descriptors/workflow-activation-strategies")).Items[1], "typeName") },
        });

        var run = await host.Designer.RunAsync(flow);
        var second = await host.Designer.PostAsync($"/workflow-definitions/{flow["definitionId"]}/execute", new { versionOptions = "Latest" });

        second.Status.ShouldBe(HttpStatusCode.OK, second.Text);
        second.Headers["x-elsa-workflow-cannot-start"].ShouldBe("true");
        second.Headers.ContainsKey("x-elsa-workflow-instance-id").ShouldBeFalse();
        second.Json["reasons"]!.AsArray().Count.ShouldBe(1);
        (await host.Designer.PostAsync($"/cancel/workflow-instances/{run}")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_flow_used_as_an_activity_is_in_the_toolbox_with_what_it_takes_and_gives()
    {
        var name = Drawing.Name("Greeting");
        var greeting = await host.Designer.DrawAsync(name, Drawing.Chart([Drawing.WriteLine("Say")]), new
        {
            options = new { usableAsActivity = true, activityCategory = "Ours" },
            inputs = new[] { new { type = "String", name = "Whom", displayName = "To whom", description = "The name.", category = "Primitives", uiHint = "multiline", isArray = false } },
            outputs = new[] { new { type = "Object", name = "Said", displayName = "Said" } },
            outcomes = new[] { "Greeted", "Ignored" },
        }, publish: true);

        var described = (await host.Designer.GetAsync("/descriptors/activities")).Items.Single(d => Text(d, "displayName") == name);

        (Text(described, "typeName"), Text(described, "category"), described["isBrowsable"]!.GetValue<bool>()).ShouldBe((name.Replace(" ", ""), "Ours", true));
        Ports(described).ShouldBe(["Greeted Flow", "Ignored Flow", "Failed Flow"]);
        described["inputs"]!.AsArray().Select(i => $"{i!["name"]} {i["typeName"]} {i["displayName"]} {i["uiHint"]}").ShouldBe(["Whom String To whom multiline"]);
        described["outputs"]!.AsArray().Select(o => Text(o!, "name")).ShouldBe(["Said"]);
        (Text(described["constructionProperties"]!, "WorkflowDefinitionId"), Text(described["constructionProperties"]!, "WorkflowDefinitionVersionId")).ShouldBe((Text(greeting, "definitionId"), Text(greeting, "id")));
        (await host.Outsider.GetAsync("/descriptors/activities")).Items.ShouldNotContain(d => Text(d, "displayName") == name);
    }

    private async Task<JsonNode> InputAsync(string type, string name) =>
        (await host.Designer.GetAsync("/descriptors/activities")).Items.Single(d => Text(d, "typeName") == type)["inputs"]!.AsArray().Single(i => Text(i!, "name") == name)!;

    private static IEnumerable<string> Ports(JsonNode activity) => activity["ports"]!.AsArray().Select(p => $"{p!["name"]} {p["type"]}");

    private static string Text(JsonNode node, string member) => node[member]!.GetValue<string>();
}
