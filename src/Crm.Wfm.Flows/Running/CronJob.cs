using System.Globalization;
using Crm.Wfm.Flows.Persistence;
using Crm.Wfm.Persistence;
using Microsoft.Extensions.DependencyInjection;
using Quartz;
using Quartz.Extensibility;

namespace Crm.Wfm.Flows.Running;

/// <summary>What the scheduler fires: inserts the run of a trigger at the time it was due, if the trigger is still there. A firing that is done again, by whichever host, finds the run.</summary>
internal sealed class CronJob(IServiceScopeFactory scopes, RunSignal signal, TimeProvider time) : IJob
{
    private const string Workspace = "workspace";
    private const string Definition = "definition";
    private const string Node = "node";
    private const string Key = "cron";

    /// <summary>Writes what the scheduler keeps of a trigger.</summary>
    public static JobDataMap Write(CronTrigger trigger) => new()
    {
        [Workspace] = trigger.Workspace.ToString(), [Definition] = trigger.Definition.ToString(CultureInfo.InvariantCulture), [Node] = trigger.Node, [Key] = trigger.Key,
    };

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var kept = context.MergedJobDataMap;
        var trigger = new CronTrigger(Guid.Parse(Text(Workspace)), int.Parse(Text(Definition), CultureInfo.InvariantCulture), Text(Node), Text(Key));
        if (await StartAsync(trigger, context.ScheduledFireTimeUtc ?? context.FireTimeUtc, cancellationToken)) signal.Ring();
        string Text(string name) => (string)kept[name]!;
    }

    private async Task<bool> StartAsync(CronTrigger trigger, DateTimeOffset due, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentWorkspace>().Id = trigger.Workspace;
        var host = scope.ServiceProvider.GetRequiredService<HostContext>();
        return await host.ExecuteAsync(async token =>
        {
            await using var transaction = await host.BeginAsync(token);
            if (!await TriggerStore.HoldAsync(host.Db, trigger, token)) return false;
            var now = time.GetUtcNow();
            var started = await Activation.StartAsync(host.Db, [ScheduledRun.Of(trigger.Definition, trigger.Node, due, now)], now, token);
            await transaction.CommitAsync(token);
            return started.Count > 0;
        }, ct);
    }
}

/// <summary>Makes the scheduler's jobs.</summary>
internal sealed class CronFiring(IServiceScopeFactory scopes, RunSignal signal, TimeProvider time) : IJobFactory
{
    public ValueTask<JobScope> CreateJob(TriggerFiredBundle bundle, IScheduler scheduler, CancellationToken cancellationToken = default) => ValueTask.FromResult(new JobScope(new CronJob(scopes, signal, time), null));

    public ValueTask ReturnJob(JobScope scope, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;
}
