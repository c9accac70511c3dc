using System.Text.Json.Nodes;
using Crm.Host.Tests;
using Crm.Host.Tests.Accounts;

namespace Crm.Studio.Tests;

/// <summary>The host with its front end, for people with browsers.</summary>
public sealed class StudioHost : CrmHost
{
    public Uri Address => Admin.Client.BaseAddress!;

    /// <summary>Makes somebody who can sign in.</summary>
    internal Task<Member> SomebodyAsync(params string[] roles) => this.MemberAsync(roles is [] ? ["admin"] : roles);

    /// <summary>Ends the session a window is signed in by, behind its back.</summary>
    internal async Task EndSessionAsync(Browser.Window window)
    {
        var ended = await As(await window.TokenAsync()).SendAsync(HttpMethod.Post, "/api/v1/sign-out", null);
        ended.Status.ShouldBe(System.Net.HttpStatusCode.NoContent, ended.Text);
    }

    /// <summary>Has a flow fail for good.</summary>
    public async Task FailAsync()
    {
        var published = await Admin.PostAsync("/api/v1/bundles", FailingBundle);
        published.Status.ShouldBeOneOf([System.Net.HttpStatusCode.Created, System.Net.HttpStatusCode.OK], published.Text);
        await Admin.DealAsync(new { name = "Four words are here" });
        await QuietAsync();
        (await Admin.GetAsync("/api/v1/runs?status=faulted&flow=broken.count-words")).Items.ShouldNotBeEmpty();
    }

    /// <summary>Makes a flow of two lines, a draft.</summary>
    public async Task FlowAsync(string id, string name)
    {
        var made = await Admin.PostAsync("/api/v1/flows", new { definition = Document(id, name) });
        made.Status.ShouldBe(System.Net.HttpStatusCode.OK, made.Text);
    }

    /// <summary>Makes a flow that sleeps for a day in its middle, and publishes it.</summary>
    public async Task SleepingFlowAsync(string id, string name)
    {
        var document = Document(id, name);
        document["root"]!["activities"]![1] = JsonNode.Parse("""
            {"id": "Sleep", "name": "Sleep", "type": "Elsa.Delay", "version": 1, "metadata": {"designer": {"position": {"x": 300, "y": 0}}}, "timeSpan": {"typeName": "TimeSpan", "expression": {"type": "Literal", "value": "1.00:00:00"}}}
            """);
        document["root"]!["connections"]![0]!["target"]!["activity"] = "Sleep";
        var made = await Admin.PostAsync("/api/v1/flows", new { definition = document, publish = true });
        made.Status.ShouldBe(System.Net.HttpStatusCode.OK, made.Text);
    }

    internal static JsonNode Document(string id, string name) => new JsonObject
    {
        ["$schema"] = "https://elsaworkflows.io/schemas/workflow-definition/v3.0.0/schema.json", ["definitionId"] = id, ["id"] = $"{id}-1", ["name"] = name,
        ["root"] = new JsonObject
        {
            ["id"] = "Chart", ["type"] = "Elsa.Flowchart", ["version"] = 1, ["activities"] = new JsonArray(Line("Say", "Before it sleeps", 0, 0), Line("End", "Afterwards", 300, 0)),
            ["connections"] = new JsonArray(JsonNode.Parse("""{"source": {"activity": "Say", "port": "Done"}, "target": {"activity": "End", "port": "In"}}""")),
        },
    };

    internal static JsonObject Line(string id, string text, int x, int y) => new()
    {
        ["id"] = id, ["name"] = id, ["type"] = "Elsa.WriteLine", ["version"] = 1, ["metadata"] = new JsonObject { ["designer"] = new JsonObject { ["position"] = new JsonObject { ["x"] = x, ["y"] = y } } },
        ["text"] = new JsonObject { ["typeName"] = "String", ["expression"] = new JsonObject { ["type"] = "Literal", ["value"] = text } },
    };

    /// <summary>Opens a browser window nobody is signed in to, does something with it, and looks whether anything went wrong meanwhile.</summary>
    internal async Task BrowseAsync(Func<Browser.Window, Task> act, Browser.Look? look = null)
    {
        await using var window = await Browser.Window.OpenAsync(Address, look ?? new());
        await window.DoAsync(act);
    }

    private const string FailingBundle = """
        {
          "apiVersion": "wfm/v1", "kind": "ProcessBundle", "bundle": {"key": "broken", "version": "1.0.0"},
          "subjects": {"word": {"schema": {"type": "object", "properties": {}}}}, "projectTypes": {"word": {"workflow": "word", "subject": "word"}},
          "statuses": {"word-open": {"category": "open"}, "word-done": {"category": "done"}},
          "workflows": {"word": {"steps": [{"status": "word-open", "initial": true}, {"status": "word-done", "final": true}], "transitions": {"count": {"from": ["word-open"], "to": "word-done"}}}},
          "automations": {
            "count-words": {
              "title": "Takes a name for a number", "on": ["crm.deal.created"], "retry": {"max": 0, "backoff": "fixed", "initial": "PT1S"},
              "flow": {
                "definitionId": "count-words", "name": "Count words", "variables": [{"id": "Words", "name": "Words", "typeName": "Int32", "value": "0"}],
                "root": {
                  "type": "Elsa.Flowchart",
                  "activities": [
                    {"id": "Tell", "type": "Elsa.WriteLine", "text": {"typeName": "String", "expression": {"type": "Literal", "value": "Counting"}}},
                    {"id": "Count", "type": "Elsa.SetVariable", "variable": {"id": "Words", "name": "Words", "typeName": "Int32"}, "value": {"typeName": "Object", "expression": {"type": "Handlebars", "value": "{{event.data.name}}"}}}
                  ],
                  "connections": [{"source": {"activity": "Tell", "port": "Done"}, "target": {"activity": "Count", "port": "In"}}]
                }
              }
            }
          }
        }
        """;
}
