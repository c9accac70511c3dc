namespace Crm.Embedded;

/// <summary>The folder that holds everything of ours. Nobody but this user can write to it, so all below it can be trusted.</summary>
internal sealed class Home
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    // Root's server runs as another user, who has to pass through but need not look around.
    private static readonly UnixFileMode Passable = Command.IsRoot ? Private | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute : Private;

    private Home(string folder)
    {
        Binaries = CreateFolder(Path.Combine(folder, "binaries"));
        Named = CreateFolder(Path.Combine(folder, "named"));
        ThrowAways = CreateFolder(Path.Combine(folder, "throw-away"));
    }

    public string Binaries { get; }

    public string Named { get; }

    public string ThrowAways { get; }

    /// <exception cref="EmbeddedPostgresException">Another user owns the folder or may write to it.</exception>
    public static async Task<Home> OpenAsync(string? folder, CancellationToken ct)
    {
        folder = Path.GetFullPath(folder ?? DefaultFolder());
        if (!Directory.Exists(folder)) CreateFolder(folder);
        if (!OperatingSystem.IsWindows() && !await IsOursAloneAsync(folder, ct))
        {
            throw new EmbeddedPostgresException(
                $"{folder} must belong to this user and be writable by nobody else. Remove it, or set another {nameof(EmbeddedPostgresOptions.Home)}.");
        }
        return new Home(folder);
    }

    public static string CreateFolder(string path) => CreateFolder(path, Passable);

    public static string CreatePrivateFolder(string path) => CreateFolder(path, Private);

    private static string CreateFolder(string path, UnixFileMode mode)
    {
        if (Directory.Exists(path)) return path;
        Directory.CreateDirectory(path);
        // Afterwards and not on creation, where the umask would take its share.
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, mode);
        return path;
    }

    private static string DefaultFolder()
    {
        // The state folder of services: unlike /var/tmp it is never swept, and only root can create something in it.
        if (Command.IsRoot) return OperatingSystem.IsMacOS() ? "/var/db/crm-postgres" : "/var/lib/crm-postgres";
        var local = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        try
        {
            return Path.Combine(Directory.CreateDirectory(local).FullName, "crm-postgres");
        }
        catch (Exception e) when (!OperatingSystem.IsWindows() && (e is UnauthorizedAccessException or IOException or ArgumentException))
        {
            // A user without a home, as in many containers.
            return $"/var/tmp/crm-postgres-{Environment.UserName}";
        }
    }

    // One look without following links: in a sticky folder nobody else can replace what turned out to be ours.
    private static async Task<bool> IsOursAloneAsync(string folder, CancellationToken ct)
    {
        const string Find = """find "$1" -prune -type d -user "$(id -u)" ! -perm -020 ! -perm -002""";
        var found = await Command.RunAsync(Command.Shell(Find, folder), ct);
        return found.ExitCode == 0 && found.Output.Length > 0;
    }
}
