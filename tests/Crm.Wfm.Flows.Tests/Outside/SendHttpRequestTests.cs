using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Crm.Wfm.Flows.Activities;
using Crm.Wfm.Flows.Running;
using Crm.Wfm.Rules;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Crm.Wfm.Flows.Tests.Outside;

public sealed class SendHttpRequestTests(OutsideDesk desk) : IClassFixture<OutsideDesk>
{
    [Fact]
    public async Task A_request_carries_what_the_flow_says_and_gives_out_what_was_answered()
    {
        var seen = new ConcurrentQueue<string>();
        await using var server = await Loopback.StartAsync(async http =>
        {
            using var reader = new StreamReader(http.Request.Body);
            foreach (var header in new[] { "Authorization", "X-Shop", "Idempotency-Key", "traceparent" }) seen.Enqueue(http.Request.Headers[header].ToString());
            seen.Enqueue($"{http.Request.Method} {http.Request.Path}{http.Request.QueryString} {http.Request.ContentType} {await reader.ReadToEndAsync()}");
            http.Response.Headers["X-Answer"] = "yes";
            http.Response.StatusCode = 201;
            await http.Response.WriteAsJsonAsync(new { number = 7, lines = new[] { "a" } });
        });
        var workspace = await desk.RunAsync(Chart.Line(OutsideDesk.Type, Send("send", $"{server.Url}/orders?a=b", ("method", Chart.Literal("POST")), ("content", Chart.Logic("""{"var": "event.data"}""")),
            ("authorization", Chart.Literal("Bearer secret")), ("requestHeaders", Chart.Input("Object", """{"X-Shop": "north"}""")))), """{"total": 9.5}""");

        (await desk.RunsAsync(workspace)).ShouldBe(["outside finished"]);
        var run = await desk.AskAsync<Guid>("select id from wfm_flows.run where workspace_id = $1", workspace);
        var correlation = await desk.AskAsync<Guid>("select correlation_id from wfm.event where workspace_id = $1", workspace);
        var told = seen.ToArray();
        told[0].ShouldBe("Bearer secret");
        told[1].ShouldBe("north");
        told[2].ShouldStartWith($"{run:N}-");
        told[3].ShouldStartWith($"00-{correlation:N}-");
        told[4].ShouldBe("""POST /orders?a=b application/json; charset=utf-8 {"total":9.5}""");
        var outputs = await desk.OutputsAsync(workspace, "send");
        outputs["statusCode"].ShouldBe(Value.From(201));
        outputs["parsedContent"].ToString().ShouldBe("""{"lines":["a"],"number":7}""");
        outputs["responseHeaders"]["X-Answer"].ToString().ShouldBe("""["yes"]""");
        (await desk.EntriesAsync(workspace)).Single(e => e.Name == "send").Inputs["authorization"].AsText.ShouldBe("***", "the journal shows no secrets");
    }

    [Fact]
    public async Task A_request_goes_on_with_the_trace_of_whoever_told_the_event()
    {
        var seen = new ConcurrentQueue<string>();
        await using var server = await Loopback.StartAsync(http =>
        {
            seen.Enqueue(http.Request.Headers["traceparent"].ToString());
            return Task.CompletedTask;
        });
        var workspace = await desk.WorkspaceAsync(("outside", FlowDesk.On(OutsideDesk.Type, Chart.Line(OutsideDesk.Type, Send("send", server.Url)))));
        string trace;
        using (var telling = new Activity("telling").SetIdFormat(ActivityIdFormat.W3C).Start())
        {
            trace = telling.TraceId.ToHexString();
            await desk.TellAsync(workspace, OutsideDesk.Type);
        }

        await desk.PumpAsync();
        await desk.RunAsync();
        seen.Single().ShouldStartWith($"00-{trace}-");
    }

