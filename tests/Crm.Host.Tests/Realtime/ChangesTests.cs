using System.Net;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using Crm.Entities.ApiKeys;
using Crm.Host.Realtime;
using Crm.Host.Tests.Accounts;
using Crm.Host.Tests.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Crm.Host.Tests.Realtime;

public sealed class ChangesTests(RealtimeHost host) : IClassFixture<RealtimeHost>
{
    [Fact]
    public async Task A_client_is_welcomed_and_told_of_every_change_in_order_without_its_values()
    {
        await using var client = await host.ConnectAsync();
        var project = await host.Admin.InDiscoveryAsync(new { amount = 4711 });
        var changes = await client.ChangesAsync(3);

        changes.Select(Position).ShouldBe([client.Welcome + 1, client.Welcome + 2, client.Welcome + 3]);
        changes.Select(c => c["type"]!.GetValue<string>()).ShouldBe(["wfm.project.started", "wfm.project.moved", "wfm.project.moved"]);
        var feed = (await host.Admin.GetAsync($"/api/v1/events?after={client.Welcome}")).Items;
        feed.Select(e => e["data"]!["project"]!.GetValue<string>()).Distinct().ShouldBe([project]);
        foreach (var (told, written) in changes.Zip(feed))
        {
            told.AsObject().Select(m => m.Key).ShouldBe(["position", "id", "type", "subject", "actor", "time"]);
            foreach (var (name, attribute) in new[] { ("id", "id"), ("type", "type"), ("subject", "subject"), ("actor", "actorid") }) told[name]!.GetValue<string>().ShouldBe(written[attribute]!.GetValue<string>());
        }
    }

