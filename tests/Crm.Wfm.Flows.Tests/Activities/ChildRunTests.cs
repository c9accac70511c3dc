using System.Text.Json.Nodes;
using Crm.Wfm.Flows.Testing;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Tests.Activities;

/// <summary>Flows that start flows, tell events and ask for tasks.</summary>
public sealed class ChildRunTests
{
    [Theory]
    [InlineData("Elsa.ExecuteWorkflow", "getResultFromCall().output")]
    [InlineData("Elsa.ExecuteWorkflow", "{total: getResultFromCall().total}")]
    [InlineData("Elsa.DispatchWorkflow", "getResultFromCall()")]
    public async Task Child_that_is_waited_for_gives_its_outputs(string type, string outputs)
    {
        using var flows = Flows();
        var run = await StartAsync(flows, [Call(type, "double", """{"x": 4}""", waits: true), Line($"toJson({outputs})")], "call>line");
        run.Lines.ShouldBe(["""{"total":8}"""]);
        flows.Runs.Select(r => r.Status).ShouldBe(["finished", "finished"]);
        flows.Runs[1].CorrelationId.ShouldBe("order-7");
    }

    [Theory]
    [InlineData("Elsa.ExecuteWorkflow", "\"Running\"")]
    [InlineData("Elsa.DispatchWorkflow", "null")]
    public async Task Child_that_is_not_waited_for_runs_beside(string type, string status)
    {
        using var flows = Flows();
        var run = await StartAsync(flows, [Call(type, "double", """{"x": 4}""", waits: false), Line("toJson(getResultFromCall()?.status ?? null)")], "call>line");
        run.Lines.ShouldBe([status]);
        flows.Runs[1].Output["total"].AsNumber.ShouldBe(8);
    }

    [Theory]
    [InlineData("fail", "the flow 'fail' ended faulted")]
    [InlineData("nobody", "the flow 'nobody' ended faulted")]
    public async Task Child_that_fails_fails_who_waits_for_it(string flow, string message)
    {
        using var flows = Flows();
        var run = await StartAsync(flows, [Call("Elsa.ExecuteWorkflow", flow, "{}", waits: true), Chart.WriteLine("line"), Line("getOutputFrom('call', 'message')", "failed")], "call>line", "call:Failed>failed");
        run.Lines.ShouldHaveSingleItem().ShouldStartWith(message);
        run.Status.ShouldBe("finished");
    }

    [Fact]
    public async Task Bulk_dispatch_starts_a_run_for_each_value_and_runs_a_branch_as_each_ends()
    {
        using var flows = Flows();
        var bulk = Chart.Activity("bulk", "Elsa.BulkDispatchWorkflows", ("workflowDefinitionId", Chart.Literal("double")), ("items", Chart.Input("JavaScript", "[1, 2, {x: 'none'}, {x: 30}]")),
            ("defaultItemInputKey", Chart.Literal("x")), ("correlationIdFunction", Chart.Input("JavaScript", "'c' + toJson(getVariable('x'))")),
            ("childCompleted", Line("'ended with ' + getChildOutput().total", "each")), ("childFaulted", Line("'faulted ' + (getChildInstanceId().length)", "fault")));
        var run = await StartAsync(flows, [bulk, Chart.WriteLine("completed"), Chart.WriteLine("done")], "bulk:Completed>completed", "bulk:Done>done");
        run.Lines.Order(StringComparer.Ordinal).ShouldBe(["completed", "done", "ended with 2", "ended with 4", "ended with 60", "faulted 36"]);
        run.Lines.TakeLast(2).ShouldBe(["completed", "done"]);
        flows.Runs.Skip(1).Select(r => r.CorrelationId).ShouldBe(["c1", "c2", """c{"x":"none"}""", """c{"x":30}"""]);
    }

    [Theory]
    [InlineData("[1, 2]", false)]
    [InlineData("[]", true)]
    public async Task Bulk_dispatch_that_has_nothing_to_wait_for_goes_on(string items, bool waits)
    {
        using var flows = Flows();
        var bulk = Chart.Activity("bulk", "Elsa.BulkDispatchWorkflows", ("workflowDefinitionId", Chart.Literal("double")), ("items", Chart.Input("Object", items)), ("defaultItemInputKey", Chart.Literal("x")), ("waitForCompletion", Chart.Literal(waits)));
        var run = await StartAsync(flows, [bulk, Chart.WriteLine("completed"), Chart.WriteLine("done")], "bulk:Completed>completed", "bulk:Done>done");
        run.Lines.ShouldBe(["done"]);
        flows.Runs.Count.ShouldBe(1 + Value.Parse(items).AsList.Length);
    }

