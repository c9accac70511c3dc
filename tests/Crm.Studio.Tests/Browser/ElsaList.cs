using Microsoft.Playwright;

namespace Crm.Studio.Tests.Browser;

/// <summary>Elsa Studio's list of flows, or of runs.</summary>
internal sealed class ElsaList(Window window)
{
    public ILocator Rows => window.Elsa.Locator("tbody tr");

    public ILocator Menu => window.Elsa.Locator(".mud-popover-open");

    public ILocator Row(string text) => Rows.Filter(new() { HasText = text });

    /// <summary>Waits until the list has written its page into the address, which it does once when it is read: a menu or a dialog that is open by then is closed.</summary>
    public Task SettledAsync() => window.AtAsync("page=");

    /// <summary>Begins to make a flow, and gets the dialog with its name typed.</summary>
    public async Task<ILocator> NameNewFlowAsync(string name)
    {
        await SettledAsync();
        await window.Elsa.GetByRole(AriaRole.Button, new() { Name = "Create workflow" }).First.ClickAsync();
        var dialog = window.Elsa.Locator(".mud-dialog");
        await dialog.Locator("input").First.FillAsync(name);
        await dialog.Locator("input").First.PressAsync("Tab");
        return dialog;
    }

    public async Task ChooseAsync(string row, string action)
    {
        await SettledAsync();
        await Row(row).First.Locator(".mud-menu button").First.ClickAsync();
        await Menu.GetByText(action, new() { Exact = true }).ClickAsync();
    }

    /// <summary>Does something to several, and says yes where it is asked.</summary>
    public async Task ChooseForAllAsync(IEnumerable<string> rows, string action, string? yes = null)
    {
        await SettledAsync();
        foreach (var row in rows) await Row(row).First.Locator("input[type=checkbox]").CheckAsync();
        await window.Elsa.GetByRole(AriaRole.Button, new() { Name = "Bulk actions" }).ClickAsync();
        await Menu.GetByText(action, new() { Exact = true }).ClickAsync();
        if (yes is not null) await AgreeAsync(yes);
    }

    public async Task AgreeAsync(string yes) => await window.Elsa.Locator(".mud-dialog").GetByRole(AriaRole.Button, new() { Name = yes, Exact = true }).Last.ClickAsync();

    /// <summary>Chooses what is not about one row: to import.</summary>
    public async Task ImportAsync(string file)
    {
        await SettledAsync();
        await window.GiveFileAsync(
            async () =>
            {
                await window.Elsa.Locator(".mud-button-group-root button").Last.ClickAsync();
                await Menu.GetByText("Import", new() { Exact = true }).ClickAsync();
            },
            file);
    }
}
