using System.Diagnostics;
using System.Globalization;

namespace Crm.Embedded;

/// <summary>The server process, as its <c>postmaster.pid</c> describes it.</summary>
internal sealed record Postmaster(int Pid, int Port, bool IsReady)
{
    public static string PidFile(string data) => Path.Combine(data, "postmaster.pid");

    /// <summary>Null when no server runs, also when a crash left the file behind.</summary>
    public static Postmaster? Find(string data)
    {
        var text = ReadOrEmpty(PidFile(data));
        if (Parse(text) is not { } postmaster) return null;
        var runs = OperatingSystem.IsLinux() ? IsHome(postmaster.Pid, text) : IsNamedPostgres(postmaster.Pid);
        return runs ? postmaster : null;
    }

    // Line by line: pid, data folder, start, port, socket folder, address, shared memory, status. The server appends while it starts.
    internal static Postmaster? Parse(string text)
    {
        var lines = text.Split('\n', StringSplitOptions.TrimEntries);
        if (!int.TryParse(lines[0], CultureInfo.InvariantCulture, out var pid)) return null;
        var port = lines.Length > 3 && int.TryParse(lines[3], CultureInfo.InvariantCulture, out var written) ? written : 0;
        return new Postmaster(pid, port, lines.Length > 7 && lines[7] == "ready");
    }

    // A pid is reused, by chance even for another PostgreSQL. But a server works in its data folder, so seen from there the file is the same.
    private static bool IsHome(int pid, string text) => ReadOrEmpty($"/proc/{pid}/cwd/postmaster.pid") == text;

    private static bool IsNamedPostgres(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return process.ProcessName == "postgres";
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }

    private static string ReadOrEmpty(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
