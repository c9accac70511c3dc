using System.Diagnostics;
using Crm.Host.Realtime;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Crm.Host.Tests.Realtime;

/// <summary>A host to listen to.</summary>
public sealed class RealtimeHost : CrmHost
{
    private string _key = "";

    /// <summary>Where the host is.</summary>
    public Uri Address => Admin.Client.BaseAddress!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _key = await KeyAsync(Workspace, "admin");
    }

    // More than a test tells at once.
    protected override void Configure(WebApplicationBuilder builder) => builder.Services.Configure<RealtimeOptions>(o => o.Kept = 4000);

    /// <summary>Connects to this host, or another one, when everything so far has been told.</summary>
    internal async Task<HubClient> ConnectAsync(Uri? address = null)
    {
        await UntilAsync("select count(*) from (select where not exists (select from wfm.outbox)) nothing_to_tell");
        return await HubClient.ConnectAsync(address ?? Address, _key);
    }

    /// <summary>Puts events into the workspace's feed as a pump does.</summary>
    public async Task TellAsync(long first, int count, bool signal = true)
    {
        await AskAsync("""
            with e as (
              insert into wfm.event (workspace_id, id, type, subject, time, actor_id, correlation_id, depth, data)
              select $1, gen_random_uuid(), 'test.told', 'test/1', now(), gen_random_uuid(), gen_random_uuid(), 0, '{}' from generate_series(1, $3) returning workspace_id, sequence)
            insert into wfm.feed (workspace_id, position, sequence) select e.workspace_id, $2 + row_number() over (order by e.sequence) - 1, e.sequence from e
            """, Workspace, first, count);
        if (signal) await AskAsync("select count(pg_notify('wfm_feed', $1))", $"{Workspace}");
    }

    /// <summary>Waits until a number is above zero.</summary>
    public async Task UntilAsync(string sql)
    {
        var since = Stopwatch.GetTimestamp();
        while (await AskAsync(sql) == 0) Stopwatch.GetElapsedTime(since).ShouldBeLessThan(TimeSpan.FromSeconds(30));
    }

    /// <summary>Asks the database itself for a number.</summary>
    public async Task<long> AskAsync(string sql, params object[] parameters)
    {
        await using var owner = NpgsqlDataSource.Create(Owner);
        await using var command = owner.CreateCommand(sql);
        foreach (var parameter in parameters) command.Parameters.Add(new() { Value = parameter });
        return await command.ExecuteScalarAsync() is long number ? number : 0;
    }
}

/// <summary>Counts how often a host reads feeds: each time in a transaction that begins with the workspace, and no request does so meanwhile.</summary>
internal sealed class FeedReads : ILoggerProvider, ILogger
{
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (eventId.Name == "Microsoft.EntityFrameworkCore.Database.Command.CommandExecuted" && formatter(state, exception).Contains("set_config('wfm.workspace'", StringComparison.Ordinal)) Interlocked.Increment(ref _count);
    }

    public void Dispose()
    {
    }
}
