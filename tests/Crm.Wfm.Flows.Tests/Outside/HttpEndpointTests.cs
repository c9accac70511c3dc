using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Crm.Wfm.Flows.Tests.Outside;

public sealed class HttpEndpointTests(WebDesk desk) : IClassFixture<WebDesk>
{
    [Fact]
    public async Task A_request_starts_the_flow_at_its_path_and_is_answered_by_it()
    {
        var content = Chart.Logic("""{"cat": [{"var": "outputs.request.routeData.name"}, " ", {"var": "outputs.request.queryStringData.q"}, " ", {"var": "outputs.request.parsedContent.n"}, " ", {"var": "outputs.request.headers.x-shop"}]}""");
        var workspace = await desk.WithAsync(WebDesk.Line("hello/{name}", ["POST"], WebDesk.Respond("answer", content, ("statusCode", Chart.Literal("Created")), ("responseHeaders", Chart.Input("Object", """{"X-Answer": "yes"}""")))));

        using var answer = await desk.SendAsync(workspace, "POST", "Hello/Ann?q=1", """{"n": 3}""", ("X-Shop", "north"), ("Authorization", "Bearer secret"));
        ((int)answer.StatusCode).ShouldBe(201);
        (await answer.Content.ReadAsStringAsync()).ShouldBe("Ann 1 3 north");
        answer.Content.Headers.ContentType!.ToString().ShouldBe("text/plain; charset=utf-8");
        answer.Headers.GetValues("X-Answer").ShouldBe(["yes"]);
        answer.Headers.GetValues("Content-Security-Policy").ShouldBe(["sandbox"], "a flow's page is not to act as the host's");
        (await desk.EntriesAsync(workspace)).First(e => e.Name == "request").Outputs["headers"].AsObject!.Has("authorization").ShouldBeFalse();
        (await desk.AskAsync<string>("select status from wfm_flows.run where workspace_id = $1", workspace)).ShouldBe("finished");
    }

    [Fact]
    public async Task The_most_exact_path_is_taken()
    {
        var workspace = await desk.WithAsync(
            WebDesk.Line("orders/{id}", ["GET"], WebDesk.Respond("answer", Chart.Template("one {{outputs.request.routeData.id}}"))), WebDesk.Line("orders/new", ["GET"], WebDesk.Respond("answer", Chart.Literal("new"))),
            WebDesk.Line("{*rest}", ["GET"], WebDesk.Respond("answer", Chart.Template("rest {{outputs.request.routeData.rest}}"))));

        (await desk.AskAsync(workspace, "GET", "orders/7")).ShouldBe("200 one 7");
        (await desk.AskAsync(workspace, "GET", "orders/new")).ShouldBe("200 new");
        (await desk.AskAsync(workspace, "GET", "a/b")).ShouldBe("200 rest a/b");
    }

    [Fact]
    public async Task What_the_flow_wrote_is_there_when_its_answer_comes()
    {
        var workspace = await desk.WithAsync(WebDesk.Line("note", ["POST"], Chart.Activity("note", "Test.Note", ("text", Chart.Literal("done"))), WebDesk.Respond("answer", Chart.Literal("noted"))));
        (await desk.AskAsync(workspace, "POST", "note")).ShouldBe("200 noted");
        (await desk.NotesAsync(workspace)).ShouldBe(["done"]);
    }

    [Fact]
    public async Task A_flow_that_ends_without_an_answer_answers_200()
    {
        var workspace = await desk.WithAsync(WebDesk.Line("quiet", ["GET"], Chart.WriteLine("line")));
        (await desk.AskAsync(workspace, "GET", "quiet")).ShouldBe("200");
    }

    [Fact]
    public async Task A_flow_that_fails_answers_500_and_says_which_run()
    {
        var workspace = await desk.WithAsync(WebDesk.Line("broken", ["GET"], Chart.Activity("fault", "Elsa.Fault", ("message", Chart.Literal("no luck")))));
        using var answer = await desk.SendAsync(workspace, "GET", "broken");
        ((int)answer.StatusCode).ShouldBe(500);
        var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        problem["run"]!.GetValue<Guid>().ShouldBe(await desk.AskAsync<Guid>("select id from wfm_flows.run where workspace_id = $1", workspace));
        problem.ToJsonString().ShouldNotContain("no luck");
    }