    [Theory]
    [InlineData(200, "send 200,Done", "fine")]
    [InlineData(404, "send 404,Done", "gone")]
    [InlineData(500, "send Unmatched status code,Done", "other")]
    public async Task A_status_code_goes_its_own_way(int status, string outcomes, string next)
    {
        await using var server = await Loopback.StartAsync(Answer(status));
        var workspace = await desk.RunAsync(Chart.Flow(
            [Chart.Event("event", OutsideDesk.Type), Send("send", server.Url, ("expectedStatusCodes", Chart.Input("Object", "[200, 404]"))), Chart.WriteLine("fine"), Chart.WriteLine("gone"), Chart.WriteLine("other")],
            "event>send", "send:200>fine", "send:404>gone", "send:Unmatched status code>other"));

        var journal = await desk.JournalAsync(workspace);
        journal.ShouldContain(outcomes);
        journal.ShouldContain($"{next} Done");
        journal.Count.ShouldBe(3);
    }

    [Theory]
    [InlineData(200, "fine")]
    [InlineData(404, "other")]
    public async Task A_request_runs_what_lies_in_it_for_its_answer(int status, string runs)
    {
        await using var server = await Loopback.StartAsync(Answer(status));
        var send = Send("send", server.Url, ("expectedStatusCodes", new JsonArray(new JsonObject { ["statusCode"] = 200, ["activity"] = Chart.WriteLine("fine") })), ("unmatchedStatusCode", Chart.WriteLine("other")));
        send["type"] = "Elsa.SendHttpRequest";
        var workspace = await desk.RunAsync(Chart.Line(OutsideDesk.Type, send, Chart.WriteLine("after")));

        (await desk.JournalAsync(workspace)).Where(e => e.EndsWith("Done", StringComparison.Ordinal) && !e.StartsWith("event", StringComparison.Ordinal)).ShouldBe([$"{runs} Done", "send Done", "after Done"]);
        (await desk.OutputsAsync(workspace, "send"))["statusCode"].ShouldBe(Value.From(status));
    }

    [Fact]
    public async Task A_host_nobody_listens_at_goes_the_way_drawn_for_it()
    {
        var nobody = await Loopback.NobodyAsync();
        var workspace = await desk.RunAsync(Chart.Flow([Chart.Event("event", OutsideDesk.Type), Send("send", nobody), Chart.WriteLine("closed")], "event>send", "send:Failed to connect>closed"), tries: 3);

        (await desk.JournalAsync(workspace)).ShouldBe(["event Done", "send Failed to connect", "closed Done"]);
    }

    [Fact]
    public async Task Where_no_way_is_drawn_it_is_tried_again_and_given_up_with_the_reason()
    {
        var nobody = await Loopback.NobodyAsync();
        var workspace = await desk.RunAsync(Chart.Line(OutsideDesk.Type, Send("send", nobody)), tries: 1);

        (await desk.RunsAsync(workspace)).ShouldBe(["outside suspended"]);
        desk.Clock.Now += TimeSpan.FromMinutes(1);
        await desk.RunAsync();
        (await desk.RunsAsync(workspace)).ShouldBe(["outside faulted"]);
        (await desk.ErrorAsync(workspace)).ShouldContain($"there is no connection to {new Uri(nobody).Authority}");
    }

    [Fact]
    public async Task A_request_that_takes_too_long_goes_by_Timeout()
    {
        await using var server = await Loopback.StartAsync(http => Task.Delay(Timeout.Infinite, http.RequestAborted));
        var send = Send("send", server.Url);
        send["customProperties"]!["timeout"] = "PT0.2S";
        var workspace = await desk.RunAsync(Chart.Flow([Chart.Event("event", OutsideDesk.Type), send, Chart.WriteLine("late")], "event>send", "send:Timeout>late"));

        (await desk.JournalAsync(workspace)).ShouldBe(["event Done", "send Timeout", "late Done"]);
    }

