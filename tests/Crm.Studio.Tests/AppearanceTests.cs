using Crm.Host.Tests.Accounts;
using Crm.Studio.Tests.Browser;
using Microsoft.Playwright;

namespace Crm.Studio.Tests;

/// <summary>Light and dark, by mouse and by keyboard, on a large screen and a small one.</summary>
public sealed class AppearanceTests(StudioHost host) : IClassFixture<StudioHost>
{
    private const string Scheme = "data-mantine-color-scheme";

    [Theory]
    [InlineData(ColorScheme.Light, "light")]
    [InlineData(ColorScheme.Dark, "dark")]
    public async Task Colours_are_the_systems_until_others_are_chosen_and_those_stay(ColorScheme system, string shown)
    {
        var ada = await host.SomebodyAsync();
        var (other, chosen) = shown == "dark" ? ("Light colours", "light") : ("Dark colours", "dark");
        await host.BrowseAsync(
            async window =>
            {
                await window.GoAsync("/studio/dead-letters");
                await Assertions.Expect(Html(window)).ToHaveAttributeAsync(Scheme, shown);
                await window.SignInAsync(ada.Email, Members.Password);

                await window.Page.GetByRole(AriaRole.Img, new() { Name = other }).ClickAsync();
                await Assertions.Expect(Html(window)).ToHaveAttributeAsync(Scheme, chosen);
                await window.Page.ReloadAsync();

                await window.Page.GetByTestId("workspace").GetByText("Test").WaitForAsync();
                await Assertions.Expect(Html(window)).ToHaveAttributeAsync(Scheme, chosen);
            },
            new(system));
    }

    [Fact]
    public async Task Keyboard_goes_from_the_skip_link_through_the_pages_to_the_page()
    {
        var ada = await host.SomebodyAsync();
        await host.BrowseAsync(async window =>
        {
            await window.GoAsync("/studio/dead-letters");
            await window.Page.GetByLabel("E-mail address").PressSequentiallyAsync(ada.Email);
            await window.Page.Keyboard.PressAsync("Tab");
            await window.Page.Keyboard.TypeAsync(Members.Password);
            await window.Page.Keyboard.PressAsync("Enter");
            await window.Page.GetByTestId("workspace").GetByText("Test").WaitForAsync();

            await window.Page.ReloadAsync();
            await window.Page.GetByTestId("workspace").GetByText("Test").WaitForAsync();
            await window.Page.Keyboard.PressAsync("Tab");
            await Assertions.Expect(window.Page.GetByText("Skip to the page")).ToBeFocusedAsync();
            await window.Page.Keyboard.PressAsync("Enter");
            await Assertions.Expect(window.Page.Locator("#main")).ToBeFocusedAsync();
            await window.Page.Keyboard.PressAsync("Tab");
            await Assertions.Expect(window.Page.GetByLabel("Flow", new() { Exact = true })).ToBeFocusedAsync();
        });
    }

    [Fact]
    public async Task Page_has_landmarks_one_heading_and_a_name_for_everything_one_can_press()
    {
        var ada = await host.SomebodyAsync();
        await host.BrowseAsync(async window =>
        {
            await window.GoAsync("/studio/dead-letters");
            await window.SignInAsync(ada.Email, Members.Password);
            await window.Page.GetByText("Nothing has failed for good.").WaitForAsync();

            foreach (var landmark in (AriaRole[])[AriaRole.Banner, AriaRole.Navigation, AriaRole.Main]) await Assertions.Expect(window.Page.GetByRole(landmark)).ToHaveCountAsync(1);
            await Assertions.Expect(window.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveCountAsync(1);
            (await window.Page.EvaluateAsync<string>("document.documentElement.lang")).ShouldBe("en");
            (await window.Page.EvaluateAsync<string[]>("""
                [...document.querySelectorAll('a, button, input')].filter(e => e.checkVisibility() && !(e.ariaLabel || e.textContent.trim() || e.labels?.length)).map(e => e.outerHTML)
                """)).ShouldBeEmpty();
        });
    }

    [Fact]
    public async Task On_a_telephone_nothing_lies_beyond_the_edge()
    {
        var ada = await host.SomebodyAsync();
        await host.BrowseAsync(
            async window =>
            {
                await window.GoAsync("/studio/dead-letters");
                await window.SignInAsync(ada.Email, Members.Password);
                await window.Page.GetByText("Nothing has failed for good.").WaitForAsync();
                await window.Page.GetByRole(AriaRole.Button, new() { Name = "Ada" }).WaitForAsync();

                (await window.Page.EvaluateAsync<int>("document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(390);
            },
            new(Width: 390, Height: 800));
    }

    [Fact]
    public async Task Address_that_leads_nowhere_says_so_and_leads_back()
    {
        var ada = await host.SomebodyAsync();
        await host.BrowseAsync(async window =>
        {
            await window.GoAsync("/studio/nowhere");
            await window.SignInAsync(ada.Email, Members.Password);

            await window.Page.GetByRole(AriaRole.Heading, new() { Name = "There is nothing here" }).WaitForAsync();
            await Assertions.Expect(window.Page).ToHaveTitleAsync("Not found · Crm Studio");
            await window.Page.GetByRole(AriaRole.Link, new() { Name = "To the flows" }).WaitForAsync();
        });
    }

    private static ILocator Html(Window window) => window.Page.Locator("html");
}
