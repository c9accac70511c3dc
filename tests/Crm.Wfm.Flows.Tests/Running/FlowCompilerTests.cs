using System.Text.Json.Nodes;

namespace Crm.Wfm.Flows.Tests.Running;

/// <summary>What would not run as it was drawn is refused, with its place.</summary>
public sealed class FlowCompilerTests
{
    [Theory]
    [InlineData("""{"type": "Elsa.WriteLin"}""", "/root/activities/1/type unknown-activity")]
    [InlineData("""{"text": {"typeName": "String"}}""")]
    [InlineData("""{"text": "plain"}""")]
    [InlineData("""{"txt": {"typeName": "String", "expression": {"type": "Literal", "value": "x"}}}""", "/root/activities/1/txt unknown-input")]
    [InlineData("""{"type": "Elsa.SetVariable", "text": null}""", "/root/activities/1/variable required")]
    [InlineData("""{"type": "Elsa.SetVariable", "text": null, "variable": {"id": "x", "name": "Nobody"}}""", "/root/activities/1/variable unknown-reference")]
    [InlineData("""{"type": "Elsa.Event", "text": null}""", "/root/activities/1/eventName required")]
    [InlineData("""{"metadata": {"displayText": "A line"}, "version": 3, "nodeId": "x"}""")]
    public void An_activity_is_looked_at(string members, params string[] expected)
    {
        var flow = Chart.Line(Sketch.Type, Chart.WriteLine("line"));
        var activity = flow["root"]!["activities"]![1]!.AsObject();
        foreach (var (name, value) in JsonNode.Parse(members)!.AsObject()) activity[name] = value?.DeepClone();
        Sketch.Faults(flow).ShouldBe(expected);
    }

    [Fact]
    public void A_connection_leaves_by_a_port_there_is()
    {
        var flow = Chart.Flow([Chart.Event("event", Sketch.Type), Chart.Decision("decide", Chart.Literal(true)), Chart.Activity("end", "Elsa.End")], "event>decide", "decide:Yes>end", "end>decide");
        Sketch.Faults(flow).ShouldBe(["/root/connections/1 unknown-port", "/root/connections/2 unknown-port"]);
    }

    [Theory]
    [InlineData("ticket.opened", "ticket.opened")]
    [InlineData("ticket/opened", "ticket.opened")]
    [InlineData("ticket.closed", "ticket.opened", "/root/activities/0/eventName unknown-reference", "/root/activities no-trigger")]
    public void Automation_and_flow_listen_to_the_same(string listened, string on, params string[] expected)
    {
        var faults = Sketch.Faults(Chart.Line(listened, Chart.WriteLine("line")), on);
        // A trigger nobody rings is told; that none is left then follows from it.
        faults.ShouldBe(expected.Length == 0 ? [] : [expected[0]]);
    }

    [Fact]
    public void Every_type_the_automation_names_has_a_trigger() =>
        Sketch.Faults(Chart.Line("ticket.opened"), "ticket.opened", "ticket.closed").ShouldBe(["/root/activities no-trigger"]);

    [Fact]
    public void Two_triggers_do_not_listen_to_one_type() =>
        Sketch.Faults(Chart.Flow([Chart.Event("a", "ticket.opened"), Chart.Event("b", "ticket/opened")])).ShouldBe(["/root/activities/1/eventName duplicate-trigger"]);

    [Fact]
    public void An_event_that_does_not_start_the_flow_is_waited_for()
    {
        var flow = Chart.Flow([Chart.Event("event", Sketch.Type), Chart.Event("answer", "ticket.answered")], "event>answer");
        flow["root"]!["activities"]![1]!["customProperties"] = new JsonObject { ["canStartWorkflow"] = false };
        Sketch.Faults(flow, Sketch.Type).ShouldBeEmpty();
    }

    [Fact]
    public void A_triggers_type_is_known_beforehand()
    {
        var flow = Chart.Line(Sketch.Type);
        flow["root"]!["activities"]![0]!["eventName"] = Chart.Template("{{event.type}}");
        Sketch.Faults(flow).ShouldBe(["/root/activities/0/eventName expression"]);
    }

    [Fact]
    public void A_loop_leads_back_to_where_the_flow_has_come_by()
    {
        var flow = Chart.Flow([Chart.Event("event", Sketch.Type), Chart.WriteLine("a"), Chart.WriteLine("b"), Chart.WriteLine("c")],
            "event>a", "event>b", "a>c", "b>c", "c>a");
        Sketch.Faults(flow).ShouldBe(["/root/activities/3 loop"]);
    }

    [Fact]
    public void Activities_that_are_all_connected_to_all_are_compared_once()
    {
        var ids = Enumerable.Range(0, 54).Select(i => $"a{i}").ToArray();
        var all = ids.SelectMany(a => ids.Select(b => $"{a}>{b}")).Prepend("event>a0").ToArray();
        Sketch.Faults(Chart.Flow([Chart.Event("event", Sketch.Type), .. ids.Select(id => Chart.WriteLine(id))], all)).ShouldAllBe(f => f.EndsWith(" loop"));
    }
}
