using System.Text.Json.Nodes;
using Crm.Wfm.Flows.Definitions;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Tests.Definitions;

/// <summary>Elsa 3 workflow definitions as they are found.</summary>
public sealed class FlowReaderTests
{
    [Fact]
    public void Both_forms_of_connections_are_read()
    {
        var flow = Chart.Flow([Chart.WriteLine("a"), Chart.WriteLine("b"), Chart.WriteLine("c")], "a:Yes>b");
        flow["root"]!["connections"]!.AsArray().Add(new JsonObject { ["source"] = "b", ["sourcePort"] = "No", ["target"] = "c", ["targetPort"] = "In" });
        flow["root"]!["connections"]!.AsArray().Add(new JsonObject { ["source"] = "a", ["target"] = "c" });

        Read(flow).Root.Connections.ShouldBe([new("a", "Yes", "b"), new("b", "No", "c"), new("a", "Done", "c")]);
    }

    [Fact]
    public void What_is_not_understood_survives()
    {
        var flow = Chart.Flow([Chart.Activity("a", "Vendor.Thing", ("gadget", new JsonObject { ["x"] = 1 }))]);
        flow["toolVersion"] = "9.9";
        flow["root"]!["vendor"] = new JsonArray(1, "two");

        var read = Read(flow);

        read.Source.ShouldBe(flow.Value());
        read.Root.Children.ShouldHaveSingleItem().Activity.Source["gadget"]["x"].AsNumber.ShouldBe(1);
    }

    [Fact]
    public void Variables_and_inputs_hold_what_their_types_say()
    {
        var flow = Chart.Flow([]);
        flow["variables"] = JsonNode.Parse("""
            [{"id": "1", "name": "Count", "typeName": "Int32", "value": "4"}, {"id": "2", "name": "Open", "typeName": "Boolean", "value": "True"},
             {"id": "3", "name": "Names", "typeName": "String", "isArray": true, "value": "[\"a\"]"}, {"name": "Any", "value": "4"}, {"name": "Text", "typeName": "String", "value": 4}]
            """);
        flow["root"]!["variables"] = JsonNode.Parse("""[{"id": "6", "name": "Inner", "typeName": "Double"}]""");
        flow["inputs"] = JsonNode.Parse("""[{"name": "Limit", "type": "Decimal", "defaultValue": "2.5"}]""");

        var read = Read(flow);

        read.Variables.Select(v => $"{v.Id} {v.Name} {v.Default}").ShouldBe(["1 Count 4", "2 Open true", """3 Names ["a"]""", "Any Any \"4\"", "Text Text \"4\""]);
        read.Root.Variables.Select(v => $"{v.Id} {v.Name} {v.Default}").ShouldBe(["6 Inner null"]);
        read.Inputs.ShouldBe([new("Limit", "Decimal", Value.From(2.5))]);
    }

    [Theory]
    [InlineData("""{"definitionId": "x", "root": {}}""", "/root required")]
    [InlineData("""{"definitionId": "x"}""", "/root required")]
    [InlineData("""[]""", "/root required")]
    [InlineData("""{"definitionId": "x", "root": {"type": "Elsa.Flowchart", "activities": [{"type": "A"}, {"id": "b"}, 7]}}""",
        "/root/activities/1/type required", "/root/activities/2/type required")]
    [InlineData("""{"definitionId": "x", "root": {"type": "Elsa.Flowchart", "activities": [{"id": "a", "type": "A"}, {"id": "a", "type": "A"}]}}""", "/root/activities/1/id duplicate-id")]
    [InlineData("""{"definitionId": "x", "root": {"type": "Elsa.Flowchart", "activities": [{"id": "a", "type": "A"}], "connections": [{"source": {"activity": "a"}, "target": {"activity": "b"}}, {"source": "c"}]}}""",
        "/root/connections/0/target/activity unknown-reference", "/root/connections/1/source unknown-reference", "/root/connections/1/target required")]
    [InlineData("""{"definitionId": "x", "root": {"type": "Elsa.Flowchart"}, "variables": [{"name": "n", "typeName": "Int32", "value": "four"}, {"typeName": "String"}]}""",
        "/variables/0/value type", "/variables/1/name required")]
    [InlineData("""{"definitionId": "x", "root": {"type": "Elsa.Flowchart"}, "variables": [{"name": "n", "isArray": true, "value": "{}"}]}""", "/variables/0/value type")]
    [InlineData("""{"definitionId": "x", "root": {"type": "Elsa.Flowchart"}, "inputs": [{"name": "n", "type": "Boolean", "defaultValue": "maybe"}]}""", "/inputs/0/defaultValue type")]
    public void What_is_wrong_is_told_at_its_place(string definition, params string[] expected)
    {
        var faults = new List<Fault>();
        FlowReader.Read(Value.Parse(definition), faults).ShouldBeNull();
        faults.Select(f => $"{f.Pointer} {f.Key}").ShouldBe(expected);
    }

    [Theory]
    [InlineData(2500, 0)]
    [InlineData(10_000, 0)]
    [InlineData(2, 7501)]
    public void A_flow_has_only_so_many_parts(int activities, int connections)
    {
        var faults = new List<Fault>();
        FlowReader.Read(Chart.Flow([.. Enumerable.Range(0, activities).Select(i => Chart.WriteLine($"a{i}"))], [.. Enumerable.Repeat("a0>a1", connections)]).Value(), faults).ShouldBeNull();
        faults.ShouldHaveSingleItem().ShouldSatisfyAllConditions(f => f.Pointer.ShouldBe("/root"), f => f.Key.ShouldBe("too-many"));
    }

    private static FlowDefinition Read(JsonObject flow)
    {
        var faults = new List<Fault>();
        var read = FlowReader.Read(flow.Value(), faults);
        faults.ShouldBeEmpty();
        return read.ShouldNotBeNull();
    }
}
