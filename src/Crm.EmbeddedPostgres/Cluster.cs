using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Crm.Embedded;

/// <summary>
/// One folder with a database cluster and the server on it. Whoever uses it holds a shared lock on its <c>users</c> file, so the users are
/// exactly the living ones; whoever starts or stops it holds <see cref="GateAsync"/>.
/// </summary>
/// <remarks>
/// The data belong to the server's user, so root writes nothing in there: a database superuser could have put a link in its way.
/// What root writes for the server lies beside the data, in a folder where the server cannot create anything.
/// </remarks>
internal sealed class Cluster
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly string _gate;
    private readonly bool _throwAway;
    private readonly string _data;
    private readonly string _settings;
    private readonly string _log;
    private readonly string _password;
    private readonly string _port;
    private readonly string _users;

    private Cluster(string folder, string gate, bool throwAway)
    {
        Folder = folder;
        _gate = gate;
        _throwAway = throwAway;
        _data = Path.Combine(folder, "data");
        _settings = Path.Combine(folder, "postgresql.conf");
        _log = Path.Combine(folder, "server.log");
        _password = Path.Combine(folder, "password");
        _port = Path.Combine(folder, "port");
        _users = Path.Combine(folder, "users");
    }

    public string Folder { get; }

    /// <summary>The cluster that all processes with this root and name share.</summary>
    public static Cluster Named(Home home, string root, string name)
    {
        var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path)).AsSpan(0, 6));
        var folder = Path.Combine(home.Named, $"{name}-{hash}");
        return new Cluster(folder, folder + ".lock", throwAway: false);
    }

    /// <summary>A cluster that nobody else knows.</summary>
    public static Cluster ThrowAway(Home home) => ThrowAway(home, Path.Combine(home.ThrowAways, RandomNumberGenerator.GetHexString(12, lowercase: true)));

    /// <summary>All throw-aways, those of killed processes among them.</summary>
    public static IEnumerable<Cluster> ThrowAways(Home home) => Directory.GetDirectories(home.ThrowAways).Select(folder => ThrowAway(home, folder));

    private static Cluster ThrowAway(Home home, string folder) => new(folder, Path.Combine(home.ThrowAways, "lock"), throwAway: true);

    /// <summary>Makes the caller the only one who starts, stops, creates or deletes this cluster, or any throw-away.</summary>
    public Task<FileStream> GateAsync(Action<string>? report, CancellationToken ct) => FileLock.ExclusiveAsync(_gate, report, ct);

    /// <summary>Creates the folder unless it is there and counts the caller as a user until the stream is closed.</summary>
    public FileStream Use()
    {
        Home.CreateFolder(Folder);
        return FileLock.Shared(_users);
    }

    public string Password() => File.ReadAllText(_password);

    /// <summary>Adopts the server that runs here, or starts one.</summary>
    /// <returns>The port it listens on.</returns>
    public async Task<int> StartAsync(Binaries binaries, EmbeddedPostgresOptions options, CancellationToken ct)
    {
        if (!Directory.Exists(_data)) await CreateAsync(binaries, options.Report, ct);
        RefuseOtherMajor(binaries);
        const int Attempts = 3;
        for (var attempt = 1; ; attempt++)
        {
            if (await FindReadyAsync(ct) is { } running) return running.Port;
            var started = await StartServerAsync(binaries, options.Settings, ct);
            if (started.ExitCode == 0) continue;
            // Someone may have taken the port a moment ago, or a killed server's last backend may still be leaving.
            if (attempt >= Attempts) throw new EmbeddedPostgresException($"PostgreSQL does not start:{Environment.NewLine}{started.Tail}");
        }
    }

    /// <summary>Stops the server and starts it again with the settings it has.</summary>
    public async Task RestartAsync(Binaries binaries, bool isCrash, CancellationToken ct)
    {
        var restarted = await PgCtlAsync(binaries, ["restart", "-m", isCrash ? "immediate" : "fast", "-w", "-t", "120", "-l", _log], ct);
        if (restarted.ExitCode != 0) throw new EmbeddedPostgresException($"PostgreSQL in {Folder} does not come back: {restarted.Tail}");
    }

    /// <summary>Stops the server, and deletes a throw-away, unless someone uses the cluster.</summary>
    public async Task ReleaseAsync(Binaries binaries)
    {
        using (var unused = FileLock.TryExclusive(_users))
        {
            if (unused is null) return;
            await StopAsync(binaries);
        }
        if (_throwAway) Directory.Delete(Folder, recursive: true);
    }

    private async Task StopAsync(Binaries binaries)
    {
        if (Postmaster.Find(_data) is null) return;
        var stopped = await PgCtlAsync(binaries, ["stop", "-m", _throwAway ? "immediate" : "fast", "-t", "60"], CancellationToken.None);
        if (stopped.ExitCode != 0 && Postmaster.Find(_data) is not null)
            throw new EmbeddedPostgresException($"PostgreSQL in {Folder} does not stop: {stopped.Tail}");
    }

    // A server that is not ready starts, recovers or stops: a process was killed meanwhile.
    private async Task<Postmaster?> FindReadyAsync(CancellationToken ct)
    {
        var waited = Stopwatch.StartNew();
        while (Postmaster.Find(_data) is { } running)
        {
            if (running.IsReady) return running;
            if (waited.Elapsed > Patience)
                throw new EmbeddedPostgresException($"PostgreSQL (process {running.Pid}) in {Folder} neither becomes ready nor ends.");
            await Task.Delay(Poll, ct);
        }
        return null;
    }

    private async Task CreateAsync(Binaries binaries, Action<string>? report, CancellationToken ct)
    {
        report?.Invoke($"creating a PostgreSQL {binaries.Version} cluster in {Folder}...");
        var unfinished = _data + ".unfinished";
        if (Directory.Exists(unfinished)) Directory.Delete(unfinished, recursive: true);
        Home.CreatePrivateFolder(unfinished);
        WriteFile(_password, RandomNumberGenerator.GetHexString(32), OwnerOnly);
        WriteFile(_log, "", OwnerOnly);
        await GiveToServerAsync([unfinished, _password, _log], ct);

        List<string> arguments = ["-D", unfinished, "-U", "postgres", "--pwfile", _password, "--auth=scram-sha-256", "--encoding=UTF8"];
        // The same order of text everywhere: by code point. Only Linux is sure to have this locale, and only 17 and later bring their own.
        arguments.AddRange(OperatingSystem.IsLinux() ? ["--locale=C.UTF-8"] : ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]);
        if (_throwAway) arguments.Add("--no-sync");
        var result = await Command.RunAsServerAsync(Folder, binaries.Program("initdb"), arguments, ct);
        if (result.ExitCode != 0) throw new EmbeddedPostgresException($"initdb failed: {result.Tail}");
        Directory.Move(unfinished, _data);
    }

    // Keeps the owner of a file that is there.
    private static void WriteFile(string path, string text, UnixFileMode mode)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        using var file = new StreamWriter(path, options);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, mode);
        file.Write(text);
    }

    private static async Task GiveToServerAsync(string[] paths, CancellationToken ct)
    {
        if (Command.ServerUser is not { } user) return;
        var result = await Command.RunAsync(Command.Shell("""chown "$@" """, [user, .. paths]), ct);
        if (result.ExitCode != 0) throw new EmbeddedPostgresException($"PostgreSQL does not run as root and cannot be run as {user}: {result.Tail}");
    }

    private void RefuseOtherMajor(Binaries binaries)
    {
        var made = File.ReadAllText(Path.Combine(_data, "PG_VERSION")).Trim();
        if (made == binaries.Major.ToString(CultureInfo.InvariantCulture)) return;
        throw new EmbeddedPostgresException(
            $"{Folder} is of PostgreSQL {made}, the binaries are {binaries.Version}. Delete the folder to start empty, or use binaries of {made}.");
    }

    private async Task<Command.Result> StartServerAsync(Binaries binaries, IReadOnlyDictionary<string, string> settings, CancellationToken ct)
    {
        // Left by a crash. PostgreSQL would believe it if the pid now belonged to any other process of its user.
        File.Delete(Postmaster.PidFile(_data));
        WriteFile(_settings, ServerSettings.Write(ChoosePort(), durable: !_throwAway, settings), OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        WriteFile(_log, "", OwnerOnly);
        var started = await PgCtlAsync(binaries, ["start", "-w", "-t", "120", "-l", _log, "-o", $"-c \"config_file={_settings}\""], ct);
        var log = await File.ReadAllTextAsync(_log, ct);
        return log.Length > 0 ? started with { Output = log } : started;
    }

    private Task<Command.Result> PgCtlAsync(Binaries binaries, IEnumerable<string> arguments, CancellationToken ct) =>
        Command.RunAsServerAsync(Folder, binaries.Program("pg_ctl"), [.. arguments, "-D", _data, "-s"], ct);

    /// <summary>The port of last time when it is free, so that a developer's bookmarks and database tools keep working.</summary>
    private int ChoosePort()
    {
        var last = File.Exists(_port) ? int.Parse(File.ReadAllText(_port), CultureInfo.InvariantCulture) : 0;
        var port = Listen(last) ?? Listen(0)!.Value;
        File.WriteAllText(_port, port.ToString(CultureInfo.InvariantCulture));
        return port;
    }

    private static int? Listen(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return ((IPEndPoint)listener.LocalEndpoint).Port;
        }
        catch (SocketException) when (port != 0)
        {
            return null;
        }
    }
}
