using Crm.Wfm.Events;
using Crm.Wfm.Flows.Expressions;
using Crm.Wfm.Flows.Persistence;
using Crm.Wfm.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Crm.Wfm.Flows.Running;

/// <summary>One attempt at a claimed run: what its activities write and what the run becomes commit in one transaction, or not at all.</summary>
internal sealed class RunAttempt(IServiceProvider services, ClaimedRun run, FlowCatalog catalog, FlowOptions options, TimeProvider time)
{
    private readonly HostContext _host = services.GetRequiredService<HostContext>();
    private RetryPolicy _retry = options.Retry;

    private DbContext Db => _host.Db;

    /// <summary>Runs it, unless it is another host's by now.</summary>
    /// <exception cref="RunFailure">It failed; nothing was written.</exception>
    public async Task RunAsync(CancellationToken ct)
    {
        try
        {
            await _host.ExecuteAsync(RunInOneTransactionAsync, ct);
        }
        catch (Exception e) when (e is not RunFailure && !ct.IsCancellationRequested)
        {
            throw new RunFailure(e);
        }
    }

    /// <summary>Writes down that it failed.</summary>
    public Task FailAsync(RunFailure failure, CancellationToken ct) => _host.ExecuteAsync(async token =>
    {
        var now = time.GetUtcNow();
        await using var transaction = await _host.BeginAsync(token);
        await RunStore.FailAsync(Db, run, failure, now, now + _retry.WaitAfter(run.Attempt), token);
        await transaction.CommitAsync(token);
        return true;
    }, ct);

    private async Task<bool> RunInOneTransactionAsync(CancellationToken ct)
    {
        Db.ChangeTracker.Clear();
        await using var transaction = await _host.BeginAsync(ct);
        if (await RunStore.LockAsync(Db, run, ct) is not { } pending) return false;
        var automation = await catalog.FindAsync(Db, pending.Bundle, pending.Flow, ct);
        _retry = automation.Retry ?? _retry;
        if (run.Attempt > _retry.Max + 1) throw new RunFailure("The hosts that tried it did not come back.");
        await RunAsync(automation, pending, automation.Timeout ?? options.Timeout, ct);
        await transaction.CommitAsync(ct);
        return true;
    }

    private async Task RunAsync(Automation automation, PendingRun pending, TimeSpan timeout, CancellationToken ct)
    {
        var flow = automation.Flow ?? throw new RunFailure("This host cannot read the flow: it lacks an activity that the host had which published it.");
        // A host that hangs in the middle, without dying, must not keep the run from all others.
        await Db.ExecuteAsync("select set_config('idle_in_transaction_session_timeout', $1, true)", [$"{(long)(timeout * 2).TotalMilliseconds}ms"], ct);
        var started = await services.GetRequiredService<EventFeed>().FindAsync(pending.Event, ct) ?? throw new RunFailure("The event that started the run is gone.");
        var now = time.GetUtcNow().ToUniversalTime();
        var burst = new Burst(run.Id, flow, started, new FlowMemory(flow.Definition, started, automation.Param, now), now, options.MaxSteps);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(timeout);
        try
        {
            var journal = await burst.RunAsync(services, token => Db.SaveChangesAsync(token), time, patience.Token);
            await RunStore.FinishAsync(Db, run, journal, now, patience.Token);
        }
        catch (Exception) when (patience.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            throw new RunFailure($"The run took longer than {timeout}.");
        }
    }
}
