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
        (await Admin.GetAsync("/api/v1/runs?status=faulted&flow=count-words")).Items.ShouldNotBeEmpty();
    }

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
