using System.Net;
using Crm.Embedded;
using Crm.Host.Database;
using Crm.Host.Tests.Http;
using Crm.Wfm.History;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Crm.Host.Tests.Processes;

/// <summary>A host that is killed in the middle of moves.</summary>
public sealed class CrashTests
{
    // What a half-written move would look like: a version without its row of history, or a row without its event.
    private const string Halves = """
        select (select count(*) from wfm.project p where p.version <> (select count(*) from wfm.history h where h.project_id = p.id))
             + (select count(*) from wfm.project p where p.step <> (select h.to_step from wfm.history h where h.project_id = p.id and h.version = p.version))
             + abs((select count(*) from wfm.history) - (select count(*) from wfm.event where type in ('wfm.project.started', 'wfm.project.moved')))
        """;

    [Fact]
    public async Task Killed_host_leaves_every_move_whole_or_undone_and_nothing_in_the_next_ones_way()
    {
        await using var checkout = new TemporaryCheckout();
        string key;
        var answered = 0;
        using (var host = await HostProcess.ServeAsync(checkout.Host))
        {
            key = host.Key;
            var person = (await host.Api.PostAsync("/api/v1/people", new { name = "Ada" }))["id"].GetValue<string>();
            var projects = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => host.Api.DealProjectAsync()));
            var moving = projects.Select(project => MoveAsync(host.Api, project, person)).ToList();
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
            while (Volatile.Read(ref answered) < 100) await Task.Delay(5, patience.Token);
            await host.KillAsync();
            await Task.WhenAll(moving);
        }

        using var next = await HostProcess.ServeAsync(checkout.Host);
        await using (var postgres = await checkout.DatabaseAsync())
        {
            (await TemporaryCheckout.CountAsync(postgres, "select count(*) from wfm.history where transition is not null")).ShouldBeInRange(answered, answered + 8);
            (await TemporaryCheckout.CountAsync(postgres, Halves)).ShouldBe(0);
        }

        next.Key.ShouldBe(key);
        foreach (var project in (await next.Api.GetAsync("/api/v1/projects")).Items)
        {
            (await next.Api.MoveAsync($"{project["id"]}", "lose", project["version"]!.GetValue<int>(), input: new { lostReason = "price" })).Status.ShouldBe(HttpStatusCode.OK);
        }

        await using (var postgres = await checkout.DatabaseAsync()) (await VerifyAsync(postgres)).Broken.ShouldBeEmpty();
        (await next.InterruptAsync()).ShouldBe(0);

        // To and fro until the host is gone.
        async Task MoveAsync(Api api, string project, string person)
        {
            try
            {
                for (var version = 1; ; version++)
                {
                    var (transition, changes) = version switch
                    {
                        1 => ("contact", null),
                        2 => ("discover", null),
                        3 => ("propose", new { amount = 1, discount = 0, personId = person }),
                        _ => (version % 2 == 0 ? "negotiate" : "revise", (object?)null),
                    };
                    var moved = await api.MoveAsync(project, transition, version, changes);
                    moved.Status.ShouldBe(HttpStatusCode.OK, moved.Text);
                    Interlocked.Increment(ref answered);
                }
            }
            catch (HttpRequestException)
            {
                // killed, as intended
            }
        }
    }
    private static async Task<HistoryReport> VerifyAsync(EmbeddedPostgres postgres)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("ConnectionStrings:Crm", postgres.ConnectionString("crm"))]).Build();
        await using var database = await CrmDatabase.OpenAsync(configuration, "", _ => { }, default);
        await using var services = CrmApplication.Services(database);
        await using var scope = services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<HistoryVerifier>().VerifyAsync(default);
    }
}
