using System.Net;
using Crm.Entities.ApiKeys;
using Crm.Host.Tests.Accounts;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Crm.Host.Tests.Elsa;

/// <summary>Who may do what: the signed-in look, admins draw and run, others' workspaces are not there.</summary>
public sealed class RightsTests(ElsaHost host) : IClassFixture<ElsaHost>
{
    // What Elsa Studio 3.8.2 asks for.
    private static readonly string[] Asked =
    [
        "DELETE /workflow-definition-versions/{}", "DELETE /workflow-definitions/{}", "DELETE /workflow-instances/{}",
        "GET /activity-execution-summaries/list", "GET /activity-executions/by-id", "GET /activity-executions/list", "GET /activity-executions/{}/call-stack",
        "GET /descriptors/activities", "GET /descriptors/commit-strategies/activities", "GET /descriptors/commit-strategies/workflows", "GET /descriptors/expression-descriptors",
        "GET /descriptors/incident-strategies", "GET /descriptors/log-persistence-strategies", "GET /descriptors/output-converters", "GET /descriptors/storage-drivers", "GET /descriptors/variables",
        "GET /descriptors/workflow-activation-strategies", "GET /features/installed",
        "GET /workflow-definitions", "GET /workflow-definitions/by-definition-id/{}", "GET /workflow-definitions/by-id/{}", "GET /workflow-definitions/subgraph/segments/{}", "GET /workflow-definitions/subgraph/{}",
        "GET /workflow-definitions/validation/is-name-unique", "GET /workflow-definitions/{}/export",
        "GET /workflow-instances/{}", "GET /workflow-instances/{}/execution-state", "GET /workflow-instances/{}/variables",
        "POST /activity-executions/report", "POST /bulk-actions/cancel/workflow-instances", "POST /bulk-actions/delete/workflow-definitions/by-definition-id", "POST /bulk-actions/delete/workflow-definitions/by-id",
        "POST /bulk-actions/delete/workflow-instances/by-id", "POST /bulk-actions/export/workflow-definitions", "POST /bulk-actions/import/workflow-instances",
        "POST /bulk-actions/publish/workflow-definitions/by-definition-ids", "POST /bulk-actions/retract/workflow-definitions/by-definition-ids", "POST /cancel/workflow-instances/{}",
        "POST /descriptors/activities/{}/options/{}", "POST /scripting/javascript/type-definitions/{}", "POST /tests/activities",
        "POST /workflow-definitions", "POST /workflow-definitions/import", "POST /workflow-definitions/{}/execute", "POST /workflow-definitions/{}/publish", "POST /workflow-definitions/{}/retract", "POST /workflow-definitions/{}/revert/{}",
        "POST /workflow-instances", "POST /workflow-instances/{}/journal",
    ];

    private static readonly string[] OnlyReading =
    [
        "POST /activity-executions/report", "POST /bulk-actions/export/workflow-definitions", "POST /descriptors/activities/{}/options/{}", "POST /scripting/javascript/type-definitions/{}", "POST /workflow-instances",
        "POST /workflow-instances/{}/journal",
    ];

    [Fact]
    public void Everything_Studio_asks_for_is_mapped_and_nothing_else()
    {
        Routes().Select(r => r.Name).Order(StringComparer.Ordinal).ShouldBe(Asked.Order(StringComparer.Ordinal));
        Asked.Length.ShouldBe(49);
    }

    [Fact]
    public async Task Who_is_not_signed_in_is_answered_401_everywhere()
    {
        var nobody = new Studio(host.Admin.Client, null);
        foreach (var (name, method, path) in Routes()) (await nobody.SendAsync(method, path, Body(method))).Status.ShouldBe(HttpStatusCode.Unauthorized, name);
    }

