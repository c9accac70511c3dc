using Crm.Studio.Tests.Browser;
using Microsoft.Playwright;

namespace Crm.Studio.Tests;

/// <summary>
/// The first flow of docs/flows.md, step by step. Its pictures are in <c>artifacts/pictures</c>, and in <c>docs/pictures</c> when they are asked for:
/// <c>CRM_PICTURES=docs dotnet test tests/Crm.Studio.Tests --filter FirstFlow</c>.
/// </summary>
public sealed class FirstFlowTests(StudioHost host) : IClassFixture<StudioHost>
{
    private static readonly string Folder = Environment.GetEnvironmentVariable("CRM_PICTURES") == "docs" ? Path.Combine(Checkout.Root, "docs", "pictures") : Path.Combine(Checkout.Root, "artifacts", "pictures");

    [Fact]
    public async Task Deal_that_is_assigned_is_welcomed_by_a_flow_drawn_as_the_page_says()
    {
        var ada = await host.SomebodyAsync("admin");
        await host.BrowseAsync(
            async window =>
            {
                await window.SignInToAsync("/studio/flows", ada.Email);
                var designer = await Designer.NewAsync(window, "Welcome a deal");

                await designer.DropAsync("Event", 60, 90);
                await designer.DropAsync("Create activity", 360, 90);
                await designer.ConnectAsync("Event1", "CreateActivity1");
                await designer.SelectAsync("Event1", "Event name");
                await designer.TypeAsync("Event name", "crm.deal.assigned");
                await TakeAsync(window, "first-flow-drawn");

                await designer.SelectAsync("CreateActivity1", "Kind");
                await designer.PickAsync("Kind", "Task", "\"task\"");
                await designer.ChooseSyntaxAsync("Subject", "Handlebars (text)");
                await designer.TypeCodeAsync("Subject", "Welcome {{event.data.name}}");
                await TakeAsync(window, "first-flow-input");
                await designer.PublishAsync();

                var deal = await host.Admin.DealAsync(new { name = "Acme, 40 seats" });
                await host.Admin.PostAsync($"/api/v1/deals/{deal["id"]}/assign", new { ownerId = await host.UserAsync(), version = 1 });
                await host.QuietAsync();
                (await host.Admin.GetAsync("/api/v1/activities")).Text.ShouldContain("Welcome Acme, 40 seats");
                await window.Page.GetByRole(AriaRole.Link, new() { Name = "Runs" }).ClickAsync();
                await new ElsaList(window).Row("Welcome a deal").First.ClickAsync();
                await Window.UntilSeenAsync(
                    () => window.Elsa.Locator(".mud-timeline-item").Filter(new() { HasText = "CreateActivity1" }).ClickAsync(),
                    window.Elsa.GetByText("Welcome Acme, 40 seats").First);
                await TakeAsync(window, "first-flow-run");
            },
            new(Width: 1280, Height: 760));
    }

    private static async Task TakeAsync(Window window, string name)
    {
        await window.Page.Mouse.MoveAsync(2, 2);
        await Assertions.Expect(window.Elsa.Locator(".mud-snackbar")).ToHaveCountAsync(0);
        var picture = await window.Page.ScreenshotAsync(new() { Path = Path.Combine(Folder, $"{name}.png"), Animations = ScreenshotAnimations.Disabled });
        picture.Length.ShouldBeLessThan(150_000, name);
    }
}
