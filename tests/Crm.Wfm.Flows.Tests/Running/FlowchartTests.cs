using System.Text.Json.Nodes;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Tests.Running;

/// <summary>In which order the activities of a flowchart run, as Elsa runs them.</summary>
public sealed class FlowchartTests
{
    private static readonly JsonNode Yes = Chart.Literal("true");
    private static readonly JsonNode No = Chart.Literal("false");

    [Fact]
    public async Task A_fork_runs_its_branches_in_the_order_of_its_connections() =>
        (await OrderAsync(["a", "b", "c", "d"], "event>c", "event>a", "c>d", "event>b")).ShouldBe("event c a b d");

    [Fact]
    public async Task A_join_waits_for_every_branch_and_runs_once() =>
        (await OrderAsync(["a", "b", "b2", "join"], "event>a", "event>b", "b>b2", "a>join", "b2>join")).ShouldBe("event a b b2 join");

    [Theory]
    [InlineData("true", "event decide a join")]
    [InlineData("false", "event decide b join")]
    public async Task A_join_behind_a_decision_runs_by_the_branch_that_was_taken(string condition, string expected) =>
        (await Sketch.OrderAsync(Flow(["a", "b", "join"], Chart.Literal(condition), "event>decide", "decide:True>a", "decide:False>b", "a>join", "b>join"))).ShouldBe(expected);

    [Fact]
    public async Task What_is_passed_over_passes_over_what_comes_after_it() =>
        (await Sketch.OrderAsync(Flow(["a", "a2", "b", "join", "after"], No, "event>decide", "decide:True>a", "a>a2", "event>b", "a2>join", "b>join", "join>after")))
            .ShouldBe("event decide b join after");

    [Fact]
    public async Task A_join_no_way_led_to_does_not_run() =>
        (await Sketch.OrderAsync(Flow(["a", "b", "join", "after"], No, "event>decide", "decide:True>a", "decide:True>b", "a>join", "b>join", "join>after"))).ShouldBe("event decide");

    [Fact]
    public async Task A_loop_runs_until_its_way_out_is_taken()
    {
        var flow = Flow(["body"], Chart.Logic("""{"<": [{"var": "variables.Count"}, 3]}"""), "event>decide", "decide:True>body", "body>count", "count>decide", "decide:False>out");
        Add(flow, Chart.Activity("count", "Elsa.SetVariable", ("variable", new JsonObject { ["id"] = "c" }), ("value", Chart.Logic("""{"+": [{"var": "variables.Count"}, 1]}"""))));
        Add(flow, Chart.WriteLine("out", Chart.Template("{{variables.Count}}")));
        flow["variables"] = JsonNode.Parse("""[{"id": "c", "name": "Count", "typeName": "Int32", "value": "0"}]""");

        var ran = await Sketch.RunAsync(flow);

        string.Join(' ', ran.Select(e => e.Name)).ShouldBe("event decide body count decide body count decide body count decide out");
        ran[^1].Inputs["text"].ShouldBe(Value.From("3"));
    }

    [Theory]
    [InlineData("Elsa.End")]
    [InlineData("Elsa.Finish")]
    public async Task An_end_leaves_the_slower_branch_undone(string type)
    {
        var flow = Flow(["a", "a2"], Yes, "event>end", "event>a", "a>a2");
        Add(flow, Chart.Activity("end", type));
        (await Sketch.OrderAsync(flow)).ShouldBe("event end");
    }

    [Fact]
    public async Task The_trigger_that_was_told_starts_and_a_join_does_not_wait_for_the_others()
    {
        var flow = Chart.Flow([Chart.Event("opened", "ticket.opened"), Chart.Event("closed", "ticket/closed"), Chart.WriteLine("join")], "opened>join", "closed>join");
        Sketch.Faults(flow, "ticket.opened", "ticket.closed").ShouldBeEmpty();
        (await Sketch.OrderAsync(flow, "ticket.opened")).ShouldBe("opened join");
        (await Sketch.OrderAsync(flow, "ticket.closed")).ShouldBe("closed join");
    }

    [Theory]
    [InlineData("a,Elsa.Start;b,Elsa.WriteLine", "b>a", "a")]
    [InlineData("b,Elsa.WriteLine;a,Elsa.WriteLine", "a>b", "a b")]
    [InlineData("a,Elsa.WriteLine;b,Elsa.WriteLine", "a>b;b>a", "a b a b a b a b a b")]
    public async Task Without_a_trigger_it_starts_where_Elsa_would(string activities, string connections, string expected)
    {
        var flow = Chart.Flow([.. activities.Split(';').Select(a => Chart.Activity(a.Split(',')[0], a.Split(',')[1]))], connections.Split(';'));
        if (expected.Length > 5) (await Should.ThrowAsync<SketchFailure>(() => Sketch.RunAsync(flow, maxSteps: 10))).Message.ShouldContain("after 10 activities");
        else (await Sketch.OrderAsync(flow)).ShouldBe(expected);
    }

