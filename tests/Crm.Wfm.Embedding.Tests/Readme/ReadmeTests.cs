using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Crm.Wfm.Moves;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Crm.Wfm.Embedding.Tests.Readme;

/// <summary>The package's README says what is true: its code is compiled here and run.</summary>
public sealed partial class ReadmeTests(EmptyDatabase database) : IClassFixture<EmptyDatabase>
{
    private static readonly string Folder = Path.GetDirectoryName(Here())!;
    private static readonly string Page = File.ReadAllText(Path.Combine(Folder, "..", "..", "..", "src", "Crm.Wfm", "README.md"));

    [Theory]
    [InlineData("ShopContext.cs")]
    [InlineData("Program.cs")]
    [InlineData("Shipping.cs")]
    [InlineData("ProcessTests.cs")]
    public void The_page_shows_the_code_that_is_compiled_here(string file)
    {
        var region = Region().Match(File.ReadAllText(Path.Combine(Folder, file))).Groups[1].Value;
        var lines = region.TrimEnd().Split('\n');
        var indent = lines[0].Length - lines[0].TrimStart().Length;
        Page.ShouldContain("```csharp\n" + string.Join("\n", lines.Select(l => l.Length > indent ? l[indent..] : l.TrimStart())) + "\n```", Case.Sensitive);
    }

    [Fact]
    public void The_front_page_shows_lines_of_this_program()
    {
        var front = File.ReadAllText(Path.Combine(Folder, "..", "..", "..", "README.md")).Split("```csharp\n")[1].Split("```")[0];
        var program = File.ReadLines(Path.Combine(Folder, "Program.cs")).Select(l => l.Trim()).ToHashSet();
        front.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Trim()).Where(l => !program.Contains(l)).ShouldBeEmpty();
    }

    [Fact]
    public void The_page_shows_the_process_that_is_run_here()
    {
        var shown = Json().Match(Page).Groups[1].Value;
        JsonNode.DeepEquals(JsonNode.Parse(shown), JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "readme", "order.json")))).ShouldBeTrue();
    }

    [Fact]
    public async Task The_program_starts_on_an_empty_database_and_makes_a_first_move_over_HTTP_and_in_code()
    {
        var folder = Directory.CreateTempSubdirectory("readme");
        folder.CreateSubdirectory("processes");
        File.Copy(Path.Combine(AppContext.BaseDirectory, "readme", "order.json"), Path.Combine(folder.FullName, "processes", "order.json"));
        await using var app = await Program.StartAsync("--environment=Development", $"--contentRoot={folder.FullName}", "--urls=http://127.0.0.1:0", $"--ConnectionStrings:Shop={database.Owner}");
        await ExecuteAsync("""
            create table "Customer" ("Id" int primary key, "Name" text not null);
            create table "Orders" ("Id" int primary key, "Total" numeric not null, "Currency" text not null, "CustomerId" int not null references "Customer");
            insert into "Customer" values (1, 'Ann');
            insert into "Orders" values (1, 5, 'EUR', 1), (2, 0, 'EUR', 1)
            """);

        var ann = new Actor(new Guid("00000000-0000-0000-0000-0000000000aa"));
        using var client = new HttpClient { BaseAddress = new(app.Urls.Single()) };
        await client.PostAsync(new Uri($"/sign-in?id={ann.Id}", UriKind.Relative), null);
        var first = await PostAsync(client, "/wfm/projects", new { subject = new { type = "order", id = "1" } });
        ((string?)(await PostAsync(client, $"/wfm/projects/{first["id"]}/moves", new { transition = "ship", version = 1 }))["step"]).ShouldBe("shipped");

        var second = await PostAsync(client, "/wfm/projects", new { subject = new { type = "order", id = "2" } });
        await using var scope = app.Services.CreateAsyncScope();
        var shipping = ActivatorUtilities.CreateInstance<Shipping>(scope.ServiceProvider);
        (await shipping.ShipAsync((Guid)second["id"]!, ann, default)).ShouldBe("Agree on a price first.");
        await ExecuteAsync("update \"Orders\" set \"Total\" = 7 where \"Id\" = 2");
        (await shipping.ShipAsync((Guid)second["id"]!, ann, default)).ShouldBe("Now in shipped.");
        folder.Delete(recursive: true);
    }

    private static async Task<JsonNode> PostAsync(HttpClient client, string path, object body)
    {
        using var response = await client.PostAsJsonAsync(path, body);
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

    private static string Here([CallerFilePath] string file = "") => file;

    [GeneratedRegex("// README: .*?\n(.*?) *// README end", RegexOptions.Singleline)]
    private static partial Regex Region();

    [GeneratedRegex("```json\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Json();
}