    [Fact]
    public async Task Task_is_asked_for_by_an_event_and_goes_on_with_its_result()
    {
        using var flows = Flows();
        var worker = Chart.Line("flow.task.requested", Line("event.data.taskName + ' ' + event.data.payload.order", "asked"));
        (worker["definitionId"], worker["id"]) = ("worker", "worker");
        flows.Publish(worker.Value());
        var run = await StartAsync(flows, [Chart.Activity("task", "Elsa.RunTask", ("taskName", Chart.Literal("Ship")), ("payload", Chart.Input("Object", """{"order": 7}"""))), Line("getResultFromTask().tracking")], "task>line");
        flows.Runs[^1].Lines.ShouldBe(["Ship 7"]);
        var signal = run.Waits.ShouldHaveSingleItem();
        signal.ShouldStartWith("task:");
        await flows.SignalAsync(signal, Value.Parse("""{"tracking": "T1"}"""));
        run.Lines.ShouldBe(["T1"]);
    }

    [Theory]
    [InlineData("Order placed", "", "both")]
    [InlineData("shop.order.placed", "", "both")]
    [InlineData("Order placed", "local", "own")]
    [InlineData("Order placed", "correlation", "theirs")]
    public async Task Event_is_heard_by_whom_it_is_for(string name, string how, string heard)
    {
        using var flows = Flows();
        var waiting = Chart.Flow([Chart.Activity("hear", "Elsa.Event", ("eventName", Chart.Literal(name))), Chart.WriteLine("line", Chart.Literal("theirs"))], "hear>line");
        (waiting["definitionId"], waiting["id"], waiting["root"]!["activities"]![0]!["customProperties"]!["canStartWorkflow"]) = ("waiting", "waiting", false);
        var theirs = await flows.StartAsync(flows.Publish(waiting.Value()), correlationId: "order-7");
        var fork = Chart.Activity("fork", "Elsa.FlowFork", ("branches", Chart.Input("Object", """["Hear", "Tell"]""")));
        var hear = Chart.Activity("hear", "Elsa.Event", ("eventName", Chart.Literal(name)));
        hear["customProperties"]!["canStartWorkflow"] = false;
        var publish = Chart.Activity("tell", "Elsa.PublishEvent", ("eventName", Chart.Literal(name)), ("payload", Chart.Literal("x")), ("isLocalEvent", Chart.Literal(how == "local")), ("correlationId", Chart.Literal(how == "correlation" ? "order-7" : "")));
        var own = await StartAsync(flows, [fork, hear, publish, Line("'own'")], "fork:Hear>hear", "fork:Tell>tell", "hear>line");
        (string.Join(" ", own.Lines) + "|" + string.Join(" ", theirs.Lines)).ShouldBe(heard switch { "both" => "own|theirs", "own" => "own|", _ => "|theirs" });
    }

    /// <summary>Flows that are there to be called.</summary>
    private static FlowHarness Flows()
    {
        var flows = new FlowHarness();
        var twice = Chart.Flow([Chart.Activity("set", "Elsa.SetOutput", ("outputName", Chart.Literal("total")), ("outputValue", Chart.Input("JavaScript", "getX() * 2")))]);
        (twice["definitionId"], twice["id"], twice["inputs"], twice["outputs"]) = ("double", "double", JsonNode.Parse("""[{"name": "x", "type": "Int32"}]"""), JsonNode.Parse("""[{"name": "total", "type": "Int32"}]"""));
        var fail = Chart.Flow([Chart.Activity("fault", "Elsa.Fault", ("message", Chart.Literal("on purpose")))]);
        (fail["definitionId"], fail["id"]) = ("fail", "fail");
        flows.Publish(twice.Value());
        flows.Publish(fail.Value());
        return flows;
    }

    private static Task<HarnessRun> StartAsync(FlowHarness flows, JsonObject[] activities, params string[] connections) => flows.StartAsync(flows.Publish(Chart.Flow(activities, connections).Value()));

    private static JsonObject Call(string type, string flow, string input, bool waits) =>
        Chart.Activity("call", type, ("workflowDefinitionId", Chart.Literal(flow)), ("input", Chart.Input("Object", input)), ("waitForCompletion", Chart.Literal(waits)), ("correlationId", Chart.Literal("order-7")));

    private static JsonObject Line(string script, string id = "line") => Chart.WriteLine(id, Chart.Input("JavaScript", script));
}
