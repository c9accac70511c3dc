using System.Text.Json.Nodes;
using Crm.Wfm.Flows.Persistence;
using Crm.Wfm.Flows.Running;
using Crm.Wfm.Flows.Tests.Running;
using Crm.Wfm.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Crm.Wfm.Flows.Tests.Faults;

/// <summary>Many runs at once.</summary>
public sealed class CrowdTests(FlowDesk desk) : IClassFixture<FlowDesk>
{
    [Fact]
    public async Task Of_hosts_that_race_for_5000_timers_due_at_once_each_effect_is_there_once()
    {
        const int All = 5000;
        const int Noted = 500;
        var delay = Chart.Activity("sleep", "Elsa.Delay", ("timeSpan", Chart.Literal("01:00:00")));
        var workspace = await desk.WorkspaceAsync(
            ("wake", FlowDesk.On("ticket.sleeps", Chart.Line("ticket.sleeps", delay, Chart.WriteLine("awake")))),
            ("note", FlowDesk.On("ticket.notes", Chart.Line("ticket.notes", Copy(delay), Chart.Activity("awake", "Test.Note", ("text", Chart.Template("{{run.id}}")))))));
        await StartAsync(workspace, "ticket.sleeps", All - Noted);
        await StartAsync(workspace, "ticket.notes", Noted);
        await desk.RunAsync();
        (await CountAsync(workspace, "suspended")).ShouldBe(All);

        desk.Clock.Now += TimeSpan.FromHours(1);
        await using var one = desk.Host(o => (o.BatchSize, o.Lease) = (100, TimeSpan.FromMinutes(5)));
        await using var two = desk.Host(o => (o.BatchSize, o.Lease) = (70, TimeSpan.FromMinutes(5)));
        await Task.WhenAll(new[] { one, two }.Select(host => Task.Run(async () =>
        {
            while (await host.GetRequiredService<FlowRunner>().RunOnceAsync(default) > 0)
            {
            }
        })));

        (await CountAsync(workspace, "finished")).ShouldBe(All);
        var awake = (await desk.EntriesAsync(workspace)).Count(e => e.Name == "awake" && e.Kind == JournalKind.Completed);
        awake.ShouldBe(All);
        (await desk.NotesAsync(workspace)).Count.ShouldBe(Noted);
        (await desk.NotesAsync(workspace)).Distinct().Count().ShouldBe(Noted);
        // Nobody's claim was lost: each run was claimed once to fall asleep and once to wake.
        (await desk.AskAsync<int>("select max(lease) from wfm_flows.run where workspace_id = $1", workspace)).ShouldBe(2);
    }

    [Fact]
    public async Task Of_1000_flows_of_which_50_are_poison_the_rest_finish()
    {
        var flow = Chart.Line("ticket.opened", Chart.Activity("do", "Test.Do"), Chart.Activity("note", "Test.Note", ("text", Chart.Template("{{run.id}}"))));
        var workspace = await desk.WorkspaceAsync(("greet", FlowDesk.On("ticket.opened", flow, ("retry", new JsonObject { ["max"] = 0 }))));
        var runs = await StartAsync(workspace, "ticket.opened", 1000);
        var poison = runs.Where((_, i) => i % 20 == 7).ToList();
        await using var host = desk.Host(o => (o.Crashes, o.BatchSize) = (1, 50));
        desk.OnDo = async (activity, db, ct) =>
        {
            switch (poison.IndexOf(activity.Run) is var at and >= 0 ? at % 5 : -1)
            {
                case 0: throw new InvalidOperationException("bad");
                case 1: await desk.AskAsync<bool>("select pg_terminate_backend($1, 5000)", ((NpgsqlConnection)db.Database.GetDbConnection()).ProcessID); break;
                case 2: await db.Database.CurrentTransaction!.RollbackAsync(ct); break;
                case 3: throw new OperationCanceledException("of its own accord");
                case 4: await db.Database.ExecuteSqlRawAsync("select 1 / 0", ct); break;
            }
        };
        await FlowRunnerTests.UntilAsync(async () =>
        {
            while (await host.GetRequiredService<FlowRunner>().RunOnceAsync(default) > 0)
            {
            }

            desk.Clock.Now += TimeSpan.FromMinutes(1);
            return await desk.AskAsync<long>("select count(*) from wfm_flows.run where workspace_id = $1 and finished_at is null", workspace) == 0;
        });

        (await CountAsync(workspace, "finished")).ShouldBe(950);
        (await CountAsync(workspace, "faulted")).ShouldBe(50);
        (await desk.NotesAsync(workspace)).Order().ShouldBe(runs.Except(poison).Select(r => r.ToString()).Order());
    }

    [Fact]
    public async Task A_workspace_with_much_to_do_keeps_no_other_waiting()
    {
        var automation = ("greet", FlowDesk.On("ticket.opened", Chart.Line("ticket.opened", Chart.WriteLine("line"))));
        var (busy, calm) = (await desk.WorkspaceAsync(automation), await desk.WorkspaceAsync(automation));
        await StartAsync(busy, "ticket.opened", 500);
        await desk.TellAsync(calm, "ticket.opened");
        await desk.PumpAsync();
        await using var host = desk.Host(o => o.BatchSize = 10);
        await host.GetRequiredService<FlowRunner>().RunOnceAsync(default);
        (await CountAsync(calm, "finished")).ShouldBe(1);
        (await CountAsync(busy, "finished")).ShouldBeGreaterThanOrEqualTo(5);
        await desk.RunAsync();
    }

    private static JsonObject Copy(JsonObject activity) => activity.DeepClone().AsObject();

    private Task<long> CountAsync(Guid workspace, string status) => desk.AskAsync<long>("select count(*) from wfm_flows.run where workspace_id = $1 and status = $2", workspace, status);

    /// <summary>Starts so many runs of the flow an event starts, by one event and then without.</summary>
    private async Task<IReadOnlyList<Guid>> StartAsync(Guid workspace, string type, int count)
    {
        var told = await desk.TellAsync(workspace, type);
        await desk.PumpAsync();
        var definition = await desk.AskAsync<int>("select definition from wfm_flows.run where event_id = $1", told);
        var first = await desk.AskAsync<Guid>("select id from wfm_flows.run where event_id = $1", told);
        var trigger = await desk.AskAsync<string>("select trigger from wfm_flows.run where event_id = $1", told);
        await using var scope = desk.Scope(workspace);
        var host = scope.ServiceProvider.GetRequiredService<HostContext>();
        await using var transaction = await host.BeginAsync(default);
        var more = await RunStore.InsertAsync(host.Db,
            [.. Enumerable.Range(1, count - 1).Select(_ => new NewRun { Id = Guid.CreateVersion7(desk.Clock.Now), Definition = definition, Trigger = trigger })], desk.Clock.Now, default);
        await transaction.CommitAsync();
        return [first, .. more];
    }
}