    [Fact]
    public async Task An_activity_marked_to_start_the_flow_starts_it()
    {
        var flow = Chart.Flow([Chart.WriteLine("a"), Chart.WriteLine("b"), Chart.WriteLine("c")], "b>c", "c>a");
        flow["root"]!["activities"]![2]!["customProperties"] = null;
        flow["root"]!["activities"]![2]!["canStartWorkflow"] = true;
        (await Sketch.OrderAsync(flow)).ShouldBe("c a");
    }

    [Fact]
    public async Task A_flow_without_activities_ends_at_once() => (await Sketch.RunAsync(Chart.Flow([]))).ShouldBeEmpty();

    [Fact]
    public async Task The_longest_way_to_pass_over_is_passed_over()
    {
        var ids = Enumerable.Range(0, 990).Select(i => $"a{i}").ToArray();
        var flow = Flow(ids, No, ["event>decide", "decide:True>a0", .. ids.Zip(ids.Skip(1), (a, b) => $"{a}>{b}")]);
        (await Sketch.OrderAsync(flow)).ShouldBe("event decide");
    }

    [Fact]
    public async Task Outputs_go_where_they_are_bound_and_are_found_by_the_activitys_name()
    {
        var flow = Chart.Line(Sketch.Type, Chart.WriteLine("bound", Chart.Template("{{variables.Told.id}}")), Chart.WriteLine("named", Chart.Template("{{outputs.Ring.result.subject}}")));
        flow["variables"] = JsonNode.Parse("""[{"id": "v", "name": "Told", "typeName": "Object"}]""");
        flow["root"]!["activities"]![0]!["result"] = JsonNode.Parse("""{"typeName": "Object", "memoryReference": {"id": "v"}}""");
        flow["root"]!["activities"]![0]!["name"] = "Ring";

        (await Sketch.RunAsync(flow)).Skip(1).Select(e => e.Inputs["text"].AsText).ShouldBe([Sketch.Event.Id.ToString(), "ticket/7"]);
    }

    [Theory]
    [InlineData("Int32", "\"7\"", "7")]
    [InlineData("String", "7", "\"7\"")]
    [InlineData("Boolean", "\"false\"", "false")]
    [InlineData("Object", """{"a": 1}""", """{"a":1}""")]
    public async Task A_variable_holds_what_its_type_says(string typeName, string value, string expected)
    {
        var flow = Set(typeName, value);
        (await Sketch.RunAsync(flow))[2].Inputs["text"].ToString().ShouldBe(expected);
    }

    [Fact]
    public async Task A_value_that_is_none_of_the_variables_type_fails_the_activity()
    {
        var failure = await Should.ThrowAsync<SketchFailure>(() => Sketch.RunAsync(Set("Int32", "\"seven\"")));
        (failure.Activity, failure.Message).ShouldBe(("set", "the variable V holds a Int32"));
    }

    private static JsonObject Set(string typeName, string value)
    {
        var flow = Chart.Line(Sketch.Type, Chart.Activity("set", "Elsa.SetVariable", ("variable", new JsonObject { ["name"] = "V" }), ("value", Chart.Input("Literal", JsonNode.Parse(value)))),
            Chart.WriteLine("line", Chart.Input("Variable", "V")));
        flow["variables"] = new JsonArray(new JsonObject { ["id"] = "v", ["name"] = "V", ["typeName"] = typeName });
        return flow;
    }

    private static Task<string> OrderAsync(string[] lines, params string[] connections) => Sketch.OrderAsync(Chart.Flow([Chart.Event("event", Sketch.Type), .. lines.Select(id => Chart.WriteLine(id))], connections));

    private static JsonObject Flow(string[] lines, JsonNode condition, params string[] connections)
    {
        var flow = Chart.Flow([Chart.Event("event", Sketch.Type), Chart.Decision("decide", condition.DeepClone()), .. lines.Select(id => Chart.WriteLine(id))], connections);
        return flow;
    }

    private static void Add(JsonObject flow, JsonObject activity) => flow["root"]!["activities"]!.AsArray().Add(activity);
}
