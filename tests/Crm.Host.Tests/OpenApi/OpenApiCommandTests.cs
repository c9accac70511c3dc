using System.Text.Json.Nodes;
using Crm.Host.Tests.Processes;

namespace Crm.Host.Tests.OpenApi;

/// <summary>The description without a server.</summary>
public sealed class OpenApiCommandTests(CrmHost host) : IClassFixture<CrmHost>, IDisposable
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "Crm.Host.dll");

    private readonly string _folder = Directory.CreateTempSubdirectory("openapi").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Verb_writes_what_is_served_and_starts_no_database()
    {
        var ended = await HostProcess.RunAsync(Program, "Production", null, "openapi");

        ended.ExitCode.ShouldBe(0, ended.Errors);
        var (written, served) = (JsonNode.Parse(ended.Output)!, JsonNode.Parse(await host.Admin.Client.GetStringAsync(ApiDescription.Path))!);
        foreach (var member in (string[])["openapi", "info", "paths", "components", "security"]) JsonNode.DeepEquals(written[member], served[member]).ShouldBeTrue(member);
    }

    [Fact]
    public async Task File_that_says_the_same_already_is_left_alone()
    {
        var file = Path.Combine(_folder, "a", "crm.json");
        (await HostProcess.RunAsync(Program, "Production", null, "openapi", "--output", file)).ExitCode.ShouldBe(0);
        var old = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(file, old);

        (await HostProcess.RunAsync(Program, "Production", null, "openapi", "--output", file)).Output.ShouldBeEmpty();
        File.GetLastWriteTimeUtc(file).ShouldBe(old);
        await File.WriteAllTextAsync(file, "{}");
        await HostProcess.RunAsync(Program, "Production", null, "openapi", "--output", file);
        (await File.ReadAllTextAsync(file)).Length.ShouldBeGreaterThan(1000);
    }
}
