using Crm.Studio.Tests.Browser;
using Microsoft.Playwright;

namespace Crm.Studio.Tests;

/// <summary>Runs as Elsa Studio shows them: while they go on and afterwards.</summary>
public sealed class RunTests(StudioHost host) : IClassFixture<StudioHost>
{
    private static readonly Look Large = new(Width: 1600, Height: 900);

    [Fact]
    public async Task Run_is_watched_live_and_its_journal_tells_what_each_activity_did()
    {
        var ada = await host.SomebodyAsync("admin");
        await host.SleepingFlowAsync("watched", "Watched");
        await host.BrowseAsync(
            async window =>
            {
                await window.SignInToAsync("/studio/flows/watched", ada.Email);
                var designer = await Designer.OnAsync(window);
                await designer.Nodes.First.WaitForAsync();
                var run = await designer.RunAsync();
                await Journal(window, "Say").First.WaitForAsync();
                await Journal(window, "Sleep").GetByText("Suspended").WaitForAsync();
                await window.Elsa.GetByText("Suspended", new() { Exact = true }).Last.WaitForAsync();

                // Nobody touches the page: it is told.
                (await host.Admin.PostAsync($"/api/v1/runs/{run}/resume", new { })).Status.ShouldBe(System.Net.HttpStatusCode.OK);
                await window.Elsa.GetByText("Finished", new() { Exact = true }).First.WaitForAsync();
                await window.Elsa.Locator(".mud-timeline-item").Filter(new() { HasText = "Sleep" }).Filter(new() { HasText = "Completed" }).First.WaitForAsync();

                await Window.UntilSeenAsync(() => Journal(window, "Say").First.ClickAsync(), window.Elsa.GetByText("Before it sleeps").First);
            },
            Large);
    }

    [Fact]
    public async Task Run_that_failed_shows_its_incident()
    {
        var ada = await host.SomebodyAsync("admin");
        await host.FailAsync();
        var run = (await host.Admin.GetAsync("/api/v1/runs?status=faulted&flow=broken.count-words")).Items[0]!["id"]!.GetValue<string>();
        await host.BrowseAsync(
            async window =>
            {
                await window.SignInToAsync($"/studio/runs/{run}", ada.Email);
                await window.Elsa.Locator(".x6-node").First.WaitForAsync();
                await window.Elsa.GetByText("Faulted", new() { Exact = true }).First.WaitForAsync();
                await window.Elsa.GetByRole(AriaRole.Tab, new() { Name = "Incidents" }).ClickAsync();
                await window.Elsa.GetByText("the variable Words holds a Int32").First.WaitForAsync();
            },
            Large);
    }

    [Fact]
    public async Task Runs_are_cancelled_and_deleted_one_or_several_and_are_not_imported()
    {
        var ada = await host.SomebodyAsync("admin");
        await host.SleepingFlowAsync("ended", "Ended by hand");
        var runs = new List<string>();
        for (var i = 0; i < 3; i++) runs.Add((await host.Admin.PostAsync("/api/v1/flows/ended/runs", new { })).Json["run"]!.GetValue<string>());
        await host.QuietAsync();
        await host.BrowseAsync(
            async window =>
            {
                await window.SignInToAsync("/studio/runs", ada.Email);
                var list = new ElsaList(window);
                await list.Row(runs[2]).WaitForAsync();
                await list.SettledAsync();
                await window.Elsa.GetByRole(AriaRole.Button, new() { Name = "Actions", Exact = true }).ClickAsync();
                await list.Menu.GetByText("Refresh").WaitForAsync();
                (await list.Menu.GetByText("Import").IsVisibleAsync()).ShouldBeFalse();
                await window.Page.ReloadAsync();

                await list.ChooseAsync(runs[0], "Cancel");
                await list.AgreeAsync("Yes");
                await list.Row(runs[0]).GetByText("Cancelled").WaitForAsync();
                await list.ChooseForAllAsync(runs[1..], "Cancel", "Yes");
                foreach (var run in runs) await list.Row(run).GetByText("Cancelled").WaitForAsync();

                await list.ChooseAsync(runs[0], "Delete");
                await list.AgreeAsync("Delete");
                await Assertions.Expect(list.Row(runs[0])).ToHaveCountAsync(0);
                await list.ChooseForAllAsync(runs[1..], "Delete", "Delete");
                foreach (var run in runs) await Assertions.Expect(list.Row(run)).ToHaveCountAsync(0);
                (await host.Admin.GetAsync("/api/v1/runs?flow=ended")).Items.ShouldBeEmpty();
            },
            Large);
    }

    private static ILocator Journal(Window window, string activity) => window.Elsa.Locator(".mud-timeline-item").Filter(new() { HasText = activity });
}
