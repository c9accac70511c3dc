using System.Text.Json.Nodes;
using Crm.Studio.Tests.Browser;
using Microsoft.Playwright;

namespace Crm.Studio.Tests;

/// <summary>The official Elsa Studio on our API: flows are drawn with mouse and keyboard.</summary>
public sealed class DrawingTests(StudioHost host) : IClassFixture<StudioHost>
{
    private static readonly Look Large = new(Width: 1600, Height: 900);

    [Fact]
    public async Task Flow_is_drawn_by_mouse_published_run_and_looked_at_and_the_back_button_goes_back()
    {
        var ada = await host.SomebodyAsync("admin");
        await host.BrowseAsync(
            async window =>
            {
                await window.SignInToAsync("/studio/flows", ada.Email);
                var designer = await Designer.NewAsync(window, "Drawn by mouse");
                var flow = designer.Flow;
                await designer.DropAsync("Write line", 80, 120);
                await designer.DropAsync("Set name", 420, 250);
                await designer.ConnectAsync("WriteLine1", "SetName1");
                await designer.SelectAsync("WriteLine1", "Text");
                await designer.TypeAsync("Text", "Hello from the mouse");
                await designer.SelectAsync("SetName1", "Value");
                await designer.TypeAsync("Value", "Named by hand");

                (await designer.PublishAsync())["version"]!.GetValue<int>().ShouldBe(1);
                var run = await designer.RunAsync();
                await window.Elsa.GetByText("Named by hand").First.WaitForAsync();
                await host.QuietAsync();
                (await host.Admin.GetAsync($"/api/v1/runs/{run}")).Json["run"]!["status"]!.GetValue<string>().ShouldBe("finished");

                await window.Page.GoBackAsync();
                await window.AtAsync($"/studio/flows/{flow}$");
                await designer.Edges.WaitForAsync();
            },
            Large);
    }

    [Fact]
    public async Task Toolbox_has_our_activities_in_groups_and_says_what_each_does()
    {
        var ada = await host.SomebodyAsync("admin");
        await host.BrowseAsync(
            async window =>
            {
                await window.SignInToAsync("/studio/flows", ada.Email);
                await Designer.NewAsync(window, "To see the toolbox");
                string[] groups = ["AI", "Branching", "Composition", "CRM", "Email", "Flow", "HTTP", "Looping", "Primitives", "Process", "Scheduling", "Scripting"];
                await Assertions.Expect(window.Elsa.Locator(".mud-expand-panel-header")).ToHaveTextAsync(groups);

                await window.Elsa.Locator(".mud-expand-panel-header").Filter(new() { HasText = "CRM" }).ClickAsync();
                foreach (var name in (string[])["Assign owner", "Complete activity", "Create activity", "Find records", "Update record"]) await window.Elsa.GetByText(name, new() { Exact = true }).WaitForAsync();
                await window.Elsa.GetByText("Assign owner", new() { Exact = true }).HoverAsync();
                await window.Elsa.GetByText("Gives a deal or lead to a user, or to the next member of a team.").First.WaitForAsync();
                await window.Elsa.GetByPlaceholder("Search").First.FillAsync("approval");
                await Assertions.Expect(window.Elsa.Locator(".mud-expand-panel-header:visible")).ToHaveTextAsync(["Process"]);
            },
            Large);
    }

    [Fact]
    public async Task Loop_gets_a_body_of_its_own_whose_activity_is_tried_alone_before_the_flow_runs()
    {
        var ada = await host.SomebodyAsync("admin");
        await host.BrowseAsync(
            async window =>
            {
                await window.SignInToAsync("/studio/flows", ada.Email);
                var designer = await Designer.NewAsync(window, "Round and round");
                await designer.DropAsync("For", 120, 120);
                await designer.SelectAsync("For1", "End");
                await designer.TypeAsync("End", "2");
                await designer.OpenBranchAsync("For1", "Body");
                await designer.DropAsync("Write line", 120, 120, shown: flow => Designer.Activity(flow, "For1")["body"]?["activities"]?.AsArray() ?? []);
                await designer.SelectAsync("WriteLine1", "Text");
                await designer.TypeAsync("Text", "Once more");

                await designer.Panel.GetByRole(AriaRole.Tab, new() { Name = "Test" }).ClickAsync();
                await designer.Panel.GetByRole(AriaRole.Button, new() { Name = "Start" }).ClickAsync();
                await designer.Panel.GetByText("Completed").First.WaitForAsync();
                (await host.Admin.GetAsync($"/api/v1/runs?flow={designer.Flow}")).Items.ShouldBeEmpty();

                await designer.PublishAsync();
                var run = await designer.RunAsync();
                await host.QuietAsync();
                (await host.Admin.GetAsync($"/api/v1/runs/{run}")).Json["journal"]!.AsArray().Count(e => e!["inputs"]?["text"]?.GetValue<string>() == "Once more").ShouldBe(3);
            },
            Large);
    }

