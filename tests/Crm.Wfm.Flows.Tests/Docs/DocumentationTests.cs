using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Crm.Testing;
using Crm.Wfm.Events;
using Crm.Wfm.Flows.Activities;
using Crm.Wfm.Moves;
using Crm.Wfm.Persistence;
using Crm.Wfm.Rules;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Crm.Wfm.Flows.Tests.Docs;

/// <summary>The pages about flows say what is true: their code is compiled here, and their automation runs.</summary>
public sealed partial class DocumentationTests(DocumentationTests.EmptyDatabase database) : IClassFixture<DocumentationTests.EmptyDatabase>
{
    private static readonly string Folder = Path.GetDirectoryName(Here())!;
    private static readonly string Root = Path.GetFullPath(Path.Combine(Folder, "..", "..", ".."));
    private static readonly string Page = File.ReadAllText(Path.Combine(Root, "docs", "flows.md"));
    private static readonly string Readme = File.ReadAllText(Path.Combine(Root, "src", "Crm.Wfm.Flows", "README.md"));

    /// <summary>A database nobody has migrated.</summary>
    public sealed class EmptyDatabase : TestDatabase
    {
        protected override Task MigrateAsync(string owner, string application) => Task.CompletedTask;
    }

    [Fact]
    public void The_pages_show_the_code_that_is_compiled_here()
    {
        Page.ShouldContain(Code("ReserveStock.cs"), Case.Sensitive);
        Readme.ShouldContain(Code("ReserveStock.cs"), Case.Sensitive);
        Readme.ShouldContain(Code("Program.cs"), Case.Sensitive);
    }

    [Fact]
    public void Every_fault_key_in_the_code_is_on_the_page()
    {
        var sources = new[] { "Compiling", "Definitions", "Expressions", "Running" }.SelectMany(room => Directory.GetFiles(Path.Combine(Root, "src", "Crm.Wfm.Flows", room), "*.cs")).Select(File.ReadAllText);
        var keys = sources.SelectMany(source => FaultKey().Matches(source).Select(m => m.Groups[1].Value)).Where(key => key != "not-enforced").Distinct().ToList();
        keys.Count.ShouldBeGreaterThan(10);
        keys.ShouldAllBe(key => Page.Contains($"`{key}`"));
    }

    [Fact]
    public void Every_activity_of_the_package_is_on_the_page() => new ActivityCatalog([]).All.ShouldAllBe(a => Page.Contains($"`{a.Type}`"));

    [Fact]
    public async Task The_program_starts_on_an_empty_database_and_runs_the_automation_of_the_page()
    {
        var folder = Directory.CreateTempSubdirectory("flows");
        var processes = folder.CreateSubdirectory("processes");
        await File.WriteAllTextAsync(Path.Combine(processes.FullName, "shop.json"), Bundle());
        await using var app = await Program.StartAsync("--environment=Development", $"--contentRoot={folder.FullName}", "--urls=http://127.0.0.1:0", $"--ConnectionStrings:Shop={database.Owner}");
        await ExecuteAsync("create table \"Stock\" (\"Article\" text primary key, \"Count\" int not null); insert into \"Stock\" values ('chair', 10)");

        foreach (var count in new[] { 4, 0, 3, 9 }) await TellAsync(app.Services, count);
        using var client = new HttpClient { BaseAddress = new(app.Urls.Single()) };
        await client.PostAsync(new Uri($"/sign-in?id={Guid.CreateVersion7()}", UriKind.Relative), null);
        IReadOnlyList<JsonNode> runs = [];
        for (var tries = 0; runs.Count < 3; tries++)
        {
            tries.ShouldBeLessThan(1000);
            await Task.Delay(20);
            runs = [.. (await GetAsync(client, "/wfm/runs?status=finished"))["items"]!.AsArray()!];
        }

        var journals = new List<string>();
        foreach (var run in runs.Reverse()) journals.Add(string.Join(", ", (await GetAsync(client, $"/wfm/runs/{run["id"]}"))["journal"]!.AsArray().Select(e => e!).Where(IsOfTheShop).Select(Told)));
        journals.ShouldBe(["Reserved, Done 6 left of chair", "Reserved, Done 3 left of chair", "SoldOut"]);
        await using var scope = app.Services.CreateAsyncScope();
        (await scope.ServiceProvider.GetRequiredService<ShopContext>().Stock.SingleAsync()).Count.ShouldBe(3);
        await CheckStudioAsync(client);
        folder.Delete(recursive: true);
    }

