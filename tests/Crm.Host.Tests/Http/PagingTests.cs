using System.Net;

namespace Crm.Host.Tests.Http;

/// <summary>Lists come in pages; following <c>next</c> finds every item once.</summary>
public sealed class PagingTests(CrmHost host) : IClassFixture<CrmHost>
{
    [Theory]
    [InlineData("/api/v1/records?type=opportunity", "after", "id")]
    [InlineData("/api/v1/projects?subjectType=opportunity", "after", "id")]
    [InlineData("/api/v1/events?type=wfm.project.started", "before", "id")]
    public async Task Following_next_finds_every_item_once(string path, string cursor, string key)
    {
        for (var i = 0; i < 5; i++) await host.Admin.ProjectAsync();
        var all = (await host.Admin.GetAsync($"{path}&limit=200")).Items.Select(i => i[key]!.GetValue<string>()).ToList();

        var (found, next) = (new List<string>(), "");
        do
        {
            var page = await host.Admin.GetAsync($"{path}&limit=2{next}");
            page.Items.Count.ShouldBeInRange(1, 2);
            found.AddRange(page.Items.Select(i => i[key]!.GetValue<string>()));
            next = page.Json["next"] is { } more ? $"&{cursor}={more}" : null;
        }
        while (next is not null);

        all.Count.ShouldBeGreaterThanOrEqualTo(5);
        found.ShouldBe(all);
    }

    [Fact]
    public async Task History_is_paged_by_version()
    {
        var project = await host.Admin.InDiscoveryAsync();

        var first = await host.Admin.GetAsync($"/api/v1/projects/{project}/history?limit=2");
        var second = await host.Admin.GetAsync($"/api/v1/projects/{project}/history?limit=2&after={first["next"]}");

        first.Items.Select(i => i["version"]!.GetValue<int>()).ShouldBe([1, 2]);
        second.Items.Select(i => i["version"]!.GetValue<int>()).ShouldBe([3]);
        second.Json["next"].ShouldBeNull();
    }

    [Fact]
    public async Task Projects_are_found_by_their_subject()
    {
        var project = await host.Admin.ProjectAsync();
        var subject = (await host.Admin.GetAsync($"/api/v1/projects/{project}"))["subjectId"];

        var found = await host.Admin.GetAsync($"/api/v1/projects?subjectType=opportunity&subjectId={subject}&projectType=opportunity");

        found.Status.ShouldBe(HttpStatusCode.OK);
        found.Items.Single()["id"]!.GetValue<string>().ShouldBe(project);
    }
}
