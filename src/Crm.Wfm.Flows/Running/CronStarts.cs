using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Crm.Wfm.Flows.Compiling;
using Crm.Wfm.Flows.Persistence;
using Crm.Wfm.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Quartz;

namespace Crm.Wfm.Flows.Running;

/// <summary>
/// Starts flows by their cron expressions: a Quartz scheduler on the application's own database, clustered with those of all other hosts, fires each time on one of them, which inserts the run. What is to be
/// fired are the rows of <c>wfm_flows.trigger</c>; the scheduler is brought in line with them when the host starts, and again and again.
/// </summary>
public sealed partial class CronStarts : BackgroundService
{
    private const string Group = "flows";

    private readonly IServiceScopeFactory _scopes;
    private readonly CronFiring _firing;
    private readonly TimeProvider _time;
    private readonly FlowOptions _options;
    private readonly ILogger<CronStarts> _logger;

    internal CronStarts(IServiceScopeFactory scopes, RunSignal signal, TimeProvider time, IOptions<FlowOptions> options, ILogger<CronStarts> logger)
    {
        (_scopes, _time, _options, _logger) = (scopes, time, options.Value, logger);
        _firing = new(scopes, signal, time);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RunAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogUnreachable(e);
                await Task.Delay(_options.CronInterval, stoppingToken);
            }
        }
    }

    private async Task RunAsync(CancellationToken ct)
    {
        await using var factory = Build();
        var scheduler = await factory.GetScheduler(ct);
        await SyncAsync(scheduler, ct);
        await scheduler.Start(ct);
        using var timer = new PeriodicTimer(_options.CronInterval);
        while (await timer.WaitForNextTickAsync(ct)) await SyncAsync(scheduler, ct);
    }

    private StandaloneSchedulerFactory Build()
    {
        using var scope = _scopes.CreateAsyncScope();
        var connection = scope.ServiceProvider.GetRequiredService<HostContext>().Db.Database.GetConnectionString() ?? throw new InvalidOperationException("The context has no connection string.");
        var logging = scope.ServiceProvider.GetRequiredService<ILoggerFactory>();
        return QuartzSchedulerBuilder.Create(q =>
        {
            q.Services.AddSingleton(logging);
            q.ConfigureScheduler(o =>
            {
                o.InstanceName = Group;
                o.GenerateInstanceId = true;
            });
            // The cluster's hosts agree on the time when all follow the database's clock.
            q.UseTimeProvider(_time);
            q.UseDefaultThreadPool(4);
            q.UseJobFactory(_firing);
            q.UsePersistentStore(store =>
            {
                store.UsePostgres(Npgsql.NpgsqlFactory.Instance, connection);
                store.UseClustering(c => c.CheckinInterval = TimeSpan.FromSeconds(5));
                store.ConfigureStore(o =>
                {
                    o.TablePrefix = CronSchema.Prefix;
                    o.StoreJobDataAsStrings = true;
                    o.SchemaProvisioning = SchemaProvisioning.Validate;
                });
            });
        }).Build();
    }

    /// <summary>Schedules what is new among the rows, and takes away what is gone from them. Two hosts may do so at once.</summary>
    private async Task SyncAsync(IScheduler scheduler, CancellationToken ct)
    {
        List<CronTrigger> rows;
        await using (var scope = _scopes.CreateAsyncScope())
        {
            var db = scope.ServiceProvider.GetRequiredService<HostContext>().Db;
            await db.Database.OpenConnectionAsync(ct);
            rows = await TriggerStore.CronAsync(db, ct);
        }

        var wanted = rows.ToDictionary(r => KeyOf(r));
        var there = (await scheduler.GetJobKeys(GroupMatcher<JobKey>.GroupEquals(Group), ct)).ToHashSet();
        foreach (var gone in there.Where(key => !wanted.ContainsKey(key))) await scheduler.DeleteJob(gone, ct);
        foreach (var (key, row) in wanted.Where(w => !there.Contains(w.Key))) await ScheduleAsync(scheduler, key, row, ct);
    }

    private static async Task ScheduleAsync(IScheduler scheduler, JobKey key, CronTrigger row, CancellationToken ct)
    {
        var job = JobBuilder.Create<CronJob>().WithIdentity(key).RequestRecovery().UsingJobData(CronJob.Write(row)).Build();
        // Times nobody was there for start one run together.
        var schedule = CronScheduleBuilder.Create(CronText.Read(row.Key)).WithMisfireInstruction(CronTriggerMisfireInstruction.FireAndProceed);
        var trigger = TriggerBuilder.Create().WithIdentity(key.Name, Group).ForJob(key).WithSchedule(schedule).Build();
        await scheduler.ScheduleJob(job, [trigger], ScheduleJobOptions.Replacing, ct);
    }

    // The same row has the same name on every host, whatever its node id holds.
    private static JobKey KeyOf(CronTrigger row) => new(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Create(CultureInfo.InvariantCulture, $"{row.Workspace} {row.Definition} {row.Node} {row.Key}")))), Group);

    [LoggerMessage(EventId = 1105, Level = LogLevel.Error, Message = "The cron scheduler could not go on; it is started again.")]
    private partial void LogUnreachable(Exception e);
}