    [Fact]
    public async Task A_flow_that_sleeps_first_answers_202_with_the_place_of_its_run()
    {
        var workspace = await desk.WithAsync(WebDesk.Line("later", ["GET"], Chart.Activity("wait", "Elsa.Delay", ("timeSpan", Chart.Literal("PT1H"))), WebDesk.Respond("answer", Chart.Literal("late"))));
        using var answer = await desk.SendAsync(workspace, "GET", "later");
        ((int)answer.StatusCode).ShouldBe(202);
        var run = await desk.AskAsync<Guid>("select id from wfm_flows.run where workspace_id = $1", workspace);
        JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["run"]!.GetValue<Guid>().ShouldBe(run);
        answer.Headers.Location!.ToString().ShouldBe($"/wfm/runs/{run}");

        desk.Clock.Now += TimeSpan.FromHours(1);
        await desk.RunAsync();
        (await desk.RunsAsync(workspace)).Single().ShouldEndWith(" finished", Case.Sensitive, "an answer nobody waits for any more is no failure");
    }

    [Fact]
    public async Task A_run_waits_for_a_request_in_its_middle_and_answers_it()
    {
        var workspace = await desk.WithAsync(WebDesk.Line("ask", ["POST"], WebDesk.Endpoint("approve", "approve/{by}", ["PUT", "POST"]), WebDesk.Respond("answer", Chart.Template("by {{outputs.approve.routeData.by}}: {{outputs.approve.parsedContent}}"))));

        (await desk.AskAsync(workspace, "PUT", "approve/ann")).ShouldStartWith("404");
        (await desk.AskAsync(workspace, "POST", "ask")).ShouldStartWith("202");
        (await desk.AskAsync(workspace, "PUT", "approve/ann", "\"yes\"")).ShouldBe("200 by ann: yes");
        (await desk.AskAsync(workspace, "PUT", "approve/ann")).ShouldStartWith("404");
    }

    [Fact]
    public async Task An_answer_written_before_a_call_to_the_outside_does_not_wait_for_it()
    {
        var called = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        await using var server = await Loopback.StartAsync(async http =>
        {
            called.SetResult();
            await go.Task;
        });
        var workspace = await desk.WithAsync(WebDesk.Line("order", ["GET"], WebDesk.Respond("answer", Chart.Literal("taken")), SendHttpRequestTests.Send("send", server.Url)));

        (await desk.AskAsync(workspace, "GET", "order")).ShouldBe("200 taken");
        await called.Task;
        go.SetResult();
    }

    [Fact]
    public async Task An_answer_after_a_call_to_the_outside_waits_for_it()
    {
        await using var server = await Loopback.StartAsync(http => http.Response.WriteAsync("from outside"));
        var workspace = await desk.WithAsync(WebDesk.Line("ask", ["GET"], SendHttpRequestTests.Send("send", server.Url), WebDesk.Respond("answer", Chart.Template("{{outputs.send.parsedContent}}"))));
        (await desk.AskAsync(workspace, "GET", "ask")).ShouldBe("200 from outside");
    }

