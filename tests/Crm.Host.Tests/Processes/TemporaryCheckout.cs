using System.Diagnostics;
using Crm.Embedded;
using Npgsql;

namespace Crm.Host.Tests.Processes;

/// <summary>A folder that looks to the host like its checkout, with a space in its name, and the embedded database that belongs to it.</summary>
public sealed class TemporaryCheckout : IAsyncDisposable
{
    // Not in the user's own temporary folder: another user has to get there.
    private readonly DirectoryInfo _parent = Directory.CreateDirectory(Path.Combine("/var/tmp", "crm-host-" + Path.GetRandomFileName()));

    public TemporaryCheckout()
    {
        Root = Directory.CreateDirectory(Path.Combine(_parent.FullName, "my clone")).FullName;
        File.WriteAllText(Path.Combine(Root, "Crm.sln"), "");
        Copy(Path.Combine(Checkout.Root, "samples", "workflows"), Path.Combine(Root, "samples", "workflows"));
        Copy(AppContext.BaseDirectory, Path.Combine(Root, "bin"));
    }

    public string Root { get; }

    public string Host => Path.Combine(Root, "bin", "Crm.Host.dll");

    /// <summary>Joins the host's embedded database, or starts it when no host runs.</summary>
    public Task<EmbeddedPostgres> DatabaseAsync() => EmbeddedPostgres.StartAsync(new() { Root = Root });

    /// <summary>Counts the history rows that are there, whatever process wrote them.</summary>
    public static async Task<long> CountAsync(EmbeddedPostgres postgres, string sql)
    {
        await using var source = NpgsqlDataSource.Create(postgres.ConnectionString("crm"));
        await using var command = source.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Makes a home for an ordinary user: <c>nobody</c> when the tests run as root. The binaries are shared with the tests, not fetched again.</summary>
    public async Task<string> CreateHomeAsync()
    {
        await using var postgres = await DatabaseAsync();
        var binaries = postgres.BinariesFolder;
        while (Path.GetFileName(binaries) != "binaries") binaries = Path.GetDirectoryName(binaries)!;
        var home = Path.Combine(_parent.FullName, "home");
        Directory.CreateSymbolicLink(Path.Combine(Directory.CreateDirectory(Path.Combine(home, "crm-postgres")).FullName, "binaries"), binaries);
        if (Environment.IsPrivilegedProcess)
        {
            using var give = Process.Start("/bin/sh", ["-c", "chown -Rh nobody \"$1\" && chmod -R a+rX \"$2\"", "sh", home, _parent.FullName]);
            await give.WaitForExitAsync();
            give.ExitCode.ShouldBe(0);
        }

        return home;
    }

    /// <summary>Removes the folder and the database: its server too, when a killed host left one.</summary>
    public async ValueTask DisposeAsync()
    {
        var postgres = await DatabaseAsync();
        await postgres.DisposeAsync();
        var cluster = Path.GetDirectoryName(postgres.Folder)!;
        Directory.Delete(cluster, recursive: true);
        File.Delete(cluster + ".lock");
        _parent.Delete(recursive: true);
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from)) File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }
}
