using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Crm.Wfm.Bundles;
using Crm.Wfm.Events;
using Crm.Wfm.Flows.Activities;
using Crm.Wfm.Flows.Persistence;
using Crm.Wfm.Persistence;
using Crm.Wfm.Rules;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using StandardWebhooks;

namespace Crm.Wfm.Flows.Tests.Outside;

/// <summary>A host with two secrets, one of them another workspace's.</summary>
public sealed class WebhookDesk : OutsideDesk
{
    public const string Key = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    public const string OldKey = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwd";

    protected override void Register(IServiceCollection services)
    {
        base.Register(services);
        services.Configure<WebhookOptions>(o =>
        {
            o.Secrets["shop"] = new() { Key = $"{Key} {OldKey}" };
            o.Secrets["theirs"] = new() { Key = Key, Workspace = new("00000000-0000-0000-0000-00000000dead") };
        });
    }

    /// <summary>Tells so many events, numbered.</summary>
    public async Task TellManyAsync(Guid workspace, int count)
    {
        foreach (var numbers in Enumerable.Range(0, count).Chunk(500))
        {
            await using var scope = Scope(workspace);
            await using var transaction = await scope.ServiceProvider.GetRequiredService<DeskContext>().Database.BeginWorkspaceAsync(workspace);
            NewEvent[] events = [.. numbers.Select(n => new NewEvent(Type, new("ticket", Guid.CreateVersion7(Clock.Now)), Value.Parse($$"""{"n": {{n}}}""")))];
            await scope.ServiceProvider.GetRequiredService<EventEmitter>().EmitAsync(events, Ann, Clock.Now, null, default);
            await transaction.CommitAsync();
        }
    }
}

public sealed class SendWebhookTests(WebhookDesk desk) : IClassFixture<WebhookDesk>
{
    [Fact]
    public async Task A_webhook_is_signed_as_Standard_Webhooks_says()
    {
        var seen = new ConcurrentQueue<(string Body, HeaderDictionary Headers)>();
        await using var sink = await SinkAsync(seen, _ => 204);
        var workspace = await desk.RunAsync(Chart.Line(OutsideDesk.Type, Hook(sink.Url)), """{"total": 9}""");

        (await desk.RunsAsync(workspace)).ShouldBe(["outside finished"]);
        var (body, headers) = seen.Single();
        var told = JsonNode.Parse(body)!;
        told["type"]!.GetValue<string>().ShouldBe(OutsideDesk.Type);
        told["data"]!.ToJsonString().ShouldBe("""{"total":9}""");
        told["timestamp"].ShouldNotBeNull();
        var signatures = headers["webhook-signature"].ToString().Split(' ');
        var at = DateTimeOffset.FromUnixTimeSeconds(long.Parse(headers["webhook-timestamp"].ToString(), System.Globalization.CultureInfo.InvariantCulture));
        at.ToUnixTimeSeconds().ShouldBe(desk.Clock.Now.ToUnixTimeSeconds());
        signatures.ShouldBe([new StandardWebhook(WebhookDesk.Key).Sign(headers["webhook-id"].ToString(), at, body), new StandardWebhook(WebhookDesk.OldKey).Sign(headers["webhook-id"].ToString(), at, body)]);
        (await desk.OutputsAsync(workspace, "hook"))["webhookId"].AsText.ShouldBe(headers["webhook-id"].ToString());
        (await desk.AskAsync<long>($"select count(*) from {RunStore.Bursts} b where workspace_id = $1 and entries like '%whsec_%'", workspace)).ShouldBe(0, "the key is nowhere");
    }