    private static bool IsOfTheShop(JsonNode entry) => entry["type"]!.GetValue<string>() is "Shop.ReserveStock" or "Elsa.WriteLine";

    private static string Told(JsonNode entry) => $"{entry["outcomes"]!.AsArray().Single()} {entry["inputs"]!["text"]}".Trim();

    // Elsa Studio finds the activity in its toolbox, and whoever publishes no bundles draws no flows.
    private static async Task CheckStudioAsync(HttpClient client)
    {
        var toolbox = (await GetAsync(client, "/elsa/api/descriptors/activities"))["items"]!.AsArray();
        var reserve = toolbox.Single(a => a!["typeName"]!.GetValue<string>() == "Shop.ReserveStock")!;
        reserve["ports"]!.AsArray().Select(p => p!["name"]!.GetValue<string>()).ShouldBe(["Reserved", "SoldOut", "Failed"]);
        reserve["inputs"]!.AsArray().Select(i => $"{i!["name"]} {i["typeName"]}").ShouldBe(["Article String", "Count Int32"]);
        (await GetAsync(client, "/elsa/api/workflow-definitions?versionOptions=Latest"))["links"]!.AsArray().ShouldBeEmpty();
        using var save = new StringContent("""{"model":{"name":"Mine","root":{"id":"flow1","type":"Elsa.Flowchart","version":1}}}""", System.Text.Encoding.UTF8, "application/json");
        using var refused = await client.PostAsync(new Uri("/elsa/api/workflow-definitions", UriKind.Relative), save);
        refused.StatusCode.ShouldBe(System.Net.HttpStatusCode.Forbidden);
    }

    /// <summary>The page's automation in a bundle.</summary>
    private static string Bundle()
    {
        var automations = JsonNode.Parse(Json().Match(Page).Groups[1].Value)!;
        return $$"""
            {
              "apiVersion": "wfm/v1", "kind": "ProcessBundle", "bundle": {"key": "shop", "version": "1.0.0"},
              "subjects": {"order": {"schema": {"type": "object"} } }, "projectTypes": {"order": {"workflow": "order", "subject": "order"} },
              "statuses": {"placed": {"category": "open"}, "shipped": {"category": "done"} },
              "workflows": {"order": {"steps": [{"status": "placed", "initial": true}, {"status": "shipped", "final": true}], "transitions": {"ship": {"from": ["placed"], "to": "shipped"} } } },
              "automations": {{automations.ToJsonString()}}
            }
            """;
    }

    private static async Task TellAsync(IServiceProvider services, int count)
    {
        await using var scope = services.CreateAsyncScope();
        await using var transaction = await scope.ServiceProvider.GetRequiredService<ShopContext>().Database.BeginWorkspaceAsync(Workspace.Default);
        var data = Value.Parse(JsonSerializer.Serialize(new { article = "chair", count }));
        await scope.ServiceProvider.GetRequiredService<EventEmitter>().EmitAsync([new("shop.order.placed", new("order", 1), data)], Actor.System, TimeProvider.System.GetUtcNow(), null, default);
        await transaction.CommitAsync();
    }

    private static async Task<JsonNode> GetAsync(HttpClient client, string path)
    {
        using var response = await client.GetAsync(new Uri(path, UriKind.Relative));
        var text = await response.Content.ReadAsStringAsync();
        response.IsSuccessStatusCode.ShouldBeTrue(text);
        return JsonNode.Parse(text)!;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(database.Owner);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static string Code(string file)
    {
        var lines = Region().Match(File.ReadAllText(Path.Combine(Folder, file))).Groups[1].Value.TrimEnd().Split('\n');
        var indent = lines[0].Length - lines[0].TrimStart().Length;
        return "```csharp\n" + string.Join("\n", lines.Select(l => l.Length > indent ? l[indent..] : l.TrimStart())) + "\n```";
    }

    private static string Here([CallerFilePath] string file = "") => file;

    [GeneratedRegex("// PAGE\n(.*?) *// END", RegexOptions.Singleline)]
    private static partial Regex Region();

    [GeneratedRegex("```json\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Json();

    [GeneratedRegex("(?:\\.Fault\\(|Key = )\"([a-z-]+)\"")]
    private static partial Regex FaultKey();
}
