using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Crm.Studio.Tests.Browser;

/// <summary>A Chromium to test with, on a machine that has none: npm's, unpacked here. <c>CRM_CHROMIUM</c> names another one.</summary>
internal sealed record Chromium(string? Executable, IReadOnlyDictionary<string, string> Environment)
{
    private static readonly Lazy<Task<Chromium>> Found = new(FindAsync);

    public static Task<Chromium> Async => Found.Value;

    private static async Task<Chromium> FindAsync()
    {
        if (System.Environment.GetEnvironmentVariable("CRM_CHROMIUM") is { Length: > 0 } named) return new(named, Inherited());
        // Elsewhere npm has none; Chrome is looked for where it is usually installed.
        if (!OperatingSystem.IsLinux() || RuntimeInformation.OSArchitecture != Architecture.X64) return new(null, Inherited());
        var folder = Path.Combine(Checkout.Root, "artifacts", "chromium", Version());
        if (!Directory.Exists(folder)) await InstallAsync(folder);
        return await AdaptAsync(folder);
    }

    // Complete or not there: the folder gets its name when everything is in it.
    [SupportedOSPlatform("linux")]
    private static async Task InstallAsync(string folder)
    {
        var unfinished = Directory.CreateDirectory($"{folder}.{System.Environment.ProcessId}.unfinished").FullName;
        foreach (var name in (string[])["package.json", "package-lock.json"])
        {
            await using var file = File.Create(Path.Combine(unfinished, name));
            await using var resource = typeof(Chromium).Assembly.GetManifestResourceStream(name)!;
            await resource.CopyToAsync(file);
        }

        var (exitCode, said) = await RunAsync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"], unfinished);
        exitCode.ShouldBe(0, $"npm could not fetch Chromium: {said}");
        var packed = Path.Combine(unfinished, "node_modules", "@sparticuz", "chromium", "bin");
        await using (var browser = File.Create(Path.Combine(unfinished, "chromium"))) await Unpacked(packed, "chromium.br").CopyToAsync(browser);
        File.SetUnixFileMode(Path.Combine(unfinished, "chromium"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        foreach (var name in (string[])["al2023.tar.br", "fonts.tar.br"])
        {
            await using var tar = Unpacked(packed, name);
            await TarFile.ExtractToDirectoryAsync(tar, unfinished, overwriteFiles: true);
        }

        Directory.Delete(Path.Combine(unfinished, "node_modules"), recursive: true);
        Directory.Move(unfinished, folder);
    }

    // What a bare machine lacks comes along: a few libraries, and a font.
    private static async Task<Chromium> AdaptAsync(string folder)
    {
        var (executable, environment) = (Path.Combine(folder, "chromium"), Inherited());
        if ((await RunAsync(executable, ["--version"], folder)).ExitCode != 0) environment["LD_LIBRARY_PATH"] = Path.Combine(folder, "lib");
        if (!File.Exists("/etc/fonts/fonts.conf"))
        {
            environment["FONTCONFIG_FILE"] = Path.Combine(folder, "own-fonts.conf");
            await File.WriteAllTextAsync(environment["FONTCONFIG_FILE"], $"<?xml version=\"1.0\"?><fontconfig><dir>{folder}/fonts</dir><cachedir>{folder}/fonts-cache</cachedir></fontconfig>");
        }

        return new(executable, environment);
    }

    private static BrotliStream Unpacked(string folder, string name) => new(File.OpenRead(Path.Combine(folder, name)), CompressionMode.Decompress);

    private static Dictionary<string, string> Inherited() =>
        System.Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>().ToDictionary(e => (string)e.Key, e => (string?)e.Value ?? "");

    private static string Version()
    {
        using var json = System.Text.Json.JsonDocument.Parse(typeof(Chromium).Assembly.GetManifestResourceStream("package.json")!);
        return json.RootElement.GetProperty("dependencies").GetProperty("@sparticuz/chromium").GetString()!;
    }

    private static async Task<(int ExitCode, string Said)> RunAsync(string command, IEnumerable<string> arguments, string folder)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await errors);
    }
}
