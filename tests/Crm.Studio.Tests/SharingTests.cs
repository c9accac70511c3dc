using Crm.Host.Tests.Accounts;
using Crm.Studio.Tests.Browser;
using Microsoft.Playwright;

namespace Crm.Studio.Tests;

/// <summary>Elsa Studio while sessions end, servers are away, and others are at it too.</summary>
public sealed class SharingTests(StudioHost host) : IClassFixture<StudioHost>
{
    [Fact]
    public async Task Session_that_ends_in_mid_edit_and_a_server_out_of_reach_lose_nothing_that_was_typed()
    {
        var ada = await host.SomebodyAsync("admin");
        await host.BrowseAsync(async window =>
        {
            window.Expect(told => told.Contains("401", StringComparison.Ordinal) || told.Contains("ERR_INTERNET_DISCONNECTED", StringComparison.Ordinal));
            await window.SignInToAsync("/studio/flows", ada.Email);
            var designer = await Designer.NewAsync(window, "Typed through it all");

            await host.EndSessionAsync(window);
            await designer.Description.FillAsync("Typed while signed out");
            await designer.Description.BlurAsync();
            await window.Page.GetByText("Your session has ended").WaitForAsync();
            await designer.SavedAsync(() => window.TypePasswordAsync(Members.Password), f => f["description"]?.GetValue<string>() == "Typed while signed out");

            await window.Context.SetOfflineAsync(true);
            await designer.Description.FillAsync("Typed offline");
            await designer.Description.BlurAsync();
            await window.Page.GetByText("The server is out of reach.").WaitForAsync();
            await designer.SavedAsync(() => window.Context.SetOfflineAsync(false), f => f["description"]?.GetValue<string>() == "Typed offline");
            await Assertions.Expect(designer.Description).ToHaveValueAsync("Typed offline");
        });
    }

    [Fact]
    public async Task Spoilt_token_is_replaced_before_anybody_notices()
    {
        var ada = await host.SomebodyAsync("admin");
        await host.BrowseAsync(async window =>
        {
            window.Expect(told => told.Contains("401", StringComparison.Ordinal));
            await window.SignInToAsync("/studio/dead-letters", ada.Email);
            await window.Page.EvaluateAsync("localStorage.setItem('crm.session', JSON.stringify({ ...JSON.parse(localStorage.getItem('crm.session')), accessToken: 'spoilt' }))");
            await window.GoAsync("/studio/flows");
            await window.Elsa.GetByRole(AriaRole.Button, new() { Name = "Create workflow" }).First.WaitForAsync();
        });
    }

    [Fact]
    public async Task Two_browsers_at_once_see_the_flows_of_both()
    {
        var (ada, ben) = (await host.SomebodyAsync("admin"), await host.SomebodyAsync("admin"));
        await host.BrowseAsync(one => host.BrowseAsync(async two =>
        {
            async Task MakeAsync(Window window, Member who, string name)
            {
                await window.SignInToAsync("/studio/flows", who.Email);
                await Designer.NewAsync(window, name);
            }

            await Task.WhenAll(MakeAsync(one, ada, "Made by one"), MakeAsync(two, ben, "Made by two"));
            foreach (var window in (Window[])[one, two])
            {
                await window.Page.GetByRole(AriaRole.Link, new() { Name = "Flows" }).ClickAsync();
                foreach (var name in (string[])["Made by one", "Made by two"]) await new ElsaList(window).Row(name).WaitForAsync();
            }
        }));
    }

    [Fact]
    public async Task Save_over_a_newer_version_is_refused_in_words_and_what_was_typed_stays()
    {
        var (ada, ben) = (await host.SomebodyAsync("admin"), await host.SomebodyAsync("admin"));
        await host.BrowseAsync(one => host.BrowseAsync(async two =>
        {
            two.Expect(told => told.Contains("400", StringComparison.Ordinal));
            await one.SignInToAsync("/studio/flows", ada.Email);
            var first = await Designer.NewAsync(one, "Drawn by both");
            await two.SignInToAsync($"/studio/flows/{first.Flow}", ben.Email);
            var second = await Designer.OnAsync(two);
            await first.DescribeAsync("By Ada");

            await second.Description.FillAsync("By Ben");
            await second.Description.BlurAsync();

            await two.Elsa.Locator(".mud-snackbar").GetByText("Somebody else has saved 'Drawn by both' meanwhile").WaitForAsync();
            await Assertions.Expect(second.Description).ToHaveValueAsync("By Ben");
            (await host.Admin.GetAsync($"/api/v1/flows/{first.Flow}")).Text.ShouldContain("By Ada");
        }));
    }

    [Fact]
    public async Task Viewer_looks_and_can_change_nothing()
    {
        var (ada, eve) = (await host.SomebodyAsync("admin"), await host.SomebodyAsync("sales-rep"));
        var flow = "";
        await host.BrowseAsync(async window =>
        {
            await window.SignInToAsync("/studio/flows", ada.Email);
            var designer = await Designer.NewAsync(window, "Only to look at");
            flow = designer.Flow;
            await designer.DropAsync("Write line", 120, 120);
        });
        await host.BrowseAsync(async window =>
        {
            await window.SignInToAsync($"/studio/flows/{flow}", eve.Email);
            await window.Elsa.Locator(".x6-node").WaitForAsync();
            await window.Elsa.GetByText("read-only").First.WaitForAsync();
            await window.Page.GetByRole(AriaRole.Link, new() { Name = "Flows" }).ClickAsync();
            await Assertions.Expect(window.Elsa.GetByRole(AriaRole.Button, new() { Name = "Create workflow" }).First).ToBeDisabledAsync();
        });
    }

    [Fact]
    public async Task Name_that_is_used_is_said_before_anything_is_made()
    {
        var ada = await host.SomebodyAsync("admin");
        await host.BrowseAsync(async window =>
        {
            await window.SignInToAsync("/studio/flows", ada.Email);
            await Designer.NewAsync(window, "Used once");
            await window.Page.GetByRole(AriaRole.Link, new() { Name = "Flows" }).ClickAsync();
            var list = new ElsaList(window);
            await list.Row("Used once").WaitForAsync();
            var dialog = await list.NameNewFlowAsync("Used once");
            await dialog.GetByText("A workflow with this name already exists.").WaitForAsync();
            await dialog.GetByRole(AriaRole.Button, new() { Name = "OK" }).ClickAsync();

            await dialog.GetByText("A workflow with this name already exists.").WaitForAsync();
            (await host.Admin.GetAsync("/api/v1/flows?search=Used%20once")).Items.Count.ShouldBe(1);
        });
    }
}
