using System.Net;
using System.Text.Json.Nodes;
using Crm.Entities.ApiKeys;
using Crm.Host.Tests.Accounts;
using Crm.Host.Tests.Http;

namespace Crm.Host.Tests.Flows;

/// <summary>A host whose three workspaces have a flow at the same path, each with an answer of its own.</summary>
public sealed class HooksHost : CrmHost
{
    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        var everybodys = await WorkspaceAsync(Wfm.Workspace.Default);
        foreach (var (api, answer) in new[] { (Admin, "ours"), (Stranger, "theirs"), (As(await KeyAsync(everybodys, "admin")), "everybody's") })
        {
            await PublishAsync(api, "hook", answer);
            await PublishAsync(api, "members", answer, "\"authorize\": true,");
        }

        await PublishAsync(Admin, "private", "ours");
    }

    private static async Task PublishAsync(Api api, string path, string answer, string more = "")
    {
        var definition = JsonNode.Parse($$$"""
            {"definitionId": "{{{path}}}", "name": "{{{path}}}", "root": {"type": "Elsa.Flowchart",
              "activities": [
                {"id": "request", "type": "Elsa.HttpEndpoint", "path": "{{{path}}}", "supportedMethods": ["GET", "POST"], {{{more}}} "customProperties": {"canStartWorkflow": true}},
                {"id": "answer", "type": "Elsa.WriteHttpResponse", "content": "{{{answer}}}"}],
              "connections": [{"source": "request", "target": "answer"}]}}
            """);
        var published = await api.PostAsync("/api/v1/flows", new { definition, publish = true });
        published.Status.ShouldBe(HttpStatusCode.OK, published.Text);
    }
}

/// <summary>The host's door for requests to flows: open to the world, and yet nobody is let through to another workspace.</summary>
public sealed class FlowRequestTests(HooksHost host) : IClassFixture<HooksHost>
{
    private const string Hook = "/workflows/hook";

    [Fact]
    public async Task A_request_reaches_the_workspace_of_who_sent_it_and_the_default_one_without_anybody()
    {
        var member = await host.MemberAsync();
        foreach (var (api, answer) in new[] { (host.Rep, "ours"), (member.Api, "ours"), (host.Stranger, "theirs"), (host.As(null), "everybody's") })
        {
            (await api.GetAsync(Hook)).Text.ShouldBe(answer);
            (await api.PostAsync(Hook, new { })).Text.ShouldBe(answer);
        }

        (await host.Rep.GetAsync("/workflows/private")).Text.ShouldBe("ours");
        foreach (var other in new[] { host.Stranger, host.As(null) })
        {
            var answer = await other.GetAsync("/workflows/private");
            (answer.Status, answer.Text.Contains("ours", StringComparison.Ordinal)).ShouldBe((HttpStatusCode.NotFound, false));
        }

        // Nor does naming a run of somebody else's lead there.
        var run = (await host.Admin.GetAsync("/api/v1/runs?flow=private&limit=1")).Items[0]["id"];
        (await host.Stranger.GetAsync($"/workflows/private?workflowInstanceId={run}")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await host.Stranger.GetAsync($"/api/v1/runs/{run}")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Credentials_that_are_no_good_reach_no_flow()
    {
        var revoked = await host.KeyAsync(host.Workspace, "admin");
        await host.AskAsync<long>("with gone as (delete from crm.api_key where id = $1 returning 1) select count(*) from gone", ApiKeyText.Parse(revoked)!.Id);
        var before = await host.AskAsync<long>("select count(*) from wfm_flows.run");

        foreach (var key in new[] { revoked, "crm_nothing", "eyJhbGciOiJub25lIn0.e30." })
        {
            (await host.As(key).PostAsync(Hook, new { })).ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthorized");
            (await host.As(key).GetAsync(Hook)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        }

        (await host.As(null).GetAsync(Hook, ("Cookie", "crm=ended"))).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await host.As(null).GetAsync("/workflows/members")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await host.AskAsync<long>("select count(*) from wfm_flows.run")).ShouldBe(before);
        // What is no way to sign in here is the sender's own affair.
        (await host.As(null).GetAsync(Hook, ("Authorization", "Basic c2VuZGVyOnNlY3JldA=="))).Text.ShouldBe("everybody's");
        (await host.Rep.GetAsync("/workflows/members")).Text.ShouldBe("ours");
    }

    [Fact]
    public async Task A_key_that_only_reads_and_another_sites_page_send_no_requests_that_write()
    {
        var key = await host.KeyAsync(host.Workspace, "sales-rep");
        await host.AskAsync<long>("with cut as (update crm.api_key set scopes = '{read}' where id = $1 returning 1) select count(*) from cut", ApiKeyText.Parse(key)!.Id);
        (await host.As(key).PostAsync(Hook, new { })).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await host.As(key).GetAsync(Hook)).Text.ShouldBe("ours");

        var member = await host.MemberAsync();
        using var signedIn = await host.As(null).Client.PostAsync("/api/v1/sign-in?cookie=true", Api.Json(new { email = member.Email, password = Members.Password }));
        var cookie = ("Cookie", signedIn.Headers.GetValues("Set-Cookie").Single().Split(';')[0]);
        (await host.As(null).PostAsync(Hook, new { }, cookie, ("Sec-Fetch-Site", "cross-site"))).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await host.As(null).PostAsync(Hook, new { }, cookie, ("Sec-Fetch-Site", "same-origin"))).Text.ShouldBe("ours");
    }
}
