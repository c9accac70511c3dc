using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace Crm.Studio.Tests.Browser;

/// <summary>Elsa Studio's designer in a window, as somebody with a mouse and a keyboard uses it.</summary>
internal sealed class Designer
{
    private readonly Window _window;

    private Designer(Window window)
    {
        _window = window;
        window.Page.Response += (_, answer) => _ = ReadAsync(answer);
    }

    // Told of every save that was taken.
    private event Action<JsonNode>? Saved;

    /// <summary>Gets the flow's id.</summary>
    public string Flow => _window.Page.Url.Split('?')[0].Split('/')[^1];

    // The drawing of a run looks the same, and is there in place of this one when the flow was run.
    public ILocator Nodes => Editor.Locator(".x6-node");

    public ILocator Edges => Editor.Locator(".x6-edge");

    /// <summary>Gets what an activity's inputs are edited in.</summary>
    public ILocator Panel => Editor.Locator(".rz-splitter-pane .mud-tabs").Filter(new() { HasText = "Common" }).Last;

    /// <summary>Gets what is said of the flow as a whole.</summary>
    public ILocator Properties => Editor.Locator(".rz-splitter-pane .mud-tabs").Filter(new() { HasText = "Version history" }).Last;

    public ILocator Dialog => _window.Elsa.Locator(".mud-dialog");

    public ILocator Description => Properties.Locator("textarea").First;

    private ILocator Editor => _window.Elsa.Locator("elsa-workflow-definition-editor");

    private ILocator PublishButton => _window.Elsa.Locator("button.mud-icon-button.mud-primary-text").First;