    [Fact]
    public async Task A_viewer_sees_flows_read_only_and_writes_nothing()
    {
        var flow = await host.Designer.DrawAsync(Drawing.Name(), Drawing.Chart([Drawing.WriteLine("A")]));
        DefinitionTests.Rels((await host.Viewer.GetAsync("/workflow-definitions?versionOptions=Latest&Page=0&PageSize=10")).Ok).ShouldBeEmpty();
        DefinitionTests.Rels((await host.Viewer.GetAsync($"/workflow-definitions/by-definition-id/{flow["definitionId"]}?versionOptions=Latest")).Ok).ShouldBe(["self"]);
        DefinitionTests.Rels((await host.Viewer.GetAsync("/workflow-definitions?versionOptions=Latest")).Items[0]).ShouldBe(["self"]);
        var definitions = await host.AskAsync<long>("select count(*) from wfm_flows.definition");

        foreach (var (name, method, path) in Routes())
        {
            var answer = await host.Viewer.SendAsync(method, path, Body(method));
            if (method == HttpMethod.Get || OnlyReading.Contains(name)) answer.Status.ShouldNotBe(HttpStatusCode.Forbidden, name);
            else answer.Status.ShouldBe(HttpStatusCode.Forbidden, name);
        }

        (await host.AskAsync<long>("select count(*) from wfm_flows.definition")).ShouldBe(definitions);
        (await host.AskAsync<long>("select count(*) from wfm_flows.run r join wfm_flows.definition d on d.workspace_id = r.workspace_id and d.number = r.definition where d.definition_id = $1", flow["definitionId"]!.GetValue<string>())).ShouldBe(0);
    }