    [Fact]
    public async Task Another_workspaces_changes_are_not_told()
    {
        await using var mine = await host.ConnectAsync();
        await using var theirs = await HubClient.ConnectAsync(host.Address, await host.KeyAsync(host.OtherWorkspace, "admin"));
        await host.Admin.ProjectAsync();
        await host.Stranger.ProjectAsync();
        await host.Admin.ProjectAsync();

        var told = await mine.ChangesAsync(2);
        told.Select(Position).ShouldBe([mine.Welcome + 1, mine.Welcome + 2]);
        Position((await theirs.ChangesAsync(1))[0]).ShouldBe(theirs.Welcome + 1);
        (await theirs.CallAsync("Since", 0))["result"]!.AsArray().Select(c => c!["id"]!.GetValue<string>()).Intersect(told.Select(c => c["id"]!.GetValue<string>())).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_client_that_was_away_is_told_what_it_missed()
    {
        long seen;
        await using (var client = await host.ConnectAsync())
        {
            await host.Admin.ProjectAsync();
            seen = Position((await client.ChangesAsync(1))[0]);
        }

        await host.Admin.InDiscoveryAsync();
        await using var again = await host.ConnectAsync();
        await host.Admin.ProjectAsync();
        var next = Position((await again.ChangesAsync(1 + (int)(seen + 3 - again.Welcome)))[^1]); // it may have come before the last ones were told
        next.ShouldBe(seen + 4);
        (await again.CallAsync("Since", seen))["result"]!.AsArray().Select(c => Position(c!)).ShouldBe([seen + 1, seen + 2, seen + 3, seen + 4]);
        (await again.CallAsync("Since", next))["result"]!.AsArray().ShouldBeEmpty();
        (await again.CallAsync("Since", "first"))["error"].ShouldNotBeNull();
        (await again.CallAsync("Since", long.MinValue))["result"]!.AsArray().Count.ShouldBePositive();
    }

    [Fact]
    public async Task Who_is_not_signed_in_is_refused()
    {
        foreach (var query in new[] { "", "?access_token=", "?access_token=crm_nonsense", "?access_token=nonsense" })
        {
            (await Should.ThrowAsync<WebSocketException>(() => HubClient.OpenAsync(host.Address, query))).Message.ShouldContain("401");
        }
    }

    [Fact]
    public async Task A_token_in_the_address_is_taken_on_the_hubs_path_alone()
    {
        var key = await host.KeyAsync(host.Workspace, "admin");
        (await host.As(null).GetAsync($"/api/v1/events?access_token={key}")).ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthorized");
        (await host.As(null).GetAsync($"/hubs/changesX?access_token={key}")).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task A_browsers_cookie_listens_from_pages_of_the_same_origin_alone()
    {
        var member = await host.MemberAsync();
        using var response = await host.As(null).Client.PostAsync("/api/v1/sign-in?cookie=true", Api.Json(new { email = member.Email, password = Members.Password }));
        var cookie = ("Cookie", response.Headers.GetValues("Set-Cookie").Single().Split(';')[0]);
        await using (await HubClient.OpenAsync(host.Address, "", cookie, ("Origin", host.Address.GetLeftPart(UriPartial.Authority))))
        {
        }

        foreach (var origin in new[] { "https://evil.test", "null" })
        {
            (await Should.ThrowAsync<WebSocketException>(() => HubClient.OpenAsync(host.Address, "", cookie, ("Origin", origin)))).Message.ShouldContain("403");
        }
    }

    [Theory]
    [InlineData(ApiKeyScopes.Read, true)]
    [InlineData(ApiKeyScopes.Write, false)]
    public async Task Listening_is_reading(string scope, bool may)
    {
        var key = await host.KeyAsync(host.Workspace, "admin");
        var id = ApiKeyText.Parse(key)!.Id;
        await host.ChangeAsync(host.Workspace, db => db.Entry(db.ApiKeys.Single(k => k.Id == id)).Property(k => k.Scopes).CurrentValue = [scope]);
        (await host.As(key).PostAsync("/hubs/changes/negotiate?negotiateVersion=1", "")).Status.ShouldBe(may ? HttpStatusCode.OK : HttpStatusCode.Forbidden);
        if (may) await (await HubClient.ConnectAsync(host.Address, key)).DisposeAsync();
        else (await Should.ThrowAsync<WebSocketException>(() => HubClient.ConnectAsync(host.Address, key))).Message.ShouldContain("403");
    }

    [Fact]
    public async Task What_another_host_changed_is_told_here()
    {
        var (database, app) = await CrmHost.StartAsync(host.Application);
        await using (database)
        await using (app)
        {
            await using var client = await host.ConnectAsync();
            using var http = new HttpClient { BaseAddress = new(app.Urls.First()) };
            await new Api(http, await host.KeyAsync(host.Workspace, "admin")).ProjectAsync();
            Position((await client.ChangesAsync(1))[0]).ShouldBe(client.Welcome + 1);
        }
    }

    [Fact]
    public async Task A_signal_that_never_came_is_made_up_for()
    {
        await using var client = await host.ConnectAsync();
        await host.TellAsync(client.Welcome + 1, 1, signal: false);
        Position((await client.ChangesAsync(1))[0]).ShouldBe(client.Welcome + 1);
    }

    [Fact]
    public async Task When_the_database_hangs_up_on_the_listener_it_listens_again()
    {
        await using var client = await host.ConnectAsync();
        (await host.AskAsync("select count(*) filter (where pg_terminate_backend(pid)) from pg_stat_activity where query = 'listen wfm_feed'")).ShouldBePositive();
        await host.Admin.ProjectAsync();
        Position((await client.ChangesAsync(1))[0]).ShouldBe(client.Welcome + 1);
        await host.UntilAsync("select count(*) from pg_stat_activity where query = 'listen wfm_feed'");
    }

    [Fact]
    public async Task A_connection_ends_with_its_lease_and_one_that_was_taken_back_does_not_come_again()
    {
        var key = await host.KeyAsync(host.Workspace, "admin");
        var (database, app) = await CrmHost.StartAsync(host.Application, builder => builder.Services.Configure<RealtimeOptions>(o => o.Lease = TimeSpan.FromSeconds(1)));
        await using (database)
        await using (app)
        {
            await using var client = await HubClient.ConnectAsync(new(app.Urls.First()), key);
            var id = ApiKeyText.Parse(key)!.Id;
            await host.ChangeAsync(host.Workspace, db => db.ApiKeys.Single(k => k.Id == id).RevokedAt = DateTimeOffset.UnixEpoch);
            (await client.HungUpAsync()).ShouldBeTrue();
        }

        (await Should.ThrowAsync<WebSocketException>(() => HubClient.ConnectAsync(host.Address, key))).Message.ShouldContain("401");
    }

    [Fact]
    public async Task However_many_listen_a_change_is_read_once()
    {
        const int Clients = 20, Changes = 10;
        using var reads = new FeedReads();
        var (database, app) = await CrmHost.StartAsync(host.Application, builder =>
        {
            builder.Services.Configure<RealtimeOptions>(o => o.Interval = TimeSpan.FromHours(1));
            builder.Logging.AddProvider(reads).AddFilter<FeedReads>("Microsoft.EntityFrameworkCore", LogLevel.Information);
        });
        await using (database)
        await using (app)
        {
            var clients = await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => host.ConnectAsync(new(app.Urls.First()))));
            var before = reads.Count;
            for (var i = 0; i < Changes; i++)
            {
                await host.Admin.ProjectAsync();
                foreach (var client in clients) await client.ChangesAsync(1);
            }

            (reads.Count - before).ShouldBeInRange(Changes, Changes + 1); // a signal may have been on its way
            foreach (var client in clients) await client.DisposeAsync();
        }
    }

    [Fact]
    public async Task Nobody_waits_for_a_client_that_does_not_read()
    {
        const int Rounds = 20, Round = 2000; // 10 MB, more than all buffers on the way hold
        await using var slow = await host.ConnectAsync();
        await using var fast = await host.ConnectAsync();
        for (var round = 0; round < Rounds; round++)
        {
            await host.TellAsync(fast.Welcome + round * Round + 1, Round);
            (await fast.ChangesAsync(Round)).Select(Position).ShouldBe(Enumerable.Range(1, Round).Select(i => fast.Welcome + round * Round + i));
        }

        // By now it was hung up on, or left behind: then it can tell by the gap.
        var told = await slow.AllAsync(until: change => Position(change) == fast.Welcome + Rounds * Round);
        told.Count.ShouldBeInRange(1, Rounds * Round - 1);
        told.Select(Position).ShouldBeInOrder(SortDirection.Ascending);
    }

    private static long Position(JsonNode change) => change["position"]!.GetValue<long>();
}