    /// <summary>Makes a flow in the list of flows, and opens it.</summary>
    public static async Task<Designer> NewAsync(Window window, string name)
    {
        var dialog = await new ElsaList(window).NameNewFlowAsync(name);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "OK" }).ClickAsync();
        await window.AtAsync("/studio/flows/[^/?]+");
        return await OnAsync(window);
    }

    /// <summary>Opens a flow by its address.</summary>
    public static async Task<Designer> OpenAsync(Window window, string flow)
    {
        await window.GoAsync($"/studio/flows/{Uri.EscapeDataString(flow)}");
        return await OnAsync(window);
    }

    public static async Task<Designer> OnAsync(Window window)
    {
        var designer = new Designer(window);
        await designer.Editor.Locator(".x6-graph").WaitForAsync();
        return designer;
    }

    public ILocator Node(string name) => Nodes.Filter(new() { HasText = name });

    /// <summary>Drags an activity out of the toolbox.</summary>
    /// <param name="activity">What it is called there.</param>
    /// <param name="x">How far from the canvas's left it is dropped.</param>
    /// <param name="y">How far from its top.</param>
    /// <param name="shown">Which activities of a flow the canvas shows; those of its root where it is not said.</param>
    public async Task<JsonNode> DropAsync(string activity, float x, float y, Func<JsonNode, JsonArray>? shown = null)
    {
        var count = await Nodes.CountAsync();
        var group = _window.Elsa.Locator(".mud-expand-panel").Filter(new() { Has = _window.Page.GetByText(activity, new() { Exact = true }) }).First;
        var item = group.GetByText(activity, new() { Exact = true }).First;
        if (!await item.IsVisibleAsync()) await group.Locator(".mud-expand-panel-header").First.ClickAsync();
        var saved = await KeptAsync(
            () => item.DragToAsync(Editor.Locator(".x6-graph"), new() { TargetPosition = new() { X = x, Y = y } }),
            f => (shown ?? Activities)(f).Count == count + 1,
            async () => await Nodes.CountAsync() == count);
        await Assertions.Expect(Nodes).ToHaveCountAsync(count + 1);
        return saved;
    }

    /// <summary>Draws a connection from a way out of one activity to the way into another.</summary>
    public async Task<JsonNode> ConnectAsync(string from, string to)
    {
        var count = await Edges.CountAsync();
        var mouse = _window.Page.Mouse;
        return await KeptAsync(
            async () =>
            {
                var (source, target) = (await MiddleAsync(Node(from).Locator(".x6-port-out circle").First), await MiddleAsync(Node(to).Locator(".x6-port-in circle").First));
                await mouse.MoveAsync(source.X, source.Y);
                await mouse.DownAsync();
                await mouse.MoveAsync(target.X, target.Y, new() { Steps = 12 });
                await mouse.UpAsync();
            },
            f => f["root"]!["connections"]?.AsArray().Count == count + 1,
            async () => await Edges.CountAsync() == count);
    }

    /// <summary>Opens the flowchart that lies in a way of an activity, and makes it where there is none.</summary>
    public async Task OpenBranchAsync(string name, string branch)
    {
        // What is selected lies under the selection's own box.
        await Window.UntilSeenAsync(() => Node(name).Locator($"[data-port-name={branch}]").ClickAsync(new() { Force = true }), Dialog);
        await Dialog.GetByRole(AriaRole.Button, new() { Name = "Ok" }).ClickAsync();
        await Editor.GetByText($"{name}: {branch}").First.WaitForAsync();
        await Assertions.Expect(Nodes).ToHaveCountAsync(0);
    }

    /// <summary>Chooses an activity on the canvas; its inputs are shown then.</summary>
    public Task SelectAsync(string name, string input) => Window.UntilSeenAsync(
        // What is selected lies under the selection's own box.
        () => Node(name).ClickAsync(new() { Position = new() { X = 60, Y = 20 }, Force = true }),
        Panel.Locator("label:visible").Filter(new() { HasText = input }).First);

    /// <summary>Gets an input of the activity that is selected.</summary>
    public ILocator Input(string name) => Panel.Locator("div[role=group].flex-row.gap-3").Filter(new() { Has = _window.Page.Locator("label", new() { HasText = name }) }).Last;

    /// <summary>Types into an input that is taken as it is.</summary>
    public async Task<JsonNode> TypeAsync(string input, string text)
    {
        var field = Input(input).Locator("textarea:visible, input:visible").First;
        return await SavedAsync(
            async () =>
            {
                await field.FillAsync(text);
                await field.BlurAsync();
            },
            f => Activities(f).ToJsonString().Contains(System.Text.Json.JsonSerializer.Serialize(text), StringComparison.Ordinal));
    }

    /// <summary>Picks one of the values an input offers.</summary>
    public Task<JsonNode> PickAsync(string input, string shown, string value) => SavedAsync(
        async () =>
        {
            await Input(input).Locator(".mud-input-control").First.ClickAsync();
            await _window.Elsa.Locator(".mud-popover-open").GetByText(shown, new() { Exact = true }).ClickAsync();
        },
        f => Activities(f).ToJsonString().Contains(value, StringComparison.Ordinal));

    /// <summary>Chooses what an input is written in, by its menu.</summary>
    public async Task ChooseSyntaxAsync(string input, string syntax)
    {
        await Input(input).Locator(".mud-menu button").First.ClickAsync();
        await _window.Elsa.Locator(".mud-popover-open").GetByText(syntax, new() { Exact = true }).ClickAsync();
        if (syntax != "Variable") await Input(input).Locator(".monaco-editor .view-lines").WaitForAsync();
    }

    /// <summary>Types into an input's editor of code, in place of what is there.</summary>
    public Task<JsonNode> TypeCodeAsync(string input, string code)
    {
        var lines = Input(input).Locator(".monaco-editor .view-lines");
        return KeptAsync(
            async () =>
            {
                await lines.ClickAsync();
                await _window.Page.Keyboard.PressAsync("Control+A");
                await _window.Page.Keyboard.TypeAsync(code);
                // The editor closes brackets and quotes by itself: what it put there lies behind.
                await _window.Page.Keyboard.PressAsync("Control+Shift+End");
                await _window.Page.Keyboard.PressAsync("Delete");
            },
            f => Activities(f).Any(a => a![Camel(input)]?["expression"]?["value"]?.ToString() == code),
            // Blanks are shown as such that do not break.
            async () => (await lines.InnerTextAsync()).Replace('\u00a0', ' ') != code);
    }

    public Task<JsonNode> DescribeAsync(string description) => SavedAsync(
        async () =>
        {
            await Description.FillAsync(description);
            await Description.BlurAsync();
        },
        f => f["description"]?.GetValue<string>() == description);

    // "Event name" is written to eventName.
    private static string Camel(string input) => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(string.Concat(input.Split(' ').Select(w => char.ToUpperInvariant(w[0]) + w[1..])));

    public Task OpenTabAsync(string name) => _window.Elsa.GetByRole(AriaRole.Tab, new() { Name = name }).ClickAsync();

    /// <summary>Publishes the flow, and waits until that is said: until then what is typed may be shown anew.</summary>
    public async Task<JsonNode> PublishAsync()
    {
        var published = await SavedAsync(() => PublishButton.ClickAsync(), f => f["isPublished"]!.GetValue<bool>());
        await _window.Elsa.GetByText("Workflow published").First.WaitForAsync();
        return published;
    }

    /// <summary>Asks to publish what will be refused, and waits until each of the reasons is shown.</summary>
    public async Task PublishInVainAsync(params string[] reasons)
    {
        await PublishButton.ClickAsync();
        await Task.WhenAll(reasons.Select(r => _window.Elsa.Locator(".mud-snackbar").GetByText(r).First.WaitForAsync()));
    }

    /// <summary>Opens what there is besides publishing, and chooses one.</summary>
    public async Task ChooseAsync(string action)
    {
        await PublishButton.Locator("xpath=following::button[1]").ClickAsync();
        await _window.Elsa.Locator(".mud-popover-open").GetByText(action, new() { Exact = true }).ClickAsync();
    }

    /// <summary>Runs the flow, and tells the run's id.</summary>
    public async Task<string> RunAsync()
    {
        await _window.Elsa.Locator("button.mud-success-text.ml-4").ClickAsync();
        await _window.AtAsync("/studio/runs/[^/?]+");
        await _window.Elsa.Locator("elsa-workflow-instance-viewer .x6-node").First.WaitForAsync();
        return _window.Page.Url.Split('?')[0].Split('/')[^1];
    }

    /// <summary>Draws or types something. What comes while the canvas or an editor is still being set up does not stay: whoever sees that does it once more.</summary>
    private Task<JsonNode> KeptAsync(Func<Task> act, Func<JsonNode, bool> until, Func<Task<bool>> isLost) => SavedAsync(
        async saved =>
        {
            await act();
            for (var tries = 1; tries < Window.Tries && !await Window.IsSoonAsync(saved); tries++)
                if (await isLost()) await act();
        },
        until);

    /// <summary>Does something, and waits until the flow was saved because of it: as it should be then.</summary>
    public Task<JsonNode> SavedAsync(Func<Task> act, Func<JsonNode, bool> until) => SavedAsync(_ => act(), until);

    private async Task<JsonNode> SavedAsync(Func<Task, Task> act, Func<JsonNode, bool> until)
    {
        var saved = new TaskCompletionSource<JsonNode>(TaskCreationOptions.RunContinuationsAsynchronously);
        void Look(JsonNode flow)
        {
            if (until(flow)) saved.TrySetResult(flow);
        }

        Saved += Look;
        try
        {
            await act(saved.Task);
            return await saved.Task.WaitAsync(_window.Patience);
        }
        finally
        {
            Saved -= Look;
        }
    }

    public static JsonArray Activities(JsonNode flow) => flow["root"]!["activities"]?.AsArray() ?? [];

    public static JsonNode Activity(JsonNode flow, string name) => Activities(flow).First(a => a!["name"]!.GetValue<string>() == name)!;

    private async Task ReadAsync(IResponse answer)
    {
        // What was saved already is published without being sent once more.
        if (answer.Request.Method != "POST" || !answer.Ok) return;
        if (!answer.Url.EndsWith("/elsa/api/workflow-definitions", StringComparison.Ordinal) && !answer.Url.EndsWith("/publish", StringComparison.Ordinal)) return;
        Saved?.Invoke(JsonNode.Parse(await answer.TextAsync())!["workflowDefinition"]!);
    }

    private static async Task<(float X, float Y)> MiddleAsync(ILocator shape)
    {
        var box = (await shape.BoundingBoxAsync())!;
        return (box.X + box.Width / 2, box.Y + box.Height / 2);
    }
}
