using System.Text.Json.Nodes;
using Crm.Testing;
using Crm.Wfm.Flows.Persistence;
using Crm.Wfm.Flows.Running;
using Crm.Wfm.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Crm.Wfm.Flows.Tests.Running;

/// <summary>Hosts that race for runs, die over them, or come back too late.</summary>
public sealed class RunRaceTests(FlowDesk desk) : IClassFixture<FlowDesk>
{
    [Fact]
    public async Task Hosts_that_race_do_every_run_once()
    {
        const int Count = 60;
        var workspace = await WorkspaceAsync();
        for (var i = 0; i < Count; i++) await desk.TellAsync(workspace, "ticket.opened", $$"""{"name": "{{i:D2}}"}""");
        await desk.PumpAsync();
        await using var one = desk.Host(o => o.BatchSize = 3);
        await using var two = desk.Host(o => o.BatchSize = 7);
        await Task.WhenAll(new[] { one, two, one, two }.Select(host => Task.Run(async () =>
        {
            while (await host.GetRequiredService<FlowRunner>().RunOnceAsync(default) > 0)
            {
            }
        })));

        (await desk.NotesAsync(workspace)).ShouldBe([.. Enumerable.Range(0, Count).Select(i => $"{i:D2}")]);
        (await desk.RunsAsync(workspace)).ShouldBe(Enumerable.Repeat("greet finished", Count));
    }

    [Fact]
    public async Task Hosts_whose_leases_are_over_at_once_still_do_every_run_once()
    {
        const int Count = 20;
        var workspace = await WorkspaceAsync();
        for (var i = 0; i < Count; i++) await desk.TellAsync(workspace, "ticket.opened", $$"""{"name": "{{i:D2}}"}""");
        await desk.PumpAsync();
        var hosts = Enumerable.Range(0, 3).Select(_ => desk.Host(o => (o.Lease, o.Crashes) = (TimeSpan.FromMilliseconds(10), 100))).ToList();
        await Task.WhenAll(hosts.Select(host => Task.Run(async () =>
        {
            while (await host.GetRequiredService<FlowRunner>().RunOnceAsync(default) > 0)
            {
            }
        })));
        await FlowRunnerTests.UntilAsync(async () =>
        {
            await hosts[0].GetRequiredService<FlowRunner>().RunOnceAsync(default);
            return (await desk.RunsAsync(workspace)).All(r => r.StartsWith("greet finished", StringComparison.Ordinal));
        });

        (await desk.NotesAsync(workspace)).ShouldBe([.. Enumerable.Range(0, Count).Select(i => $"{i:D2}")]);
        foreach (var host in hosts) await host.DisposeAsync();
    }

