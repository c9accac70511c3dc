using System.Net;

namespace Crm.Host.Tests.Views;

/// <summary>Lists people come back to.</summary>
public sealed class ViewTests(CrmHost host) : IClassFixture<CrmHost>
{
    private static object View(bool shared = false, string query = "step=proposal,negotiation&amount.gte=1000&sort=-amount") =>
        new { name = "Big ones", recordType = "deal", query, columns = new[] { "name", "amount", "custom.region" }, isShared = shared };

    [Fact]
    public async Task View_is_kept_as_it_was_asked_for_and_its_query_can_be_listed()
    {
        var view = await host.Rep.PostAsync("/api/v1/views", View());

        view.Status.ShouldBe(HttpStatusCode.Created, view.Text);
        var shown = await host.Rep.GetAsync($"/api/v1/views/{view["id"]}");
        shown.Text.ShouldBe(view.Text);
        shown["columns"].AsArray().Select(c => c!.GetValue<string>()).ShouldBe(["name", "amount", "custom.region"]);
        (await host.Rep.GetAsync($"/api/v1/deals?{view["query"]}")).Status.ShouldBe(HttpStatusCode.OK);
        (await host.EventsAsync("view", view)).ShouldBe(["crm.view.created"]);
    }

    [Fact]
    public async Task Private_view_is_its_owners_alone()
    {
        var view = await host.Rep.PostAsync("/api/v1/views", View());
        var path = $"/api/v1/views/{view["id"]}";

        (await host.Admin.GetAsync(path)).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        (await host.Admin.PatchAsync(path, new { name = "Mine", version = 1 })).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        (await host.Admin.SendAsync(HttpMethod.Delete, path, null, ("If-Match", "\"1\""))).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        (await host.Admin.GetAsync("/api/v1/views")).Text.ShouldNotContain(view["id"].GetValue<string>());
        (await host.Rep.GetAsync("/api/v1/views?recordType=deal")).Text.ShouldContain(view["id"].GetValue<string>());
        (await host.Rep.GetAsync("/api/v1/views?recordType=lead")).Text.ShouldNotContain(view["id"].GetValue<string>());
    }

    [Fact]
    public async Task Shared_view_is_seen_by_all_of_the_workspace_and_changed_by_its_owner()
    {
        var view = await host.Rep.PostAsync("/api/v1/views", View(shared: true));
        var path = $"/api/v1/views/{view["id"]}";

        (await host.Admin.GetAsync(path)).Status.ShouldBe(HttpStatusCode.OK);
        (await host.Stranger.GetAsync(path)).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        (await host.Admin.PatchAsync(path, new { name = "Mine", version = 1 })).ShouldBeProblem(HttpStatusCode.Forbidden, "not-allowed");
        (await host.Admin.SendAsync(HttpMethod.Delete, path, null, ("If-Match", "\"1\""))).ShouldBeProblem(HttpStatusCode.Forbidden, "not-allowed");
        var changed = await host.Rep.PatchAsync(path, new { query = "sort=name", isShared = false, version = 1 });
        changed.Status.ShouldBe(HttpStatusCode.OK, changed.Text);
        (await host.Admin.GetAsync(path)).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        (await host.Rep.PatchAsync(path, new { name = "Late", version = 1 })).ShouldBeProblem(HttpStatusCode.Conflict, "stale-version");
        (await host.Rep.SendAsync(HttpMethod.Delete, path, null, ("If-Match", "\"2\""))).Status.ShouldBe(HttpStatusCode.NoContent);
        (await host.Rep.GetAsync(path)).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
    }

    [Theory]
    [InlineData("""{ "name": "A", "recordType": "deal", "query": "colour=red" }""", "/query unknown-parameter")]
    [InlineData("""{ "name": "A", "recordType": "deal", "query": "amount.like=3" }""", "/query unknown-operator")]
    [InlineData("""{ "name": "A", "recordType": "deal", "query": "sort=colour" }""", "/query sort")]
    [InlineData("""{ "name": "A", "recordType": "person", "query": "amount=3" }""", "/query unknown-parameter")]
    [InlineData("""{ "name": "A", "recordType": "deal", "columns": ["name", "colour"] }""", "/columns/1 unknown-column")]
    [InlineData("""{ "name": "A", "recordType": "spaceship" }""", "/recordType invalid")]
    [InlineData("""{ "name": "", "recordType": "deal" }""", "/name invalid")]
    [InlineData("""{ "name": "A", "recordType": "deal", "ownerId": "00000000-0000-7000-8000-0000000000ff" }""", "/ownerId additional-property")]
    public async Task What_no_list_knows_is_refused_with_its_place(string body, string fault) =>
        (await host.Rep.PostAsync("/api/v1/views", body)).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe([fault]);
}
