using System.Data.Common;
using System.Globalization;

namespace Crm.Embedded;

/// <summary>A PostgreSQL server for development and tests that needs nothing installed but .NET and npm.</summary>
/// <remarks>
/// Processes that start the same cluster share one server; the last one to dispose of it stops it. The server of a process that was killed
/// is adopted by the next start, or removed by it when it was a throw-away.
/// </remarks>
public sealed class EmbeddedPostgres : IAsyncDisposable
{
    private readonly Cluster _cluster;
    private readonly Binaries _binaries;
    private readonly string _password;
    private FileStream? _use;

    private EmbeddedPostgres(Cluster cluster, Binaries binaries, FileStream use, int port)
    {
        _cluster = cluster;
        _binaries = binaries;
        _use = use;
        _password = cluster.Password();
        Port = port;
        Folder = Home.CreatePrivateFolder(Path.Combine(cluster.Folder, "private"));
    }

    /// <summary>The port on 127.0.0.1. It stays the same from start to start while it is free.</summary>
    public int Port { get; }

    /// <summary>The version of the binaries, as in <c>18.4</c>.</summary>
    public string Version => _binaries.Version;

    /// <summary>The folder with <c>initdb</c>, <c>pg_ctl</c> and <c>postgres</c>.</summary>
    public string BinariesFolder => _binaries.Folder;

    /// <summary>A folder beside the data that only this user can read, for what belongs to this cluster alone. It goes when a throw-away goes.</summary>
    public string Folder { get; }

    /// <summary>Starts a server or joins the one that runs; on the very first start fetches PostgreSQL and creates the cluster.</summary>
    /// <exception cref="ArgumentException">The name or the root is missing or malformed.</exception>
    /// <exception cref="EmbeddedPostgresException">PostgreSQL cannot be fetched or started.</exception>
    public static async Task<EmbeddedPostgres> StartAsync(EmbeddedPostgresOptions options, CancellationToken ct = default)
    {
        options.Check();
        var home = await Home.OpenAsync(options.Home, ct);
        var binaries = options.BinariesFolder is { } folder ? await Binaries.OpenAsync(folder, ct) : await Binaries.FetchAsync(home, options.Report, ct);
        return options.ThrowAway
            ? await StartThrowAwayAsync(home, binaries, options, ct)
            : await StartNamedAsync(Cluster.Named(home, options.Root!, options.Name), binaries, options, ct);
    }

    /// <summary>Connects Npgsql as the superuser <c>postgres</c>.</summary>
    public string ConnectionString(string database = "postgres") => new DbConnectionStringBuilder
    {
        ["Host"] = "127.0.0.1",
        ["Port"] = Port.ToString(CultureInfo.InvariantCulture),
        ["Username"] = "postgres",
        ["Password"] = _password,
        ["Database"] = database,
    }.ConnectionString;

    /// <summary>Stops the server, for everybody who uses it, and starts it again on the same port: for tests of what outlives that.</summary>
    /// <param name="isCrash">Whether it stops as if it had crashed, and recovers; else connections are ended in order.</param>
    /// <param name="ct">Cancels.</param>
    public async Task RestartAsync(bool isCrash, CancellationToken ct = default)
    {
        using var gate = await _cluster.GateAsync(report: null, ct);
        await _cluster.RestartAsync(_binaries, isCrash, ct);
    }

    /// <summary>Leaves the server; stops it when nobody else uses it, and deletes a throw-away.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _use, null) is not { } use) return;
        using var gate = await _cluster.GateAsync(report: null, CancellationToken.None);
        await use.DisposeAsync();
        await _cluster.ReleaseAsync(_binaries);
    }

    private static async Task<EmbeddedPostgres> StartNamedAsync(Cluster cluster, Binaries binaries, EmbeddedPostgresOptions options, CancellationToken ct)
    {
        using var gate = await cluster.GateAsync(options.Report, ct);
        var use = cluster.Use();
        try
        {
            return new EmbeddedPostgres(cluster, binaries, use, await cluster.StartAsync(binaries, options, ct));
        }
        catch
        {
            await use.DisposeAsync();
            await cluster.ReleaseAsync(binaries);
            throw;
        }
    }

    private static async Task<EmbeddedPostgres> StartThrowAwayAsync(Home home, Binaries binaries, EmbeddedPostgresOptions options, CancellationToken ct)
    {
        var cluster = Cluster.ThrowAway(home);
        FileStream use;
        using (await cluster.GateAsync(options.Report, ct))
        {
            await RemoveLeftoversAsync(home, binaries, options.Report);
            use = cluster.Use();
        }
        try
        {
            // Outside the gate: nobody else knows this cluster, and test runs need not wait for one another.
            return new EmbeddedPostgres(cluster, binaries, use, await cluster.StartAsync(binaries, options, ct));
        }
        catch
        {
            using var gate = await cluster.GateAsync(report: null, CancellationToken.None);
            await use.DisposeAsync();
            await cluster.ReleaseAsync(binaries);
            throw;
        }
    }

    // What cannot be removed today is the next run's business and no reason not to start.
    private static async Task RemoveLeftoversAsync(Home home, Binaries binaries, Action<string>? report)
    {
        foreach (var cluster in Cluster.ThrowAways(home))
        {
            try
            {
                await cluster.ReleaseAsync(binaries);
            }
            catch (Exception e) when (e is EmbeddedPostgresException or IOException or UnauthorizedAccessException)
            {
                report?.Invoke($"cannot remove {cluster.Folder}: {e.Message}");
            }
        }
    }
}
