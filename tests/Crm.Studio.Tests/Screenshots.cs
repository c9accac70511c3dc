using Crm.Host.Tests.Accounts;
using Crm.Studio.Tests.Browser;
using Microsoft.Playwright;

namespace Crm.Studio.Tests;

/// <summary>A picture of each page in <c>artifacts/screenshots</c>, light, dark and on a telephone: <c>dotnet test tests/Crm.Studio.Tests --filter Screenshots</c>.</summary>
public sealed class Screenshots(StudioHost host) : IClassFixture<StudioHost>
{
    private static readonly string Folder = Path.Combine(Checkout.Root, "artifacts", "screenshots");

    public static TheoryData<string, ColorScheme, int> Looks => new() { { "light", ColorScheme.Light, 1400 }, { "dark", ColorScheme.Dark, 1400 }, { "telephone", ColorScheme.Light, 390 } };

    [Theory]
    [MemberData(nameof(Looks))]
    public async Task Every_page_has_its_picture(string look, ColorScheme colours, int width)
    {
        var ada = await host.SomebodyAsync();
        await host.FailAsync();
        await host.BrowseAsync(
            async window =>
            {
                window.Expect(told => told.Contains("401", StringComparison.Ordinal) || told.Contains("404", StringComparison.Ordinal));
                await window.GoAsync("/studio/dead-letters");
                await window.Page.GetByLabel("E-mail address").WaitForAsync();
                await TakeAsync(window, look, "sign-in");
                await window.Page.GetByLabel("E-mail address").FillAsync(ada.Email);
                await window.TypePasswordAsync("wrong-password");
                await window.Page.GetByText("E-mail address or password is wrong.").WaitForAsync();
                await TakeAsync(window, look, "sign-in-refused");
                await window.SignInAsync(ada.Email, Members.Password);

                await window.Page.GetByText("crm.deal.created").First.WaitForAsync();
                await TakeAsync(window, look, "dead-letters");
                await window.Page.GetByRole(AriaRole.Button, new() { Name = "Look at the run of Takes a name for a number" }).First.ClickAsync();
                await window.Page.GetByRole(AriaRole.Dialog).GetByText("Failed in Count").WaitForAsync();
                await TakeAsync(window, look, "dead-letter");
                await window.Page.Keyboard.PressAsync("Escape");
                await window.Page.GetByRole(AriaRole.Dialog).WaitForAsync(new() { State = WaitForSelectorState.Hidden });
                await window.Page.GetByRole(AriaRole.Button, new() { Name = "Ada" }).ClickAsync();
                await window.Page.GetByRole(AriaRole.Menuitem).First.WaitForAsync();
                await TakeAsync(window, look, "account");

                await window.GoAsync("/studio/nowhere");
                await window.Page.GetByRole(AriaRole.Heading, new() { Name = "There is nothing here" }).WaitForAsync();
                await TakeAsync(window, look, "not-found");
                await window.GoAsync("/studio/flows/nothing-like-it");
                await window.Page.GetByText("It may have been deleted.").WaitForAsync();
                await TakeAsync(window, look, "flow-gone");
                await window.GoAsync("/studio/dead-letters");
                await window.Page.GetByText("crm.deal.created").First.WaitForAsync();
                await host.EndSessionAsync(window);
                await window.Page.GetByLabel("Flow", new() { Exact = true }).FillAsync("half-a-word");
                await window.Page.GetByText("Your session has ended").WaitForAsync();
                await TakeAsync(window, look, "session-ended");
            },
            new(colours, width));
    }

    [Theory]
    [InlineData("light", ColorScheme.Light)]
    [InlineData("dark", ColorScheme.Dark)]
    public async Task Elsa_Studio_has_its_pictures(string look, ColorScheme colours)
    {
        var ada = await host.SomebodyAsync();
        await host.SleepingFlowAsync($"pictured-{look}", $"Pictured, {look}");
        var run = (await host.Admin.PostAsync($"/api/v1/flows/pictured-{look}/runs", new { })).Json["run"]!.GetValue<string>();
        await host.QuietAsync();
        await host.BrowseAsync(
            async window =>
            {
                await window.SignInToAsync("/studio/flows", ada.Email);
                await window.Elsa.GetByText($"Pictured, {look}").First.WaitForAsync();
                await TakeAsync(window, look, "flows");
                var designer = await Designer.OpenAsync(window, $"pictured-{look}");
                await designer.Nodes.First.WaitForAsync();
                await designer.SelectAsync("Say", "Text");
                await designer.ChooseSyntaxAsync("Text", "JavaScript");
                // Each editor is made in Elsa Studio's own colours.
                await Assertions.Expect(designer.Input("Text").Locator(".monaco-editor-background").First)
                    .ToHaveCSSAsync("background-color", colours == ColorScheme.Dark ? "rgb(30, 30, 30)" : "rgb(255, 255, 254)");
                await TakeAsync(window, look, "flow");
                await window.GoAsync("/studio/runs");
                await window.Elsa.GetByText(run).First.WaitForAsync();
                await TakeAsync(window, look, "runs");
                await window.GoAsync($"/studio/runs/{run}");
                await window.Elsa.Locator(".mud-timeline-item").First.WaitForAsync();
                await TakeAsync(window, look, "run");
            },
            new(colours, 1600, 900));
    }

    private static Task<byte[]> TakeAsync(Window window, string look, string page) => window.Page.ScreenshotAsync(new() { Path = Path.Combine(Folder, $"{page}.{look}.png"), Animations = ScreenshotAnimations.Disabled });
}