    [Fact]
    public void The_signature_is_that_of_the_specifications_example()
    {
        var headers = SendWebhook.Signed("msg_p5jXN8AQM9LWM0D4loKWxJek", DateTimeOffset.FromUnixTimeSeconds(1614265330), """{"test": 2432232314}"""u8, new WebhookSecret { Key = WebhookDesk.Key }.Keys);
        headers.Single(h => h.Key == "webhook-signature").Value.ShouldBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    [Fact]
    public async Task Every_try_carries_the_same_id_and_the_same_body()
    {
        var seen = new ConcurrentQueue<(string Body, HeaderDictionary Headers)>();
        await using var sink = await SinkAsync(seen, n => n < 3 ? 500 : 200);
        var workspace = await desk.RunAsync(Chart.Line(OutsideDesk.Type, Hook(sink.Url)), tries: 3);
        for (var i = 0; i < 2; i++)
        {
            desk.Clock.Now += TimeSpan.FromMinutes(1);
            await desk.RunAsync();
        }

        (await desk.RunsAsync(workspace)).ShouldBe(["outside finished"]);
        seen.Count.ShouldBe(3);
        seen.Select(s => s.Headers["webhook-id"].ToString()).Distinct().Count().ShouldBe(1);
        seen.Select(s => s.Body).Distinct().Count().ShouldBe(1);
        seen.Select(s => s.Headers["webhook-timestamp"].ToString()).Distinct().Count().ShouldBe(3, "the time is the try's");
    }

    [Theory]
    [InlineData(410, "wants no more of these")]
    [InlineData(302, "answered 302")]
    public async Task What_is_not_accepted_fails(int status, string why)
    {
        await using var sink = await SinkAsync([], _ => status);
        var workspace = await desk.RunAsync(Chart.Line(OutsideDesk.Type, Hook(sink.Url)));
        (await desk.ErrorAsync(workspace)).ShouldContain(why);
    }

    [Theory]
    [InlineData("theirs")]
    [InlineData("nobodys")]
    public async Task A_secret_of_another_workspace_is_none(string name)
    {
        var seen = new ConcurrentQueue<(string Body, HeaderDictionary Headers)>();
        await using var sink = await SinkAsync(seen, _ => 200);
        var workspace = await desk.RunAsync(Chart.Line(OutsideDesk.Type, Hook(sink.Url, name)), tries: 3);
        (await desk.ErrorAsync(workspace)).ShouldContain($"there is no webhook secret '{name}'");
        seen.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_secret_itself_in_a_flow_is_refused()
    {
        var result = await desk.PublishAsync(await desk.WorkspaceAsync(), ("hook", FlowDesk.On(OutsideDesk.Type, Chart.Line(OutsideDesk.Type, Hook("https://shop.example", WebhookDesk.Key)))));
        result.ShouldBeOfType<PublishResult.Faulty>().Faults.Select(f => $"{f.Pointer} {f.Key}").ShouldBe(["/automations/hook/flow/root/activities/1/secret value"]);
    }

    /// <summary>The count is raised by CRM_WEBHOOKS: 10,000 take minutes.</summary>
    [Fact]
    public async Task A_sink_that_fails_three_times_in_ten_is_told_everything_and_duplicates_carry_their_id()
    {
        var count = int.TryParse(Environment.GetEnvironmentVariable("CRM_WEBHOOKS"), out var asked) ? asked : 300;
        var (calls, accepted, random) = (new ConcurrentDictionary<string, string>(), new ConcurrentDictionary<string, string>(), new Random(7));
        var arrived = 0;
        await using var sink = await Loopback.StartAsync(async http =>
        {
            using var reader = new StreamReader(http.Request.Body);
            var (id, n) = (http.Request.Headers["webhook-id"].ToString(), JsonNode.Parse(await reader.ReadToEndAsync())!["data"]!["n"]!.ToJsonString());
            Interlocked.Increment(ref arrived);
            calls.GetOrAdd(id, n).ShouldBe(n);
            double luck;
            lock (random) luck = random.NextDouble();
            // A tenth is accepted and said to have failed: what comes again is a duplicate.
            if (luck >= 0.2) accepted.TryAdd(id, n);
            if (luck < 0.3) http.Response.StatusCode = 503;
        });
        var workspace = await desk.WorkspaceAsync(("hook", FlowDesk.On(OutsideDesk.Type, Chart.Line(OutsideDesk.Type, Hook(sink.Url)), ("retry", new JsonObject { ["max"] = 30, ["backoff"] = "fixed", ["initial"] = "PT1S" }))));
        await desk.TellManyAsync(workspace, count);
        await desk.PumpAsync();
        for (var round = 0; round < 40 && await desk.AskAsync<long>("select count(*) from wfm_flows.run where workspace_id = $1 and finished_at is null", workspace) > 0; round++)
        {
            await desk.RunAsync();
            desk.Clock.Now += TimeSpan.FromSeconds(1);
        }

        (await desk.AskAsync<long>("select count(*) from wfm_flows.run where workspace_id = $1 and status = 'finished'", workspace)).ShouldBe(count);
        accepted.Count.ShouldBe(count);
        accepted.Values.Distinct().Count().ShouldBe(count);
        arrived.ShouldBeGreaterThan(count);
    }

    private static async Task<Loopback> SinkAsync(ConcurrentQueue<(string Body, HeaderDictionary Headers)> seen, Func<int, int> status) => await Loopback.StartAsync(async http =>
    {
        using var reader = new StreamReader(http.Request.Body);
        seen.Enqueue((await reader.ReadToEndAsync(), new HeaderDictionary(http.Request.Headers.ToDictionary())));
        http.Response.StatusCode = status(seen.Count);
    });

    private static JsonObject Hook(string url, string secret = "shop") => Chart.Activity("hook", "Wfm.SendWebhook", ("url", Chart.Literal($"{url}/hooks")), ("secret", Chart.Literal(secret)));
}
