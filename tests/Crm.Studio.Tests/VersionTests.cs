using System.Text.Json.Nodes;
using Crm.Studio.Tests.Browser;
using Microsoft.Playwright;

namespace Crm.Studio.Tests;

/// <summary>What becomes of a flow that was drawn: published, taken back, rolled back, sent elsewhere and brought in, one or several.</summary>
public sealed class VersionTests(StudioHost host) : IClassFixture<StudioHost>
{
    private static readonly Look Large = new(Width: 1600, Height: 900);

    [Fact]
    public async Task Published_flow_that_is_edited_gets_a_version_that_can_be_rolled_back_and_taken_back()
    {
        var ada = await host.SomebodyAsync("admin");
        await host.FlowAsync("versions", "In versions");
        await host.BrowseAsync(
            async window =>
            {
                await window.SignInToAsync("/studio/flows/versions", ada.Email);
                var designer = await Designer.OnAsync(window);
                await designer.Nodes.First.WaitForAsync();
                (await designer.PublishAsync())["version"]!.GetValue<int>().ShouldBe(1);
                (await designer.DescribeAsync("The second version"))["version"]!.GetValue<int>().ShouldBe(2);

                await designer.OpenTabAsync("Version history");
                var first = designer.Properties.Locator("tbody tr").Nth(1);
                await first.Locator(".mud-menu button").First.ClickAsync();
                await window.Elsa.Locator(".mud-popover-open").GetByText("Rollback to this version").ClickAsync();
                await Assertions.Expect(designer.Properties.Locator("tbody tr")).ToHaveCountAsync(3);
                var latest = (await host.Admin.GetAsync("/api/v1/flows/versions")).Json;
                (latest["flow"]!["version"]!.GetValue<int>(), latest["flow"]!["isPublished"]!.GetValue<bool>(), latest["definition"]?["description"]?.GetValue<string>()).ShouldBe((3, false, null));

                await window.Page.ReloadAsync();
                await designer.Nodes.First.WaitForAsync();
                (await designer.PublishAsync())["version"]!.GetValue<int>().ShouldBe(3);
                var retracted = await window.Page.RunAndWaitForResponseAsync(() => designer.ChooseAsync("Unpublish"), a => a.Url.EndsWith("/retract", StringComparison.Ordinal));
                retracted.Ok.ShouldBeTrue();
                (await host.Admin.GetAsync("/api/v1/flows?versions=published&search=In%20versions")).Items.ShouldBeEmpty();
            },
            Large);
    }

    [Fact]
    public async Task Flow_is_exported_and_imported_again_by_the_menu()
    {
        var ada = await host.SomebodyAsync("admin");
        await host.FlowAsync("sent", "Sent elsewhere");
        await host.BrowseAsync(async window =>
        {
            await window.SignInToAsync("/studio/flows", ada.Email);
            var list = new ElsaList(window);
            await list.ChooseAsync("Sent elsewhere", "Export");
            var download = await window.Page.RunAndWaitForDownloadAsync(() => list.AgreeAsync("Export"));
            download.SuggestedFilename.ShouldBe("workflow-definition-sent-v1.json");
            var sent = JsonNode.Parse(await File.ReadAllTextAsync(await download.PathAsync()))!;
            sent["$schema"]!.GetValue<string>().ShouldStartWith("https://elsaworkflows.io/schemas/workflow-definition");
            (sent["definitionId"], sent["id"], sent["name"]) = ("brought-in", "brought-in-1", "Brought in");

            await list.ImportAsync(await FileAsync(sent));

            await list.Row("Brought in").WaitForAsync();
            (await host.Admin.GetAsync("/api/v1/flows/brought-in")).Json["definition"]!["root"]!["activities"]!.AsArray().Count.ShouldBe(2);
        });
    }

    [Fact]
    public async Task Open_flow_is_saved_under_another_name_and_overwritten_by_a_file()
    {
        var ada = await host.SomebodyAsync("admin");
        await host.FlowAsync("first", "The first");
        var file = StudioHost.Document("elsewhere", "From a file");
        file["root"]!["activities"]!.AsArray().Add(StudioHost.Line("Third", "The third line", 600, 0));
        var path = await FileAsync(file);
        await host.BrowseAsync(
            async window =>
            {
                await window.SignInToAsync("/studio/flows/first", ada.Email);
                var designer = await Designer.OnAsync(window);
                await Assertions.Expect(designer.Nodes).ToHaveCountAsync(2);
                await designer.ChooseAsync("Save As");
                await designer.Dialog.Locator("input").First.FillAsync("The second");
                await designer.Dialog.Locator("input").First.PressAsync("Tab");
                var saved = await window.Page.RunAndWaitForResponseAsync(() => designer.Dialog.GetByRole(AriaRole.Button, new() { Name = "Ok" }).ClickAsync(),
                    a => a.Request.Method == "POST" && a.Url.EndsWith("/elsa/api/workflow-definitions", StringComparison.Ordinal));
                saved.Ok.ShouldBeTrue();
                var second = (await host.Admin.GetAsync("/api/v1/flows?search=The%20second")).Items.ShouldHaveSingleItem()["id"]!.GetValue<string>();
                await window.AtAsync($"/studio/flows/{second}");

                await window.GoAsync("/studio/flows/first");
                await Assertions.Expect(designer.Nodes).ToHaveCountAsync(2);
                await window.GiveFileAsync(() => designer.ChooseAsync("Import"), path);
                await Assertions.Expect(designer.Nodes).ToHaveCountAsync(3);

                string[] flows = ["first", second, "elsewhere"];
                var names = new List<string?>();
                foreach (var flow in flows) names.Add((await host.Admin.GetAsync($"/api/v1/flows/{flow}")).Json["definition"]?["name"]?.GetValue<string>());
                names.ShouldBe(["From a file", "The second", null]);
            },
            Large);
    }

