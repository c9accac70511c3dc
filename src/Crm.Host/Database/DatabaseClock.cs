using Npgsql;

namespace Crm.Host.Database;

/// <summary>Business time as the database's clock tells it, so that hosts whose clocks differ agree. Asked once a minute; in between the machine's clock counts on.</summary>
internal sealed class DatabaseClock(CrmDatabase database, TimeProvider machine) : TimeProvider
{
    private long _offsetTicks;

    public override DateTimeOffset GetUtcNow() => machine.GetUtcNow().AddTicks(Volatile.Read(ref _offsetTicks));

    /// <summary>Asks the database; half of the answer's way is taken to lie after its look at the clock.</summary>
    public async Task SyncAsync(CancellationToken ct)
    {
        await using var connection = await database.Source.OpenConnectionAsync(ct);
        await using var command = new NpgsqlCommand("select clock_timestamp()", connection);
        var asked = machine.GetTimestamp();
        var told = new DateTimeOffset((DateTime)(await command.ExecuteScalarAsync(ct))!, TimeSpan.Zero);
        var now = told + (machine.GetElapsedTime(asked) / 2);
        Volatile.Write(ref _offsetTicks, (now - machine.GetUtcNow()).Ticks);
    }
}

/// <summary>Keeps <see cref="DatabaseClock"/> in step.</summary>
internal sealed partial class DatabaseClockSync(DatabaseClock clock, ILogger<DatabaseClockSync> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await SyncAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval);
        while (await timer.WaitForNextTickAsync(stoppingToken)) await SyncAsync(stoppingToken);
    }

    // A database that is away for a while takes nobody's time along.
    private async Task SyncAsync(CancellationToken ct)
    {
        try
        {
            await clock.SyncAsync(ct);
        }
        catch (NpgsqlException e)
        {
            LogUnreachable(e);
        }
    }

    [LoggerMessage(EventId = 2001, Level = LogLevel.Warning, Message = "The database's clock cannot be read; the machine's own counts on.")]
    private partial void LogUnreachable(Exception e);
}