    [Fact]
    public async Task Input_is_written_as_text_rule_template_script_or_variable()
    {
        var ada = await host.SomebodyAsync("admin");
        await host.BrowseAsync(
            async window =>
            {
                await window.SignInToAsync("/studio/flows", ada.Email);
                var designer = await Designer.NewAsync(window, "In every syntax");
                await AddVariableAsync(window, designer, "Greeting", "Good day");
                await designer.DropAsync("Write line", 120, 120);
                await designer.SelectAsync("WriteLine1", "Text");
                Expression(await designer.TypeAsync("Text", "As it is")).ShouldBe(("Literal", "As it is"));
                foreach (var (shown, syntax, code) in new[]
                {
                    ("JavaScript", "JavaScript", "getGreeting() + \"!\""), ("JsonLogic (rule)", "JsonLogic", """{"cat": ["a", "b"]}"""), ("Handlebars (text)", "Handlebars", "Hello {{variables.Greeting}}"),
                })
                {
                    await designer.ChooseSyntaxAsync("Text", shown);
                    Expression(await designer.TypeCodeAsync("Text", code)).ShouldBe((syntax, code));
                }

                await designer.ChooseSyntaxAsync("Text", "Variable");
                var saved = await designer.PickAsync("Text", "Greeting", "Good day");
                JsonNode.Parse(Expression(saved).Value)!["name"]!.GetValue<string>().ShouldBe("Greeting");

                await window.Page.ReloadAsync();
                await designer.Nodes.First.WaitForAsync();
                await designer.SelectAsync("WriteLine1", "Text");
                await designer.Panel.GetByText("Greeting").First.WaitForAsync();
                await designer.PublishAsync();
                var run = await designer.RunAsync();
                await host.QuietAsync();
                (await host.Admin.GetAsync($"/api/v1/runs/{run}")).Text.ShouldContain("Good day");
            },
            Large);
    }

    [Fact]
    public async Task Flow_gets_variables_inputs_and_outputs()
    {
        var ada = await host.SomebodyAsync("admin");
        await host.BrowseAsync(
            async window =>
            {
                await window.SignInToAsync("/studio/flows", ada.Email);
                var designer = await Designer.NewAsync(window, "With parameters");
                var saved = await AddVariableAsync(window, designer, "Count", "7");
                saved["variables"]![0]!["value"]!.ToString().ShouldBe("7");
                await designer.OpenTabAsync("Input/output");
                await window.Elsa.GetByRole(AriaRole.Button, new() { Name = "Add input" }).ClickAsync();
                await FillAsync(designer, "Name", "Customer");
                await designer.SavedAsync(() => AgreeAsync(designer), f => f["inputs"] is JsonArray { Count: 1 } inputs && inputs[0]!["name"]!.GetValue<string>() == "Customer");
                await window.Elsa.GetByRole(AriaRole.Button, new() { Name = "Add output" }).ClickAsync();
                await FillAsync(designer, "Name", "Answer");
                await designer.SavedAsync(() => AgreeAsync(designer), f => f["outputs"] is JsonArray { Count: 1 } outputs && outputs[0]!["name"]!.GetValue<string>() == "Answer");

                await window.Page.ReloadAsync();
                await designer.OpenTabAsync("Input/output");
                foreach (var name in (string[])["Customer", "Answer"]) await designer.Properties.GetByText(name, new() { Exact = true }).WaitForAsync();
                await designer.OpenTabAsync("Variables");
                await designer.Properties.GetByText("Count", new() { Exact = true }).WaitForAsync();
            },
            Large);
    }

    [Fact]
    public async Task What_is_chosen_is_deleted_by_the_keyboard()
    {
        var ada = await host.SomebodyAsync("admin");
        await host.BrowseAsync(
            async window =>
            {
                await window.SignInToAsync("/studio/flows", ada.Email);
                var designer = await Designer.NewAsync(window, "Deleted by keyboard");
                await designer.DropAsync("Write line", 80, 120);
                await designer.DropAsync("Set name", 420, 250);
                await designer.ConnectAsync("WriteLine1", "SetName1");
                await designer.SelectAsync("SetName1", "Value");

                var saved = await designer.SavedAsync(() => window.Page.Keyboard.PressAsync("Delete"), f => Designer.Activities(f).Count == 1);

                saved["root"]!["connections"]!.AsArray().ShouldBeEmpty();
                await Assertions.Expect(designer.Nodes).ToHaveCountAsync(1);
            },
            Large);
    }