    [Fact]
    public async Task Several_flows_are_published_taken_back_exported_and_deleted_at_once()
    {
        var ada = await host.SomebodyAsync("admin");
        string[] names = ["Bulk one", "Bulk two"];
        foreach (var name in names) await host.FlowAsync(name.Replace(' ', '-'), name);
        await host.BrowseAsync(async window =>
        {
            await window.SignInToAsync("/studio/flows?search=Bulk", ada.Email);
            var list = new ElsaList(window);
            async Task DoneAsync(string action, string? yes, Func<Task<int>> count, int wanted)
            {
                var done = await window.Page.RunAndWaitForResponseAsync(() => list.ChooseForAllAsync(names, action, yes), a => a.Url.Contains("/bulk-actions/", StringComparison.Ordinal));
                done.Ok.ShouldBeTrue();
                (await count()).ShouldBe(wanted, action);
                await window.GoAsync("/studio/flows?search=Bulk");
            }

            async Task<int> CountAsync(string versions) => (await host.Admin.GetAsync($"/api/v1/flows?search=Bulk&versions={versions}")).Items.Count;

            await DoneAsync("Publish", "Publish", () => CountAsync("published"), 2);
            await DoneAsync("Unpublish", "Unpublish", () => CountAsync("published"), 0);
            await list.ChooseForAllAsync(names, "Export");
            var download = await window.Page.RunAndWaitForDownloadAsync(() => list.AgreeAsync("Export"));
            using (var zip = System.IO.Compression.ZipFile.OpenRead(await download.PathAsync())) zip.Entries.Count.ShouldBe(2);
            await window.GoAsync("/studio/flows?search=Bulk");
            await DoneAsync("Delete", "Delete", () => CountAsync("latest"), 0);
        });
    }

    [Fact]
    public async Task Flow_of_another_server_shows_what_is_not_here_is_not_published_and_loses_nothing_by_an_edit()
    {
        var ada = await host.SomebodyAsync("admin");
        var foreign = StudioHost.Document("foreign", "From another server");
        foreign["root"]!["activities"]!.AsArray().Add(JsonNode.Parse("""
            {"id": "T", "type": "Acme.Teleport", "version": 3, "name": "Teleport1", "metadata": {"designer": {"position": {"x": 300, "y": 200}}},
             "destination": {"typeName": "String", "expression": {"type": "CSharp", "value": "Planet.Of(42)"}}, "acmeOnly": {"keep": [1, 2.50, "x"]}}
            """));
        var teleport = foreign["root"]!["activities"]![2]!.DeepClone();
        await host.BrowseAsync(
            async window =>
            {
                window.Expect(told => told.Contains("400", StringComparison.Ordinal));
                await window.SignInToAsync("/studio/flows", ada.Email);
                await new ElsaList(window).ImportAsync(await FileAsync(foreign));
                await new ElsaList(window).Row("From another server").ClickAsync();
                await window.AtAsync("/studio/flows/foreign");
                var designer = await Designer.OnAsync(window);
                await designer.Node("Teleport1").GetByText("Not found").WaitForAsync();

                await designer.PublishInVainAsync("Acme.Teleport");
                await designer.DescribeAsync("Edited here");

                var kept = (await host.Admin.GetAsync("/api/v1/flows/foreign")).Json["definition"]!["root"]!["activities"]!.AsArray().Single(a => a!["id"]!.GetValue<string>() == "T")!;
                foreach (var member in (string[])["type", "version", "destination", "acmeOnly"]) JsonNode.DeepEquals(kept[member], teleport[member]).ShouldBeTrue($"{member}: {kept[member]}");
            },
            Large);
    }

    [Fact]
    public async Task Flow_of_two_thousand_activities_opens_and_an_edit_keeps_all_of_them()
    {
        var ada = await host.SomebodyAsync("admin");
        var large = StudioHost.Document("large", "Two thousand");
        large["root"]!["connections"] = new JsonArray();
        large["root"]!["activities"] = new JsonArray([.. Enumerable.Range(0, 2000).Select(i => (JsonNode)StudioHost.Line($"A{i}", $"Line {i}", i % 50 * 260, i / 50 * 120))]);
        (await host.Admin.PostAsync("/api/v1/flows", new { definition = large })).Status.ShouldBe(System.Net.HttpStatusCode.OK);
        await host.BrowseAsync(async window =>
        {
            window.BePatient(TimeSpan.FromMinutes(10));
            await window.SignInToAsync("/studio/flows/large", ada.Email);
            var designer = await Designer.OnAsync(window);
            await designer.Nodes.First.WaitForAsync();

            var saved = await designer.DescribeAsync("Large, and edited");

            Designer.Activities(saved).Count.ShouldBe(2000);
        });
    }

    private static async Task<string> FileAsync(JsonNode definition)
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("studio").FullName, "flow.json");
        await File.WriteAllTextAsync(file, definition.ToJsonString());
        return file;
    }
}
