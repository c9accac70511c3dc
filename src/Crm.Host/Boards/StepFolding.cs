using Crm.Host.Database;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Crm.Host.Boards;

/// <summary>Folds what moves change of the boards' sums into those. Any number of hosts may do so at once: none takes what another is folding.</summary>
internal sealed partial class StepFolding(CrmDatabase database, IOptions<BoardOptions> options, ILogger<StepFolding> logger) : BackgroundService
{
    /// <summary>Folds all there is, but what is not committed yet or in another host's hands.</summary>
    /// <returns>How many changes were folded.</returns>
    public async Task<int> RunOnceAsync(CancellationToken ct)
    {
        var (sum, count) = (0, 0);
        do sum += count = await FoldAsync(ct);
        while (count == options.Value.FoldAtOnce);
        return sum;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.FoldEvery);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await RunOnceAsync(stoppingToken);
            }
            catch (NpgsqlException e)
            {
                LogFailed(e); // nothing is lost: what is not folded is added when it is read
            }
        }
    }

    private async Task<int> FoldAsync(CancellationToken ct)
    {
        await using var command = database.Source.CreateCommand("select crm.fold_step_changes($1)");
        command.Parameters.AddWithValue(options.Value.FoldAtOnce);
        return (int)(await command.ExecuteScalarAsync(ct))!;
    }

    [LoggerMessage(EventId = 2101, Level = LogLevel.Warning, Message = "Changes of the boards' sums could not be folded; they are tried again.")]
    private partial void LogFailed(Exception e);
}