    [Fact]
    public async Task A_key_that_only_reads_makes_an_admin_a_viewer()
    {
        var key = await host.KeyAsync(host.Workspace, "admin");
        await host.AskAsync<long>("with cut as (update crm.api_key set scopes = '{read}' where id = $1 returning 1) select count(*) from cut", ApiKeyText.Parse(key)!.Id);
        var reader = new Studio(host.Admin.Client, key);

        DefinitionTests.Rels((await reader.GetAsync("/workflow-definitions?versionOptions=Latest")).Ok).ShouldBeEmpty();
        (await reader.PostAsync("/workflow-instances", new { })).Status.ShouldBe(HttpStatusCode.OK);
        (await reader.PostAsync("/workflow-definitions", new { model = Drawing.Model(Drawing.Name(), Drawing.Chart([Drawing.WriteLine("A")])) })).Status.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Another_workspaces_flows_and_runs_are_not_there()
    {
        var flow = await host.Designer.DrawAsync(Drawing.Name("Ours"), Drawing.Chart([Drawing.Delay("Sleep", "01:00:00")]), publish: true);
        var run = await host.Designer.RunAsync(flow);
        await host.Designer.UntilAsync(run, "Suspended");
        var (definitionId, version) = (flow["definitionId"]!.GetValue<string>(), flow["id"]!.GetValue<string>());
        var execution = (await host.Designer.GetAsync($"/activity-executions/list?WorkflowInstanceId={run}")).Items[0]["id"];

        foreach (var path in new[]
        {
            $"/workflow-definitions/by-definition-id/{definitionId}", $"/workflow-definitions/by-id/{version}", $"/workflow-definitions/{definitionId}/export", $"/workflow-definitions/subgraph/{version}",
            $"/workflow-definitions/subgraph/segments/{version}?childNodeId=Workflow1:flow1:Sleep", $"/workflow-instances/{run}", $"/workflow-instances/{run}/execution-state", $"/workflow-instances/{run}/variables",
            $"/activity-executions/list?WorkflowInstanceId={run}", $"/activity-execution-summaries/list?WorkflowInstanceId={run}", $"/activity-executions/by-id?id={execution}", $"/activity-executions/{execution}/call-stack",
        }) (await host.Outsider.GetAsync(path)).Status.ShouldBe(HttpStatusCode.NotFound, path);
        foreach (var path in new[]
        {
            $"/workflow-definitions/{definitionId}/publish", $"/workflow-definitions/{definitionId}/retract", $"/workflow-definitions/{definitionId}/revert/1", $"/workflow-definitions/{definitionId}/execute",
            $"/cancel/workflow-instances/{run}", $"/workflow-instances/{run}/journal", $"/scripting/javascript/type-definitions/{definitionId}",
        }) (await host.Outsider.PostAsync(path, new { })).Status.ShouldBe(HttpStatusCode.NotFound, path);
        foreach (var path in new[] { $"/workflow-definitions/{definitionId}", $"/workflow-definition-versions/{version}", $"/workflow-instances/{run}" }) (await host.Outsider.DeleteAsync(path)).Status.ShouldBe(HttpStatusCode.NotFound, path);
        (await host.Outsider.PostAsync("/activity-executions/report", new { workflowInstanceId = run, activityNodeIds = new[] { "Workflow1" } })).Status.ShouldBe(HttpStatusCode.NotFound);
        (await host.Outsider.PostAsync("/tests/activities", new { workflowDefinitionHandle = new { definitionVersionId = version }, activityHandle = new { activityId = "Sleep" } })).Status.ShouldBe(HttpStatusCode.NotFound);
        (await host.Outsider.PostAsync("/bulk-actions/cancel/workflow-instances", new { ids = new[] { run }, definitionVersionId = version, definitionId })).Ok["cancelledCount"]!.GetValue<int>().ShouldBe(0);
        (await host.Outsider.PostAsync("/bulk-actions/delete/workflow-instances/by-id", new { ids = new[] { run } })).Ok["deleted"]!.GetValue<int>().ShouldBe(0);
        (await host.Outsider.PostAsync("/bulk-actions/delete/workflow-definitions/by-definition-id", new { definitionIds = new[] { definitionId } })).Ok["deleted"]!.GetValue<int>().ShouldBe(0);
        (await host.Outsider.PostAsync("/bulk-actions/delete/workflow-definitions/by-id", new { ids = new[] { version } })).Ok["deleted"]!.GetValue<int>().ShouldBe(0);
        (await host.Outsider.PostAsync("/bulk-actions/publish/workflow-definitions/by-definition-ids", new { definitionIds = new[] { definitionId } })).Ok["notFound"]!.AsArray().Count.ShouldBe(1);
        (await host.Outsider.PostAsync("/bulk-actions/export/workflow-definitions", new { ids = new[] { version } })).Reasons.Count.ShouldBe(1);
        (await host.Outsider.GetAsync($"/workflow-definitions?versionOptions=&Ids={version}")).Items.ShouldBeEmpty();
        (await host.Outsider.PostAsync("/workflow-instances", new { searchTerm = run })).Items.ShouldBeEmpty();
        // Saving over it makes a flow of their own, which happens to have the same id.
        var theirs = await host.Outsider.SaveAsync(Drawing.Model("Theirs", Drawing.Chart([Drawing.WriteLine("A")]), new { definitionId }));
        theirs["version"]!.GetValue<int>().ShouldBe(1);

        (await host.Designer.GetAsync($"/workflow-definitions/by-definition-id/{definitionId}")).Ok.ToJsonString().ShouldBe(flow.ToJsonString());
        (await host.Designer.GetAsync($"/workflow-instances/{run}/execution-state")).Ok["subStatus"]!.GetValue<string>().ShouldBe("Suspended");
    }

    [Fact]
    public async Task A_session_draws_with_its_access_token()
    {
        var token = (await host.MemberAsync("admin")).Tokens.Access;

        await new Studio(host.Admin.Client, token).DrawAsync(Drawing.Name(), Drawing.Chart([Drawing.WriteLine("A")]));
        (await new Studio(host.Admin.Client, token[..^2]).GetAsync("/workflow-definitions")).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    private IEnumerable<(string Name, HttpMethod Method, string Path)> Routes() =>
        from endpoint in host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        where endpoint.RoutePattern.RawText!.StartsWith("/elsa/api/", StringComparison.Ordinal)
        let path = System.Text.RegularExpressions.Regex.Replace(endpoint.RoutePattern.RawText!["/elsa/api".Length..].TrimEnd('/'), @"\{[^}]*\}", "{}")
        from method in endpoint.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods
        select ($"{method} {path}", new HttpMethod(method), path.Replace("{}", "7"));

    private static HttpContent? Body(HttpMethod method) => method == HttpMethod.Post ? Http.Api.Json(new { }) : null;
}