    [Fact]
    public async Task What_could_not_run_is_not_published_and_each_reason_is_shown()
    {
        var ada = await host.SomebodyAsync("admin");
        await host.BrowseAsync(
            async window =>
            {
                window.Expect(told => told.Contains("400", StringComparison.Ordinal));
                await window.SignInToAsync("/studio/flows", ada.Email);
                var designer = await Designer.NewAsync(window, "Not finished");
                await designer.DropAsync("Move project", 120, 80);
                await designer.DropAsync("Request approval", 120, 260);

                await designer.PublishInVainAsync("MoveProject1, transition", "RequestApproval1, title");

                // The designer is open still, and what is drawn next is saved.
                await designer.DescribeAsync("Soon");
            },
            Large);
    }

    [Fact]
    public async Task Flow_that_nobody_has_drawn_yet_is_laid_out()
    {
        var ada = await host.SomebodyAsync("admin");
        var written = StudioHost.Document("written", "Written by hand");
        written["root"]!["activities"] = new JsonArray([.. ((string[])["Start", "Ask", "Yes", "No", "Last"]).Select(id => (JsonNode)StudioHost.Line(id, id, 0, 0))]);
        foreach (var activity in written["root"]!["activities"]!.AsArray()) activity!.AsObject().Remove("metadata");
        (string From, string To)[] connections = [("Start", "Ask"), ("Ask", "Yes"), ("Ask", "No"), ("Yes", "Last"), ("No", "Last")];
        written["root"]!["connections"] = new JsonArray([.. connections.Select(c => JsonNode.Parse($$$"""{"source": {"activity": "{{{c.From}}}", "port": "Done"}, "target": {"activity": "{{{c.To}}}", "port": "In"}}"""))]);
        (await host.Admin.PostAsync("/api/v1/flows", new { definition = written })).Status.ShouldBe(System.Net.HttpStatusCode.OK);
        await host.BrowseAsync(
            async window =>
            {
                await window.SignInToAsync("/studio/flows/written", ada.Email);
                var designer = await Designer.OnAsync(window);
                await Assertions.Expect(designer.Nodes).ToHaveCountAsync(5);
                await Assertions.Expect(designer.Edges).ToHaveCountAsync(5);
                var boxes = new List<LocatorBoundingBoxResult>();
                foreach (var node in await designer.Nodes.AllAsync()) boxes.Add((await node.BoundingBoxAsync())!);
                foreach (var (i, one) in boxes.Index())
                    foreach (var other in boxes.Skip(i + 1)) (one.X + one.Width <= other.X || other.X + other.Width <= one.X || one.Y + one.Height <= other.Y || other.Y + other.Height <= one.Y).ShouldBeTrue($"{one.X},{one.Y} lies on {other.X},{other.Y}");
            },
            Large);
    }

    private static async Task<JsonNode> AddVariableAsync(Window window, Designer designer, string name, string value)
    {
        await designer.OpenTabAsync("Variables");
        await window.Elsa.GetByRole(AriaRole.Button, new() { Name = "Add variable" }).ClickAsync();
        await FillAsync(designer, "Name", name);
        await FillAsync(designer, "Default value", value);
        return await designer.SavedAsync(() => AgreeAsync(designer), f => f["variables"] is JsonArray { Count: 1 } variables && variables[0]!["name"]!.GetValue<string>() == name);
    }

    private static async Task FillAsync(Designer designer, string label, string value)
    {
        var field = designer.Dialog.GetByLabel(label, new() { Exact = true });
        // The dialog proposes a name when it has loaded all it needs; what was typed before is lost.
        if (label == "Name") await Assertions.Expect(field).Not.ToHaveValueAsync("");
        await field.FillAsync(value);
        await field.BlurAsync();
    }

    private static Task AgreeAsync(Designer designer) => designer.Dialog.GetByRole(AriaRole.Button, new() { Name = "OK" }).ClickAsync();

    private static (string Type, string Value) Expression(JsonNode flow) =>
        Designer.Activity(flow, "WriteLine1")["text"]?["expression"] is { } e ? (e["type"]!.GetValue<string>(), e["value"]?.ToString() ?? "") : ("", "");
}
