using System.Diagnostics;
using System.Security.Cryptography;

namespace Crm.Embedded.Tests;

/// <summary>A home of its own for a test. What a failing test leaves running in it is killed at the end.</summary>
public sealed class TestHome : IDisposable
{
    // The user's own, as the tests of everything else would have them.
    private static readonly Lazy<Task<Binaries>> Fetched =
        new(async () => await Binaries.FetchAsync(await Home.OpenAsync(folder: null, default), report: null, default));

    // Not in the user's own temporary folder: another user has to get there.
    private static readonly string Temporary = OperatingSystem.IsWindows() ? Path.GetTempPath() : "/var/tmp";

    private readonly string _parent = Path.Combine(Temporary, $"crm-postgres-test-{RandomNumberGenerator.GetHexString(8)}");

    public TestHome() => Home.CreateFolder(_parent);

    /// <summary>Does not exist until something starts there.</summary>
    public string Folder => Beside("home");

    public string Beside(string name) => Path.Combine(_parent, name);

    /// <summary>The clusters that exist.</summary>
    public string[] ThrowAways => Directory.Exists(ThrowAwayFolder) ? Directory.GetDirectories(ThrowAwayFolder) : [];

    private string ThrowAwayFolder => Path.Combine(Folder, "throw-away");

    public async Task<EmbeddedPostgresOptions> NamedAsync() => new() { Home = Folder, Root = "/any/checkout", BinariesFolder = await BinariesFolderAsync() };

    public async Task<EmbeddedPostgresOptions> ThrowAwayAsync() => new() { Home = Folder, ThrowAway = true, BinariesFolder = await BinariesFolderAsync() };

    public static async Task<string> BinariesFolderAsync() => (await Fetched.Value).Folder;

    public void Dispose()
    {
        foreach (var pidFile in Directory.GetFiles(_parent, "postmaster.pid", SearchOption.AllDirectories))
        {
            if (Postmaster.Find(Path.GetDirectoryName(pidFile)!) is not { } leftover) continue;
            using var process = Process.GetProcessById(leftover.Pid);
            process.Kill();
        }
        Directory.Delete(_parent, recursive: true);
    }
}
