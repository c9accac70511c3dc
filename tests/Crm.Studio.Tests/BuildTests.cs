using System.Diagnostics;

namespace Crm.Studio.Tests;

/// <summary>The build of the front end, in a copy of its folder.</summary>
public sealed class BuildTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("studio build").FullName;

    public BuildTests()
    {
        var (from, to) = (Path.Combine(Checkout.Root, "src", "Crm.Studio"), Path.Combine(_root, "src", "Crm.Studio"));
        foreach (var file in Directory.EnumerateFiles(from).Concat(((string[])["src", "public"]).SelectMany(f => Directory.EnumerateFiles(Path.Combine(from, f), "*", SearchOption.AllDirectories))))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task Builds_at_once_leave_one_whole_site_that_names_nothing_that_is_not_there()
    {
        foreach (var step in (string[])["packages", "rules", "site"])
        {
            var both = await Task.WhenAll(RunAsync(step), RunAsync(step));
            both.ShouldAllBe(said => said == "");
        }

        var artifacts = Path.Combine(_root, "artifacts", "studio");
        Directory.GetFileSystemEntries(artifacts, "*.unfinished", SearchOption.TopDirectoryOnly).Concat(Directory.GetFileSystemEntries(Path.Combine(artifacts, "packages"), "*.unfinished")).ShouldBeEmpty();
        Directory.GetDirectories(Path.Combine(artifacts, "packages")).Length.ShouldBe(1);
        File.Exists(Path.Combine(artifacts, "rules", "index.js")).ShouldBeTrue();
        foreach (var page in (string[])["index.html", "elsa.html"])
        {
            var names = System.Text.RegularExpressions.Regex.Matches(await File.ReadAllTextAsync(Path.Combine(artifacts, "site", page)), "\"/studio/([^\"]+\\.(?:js|css|svg))\"");
            names.Count.ShouldBeGreaterThan(2);
            names.Select(n => n.Groups[1].Value).Where(name => !File.Exists(Path.Combine(artifacts, "site", name))).ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task What_the_API_has_not_does_not_compile_and_the_site_stays_as_it_was()
    {
        await RunAsync("packages");
        var page = Path.Combine(_root, "src", "Crm.Studio", "src", "api", "me.ts");
        await File.WriteAllTextAsync(page, (await File.ReadAllTextAsync(page)).Replace("/api/v1/me", "/api/v1/mee"));

        (await RunAsync("site")).ShouldContain("src/api/me.ts");

        Directory.Exists(Path.Combine(_root, "artifacts", "studio", "site")).ShouldBeFalse();
    }

    private async Task<string> RunAsync(string step)
    {
        using var process = Process.Start(new ProcessStartInfo("node", ["build.mjs", step, Path.Combine(Checkout.Root, "artifacts", "studio", "api", "openapi.json")])
        {
            WorkingDirectory = Path.Combine(_root, "src", "Crm.Studio"), RedirectStandardError = true, RedirectStandardOutput = true,
        })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return await output + await errors;
    }
}
