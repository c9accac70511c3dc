using System.Diagnostics;
using Npgsql;

namespace Crm.Wfm.Tests.Moves;

/// <summary>Somebody else at the database, in a transaction of their own, by the login that may do anything.</summary>
internal sealed class OtherSession : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly NpgsqlConnection _connection;
    private readonly Desk _desk;

    private OtherSession(NpgsqlConnection connection, Desk desk) => (_connection, _desk) = (connection, desk);

    public int Pid => _connection.ProcessID;

    public static async Task<OtherSession> BeginAsync(Desk desk)
    {
        var session = new OtherSession(await desk.OwnerAsync(), desk);
        // Never the one to be sacrificed in a deadlock.
        await session.RunAsync("begin; set local deadlock_timeout = '10min'");
        return session;
    }

    public async Task RunAsync(string sql, params object[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, _connection);
        foreach (var parameter in parameters) command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        await command.ExecuteNonQueryAsync();
    }

    public Task CommitAsync() => RunAsync("commit");

    /// <summary>Waits until this session waits for a lock.</summary>
    public Task WaitsAsync() => UntilAsync("select count(*) from pg_stat_activity where pid = $1 and wait_event_type = 'Lock'", Pid);

    /// <summary>Waits until somebody waits for a lock this session holds.</summary>
    /// <returns>The process id of whoever waits.</returns>
    public async Task<int> BlocksAsync()
    {
        await UntilAsync("select count(*) from pg_stat_activity where $1 = any (pg_blocking_pids(pid))", Pid);
        return await _desk.AskAsync<int>("select pid from pg_stat_activity where $1 = any (pg_blocking_pids(pid)) limit 1", Pid);
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private async Task UntilAsync(string sql, int pid)
    {
        var since = Stopwatch.GetTimestamp();
        while (await _desk.AskAsync<long>(sql, pid) == 0)
        {
            Stopwatch.GetElapsedTime(since).ShouldBeLessThan(Patience);
            await Task.Yield();
        }
    }
}
