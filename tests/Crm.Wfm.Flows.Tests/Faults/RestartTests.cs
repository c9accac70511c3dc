using Crm.Wfm.Flows.Running;
using Crm.Wfm.Flows.Tests.Running;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace Crm.Wfm.Flows.Tests.Faults;

/// <summary>A database that is restarted under its hosts.</summary>
public sealed class RestartTests(RestartDesk desk) : IClassFixture<RestartDesk>
{
    private const int Least = 60;

    [Fact]
    public async Task PostgreSQL_may_be_restarted_and_may_crash_under_load_and_every_effect_is_there_once()
    {
        var flow = Chart.Line("ticket.opened", Chart.Activity("note", "App.Note", ("text", Chart.Template("{{event.data.name}}"))), Chart.Activity("call", "App.Call"),
            Chart.Activity("after", "App.Note", ("text", Chart.Template("{{event.data.name}} after"))));
        var workspace = await desk.WorkspaceAsync(("greet", FlowDesk.On("ticket.opened", flow)));
        var hosts = Enumerable.Range(0, 2).Select(_ => desk.Host(o => (o.Lease, o.RetryAfter, o.Interval, o.Crashes) =
            (TimeSpan.FromMilliseconds(500), TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(50), 100))).ToList();
        var workers = hosts.SelectMany(h => h.GetServices<IHostedService>()).ToList();
        foreach (var worker in workers) await worker.StartAsync(default);
        using var enough = new CancellationTokenSource();
        var telling = Task.Run(() => TellAsync(workspace, enough.Token));
        foreach (var isCrash in new[] { false, true, true })
        {
            var done = await CountAsync(workspace);
            await FlowRunnerTests.UntilAsync(async () => await CountAsync(workspace) >= done + (Least / 3));
            await desk.RestartAsync(isCrash);
        }

        await enough.CancelAsync();
        var told = await telling;
        await FlowRunnerTests.UntilAsync(async () =>
        {
            desk.Clock.Now += TimeSpan.FromSeconds(1);
            return await CountAsync(workspace) == told.Count;
        });
        foreach (var worker in workers) await worker.StopAsync(default);
        foreach (var host in hosts) await host.DisposeAsync();

        told.Count.ShouldBeGreaterThanOrEqualTo(Least);
        (await desk.TextsAsync(workspace)).ShouldBe([.. told.SelectMany(n => new[] { n, $"{n} after" }).Order(StringComparer.Ordinal)]);
        (await desk.EntriesAsync(workspace)).Count(e => e.Name == "call" && e.Kind == JournalKind.Completed).ShouldBe(told.Count);
        (await desk.AskAsync<long>("select count(distinct key) from public.app_call")).ShouldBe(told.Count);
    }

    /// <summary>Tells events one after the other; one whose commit was not answered is told again where it is not there.</summary>
    private async Task<IReadOnlyList<string>> TellAsync(Guid workspace, CancellationToken enough)
    {
        var told = new List<string>();
        while (!enough.IsCancellationRequested)
        {
            var name = $"{told.Count:D5}";
            try
            {
                if (await desk.AskAsync<long>("select count(*) from wfm.event where workspace_id = $1 and data ->> 'name' = $2", workspace, name) == 0)
                    await desk.TellAsync(workspace, "ticket.opened", $$"""{"name": "{{name}}"}""");
                told.Add(name);
            }
            catch (Exception e) when (e is NpgsqlException or InvalidOperationException or IOException || e.InnerException is NpgsqlException)
            {
                await Task.Delay(20, CancellationToken.None);
            }
        }

        return told;
    }

    private async Task<long> CountAsync(Guid workspace)
    {
        try
        {
            return await desk.AskAsync<long>("select count(*) from wfm_flows.run where workspace_id = $1 and status = 'finished'", workspace);
        }
        catch (NpgsqlException)
        {
            return -1;
        }
    }
}
