using Crm.Host.Tests.Accounts;
using Microsoft.Playwright;

namespace Crm.Studio.Tests;

/// <summary>Coming in, staying in, and going.</summary>
public sealed class SignInTests(StudioHost host) : IClassFixture<StudioHost>
{
    [Fact]
    public async Task Front_page_leads_to_the_sign_in_and_on_to_where_one_wanted_to_go()
    {
        var ada = await host.SomebodyAsync("sales-rep");
        await host.BrowseAsync(async window =>
        {
            await window.GoAsync("/");
            await window.AtAsync("/studio/$");
            await Assertions.Expect(window.Page).ToHaveTitleAsync("Sign in · Crm Studio");

            await window.GoAsync("/studio/dead-letters");
            await window.SignInAsync(ada.Email, Members.Password);

            await window.Page.GetByRole(AriaRole.Heading, new() { Name = "Dead letters" }).WaitForAsync();
            await Assertions.Expect(window.Page.GetByTestId("workspace")).ToHaveTextAsync("Test");
            await window.AtAsync("/studio/dead-letters$");
            await Assertions.Expect(window.Page).ToHaveTitleAsync("Dead letters · Crm Studio");
        });
    }

    [Fact]
    public async Task Wrong_password_is_said_and_what_was_typed_stays()
    {
        var ada = await host.SomebodyAsync();
        await host.BrowseAsync(async window =>
        {
            window.Expect(told => told.Contains("401", StringComparison.Ordinal));
            await window.GoAsync("/studio/dead-letters");
            await window.Page.GetByLabel("E-mail address").FillAsync(ada.Email);
            await window.TypePasswordAsync("another old oak");

            await window.Page.GetByRole(AriaRole.Alert).GetByText("E-mail address or password is wrong.").WaitForAsync();
            await Assertions.Expect(window.Page.GetByLabel("E-mail address")).ToHaveValueAsync(ada.Email);
        });
    }

    [Fact]
    public async Task Who_is_a_member_of_several_workspaces_chooses_one()
    {
        var ada = await host.SomebodyAsync();
        await host.JoinOtherAsync(ada.Email);
        await host.BrowseAsync(async window =>
        {
            window.Expect(told => told.Contains("409", StringComparison.Ordinal));
            await window.GoAsync("/studio/dead-letters");
            await window.Page.GetByLabel("E-mail address").FillAsync(ada.Email);
            await window.TypePasswordAsync(Members.Password);
            await window.Page.GetByRole(AriaRole.Combobox, new() { Name = "Workspace" }).WaitForAsync();
            await window.TypePasswordAsync(Members.Password);

            await window.Page.GetByTestId("workspace").GetByText("Test").WaitForAsync();
        });
    }

    [Fact]
    public async Task Session_outlives_its_access_token_and_the_page_and_tabs_share_it()
    {
        var ada = await host.SomebodyAsync();
        await host.BrowseAsync(async window =>
        {
            window.Expect(told => told.Contains("401", StringComparison.Ordinal));
            await window.GoAsync("/studio/dead-letters");
            await window.SignInAsync(ada.Email, Members.Password);
            var other = await window.Context.NewPageAsync();
            await other.GotoAsync("/studio/dead-letters");
            await other.GetByTestId("workspace").GetByText("Test").WaitForAsync();

            // Both find out at once that the token is no good any more, and one of them refreshes it.
            await window.Page.EvaluateAsync("localStorage.setItem('crm.session', JSON.stringify({ ...JSON.parse(localStorage.getItem('crm.session')), accessToken: 'spoilt' }))");
            await Task.WhenAll(window.Page.ReloadAsync(), other.ReloadAsync());

            foreach (var page in (IPage[])[window.Page, other]) await page.GetByTestId("workspace").GetByText("Test").WaitForAsync();
        });
    }

    [Fact]
    public async Task Who_signs_out_is_out_in_all_tabs_and_on_the_server()
    {
        var ada = await host.SomebodyAsync();
        await host.BrowseAsync(async window =>
        {
            await window.GoAsync("/studio/dead-letters");
            await window.SignInAsync(ada.Email, Members.Password);
            var token = await window.TokenAsync();
            var other = await window.Context.NewPageAsync();
            await other.GotoAsync("/studio/dead-letters");
            await other.GetByTestId("workspace").GetByText("Test").WaitForAsync();

            await window.Page.GetByRole(AriaRole.Button, new() { Name = "Ada" }).ClickAsync();
            await window.Page.GetByRole(AriaRole.Menuitem, new() { Name = "Sign out" }).ClickAsync();

            foreach (var page in (IPage[])[window.Page, other]) await page.GetByLabel("E-mail address").WaitForAsync();
            (await host.As(token).GetAsync("/api/v1/me")).Status.ShouldBe(System.Net.HttpStatusCode.Unauthorized);
        });
    }

    [Fact]
    public async Task When_the_session_has_ended_the_page_stays_as_it_is_until_the_same_user_is_back()
    {
        var ada = await host.SomebodyAsync();
        await host.BrowseAsync(async window =>
        {
            window.Expect(told => told.Contains("401", StringComparison.Ordinal));
            await window.GoAsync("/studio/dead-letters");
            await window.SignInAsync(ada.Email, Members.Password);
            await window.Page.GetByText("Nothing has failed for good.").WaitForAsync();
            await host.EndSessionAsync(window);

            var typed = window.Page.GetByLabel("Flow", new() { Exact = true });
            await typed.FillAsync("half-a-word");
            await window.Page.GetByText("Your session has ended").WaitForAsync();
            await Assertions.Expect(typed).ToHaveValueAsync("half-a-word");
            await window.TypePasswordAsync(Members.Password);

            await window.Page.GetByText("None is like that.").WaitForAsync();
            await Assertions.Expect(typed).ToHaveValueAsync("half-a-word");
        });
    }
}
