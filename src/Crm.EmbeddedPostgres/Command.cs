using System.Diagnostics;

namespace Crm.Embedded;

/// <summary>Runs a program to its end and keeps what it printed.</summary>
internal static class Command
{
    /// <summary>The user the server runs as: PostgreSQL refuses to run as root. Null is oneself.</summary>
    public static readonly string? ServerUser = IsRoot ? "nobody" : null;

    // On Windows a server that pg_ctl leaves behind inherits the pipes and keeps them open; elsewhere they close with the program.
    private static readonly TimeSpan OutputGrace = TimeSpan.FromSeconds(OperatingSystem.IsWindows() ? 1 : 30);

    public static bool IsRoot => !OperatingSystem.IsWindows() && Environment.IsPrivilegedProcess;

    public sealed record Result(int ExitCode, string Output)
    {
        /// <summary>The last lines, where programs say what went wrong.</summary>
        public string Tail => string.Join(Environment.NewLine, Output.Split('\n', StringSplitOptions.TrimEntries).Where(line => line.Length > 0).TakeLast(12));
    }

    /// <summary>Runs a program of PostgreSQL as the user that owns the data.</summary>
    public static Task<Result> RunAsServerAsync(string folder, string program, IEnumerable<string> arguments, CancellationToken ct)
    {
        // A session of its own: Ctrl-C in the terminal is the host's to handle, and its disposal stops the server. macOS has no setsid.
        const string InOwnSession = """command -v setsid >/dev/null && exec setsid "$@"; exec "$@" """;
        var start = OperatingSystem.IsWindows() ? new ProcessStartInfo(program, arguments) : Shell(InOwnSession, [program, .. arguments]);
        start.WorkingDirectory = folder;
        start.Environment["LC_ALL"] = "C";
        if (ServerUser is not null) start.UserName = ServerUser;
        return RunAsync(start, ct);
    }

    /// <summary>A script for <c>/bin/sh</c> that finds the system's own tools even when <c>PATH</c> does not.</summary>
    public static ProcessStartInfo Shell(string script, params IEnumerable<string> arguments) =>
        new("/bin/sh", ["-c", $"PATH=$PATH:/usr/bin:/bin; {script}", "sh", .. arguments]);

    public static async Task<Result> RunAsync(ProcessStartInfo start, CancellationToken ct)
    {
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.CreateNoWindow = true;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = Task.WhenAll(process.StandardOutput.ReadToEndAsync(CancellationToken.None), process.StandardError.ReadToEndAsync(CancellationToken.None));
        try
        {
            await process.WaitForExitAsync(ct);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            // Whoever cleans up next must not find it writing.
            await process.WaitForExitAsync(CancellationToken.None);
            throw;
        }
        // The program has ended: what it printed is kept even when the caller no longer waits, or half a result would look like a whole one.
        await Task.WhenAny(output, Task.Delay(OutputGrace, CancellationToken.None));
        return new Result(process.ExitCode, output.IsCompletedSuccessfully ? string.Concat(output.Result) : "");
    }
}