    [Fact]
    public async Task Of_many_requests_for_one_wait_one_is_answered_and_the_others_are_told()
    {
        var workspace = await desk.WithAsync(WebDesk.Line("ask", ["POST"], WebDesk.Endpoint("approve", "approve", ["POST"]), Chart.Activity("note", "Test.Note", ("text", Chart.Literal("approved"))), WebDesk.Respond("answer", Chart.Literal("thanks"))));
        (await desk.AskAsync(workspace, "POST", "ask")).ShouldStartWith("202");

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => desk.AskAsync(workspace, "POST", "approve")));
        answers.Count(a => a == "200 thanks").ShouldBe(1);
        answers.Where(a => a != "200 thanks").ShouldAllBe(a => a.StartsWith("404") || a.StartsWith("409"));
        (await desk.NotesAsync(workspace)).ShouldBe(["approved"]);
    }

    [Fact]
    public async Task Where_several_runs_wait_the_request_says_which()
    {
        var workspace = await desk.WithAsync(WebDesk.Line("ask", ["POST"], WebDesk.Endpoint("approve", "approve", ["POST"]), WebDesk.Respond("answer", Chart.Logic("""{"var": "run.id"}"""))));
        var first = JsonNode.Parse((await desk.AskAsync(workspace, "POST", "ask"))[4..])!["run"]!.GetValue<Guid>();
        (await desk.AskAsync(workspace, "POST", "ask", null, ("X-Correlation-ID", "second"))).ShouldStartWith("202");

        (await desk.AskAsync(workspace, "POST", "approve")).ShouldStartWith("409");
        (await desk.AskAsync(workspace, "POST", $"approve?workflowInstanceId={first}")).ShouldBe($"200 {first}");
        (await desk.AskAsync(workspace, "POST", "approve?correlationId=other")).ShouldStartWith("404");
        (await desk.AskAsync(workspace, "POST", "approve?correlationId=second")).ShouldStartWith("200");
    }

    [Fact]
    public async Task Another_method_is_told_which_there_are_and_another_path_that_there_is_none()
    {
        var workspace = await desk.WithAsync(WebDesk.Line("orders", ["GET", "POST"], Chart.WriteLine("line")));
        using var answer = await desk.SendAsync(workspace, "DELETE", "orders");
        ((int)answer.StatusCode).ShouldBe(405);
        answer.Content.Headers.Allow.ShouldBe(["GET", "POST"]);
        (await desk.AskAsync(workspace, "GET", "order")).ShouldStartWith("404");
        (await desk.AskAsync(workspace, "GET", "orders/%7B%7D")).ShouldStartWith("404");
    }

    [Fact]
    public async Task Another_workspaces_flows_are_not_reached()
    {
        var workspace = await desk.WithAsync(WebDesk.Line("mine", ["GET"], WebDesk.Endpoint("wait", "wait", ["GET"])));
        var other = await desk.WithAsync();
        (await desk.AskAsync(workspace, "GET", "mine")).ShouldStartWith("202");
        (await desk.AskAsync(other, "GET", "mine")).ShouldStartWith("404");
        (await desk.AskAsync(other, "GET", "wait")).ShouldStartWith("404");
        (await desk.AskAsync(other, "POST", "wait")).ShouldStartWith("404");
        (await desk.Client.GetAsync("mine")).StatusCode.ShouldBe(System.Net.HttpStatusCode.NotFound, "a request that is nobody's");
    }

    [Fact]
    public async Task Endpoints_let_in_whom_they_say()
    {
        JsonObject Guarded(string path, string input, object value)
        {
            var endpoint = WebDesk.Endpoint("request", path, ["GET"], starts: true);
            endpoint[input] = Chart.Literal(value);
            return endpoint;
        }

        var waits = WebDesk.Endpoint("wait", "wait", ["GET"]);
        waits["policy"] = Chart.Literal("chief");
        var workspace = await desk.WithAsync(WebDesk.Line(Guarded("user", "authorize", true)), WebDesk.Line(Guarded("chief", "policy", "chief")), WebDesk.Line(Guarded("unknown", "policy", "no-such")), WebDesk.Line("start", ["GET"], waits));

        (await desk.AskAsync(workspace, "GET", "user")).ShouldStartWith("401");
        (await desk.AskAsync(workspace, "GET", "user", null, ("X-User", "clerk"))).ShouldBe("200");
        (await desk.AskAsync(workspace, "GET", "chief")).ShouldStartWith("401");
        (await desk.AskAsync(workspace, "GET", "chief", null, ("X-User", "clerk"))).ShouldStartWith("403");
        (await desk.AskAsync(workspace, "GET", "chief", null, ("X-User", "chief"))).ShouldBe("200");
        (await desk.AskAsync(workspace, "GET", "unknown", null, ("X-User", "chief"))).ShouldStartWith("403");
        (await desk.AskAsync(workspace, "GET", "start")).ShouldStartWith("202");
        (await desk.AskAsync(workspace, "GET", "wait", null, ("X-User", "clerk"))).ShouldStartWith("403");
        (await desk.AskAsync(workspace, "GET", "wait", null, ("X-User", "chief"))).ShouldBe("200");
    }

    [Fact]
    public async Task A_body_too_large_or_broken_is_refused_and_starts_nothing()
    {
        var workspace = await desk.WithAsync(WebDesk.Line("take", ["POST"], Chart.WriteLine("line")));
        (await desk.AskAsync(workspace, "POST", "take", $"\"{new string('a', 2000)}\"")).ShouldStartWith("413");
        (await desk.AskAsync(workspace, "POST", "take", "{\"a\": ")).ShouldStartWith("400");
        (await desk.RunsAsync(workspace)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_request_that_is_sent_twice_with_one_key_starts_one_run()
    {
        var workspace = await desk.WithAsync(WebDesk.Line("take", ["POST"], WebDesk.Respond("answer", Chart.Literal("taken"))));
        (await desk.AskAsync(workspace, "POST", "take", null, ("Idempotency-Key", "k1"))).ShouldBe("200 taken");
        (await desk.AskAsync(workspace, "POST", "take", null, ("Idempotency-Key", "k1"))).ShouldStartWith("202");
        (await desk.AskAsync(workspace, "POST", "take", null, ("Idempotency-Key", "k2"))).ShouldBe("200 taken");
        (await desk.RunsAsync(workspace)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_flow_that_runs_one_at_a_time_refuses_a_second_request()
    {
        var flow = WebDesk.Line("single", ["POST"], Chart.Activity("wait", "Elsa.Delay", ("timeSpan", Chart.Literal("PT1H"))));
        flow["options"] = new JsonObject { ["activationStrategyType"] = "Elsa.Workflows.ActivationValidators.SingletonStrategy, Elsa.Workflows.Core" };
        var workspace = await desk.WithAsync(flow);
        (await desk.AskAsync(workspace, "POST", "single")).ShouldStartWith("202");
        (await desk.AskAsync(workspace, "POST", "single")).ShouldStartWith("409");
        (await desk.RunsAsync(workspace)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_path_is_taken_once()
    {
        var workspace = await desk.WithAsync(WebDesk.Line("orders/{id}", ["GET", "POST"], Chart.WriteLine("line")));
        (await desk.PublishFlowAsync(workspace, WebDesk.Line("Orders/{number}", ["POST", "PUT"]))).ShouldBe(["/root/activities/0/path duplicate-route"]);
        (await desk.PublishFlowAsync(workspace, WebDesk.Line("orders/{number}", ["PUT"]))).ShouldBeEmpty();
        (await desk.PublishFlowAsync(workspace, Chart.Flow([WebDesk.Endpoint("a", "same", ["GET"], starts: true), WebDesk.Endpoint("b", "same", ["GET"], starts: true)]))).ShouldBe(["/root/activities/1/path duplicate-route"]);
    }

    [Fact]
    public async Task Of_two_that_publish_a_path_at_once_one_is_refused()
    {
        var workspace = await desk.WithAsync();
        var published = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => desk.PublishFlowAsync(workspace, WebDesk.Line("race", ["GET"]))));
        published.Count(p => p.Count == 0).ShouldBe(1);
    }

    [Theory]
    [InlineData("""{"path": {"expression": {"type": "Literal", "value": "orders/{id:int}"}}}""", "path value")]
    [InlineData("""{"path": {"expression": {"type": "Handlebars", "value": "orders/{{now}}"}}}""", "path expression")]
    [InlineData("""{"path": {"expression": {"type": "Literal", "value": "a"}}, "supportedMethods": {"expression": {"type": "Object", "value": "[\"FETCH\"]"}}}""", "supportedMethods value")]
    [InlineData("""{"path": {"expression": {"type": "Literal", "value": "a"}}, "authorize": {"expression": {"type": "JsonLogic", "value": {"var": "now"}}}}""", "authorize expression")]
    public async Task What_an_endpoint_could_not_mean_is_refused_when_it_is_published(string inputs, string fault)
    {
        var endpoint = Chart.Activity("request", "Elsa.HttpEndpoint", [.. JsonNode.Parse(inputs)!.AsObject().Select(i => (i.Key, i.Value?.DeepClone()))]);
        endpoint["customProperties"]!["canStartWorkflow"] = true;
        (await desk.PublishFlowAsync(await desk.WithAsync(), WebDesk.Line(endpoint))).ShouldBe([$"/root/activities/0/{fault}"]);
    }
}
