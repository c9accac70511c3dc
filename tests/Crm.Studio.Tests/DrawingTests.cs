using System.Text.Json.Nodes;
using Crm.Host.Tests.Accounts;
using Crm.Studio.Tests.Browser;
using Microsoft.Playwright;

namespace Crm.Studio.Tests;

/// <summary>The official Elsa Studio on our API, with mouse and keyboard.</summary>
public sealed class DrawingTests(StudioHost host) : IClassFixture<StudioHost>
{
    [Fact]
    public async Task Flow_is_drawn_by_mouse_published_run_and_looked_at_and_the_back_button_goes_back()
    {
        var ada = await host.SomebodyAsync("admin");
        await host.BrowseAsync(
            async window =>
            {
                var flow = await NewFlowAsync(window, ada.Email, "Drawn by mouse");
                await DropAsync(window, "Write Line", 120, 120);
                await DropAsync(window, "Write Line", 420, 250);
                await ConnectAsync(window, 0, 1);
                await window.Elsa.Locator(".x6-edge").WaitForAsync();

                await SavedAsync(window, () => window.Elsa.Locator("button.mud-icon-button.mud-primary-text").First.ClickAsync(), publish: true);
                await window.Elsa.Locator("button.mud-success-text.ml-4").ClickAsync();
                await window.Page.WaitForURLAsync("**/studio/runs/*");
                await window.Elsa.Locator(".x6-node").First.WaitForAsync();

                await window.Page.GoBackAsync();
                window.Page.Url.ShouldEndWith($"/studio/flows/{flow}");
                await window.Elsa.Locator(".x6-edge").WaitForAsync();
            },
            new(Width: 1600, Height: 900));
    }

    [Fact]
    public async Task Session_that_ends_in_mid_edit_and_a_server_out_of_reach_lose_nothing_that_was_typed()
    {
        var ada = await host.SomebodyAsync("admin");
        await host.BrowseAsync(async window =>
        {
            window.Expect(told => told.Contains("401", StringComparison.Ordinal) || told.Contains("ERR_INTERNET_DISCONNECTED", StringComparison.Ordinal));
            await NewFlowAsync(window, ada.Email, "Typed through it all");
            var description = window.Elsa.Locator("textarea").First;

            await host.EndSessionAsync(window);
            await description.FillAsync("Typed while signed out");
            await description.BlurAsync();
            await window.Page.GetByText("Your session has ended").WaitForAsync();
            var saved = await SavedAsync(window, () => window.TypePasswordAsync(Members.Password));
            saved["description"]!.GetValue<string>().ShouldBe("Typed while signed out");

            await window.Context.SetOfflineAsync(true);
            await description.FillAsync("Typed offline");
            await description.BlurAsync();
            await window.Page.GetByText("The server is out of reach.").WaitForAsync();
            saved = await SavedAsync(window, () => window.Context.SetOfflineAsync(false));
            saved["description"]!.GetValue<string>().ShouldBe("Typed offline");
            (await description.InputValueAsync()).ShouldBe("Typed offline");
        });
    }

    [Fact]
    public async Task Spoilt_token_is_replaced_before_anybody_notices()
    {
        var ada = await host.SomebodyAsync("admin");
        await host.BrowseAsync(async window =>
        {
            window.Expect(told => told.Contains("401", StringComparison.Ordinal));
            await window.GoAsync("/studio/dead-letters");
            await window.SignInAsync(ada.Email, Members.Password);
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
            await Task.WhenAll(NewFlowAsync(one, ada.Email, "Made by one"), NewFlowAsync(two, ben.Email, "Made by two"));
            foreach (var window in (Window[])[one, two])
            {
                await window.Page.GetByRole(AriaRole.Link, new() { Name = "Flows" }).ClickAsync();
                foreach (var name in (string[])["Made by one", "Made by two"]) await window.Elsa.GetByText(name).First.WaitForAsync();
            }
        }));
    }

    [Fact]
    public async Task Viewer_looks_and_can_change_nothing()
    {
        var (ada, eve) = (await host.SomebodyAsync("admin"), await host.SomebodyAsync("sales-rep"));
        string flow = "";
        await host.BrowseAsync(async window => flow = await NewFlowAsync(window, ada.Email, "Only to look at"));
        await host.BrowseAsync(async window =>
        {
            await window.GoAsync($"/studio/flows/{flow}");
            await window.SignInAsync(eve.Email, Members.Password);
            await window.Elsa.GetByText("read-only").First.WaitForAsync();
            await window.Page.GetByRole(AriaRole.Link, new() { Name = "Flows" }).ClickAsync();
            await Assertions.Expect(window.Elsa.GetByRole(AriaRole.Button, new() { Name = "Create workflow" }).First).ToBeDisabledAsync();
        });
    }

    /// <summary>Signs in, makes a flow and opens it; tells its id.</summary>
    private static async Task<string> NewFlowAsync(Window window, string email, string name)
    {
        await window.GoAsync("/studio/flows");
        await window.SignInAsync(email, Members.Password);
        await window.Elsa.GetByRole(AriaRole.Button, new() { Name = "Create workflow" }).First.ClickAsync();
        var dialog = window.Elsa.Locator(".mud-dialog");
        await dialog.Locator("input").First.FillAsync(name);
        await dialog.Locator("input").First.PressAsync("Tab");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "OK" }).ClickAsync();
        await window.Page.WaitForURLAsync("**/studio/flows/*");
        await window.Elsa.Locator(".x6-graph").WaitForAsync();
        return window.Page.Url.Split('/')[^1];
    }

    private static async Task DropAsync(Window window, string activity, float x, float y)
    {
        var nodes = window.Elsa.Locator(".x6-node");
        var before = await nodes.CountAsync();
        var panel = window.Elsa.Locator(".mud-expand-panel").Filter(new() { HasText = activity });
        var item = panel.GetByText(activity, new() { Exact = true }).First;
        if (!await item.IsVisibleAsync()) await panel.Locator(".mud-expand-panel-header").First.ClickAsync();
        await SavedAsync(window, () => item.DragToAsync(window.Elsa.Locator(".x6-graph"), new() { TargetPosition = new() { X = x, Y = y } }));
        await Assertions.Expect(nodes).ToHaveCountAsync(before + 1);
    }

    private static async Task ConnectAsync(Window window, int from, int to)
    {
        var source = (await window.Elsa.Locator(".x6-node").Nth(from).Locator(".x6-port-out circle").First.BoundingBoxAsync())!;
        var target = (await window.Elsa.Locator(".x6-node").Nth(to).Locator(".x6-port-in circle").First.BoundingBoxAsync())!;
        var mouse = window.Page.Mouse;
        await mouse.MoveAsync(source.X + source.Width / 2, source.Y + source.Height / 2);
        await SavedAsync(window, async () =>
        {
            await mouse.DownAsync();
            await mouse.MoveAsync(target.X + target.Width / 2, target.Y + target.Height / 2, new() { Steps = 12 });
            await mouse.UpAsync();
        });
    }

    /// <summary>Does something, and waits until the flow was saved because of it.</summary>
    private static async Task<JsonNode> SavedAsync(Window window, Func<Task> act, bool publish = false)
    {
        var saved = await window.Page.RunAndWaitForResponseAsync(act, answer =>
            answer.Request.Method == "POST" && answer.Url.EndsWith("/elsa/api/workflow-definitions", StringComparison.Ordinal) && answer.Ok
            && (!publish || answer.Request.PostData?.Contains("\"publish\":true", StringComparison.Ordinal) is true));
        return JsonNode.Parse(await saved.TextAsync())!["workflowDefinition"]!;
    }
}
