using System.Net;
using Npgsql;

namespace Crm.Host.Tests.Http;

/// <summary>A host whose database is gone.</summary>
public sealed class OutageTests(CrmHost host) : IClassFixture<CrmHost>
{
    [Fact]
    public async Task Host_lives_is_not_ready_and_answers_problems_without_internals()
    {
        var key = await host.KeyAsync(host.Workspace, "admin");
        var nowhere = new NpgsqlConnectionStringBuilder(host.Application) { Port = 1, Username = "gone" }.ConnectionString;
        var (database, app) = await CrmHost.StartAsync(nowhere);
        await using (database)
        await using (app)
        {
            using var client = new HttpClient { BaseAddress = new(app.Urls.First()) };
            var (api, probe) = (new Api(client, key), new Api(client, null));

            (await probe.GetAsync("/health/live")).Status.ShouldBe(HttpStatusCode.OK);
            (await probe.GetAsync("/health/ready")).Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
            foreach (var answer in new[] { await api.GetAsync("/api/v1/projects"), await api.PostAsync("/api/v1/records", new { type = "opportunity", name = "Acme" }) })
            {
                answer.ShouldBeProblem(HttpStatusCode.ServiceUnavailable, "service-unavailable");
                foreach (var secret in new[] { "gone", "Npgsql", "   at ", "127.0.0.1" }) answer.Text.ShouldNotContain(secret);
            }
        }
    }
}
