using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Tests;

/// <summary>Draws flows as Elsa Studio writes them.</summary>
public static class Chart
{
    /// <summary>A flow of activities and connections, written <c>a&gt;b</c> or <c>a:True&gt;b</c>.</summary>
    public static JsonObject Flow(JsonObject[] activities, params string[] connections) => new()
    {
        ["id"] = "flow:1",
        ["definitionId"] = "flow",
        ["name"] = "A flow",
        ["version"] = 1,
        ["variables"] = new JsonArray(),
        ["inputs"] = new JsonArray(),
        ["root"] = new JsonObject
        {
            ["id"] = "chart",
            ["type"] = "Elsa.Flowchart",
            ["version"] = 1,
            ["activities"] = new JsonArray([.. activities]),
            ["connections"] = new JsonArray([.. connections.Select(Connection)]),
        },
    };

    /// <summary>A flow that an event starts and that does these one after the other.</summary>
    public static JsonObject Line(string eventName, params JsonObject[] activities)
    {
        JsonObject[] all = [Event("event", eventName), .. activities];
        return Flow(all, [.. all.Zip(all.Skip(1), (a, b) => $"{a["id"]}>{b["id"]}")]);
    }

    public static JsonObject Activity(string id, string type, params (string Name, JsonNode? Value)[] members)
    {
        var activity = new JsonObject
        {
            ["id"] = id,
            ["type"] = type,
            ["version"] = 1,
            ["customProperties"] = new JsonObject { ["canStartWorkflow"] = type == "Elsa.Event" },
            ["metadata"] = new JsonObject { ["designer"] = new JsonObject { ["position"] = new JsonObject { ["x"] = -60.5, ["y"] = 120 } } },
        };
        foreach (var (name, value) in members) activity[name] = value;
        return activity;
    }

    public static JsonObject Event(string id, string eventName) => Activity(id, "Elsa.Event", ("eventName", Literal(eventName)));

    public static JsonObject Decision(string id, JsonNode condition) => Activity(id, "Elsa.FlowDecision", ("condition", condition));

    public static JsonObject WriteLine(string id, JsonNode? text = null) => Activity(id, "Elsa.WriteLine", ("text", text ?? Literal(id)));

    public static JsonObject Literal(object? value) => Input("Literal", JsonSerializer.SerializeToNode(value));

    public static JsonObject Logic(string rule) => Input("JsonLogic", JsonNode.Parse(rule));

    public static JsonObject Template(string text) => Input("Handlebars", text);

    public static JsonObject Input(string kind, JsonNode? value) => new() { ["typeName"] = "Object", ["expression"] = new JsonObject { ["type"] = kind, ["value"] = value } };

    public static Value Value(this JsonNode json) => Rules.Value.From(json);

    private static JsonNode Connection(string arrow)
    {
        var (from, to) = (arrow.Split('>')[0], arrow.Split('>')[1]);
        return new JsonObject
        {
            ["source"] = new JsonObject { ["activity"] = from.Split(':')[0], ["port"] = from.Contains(':') ? from.Split(':')[1] : "Done" },
            ["target"] = new JsonObject { ["activity"] = to, ["port"] = "In" },
        };
    }
}