    [Fact]
    public async Task A_connection_that_dies_in_the_middle_leaves_nothing_and_the_run_is_done_later()
    {
        var workspace = await WorkspaceAsync();
        await desk.TellAsync(workspace, "ticket.opened", """{"name": "Bob"}""");
        await desk.PumpAsync();
        desk.OnDo = async (_, db, ct) =>
        {
            (await db.Set<Crm.Wfm.Persistence.RecordRow>().CountAsync(ct)).ShouldBe(1);
            await desk.AskAsync<bool>("select pg_terminate_backend($1)", ((NpgsqlConnection)db.Database.GetDbConnection()).ProcessID);
        };
        await desk.RunAsync();
        (await desk.RunsAsync(workspace)).ShouldBe(["greet pending"]);
        (await desk.NotesAsync(workspace)).ShouldBeEmpty();

        desk.OnDo = (_, _, _) => Task.CompletedTask;
        desk.Clock.Now += TimeSpan.FromSeconds(5);
        await desk.RunAsync();
        (await desk.RunsAsync(workspace)).ShouldBe(["greet finished"]);
        (await desk.NotesAsync(workspace)).ShouldBe(["Bob"]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(11)]
    public async Task Whichever_answer_of_the_database_is_lost_the_run_is_done_once(int trips)
    {
        var workspace = await WorkspaceAsync();
        await desk.TellAsync(workspace, "ticket.opened", """{"name": "Bob"}""");
        await desk.PumpAsync();
        await using var counter = new TripCounter(desk.Application);
        await using var host = desk.Host(o => o.Lease = TimeSpan.FromMilliseconds(10), counter.ConnectionString);
        var runner = host.GetRequiredService<FlowRunner>();
        (await runner.RunOnceAsync(default)).ShouldBe(1);
        await desk.TellAsync(workspace, "ticket.opened", """{"name": "Eve"}""");
        await desk.PumpAsync();

        counter.LoseAnswer(trips);
        try
        {
            await runner.RunOnceAsync(default);
        }
        catch (NpgsqlException)
        {
            // The claim's answer, or that of writing down the failure: the lease ends, and another host takes the run.
        }

        await FlowRunnerTests.UntilAsync(async () =>
        {
            desk.Clock.Now += TimeSpan.FromSeconds(5);
            await desk.RunAsync();
            return (await desk.RunsAsync(workspace)).All(r => r.StartsWith("greet finished", StringComparison.Ordinal));
        });
        (await desk.NotesAsync(workspace)).ShouldBe(["Bob", "Eve"]);
        (await desk.JournalAsync(workspace)).Count.ShouldBe(6);
    }

    [Fact]
    public async Task A_host_that_comes_back_after_its_lease_was_taken_writes_nothing()
    {
        var workspace = await WorkspaceAsync();
        await desk.TellAsync(workspace, "ticket.opened", """{"name": "Bob"}""");
        await desk.PumpAsync();
        var late = await ClaimAsync();
        await FlowRunnerTests.UntilAsync(async () =>
        {
            await desk.RunAsync();
            return (await desk.RunsAsync(workspace)).Single() == "greet finished";
        });

        await GroupAsync(late, group => group.RunAsync(new Dictionary<Guid, IReadOnlyList<(int, CallResult)>>(), default));
        await using (var scope = desk.Scope(late.Workspace))
            (await new GivingUp(scope.ServiceProvider.GetRequiredService<HostContext>(), new(), desk.Clock).FailAsync(late, new InvalidOperationException("late"), default)).ShouldBeFalse();

        (await desk.RunsAsync(workspace)).ShouldBe(["greet finished"]);
        (await desk.NotesAsync(workspace)).ShouldBe(["Bob"]);
        (await desk.ErrorAsync(workspace)).ShouldBe("");
    }

    [Fact]
    public async Task While_a_run_is_under_way_nobody_else_claims_it_though_its_lease_is_over()
    {
        var workspace = await WorkspaceAsync();
        await desk.TellAsync(workspace, "ticket.opened", """{"name": "Bob"}""");
        await desk.PumpAsync();
        await using var host = desk.Host(o => o.Lease = TimeSpan.FromMilliseconds(10));
        var (begun, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        desk.OnDo = (_, _, _) =>
        {
            begun.TrySetResult();
            return goOn.Task;
        };
        var run = Task.Run(() => host.GetRequiredService<FlowRunner>().RunOnceAsync(default));
        await begun.Task;
        await FlowRunnerTests.UntilAsync(() => desk.AskAsync<bool>("select leased_until < clock_timestamp() from wfm_flows.run where workspace_id = $1", workspace));
        (await desk.Runner.RunOnceAsync(default)).ShouldBe(0);
        goOn.SetResult();
        await run;
        (await desk.RunsAsync(workspace)).ShouldBe(["greet finished"]);
        (await desk.NotesAsync(workspace)).ShouldBe(["Bob"]);
    }

    [Fact]
    public async Task A_run_no_host_came_back_from_is_given_up()
    {
        var workspace = await WorkspaceAsync();
        await desk.TellAsync(workspace, "ticket.opened", """{"name": "Bob"}""");
        await desk.PumpAsync();
        for (var attempt = 1; attempt <= 7; attempt++)
        {
            ClaimedRun? claimed = null;
            await FlowRunnerTests.UntilAsync(async () => (claimed = await TryClaimAsync()) is not null);
            (claimed!.Attempts, claimed.Crashes).ShouldBe((attempt, Math.Max(0, attempt - 2)));
            // What a host does before it begins a run that was claimed before, and does not come back from.
            if (attempt > 1) (await InWorkspaceAsync(workspace, db => RunStore.BeginAgainAsync(db, claimed, default))).ShouldBe(1);
        }

        await FlowRunnerTests.UntilAsync(async () =>
        {
            await desk.RunAsync();
            return (await desk.RunsAsync(workspace)).Single() == "greet faulted";
        });
        (await desk.ErrorAsync(workspace)).ShouldBe("The hosts that tried it did not come back.");
        (await desk.NotesAsync(workspace)).ShouldBeEmpty();
    }

    private Task<Guid> WorkspaceAsync(string? retry = null)
    {
        var flow = Chart.Line("ticket.opened", Chart.Activity("note", "Test.Note", ("text", Chart.Template("{{event.data.name}}"))), Chart.Activity("do", "Test.Do"));
        return desk.WorkspaceAsync(("greet", FlowDesk.On("ticket.opened", flow, ("retry", retry is null ? null : JsonNode.Parse(retry)))));
    }

    private async Task<ClaimedRun> ClaimAsync() => (await TryClaimAsync()).ShouldNotBeNull();

    private async Task<ClaimedRun?> TryClaimAsync()
    {
        await using var scope = desk.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<DeskContext>();
        await db.Database.OpenConnectionAsync();
        return (await RunStore.ClaimAsync(db, 1, desk.Clock.Now, TimeSpan.FromMilliseconds(10), default)).SingleOrDefault();
    }

    private async Task<T> InWorkspaceAsync<T>(Guid workspace, Func<DbContext, Task<T>> act)
    {
        await using var scope = desk.Scope(workspace);
        var host = scope.ServiceProvider.GetRequiredService<HostContext>();
        await using var transaction = await host.BeginAsync(default);
        var result = await act(host.Db);
        await transaction.CommitAsync();
        return result;
    }

    private async Task GroupAsync(ClaimedRun run, Func<RunGroup, Task> act)
    {
        await using var scope = desk.Scope(run.Workspace);
        var services = scope.ServiceProvider;
        await act(new(services, [run], services.GetRequiredService<FlowLibrary>(), services.GetRequiredService<IOptions<FlowOptions>>().Value, desk.Clock));
    }
}
