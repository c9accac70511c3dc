using Crm.Testing;
using Crm.Wfm.Flows.Persistence;
using Crm.Wfm.Flows.Tests.App;
using Crm.Wfm.Flows.Tests.Running;

namespace Crm.Wfm.Flows.Tests.Faults;

/// <summary>A host that is stopped where it is, and let go on later: a process of its own.</summary>
public sealed class StoppedHostTests(AppDesk desk) : IClassFixture<AppDesk>
{
    [Fact]
    public async Task A_host_that_is_stopped_and_goes_on_after_its_lease_writes_nothing()
    {
        var workspace = await desk.WorkspaceAsync(("greet", FlowDesk.On("ticket.opened", Chart.Line("ticket.opened", Chart.Activity("note", "App.Note", ("text", Chart.Template("{{event.data.name}}")))))));
        await using var counter = new TripCounter(desk.Application);
        using var host = await OtherHost.StartAsync(Options(counter.ConnectionString));
        var stops = 0;
        for (var isStopped = true; isStopped; stops++)
        {
            isStopped = false;
            await desk.TellAsync(workspace, "ticket.opened", $$"""{"name": "{{stops:D2}}"}""");
            await desk.PumpAsync();
            var stopped = new TaskCompletionSource();
            counter.Interrupt(stops + 1, isHeard: true, () =>
            {
                host.Pause();
                stopped.SetResult();
            }, isLost: false);
            await host.TellAsync(desk.Clock.Now);
            var said = host.LineAsync();
            if (await Task.WhenAny(said, stopped.Task) != said)
            {
                isStopped = true;
                await FinishAsync(workspace);
                var before = await RowsAsync(workspace);
                host.Continue();
                (await said).ShouldNotBeNull();
                (await RowsAsync(workspace)).ShouldBe(before);
            }

            (await desk.TextsAsync(workspace)).ShouldBe([.. Enumerable.Range(0, stops + 1).Select(i => $"{i:D2}")]);
        }

        stops.ShouldBeGreaterThan(6);
    }

    private HostOptions Options(string connection) => new(connection, desk.Application, TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(300), 5, 10);

    /// <summary>Another host takes up what was left, once the leases are over.</summary>
    private Task FinishAsync(Guid workspace) => FlowRunnerTests.UntilAsync(async () =>
    {
        desk.Clock.Now += TimeSpan.FromMinutes(1);
        await desk.RunAsync();
        return await desk.AskAsync<long>("select count(*) from wfm_flows.run where workspace_id = $1 and finished_at is null", workspace) == 0;
    });

    /// <summary>All there is of the runs, to the last column.</summary>
    private Task<string> RowsAsync(Guid workspace) => desk.AskAsync<string>($"""
        select (select jsonb_agg(to_jsonb(r) order by r.id) from wfm_flows.run r where r.workspace_id = $1)::text || (select jsonb_agg(to_jsonb(j) order by j.run_id, j.burst) from {RunStore.Bursts} j where j.workspace_id = $1)::text
          || (select jsonb_agg(to_jsonb(n) order by n.id) from public.app_note n where n.workspace_id = $1)::text
        """, workspace);
}
