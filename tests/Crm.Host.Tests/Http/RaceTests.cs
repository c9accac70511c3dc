using System.Net;
using Crm.Wfm.History;
using Microsoft.Extensions.DependencyInjection;

namespace Crm.Host.Tests.Http;

/// <summary>Two users who want the same project at once.</summary>
public sealed class RaceTests(CrmHost host) : IClassFixture<CrmHost>
{
    [Fact]
    public async Task Of_two_racing_moves_one_wins_and_the_other_is_told_the_version()
    {
        for (var round = 0; round < 20; round++)
        {
            var project = await host.Admin.ProjectAsync();

            var answers = await Task.WhenAll(host.Admin.MoveAsync(project, "contact", 1), host.Admin.MoveAsync(project, "lose", 1, input: new { lostReason = "price" }));

            answers.Single(a => a.Status == HttpStatusCode.OK)["version"].GetValue<int>().ShouldBe(2);
            answers.Single(a => a.Status != HttpStatusCode.OK).ShouldBeProblem(HttpStatusCode.Conflict, "stale-version")["currentVersion"].GetValue<int>().ShouldBe(2);
        }

        await ShouldHoldAsync();
    }

    [Fact]
    public async Task Of_two_racing_starts_of_one_deal_one_wins()
    {
        for (var round = 0; round < 20; round++)
        {
            var body = new { subject = new { type = "opportunity", id = await host.Admin.RecordAsync() } };

            var answers = await Task.WhenAll(host.Admin.PostAsync("/api/v1/projects", body), host.Rep.PostAsync("/api/v1/projects", body));

            answers.Select(a => a.Status).ShouldBe([HttpStatusCode.Created, HttpStatusCode.Conflict], ignoreOrder: true);
        }

        await ShouldHoldAsync();
    }

    [Fact]
    public async Task Of_two_racing_publishers_one_publishes_and_the_other_changes_nothing()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => host.Admin.PostAsync("/api/v1/bundles", Bundles.Small("raced"))));

        answers.Select(a => a["outcome"].GetValue<string>()).ShouldBe(["published", "unchanged", "unchanged", "unchanged"], ignoreOrder: true);
    }

    private async Task ShouldHoldAsync()
    {
        await using var scope = host.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<Wfm.CurrentWorkspace>().Id = host.Workspace;
        var report = await scope.ServiceProvider.GetRequiredService<HistoryVerifier>().VerifyAsync(default);
        report.Projects.ShouldBeGreaterThanOrEqualTo(20);
        report.Broken.ShouldBeEmpty();
    }
}
