using Crm.Host.Tests.Accounts;
using Microsoft.Playwright;

namespace Crm.Studio.Tests;

/// <summary>Elsa Studio in its frame.</summary>
public sealed class FlowTests(StudioHost host) : IClassFixture<StudioHost>
{
    [Fact]
    public async Task Flow_that_is_not_there_is_said_and_breaks_nothing()
    {
        var ada = await host.SomebodyAsync();
        await host.BrowseAsync(async window =>
        {
            window.Expect(told => told.Contains("404", StringComparison.Ordinal));
            await window.GoAsync("/studio/flows/nothing-like-it");
            await window.SignInAsync(ada.Email, Members.Password);

            await window.Page.GetByText("There is nothing here.").WaitForAsync();
            await window.Page.GetByRole(AriaRole.Link, new() { Name = "Dead letters" }).ClickAsync();
            await window.Page.GetByText("Nothing has failed for good.").WaitForAsync();
            await window.Page.GoBackAsync();
            await window.Page.GetByText("There is nothing here.").WaitForAsync();
            await window.Page.WaitForURLAsync("**/studio/flows/nothing-like-it");
        });
    }
}