    [Fact]
    public async Task What_the_activity_says_of_tries_comes_before_its_ports()
    {
        var answers = 0;
        await using var server = await Loopback.StartAsync(http =>
        {
            http.Response.StatusCode = Interlocked.Increment(ref answers) == 1 ? 503 : 200;
            return Task.CompletedTask;
        });
        var send = Send("send", server.Url);
        send["customProperties"]!["retry"] = new JsonObject { ["max"] = 2, ["backoff"] = "fixed", ["initial"] = "PT1M" };
        var workspace = await desk.RunAsync(Chart.Line(OutsideDesk.Type, send));

        (await desk.RunsAsync(workspace)).ShouldBe(["outside suspended"]);
        desk.Clock.Now += TimeSpan.FromMinutes(1);
        await desk.RunAsync();
        (await desk.JournalAsync(workspace)).ShouldBe(["event Done", "send retrying", "send Done"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_answer_too_large_is_refused_in_words_and_not_asked_for_again(bool saysSo)
    {
        var asked = 0;
        await using var server = await Loopback.StartAsync(async http =>
        {
            Interlocked.Increment(ref asked);
            const int Total = 100_000_000;
            if (saysSo) http.Response.ContentLength = Total;
            var part = new byte[64 * 1024];
            for (var sent = 0; sent < Total && !http.RequestAborted.IsCancellationRequested; sent += part.Length) await http.Response.Body.WriteAsync(part.AsMemory(0, Math.Min(part.Length, Total - sent)), http.RequestAborted);
        });
        var workspace = await desk.RunAsync(Chart.Line(OutsideDesk.Type, Send("send", server.Url)), tries: 3);

        (await desk.ErrorAsync(workspace)).ShouldEndWith("the answer of 127.0.0.1 is larger than 10000 bytes (Wfm:Flows:Outside:MaxAnswer)");
        asked.ShouldBe(1);
    }

    [Theory]
    [InlineData("http://127.0.0.2:{0}/")]
    [InlineData("http://[::1]:{0}/")]
    [InlineData("http://169.254.169.254/latest/meta-data/")]
    [InlineData("http://0.0.0.0:{0}/")]
    [InlineData("http://[::ffff:127.0.0.2]:{0}/")]
    public async Task An_address_that_is_not_public_is_refused_unless_it_is_allowed(string url)
    {
        await using var server = await Loopback.StartAsync(Answer(200));
        var workspace = await desk.RunAsync(Chart.Line(OutsideDesk.Type, Send("send", url.Replace("{0}", $"{new Uri(server.Url).Port}", StringComparison.Ordinal))), tries: 3);

        (await desk.RunsAsync(workspace)).ShouldBe(["outside faulted"]);
        (await desk.ErrorAsync(workspace)).ShouldContain("where flows may not connect to");
    }

    [Fact]
    public async Task A_redirect_gets_no_further_than_any_other_request()
    {
        await using var server = await Loopback.StartAsync(http =>
        {
            http.Response.Redirect("http://127.0.0.2:80/inner");
            return Task.CompletedTask;
        });
        var workspace = await desk.RunAsync(Chart.Line(OutsideDesk.Type, Send("send", server.Url)));

        (await desk.ErrorAsync(workspace)).ShouldContain("127.0.0.2 leads to 127.0.0.2, where flows may not connect to");
    }

    [Fact]
    public async Task A_redirect_to_another_origin_takes_no_headers_along()
    {
        var seen = new ConcurrentQueue<string>();
        await using var other = await Loopback.StartAsync(http =>
        {
            seen.Enqueue($"{http.Request.Headers.Authorization}{http.Request.Headers["X-Key"]}");
            return Task.CompletedTask;
        });
        await using var first = await Loopback.StartAsync(http =>
        {
            seen.Enqueue($"{http.Request.Headers.Authorization}{http.Request.Headers["X-Key"]}");
            http.Response.Redirect(http.Request.Path == "/again" ? other.Url : "/again");
            return Task.CompletedTask;
        });
        var workspace = await desk.RunAsync(Chart.Line(OutsideDesk.Type, Send("send", first.Url, ("authorization", Chart.Literal("Bearer s")), ("requestHeaders", Chart.Input("Object", """{"X-Key": "k"}""")))));

        (await desk.RunsAsync(workspace)).ShouldBe(["outside finished"]);
        seen.ToArray().ShouldBe(["Bearer sk", "Bearer sk", ""]);
    }

    [Fact]
    public async Task While_one_host_calls_no_other_does_and_one_that_is_given_up_has_it_called_again_with_the_same_key()
    {
        var (keys, arrived, answer) = (new ConcurrentQueue<string>(), new TaskCompletionSource(), new TaskCompletionSource());
        await using var server = await Loopback.StartAsync(async http =>
        {
            keys.Enqueue(http.Request.Headers["Idempotency-Key"].ToString());
            if (keys.Count > 1) return;
            arrived.SetResult();
            await answer.Task;
        });
        var workspace = await CalledAsync(server);
        var hanging = desk.Runner.RunOnceAsync(default);
        await arrived.Task;

        await using var another = desk.Host();
        (await another.GetRequiredService<FlowRunner>().RunOnceAsync(default)).ShouldBe(0);
        await desk.AskAsync<long>("with over as (update wfm_flows.run set leased_until = clock_timestamp() - interval '1 s' where workspace_id = $1 returning 1) select count(*) from over", workspace);
        (await another.GetRequiredService<FlowRunner>().RunOnceAsync(default)).ShouldBe(1);
        answer.SetResult();
        await hanging;

        (await desk.RunsAsync(workspace)).ShouldBe(["outside finished"]);
        (await desk.JournalAsync(workspace)).ShouldBe(["event Done", "send Done"], "whoever was given up writes nothing");
        keys.Count.ShouldBe(2);
        keys.Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task A_host_that_stops_leaves_its_calls_to_the_others_at_once()
    {
        var (calls, arrived) = (0, new TaskCompletionSource());
        await using var server = await Loopback.StartAsync(async http =>
        {
            if (Interlocked.Increment(ref calls) > 1) return;
            arrived.SetResult();
            await Task.Delay(Timeout.Infinite, http.RequestAborted);
        });
        var workspace = await CalledAsync(server);
        using var stop = new CancellationTokenSource();
        var stopping = desk.Runner.RunOnceAsync(stop.Token);
        await arrived.Task;
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(stopping);

        (await desk.Runner.RunOnceAsync(default)).ShouldBe(1);
        (await desk.RunsAsync(workspace)).ShouldBe(["outside finished"]);
        calls.ShouldBe(2);
    }

    private async Task<Guid> CalledAsync(Loopback server)
    {
        var workspace = await desk.WorkspaceAsync(("outside", FlowDesk.On(OutsideDesk.Type, Chart.Line(OutsideDesk.Type, Send("send", server.Url, ("method", Chart.Literal("POST")))))));
        await desk.TellAsync(workspace, OutsideDesk.Type);
        await desk.PumpAsync();
        return workspace;
    }

    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("172.32.0.1", true)]
    [InlineData("2606:4700::1", true)]
    [InlineData("127.0.0.1", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("192.168.0.1", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::", false)]
    [InlineData("::1", false)]
    [InlineData("fd00::1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("64:ff9b::a00:1", false)]
    [InlineData("64:ff9b::808:808", true)]
    [InlineData("2002:7f00:1::1", false)]
    public void Public_addresses_are_told_from_those_within(string address, bool isPublic) => OutsideAddresses.IsPublic(System.Net.IPAddress.Parse(address)).ShouldBe(isPublic);

    internal static JsonObject Send(string id, string url, params (string Name, JsonNode? Value)[] members) => Chart.Activity(id, "Elsa.FlowSendHttpRequest", [("url", Chart.Literal(url)), .. members]);

    private static RequestDelegate Answer(int status) => http =>
    {
        http.Response.StatusCode = status;
        return Task.CompletedTask;
    };
}
