using Npgsql;

namespace Crm.Embedded.Tests;

/// <summary>Looks at a server from outside.</summary>
internal static class Server
{
    public static async Task<T> AskAsync<T>(string connectionString, string sql)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public static Task<T> AskAsync<T>(EmbeddedPostgres postgres, string sql) => AskAsync<T>(postgres.ConnectionString(), sql);

    /// <summary>The data folder that belongs to what <see cref="EmbeddedPostgres.Folder"/> says.</summary>
    public static string Data(string folder) => Path.Combine(Path.GetDirectoryName(folder)!, "data");

    /// <summary>The server's process, or null when none runs.</summary>
    public static int? Pid(string folder) => Postmaster.Find(Data(folder))?.Pid;

    /// <summary>Not when all that is left is an entry that waits for its parent.</summary>
    public static async Task<bool> RunsAsync(int pid)
    {
        var state = (await Command.RunAsync(Command.Shell("""ps -o stat= -p "$1" """, $"{pid}"), default)).Output;
        return state.Length > 0 && state[0] != 'Z';
    }

    /// <summary>Programs that were started with a path below the folder.</summary>
    public static async Task<int> CountInAsync(string folder)
    {
        var all = (await Command.RunAsync(Command.Shell("ps -eo args="), default)).Output;
        return all.Split('\n').Count(line => line.Contains(folder, StringComparison.Ordinal) && !line.Contains("dotnet", StringComparison.Ordinal));
    }
}
