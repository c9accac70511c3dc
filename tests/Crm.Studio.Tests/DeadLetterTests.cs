using Crm.Host.Tests.Accounts;
using Microsoft.Playwright;

namespace Crm.Studio.Tests;

/// <summary>Runs that failed for good, as people see them.</summary>
public sealed class DeadLetterTests(StudioHost host) : IClassFixture<StudioHost>
{
    [Fact]
    public async Task Run_that_failed_is_listed_with_its_reason_found_by_its_flow_and_looked_into()
    {
        var ada = await host.SomebodyAsync();
        await host.FailAsync();
        await host.BrowseAsync(async window =>
        {
            await window.GoAsync("/studio/dead-letters");
            await window.SignInAsync(ada.Email, Members.Password);
            await window.Page.GetByLabel("Flow", new() { Exact = true }).FillAsync("nothing-like-it");
            await window.Page.GetByText("None is like that.").WaitForAsync();
            await window.AtAsync("[?]flow=nothing-like-it$");
            await window.Page.GetByLabel("Flow", new() { Exact = true }).FillAsync("broken.count-words");
            var row = window.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "count-words" });
            await row.GetByText("crm.deal.created").First.WaitForAsync();

            await row.GetByRole(AriaRole.Button, new() { Name = "Look at the run of Takes a name for a number" }).First.ClickAsync();
            await window.Page.GetByRole(AriaRole.Dialog).GetByText("Failed in Count").WaitForAsync();
            var address = window.Page.Url;
            await window.Page.Keyboard.PressAsync("Escape");
            await window.Page.GetByRole(AriaRole.Dialog).WaitForAsync(new() { State = WaitForSelectorState.Hidden });

            await window.GoAsync(address);
            await window.Page.GetByRole(AriaRole.Dialog).GetByText("Failed in Count").WaitForAsync();
        });
    }

    [Fact]
    public async Task Another_workspaces_failures_are_not_shown()
    {
        await host.FailAsync();
        var stranger = await host.MemberAsync(host.Stranger, "admin");
        await host.BrowseAsync(async window =>
        {
            await window.GoAsync("/studio/dead-letters");
            await window.SignInAsync(stranger.Email, Members.Password);
            await window.Page.GetByText("Nothing has failed for good.").WaitForAsync();
        });
    }

    [Fact]
    public async Task While_the_server_is_out_of_reach_what_is_shown_stays_and_goes_on_when_it_is_back()
    {
        var ada = await host.SomebodyAsync();
        await host.FailAsync();
        await host.BrowseAsync(async window =>
        {
            window.Expect(told => told.Contains("ERR_INTERNET_DISCONNECTED", StringComparison.Ordinal));
            await window.GoAsync("/studio/dead-letters");
            await window.SignInAsync(ada.Email, Members.Password);
            await window.Page.GetByText("crm.deal.created").First.WaitForAsync();

            await window.Context.SetOfflineAsync(true);
            var typed = window.Page.GetByLabel("Flow", new() { Exact = true });
            await typed.FillAsync("count-w");
            await Assertions.Expect(typed).ToHaveValueAsync("count-w");
            await window.Context.SetOfflineAsync(false);

            await window.Page.GetByText("None is like that.").WaitForAsync();
            await Assertions.Expect(typed).ToHaveValueAsync("count-w");
        });
    }
}
