using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Npgsql;

namespace Crm.Host.Tests.Http;

public sealed class EventTests(CrmHost host) : IClassFixture<CrmHost>
{
    [Fact]
    public async Task The_feed_is_read_from_a_position_on_without_gaps_and_without_repeats()
    {
        var before = await HeadAsync();
        var project = await host.Admin.InDiscoveryAsync();
        var head = await HeadAsync();
        var feed = (await host.Admin.GetAsync($"/api/v1/events?after={before}&limit=200")).Items;

        feed.Select(Position).ShouldBe(Enumerable.Range(1, (int)(head - before)).Select(i => before + i));
        feed.Where(e => e["data"]!["project"]?.GetValue<string>() == project).Select(e => e["data"]!["version"]!.GetValue<int>()).ShouldBe([1, 2, 3]);
        feed.Select(e => e["sequence"]!.GetValue<string>()).ShouldAllBe(s => s.Length == 19);
        (await host.Admin.GetAsync($"/api/v1/events?after={head}")).Items.ShouldBeEmpty();
        (await host.Admin.GetAsync($"/api/v1/events?after={before}&type=wfm.project.started&limit=1")).Items.ShouldHaveSingleItem()["data"]!["version"]!.GetValue<int>().ShouldBe(1);
    }

    [Fact]
    public async Task An_event_is_shown_by_its_id_in_its_own_workspace_alone()
    {
        await host.Admin.ProjectAsync();
        var listed = (await host.Admin.GetAsync("/api/v1/events?type=wfm.project.started&limit=1")).Items.Single();
        var shown = await host.Admin.GetAsync($"/api/v1/events/{listed["id"]}");
        shown.Status.ShouldBe(HttpStatusCode.OK);
        shown["data"].ToJsonString().ShouldBe(listed["data"]!.ToJsonString());
        (await host.Stranger.GetAsync($"/api/v1/events/{listed["id"]}")).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        (await host.Admin.GetAsync($"/api/v1/events/{Guid.Empty}")).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
    }

    [Theory]
    [InlineData("before=1&after=1")]
    [InlineData("after=first")]
    [InlineData("after=99999999999999999999")]
    [InlineData("after=1&limit=0")]
    public async Task A_wrong_position_is_told(string query) => (await host.Admin.GetAsync($"/api/v1/events?{query}")).Status.ShouldBe(HttpStatusCode.BadRequest);

    [Fact]
    public async Task Parked_events_are_listed_and_tried_again_by_the_role_that_may()
    {
        await host.Admin.ProjectAsync();
        var position = await HeadAsync();
        await AskAsync("insert into wfm.parked_event select $1, $2, c, 10, 'wrong', null from unnest(array['mail', 'nobody', 'webhooks']) c", host.Workspace, position);

        var first = await host.Admin.GetAsync("/api/v1/events/parked?limit=2");
        var rest = await host.Admin.GetAsync($"/api/v1/events/parked?limit=2&after={Uri.EscapeDataString(first["next"].GetValue<string>())}");
        first.Items.Concat(rest.Items).Select(i => (i["consumer"]!.GetValue<string>(), i["attempts"]!.GetValue<int>(), i["error"]!.GetValue<string>(), Position(i["event"]!)))
            .ShouldBe([("mail", 10, "wrong", position), ("nobody", 10, "wrong", position), ("webhooks", 10, "wrong", position)]);
        rest.Json["next"].ShouldBeNull();
        (await host.Stranger.GetAsync("/api/v1/events/parked")).Items.ShouldBeEmpty();
        (await host.Rep.GetAsync("/api/v1/events/parked")).ShouldBeProblem(HttpStatusCode.Forbidden, "not-allowed");
        (await host.Admin.GetAsync("/api/v1/events/parked?after=x")).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid");

        const string Retries = "/api/v1/events/parked/retries";
        (await host.Rep.PostAsync(Retries, new { })).ShouldBeProblem(HttpStatusCode.Forbidden, "not-allowed");
        (await host.Stranger.PostAsync(Retries, new { }))["count"].GetValue<int>().ShouldBe(0);
        (await host.Admin.PostAsync(Retries, new { consumer = "mail" }))["count"].GetValue<int>().ShouldBe(1);
        (await host.Admin.PostAsync(Retries, new { @event = Guid.Empty }))["count"].GetValue<int>().ShouldBe(0);
        (await host.Admin.PostAsync(Retries, new { consumer = "nobody", @event = first.Items[0]["event"]!["id"]!.GetValue<string>() }))["count"].GetValue<int>().ShouldBe(1);
        (await host.Admin.GetAsync("/api/v1/events/parked")).Items.Select(i => (i["attempts"]!.GetValue<int>(), i["nextAt"] is null)).ShouldBe([(0, false), (0, false), (10, true)]);
        (await host.Admin.PostAsync(Retries, new { }, ("Idempotency-Key", "all")))["count"].GetValue<int>().ShouldBe(3);
    }

    private static long Position(JsonNode e) => long.Parse(e["sequence"]!.GetValue<string>(), CultureInfo.InvariantCulture);

    /// <summary>Waits until the host's own pump has told of everything, and says where the workspace's feed is then.</summary>
    private async Task<long> HeadAsync()
    {
        var since = Stopwatch.GetTimestamp();
        while (await AskAsync("select count(*) from wfm.outbox") > 0) Stopwatch.GetElapsedTime(since).ShouldBeLessThan(TimeSpan.FromSeconds(30));
        return await AskAsync("select coalesce(max(position), 0) from wfm.feed where workspace_id = $1", host.Workspace);
    }

    private async Task<long> AskAsync(string sql, params object[] parameters)
    {
        await using var owner = NpgsqlDataSource.Create(host.Owner);
        await using var command = owner.CreateCommand(sql);
        foreach (var parameter in parameters) command.Parameters.Add(new() { Value = parameter });
        return await command.ExecuteScalarAsync() is long number ? number : 0;
    }
}
