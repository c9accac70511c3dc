using System.Text.Json.Nodes;

namespace Crm.Host.Tests.Http;

/// <summary>A process goes from one installation to another and back: databases, workspaces, users and the order of roles differ, the text does not.</summary>
public sealed class CanonicalTests(BareHost host) : IClassFixture<BareHost>
{
    private static readonly string[] Files = [.. Directory.GetFiles(Path.Combine(Checkout.Root, "samples", "workflows"), "*.json").Select(file => Path.GetFileName(file)!)];

    [Fact]
    public async Task Every_sample_comes_back_from_a_database_with_other_ids_as_it_went()
    {
        var other = new BareHost();
        await other.InitializeAsync();
        try
        {
            var (here, there) = (host.As(await host.KeyAsync(await host.WorkspaceAsync(), "admin")), other.As(await other.KeyAsync(await other.WorkspaceAsync(), "sales-manager", "admin")));
            foreach (var file in Files) await PublishedAsync(here, await TextAsync(file));
            foreach (var file in Files.Order(StringComparer.Ordinal).Reverse())
            {
                var exported = await ExportAsync(here, file);
                await PublishedAsync(there, exported);

                exported.ShouldBe(await TextAsync(file), file);
                (await ExportAsync(there, file)).ShouldBe(exported, file);
                (await here.PostAsync("/api/v1/bundles", await ExportAsync(there, file)))["outcome"].GetValue<string>().ShouldBe("unchanged", file);
            }
        }
        finally
        {
            await other.DisposeAsync();
        }
    }

    private static async Task PublishedAsync(Api api, string bundle) => (await api.PostAsync("/api/v1/bundles", bundle))["outcome"].GetValue<string>().ShouldBeOneOf("published", "unchanged");

    private static async Task<string> ExportAsync(Api api, string file)
    {
        var head = JsonNode.Parse(await TextAsync(file))!["bundle"]!;
        return (await api.GetAsync($"/api/v1/bundles/{head["key"]}/{head["version"]}")).Text;
    }

    private static Task<string> TextAsync(string file) => File.ReadAllTextAsync(Path.Combine(Checkout.Root, "samples", "workflows", file));
}
