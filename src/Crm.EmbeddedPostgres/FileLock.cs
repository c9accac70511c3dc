using System.Diagnostics;

namespace Crm.Embedded;

/// <summary>Locks between processes that end with their process, however it ends. Closing the stream releases the lock.</summary>
internal static class FileLock
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public static async Task<FileStream> ExclusiveAsync(string path, Action<string>? report, CancellationToken ct)
    {
        var waited = Stopwatch.StartNew();
        for (var reported = false; ; await Task.Delay(Poll, ct))
        {
            if (TryExclusive(path) is { } taken) return taken;
            if (reported || waited.Elapsed < Patience) continue;
            report?.Invoke("waiting for another process that is starting or stopping PostgreSQL...");
            reported = true;
        }
    }

    public static FileStream? TryExclusive(string path)
    {
        try
        {
            return Open(path, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (IsHeldElsewhere(e))
        {
            return null;
        }
    }

    /// <summary>Held by any number of processes at once, and by none while another holds the exclusive lock.</summary>
    public static FileStream Shared(string path) => Open(path, FileAccess.Read, FileShare.Read);

    private static FileStream Open(string path, FileAccess access, FileShare share)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = access, Share = share };
        // Whoever can open a lock file can block us.
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }

    // EWOULDBLOCK on Linux and macOS, ERROR_SHARING_VIOLATION on Windows.
    private static bool IsHeldElsewhere(IOException e) => e.HResult is 11 or 35 or unchecked((int)0x80070020);
}
