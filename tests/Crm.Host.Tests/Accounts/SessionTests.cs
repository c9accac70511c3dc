using System.Net;
using Crm.Host.Tests.Http;
using Crm.Testing;

namespace Crm.Host.Tests.Accounts;

/// <summary>What is taken back is gone: at once on the host that takes it, within 30 seconds on the others.</summary>
public sealed class SessionTests(CrmHost host) : IClassFixture<CrmHost>
{
    public static TheoryData<string> Ends => ["sign-out", "deactivate", "reset", "password"];

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task Ended_session_is_refused_here_at_once_and_elsewhere_within_30_seconds(string end)
    {
        var member = await host.MemberAsync();
        var clock = new TestClock { Now = TimeProvider.System.GetUtcNow() };
        await using var other = await OtherHost.StartAsync(host, clock);
        (await other.As(member.Tokens.Access).GetAsync("/api/v1/me")).Status.ShouldBe(HttpStatusCode.OK);
        (await member.Api.GetAsync("/api/v1/me")).Status.ShouldBe(HttpStatusCode.OK);

        (await EndAsync(end, member)).Status.ShouldBe(end == "deactivate" ? HttpStatusCode.OK : HttpStatusCode.NoContent);

        (await member.Api.GetAsync("/api/v1/me")).ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthorized");
        clock.Now += TimeSpan.FromSeconds(30);
        (await other.As(member.Tokens.Access).GetAsync("/api/v1/me")).ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthorized");
        (await host.As(null).RefreshAsync(member.Tokens)).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Changed_role_counts_here_at_once_and_elsewhere_within_30_seconds()
    {
        var member = await host.MemberAsync("admin");
        var clock = new TestClock { Now = TimeProvider.System.GetUtcNow() };
        await using var other = await OtherHost.StartAsync(host, clock);
        (await RolesAsync(other.As(member.Tokens.Access))).ShouldBe(["admin"]);
        (await RolesAsync(member.Api)).ShouldBe(["admin"]);

        (await host.Admin.PatchAsync($"/api/v1/users/{member.Id}", new { roles = new[] { "sales-rep" }, version = 1 })).Status.ShouldBe(HttpStatusCode.OK);

        (await RolesAsync(member.Api)).ShouldBe(["sales-rep"]);
        (await RolesAsync(other.As(member.Tokens.Access))).ShouldBe(["admin"]);
        clock.Now += TimeSpan.FromSeconds(30);
        (await RolesAsync(other.As(member.Tokens.Access))).ShouldBe(["sales-rep"]);

        static async Task<IEnumerable<string>> RolesAsync(Api api) => (await api.GetAsync("/api/v1/me"))["roles"].AsArray().Select(r => r!.GetValue<string>());
    }

    [Fact]
    public async Task Session_is_looked_up_once_in_30_seconds()
    {
        var member = await host.MemberAsync();
        await using var counter = new TripCounter(host.Application);
        var (database, app) = await CrmHost.StartAsync(counter.ConnectionString);
        await using (database)
        await using (app)
        {
            using var client = new HttpClient { BaseAddress = new(app.Urls.First()) };
            var (warm, fresh) = (new List<int>(), new List<int>());
            var known = new Api(client, member.Tokens.Access);
            for (var i = 0; i < 10; i++)
            {
                warm.Add(await TripsAsync(known));
                fresh.Add(await TripsAsync(new(client, (await host.SignInAsync(member.Email)).Access)));
            }
            // The host's own work, which goes on beside, may add to some of them.
            fresh.Min().ShouldBe(warm.Min() + 1);
        }

        async Task<int> TripsAsync(Api api)
        {
            var before = counter.Trips;
            (await api.GetAsync("/api/v1/bundles")).Status.ShouldBe(HttpStatusCode.OK);
            return counter.Trips - before;
        }
    }

    private async Task<Answer> EndAsync(string end, Member member) => end switch
    {
        "sign-out" => await member.Api.PostAsync("/api/v1/sign-out", ""),
        "deactivate" => await host.Admin.PostAsync($"/api/v1/users/{member.Id}/deactivate", ""),
        "reset" => await host.Admin.PostAsync($"/api/v1/users/{member.Id}/password", new { password = "another oak on a hill" }),
        _ => await host.As((await host.SignInAsync(member.Email)).Access).PostAsync("/api/v1/me/password", new { currentPassword = Members.Password, newPassword = "another oak on a hill" }),
    };
}
