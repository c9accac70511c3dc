using System.Net;

namespace Crm.Host.Tests.Flows;

/// <summary>Looking at runs over HTTP.</summary>
public sealed class RunTests(CrmHost host) : IClassFixture<CrmHost>
{
    [Fact]
    public async Task Runs_are_listed_page_by_page_the_newest_first()
    {
        for (var i = 0; i < 5; i++) await host.Rep.DealAsync(new { name = $"Deal {i}", ownerId = await host.UserAsync() });
        await host.QuietAsync();

        const string Reviews = "/api/v1/runs?flow=sales.review-new-assignment";
        var first = await host.Rep.GetAsync($"{Reviews}&limit=2");
        var second = await host.Rep.GetAsync($"{Reviews}&limit=2&after={first["next"]}");
        var third = await host.Rep.GetAsync($"{Reviews}&limit=2&after={second["next"]}");

        var all = (await host.Rep.GetAsync(Reviews)).Items.Select(r => r["id"]!.GetValue<Guid>()).ToList();
        all.Count.ShouldBe(5);
        first.Items.Concat(second.Items).Concat(third.Items).Select(r => r["id"]!.GetValue<Guid>()).ShouldBe(all);
        third.Json["next"].ShouldBeNull();
        first.Items.ShouldAllBe(r => r["bundle"]!.GetValue<string>() == "sales" && r["eventType"]!.GetValue<string>() == "crm.deal.assigned" && r["nextAt"] == null && r["error"] == null);
        (await host.Rep.GetAsync("/api/v1/runs?status=faulted")).Items.ShouldBeEmpty();
        (await host.Rep.GetAsync("/api/v1/runs?flow=another")).Items.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("/api/v1/runs?limit=0", HttpStatusCode.BadRequest)]
    [InlineData("/api/v1/runs?status=running", HttpStatusCode.BadRequest)]
    [InlineData("/api/v1/runs?event=x", HttpStatusCode.BadRequest)]
    [InlineData("/api/v1/runs?after=x", HttpStatusCode.BadRequest)]
    [InlineData("/api/v1/runs/00000000-0000-7000-8000-0000000000ff", HttpStatusCode.NotFound)]
    [InlineData("/api/v1/runs/x", HttpStatusCode.NotFound)]
    public async Task What_is_asked_wrongly_is_a_problem(string path, HttpStatusCode status) => (await host.Rep.GetAsync(path)).Status.ShouldBe(status);

    [Fact]
    public async Task Nobody_looks_without_signing_in() => (await host.As(null).GetAsync("/api/v1/runs")).Status.ShouldBe(HttpStatusCode.Unauthorized);
}
