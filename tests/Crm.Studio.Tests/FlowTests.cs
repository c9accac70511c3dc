using Crm.Host.Tests.Accounts;
using Crm.Studio.Tests.Browser;
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
            await window.AtAsync("/studio/flows/nothing-like-it$");
        });
    }

    [Fact]
    public async Task List_that_is_read_late_takes_nobody_back_to_it()
    {
        var ada = await host.SomebodyAsync();
        await host.BrowseAsync(async window =>
        {
            await window.SignInToAsync("/studio/flows", ada.Email);
            await new ElsaList(window).SettledAsync();
            await window.Page.GetByRole(AriaRole.Link, new() { Name = "Dead letters" }).ClickAsync();
            await window.Page.GetByText("Nothing has failed for good.").WaitForAsync();
            await window.Page.EvaluateAsync("() => { window.heard = new Promise(resolve => addEventListener('message', e => e.data.crm === 'moved' && resolve())) }");

            var frame = window.Page.Frames.Single(f => f.ParentFrame is not null);
            await frame.EvaluateAsync("history.replaceState(null, '', 'workflows/definitions?page=2')");
            await window.Page.EvaluateAsync("window.heard");

            await Assertions.Expect(window.Page).ToHaveURLAsync(new Uri(host.Address, "/studio/dead-letters").ToString());
            await window.Page.GetByText("Nothing has failed for good.").WaitForAsync();
        });
    }
}
