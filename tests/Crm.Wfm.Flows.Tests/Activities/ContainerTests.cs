using System.Text.Json.Nodes;
using Crm.Wfm.Flows.Testing;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Tests.Activities;

/// <summary>Activities that others lie in: branches, loops, lists.</summary>
public sealed class ContainerTests : IDisposable
{
    private readonly FlowHarness _flows = new();

    public void Dispose() => _flows.Dispose();

    [Theory]
    [InlineData("true", "yes after")]
    [InlineData("false", "no after")]
    public async Task If_runs_one_of_its_branches(string condition, string lines) =>
        (await RunAsync(Chart.Activity("if", "Elsa.If", ("condition", Script(condition)), ("then", Chart.WriteLine("yes")), ("else", Chart.WriteLine("no"))), Chart.WriteLine("after"))).ShouldBe(lines);

    [Theory]
    [InlineData("MatchFirst", "big after")]
    [InlineData("MatchAny", "big even after")]
    public async Task Switch_runs_the_branches_of_its_cases(string mode, string lines) => (await RunAsync(Switch("8", mode), Chart.WriteLine("after"))).ShouldBe(lines);

    [Fact]
    public async Task Switch_without_a_case_that_holds_runs_its_default() => (await RunAsync(Switch("1", "MatchAny"))).ShouldBe("none");

    [Theory]
    [InlineData("1", "3", "1", "true", "1 2 3")]
    [InlineData("1", "3", "1", "false", "1 2")]
    [InlineData("3", "1", "-1", "true", "3 2 1")]
    [InlineData("3", "1", "1", "true", "")]
    public async Task For_counts(string start, string end, string step, string isLastIn, string lines) =>
        (await RunAsync(Chart.Activity("for", "Elsa.For", ("start", Script(start)), ("end", Script(end)), ("step", Script(step)), ("outerBoundInclusive", Script(isLastIn)), ("body", Line("getCurrentValue()")))))
            .ShouldBe(lines);

    [Fact]
    public async Task ForEach_runs_its_body_for_each_value_in_turn_and_holds_what_waits() =>
        (await RunAsync(Each("Elsa.ForEach", Sequence("body", Line("getCurrentIndex() + getCurrentValue()", "before"), Chart.Activity("delay", "Elsa.Delay", ("timeSpan", Chart.Literal("PT1H"))), Line("getCurrentValue()", "after")))))
            .ShouldBe("0a a 1b b 2c c");

    [Fact]
    public async Task ParallelForEach_runs_its_body_for_all_values_at_once() =>
        (await RunAsync(Each("Elsa.ParallelForEach", Sequence("body", Line("getCurrentIndex() + getCurrentValue()", "before"), Chart.Activity("delay", "Elsa.Delay", ("timeSpan", Chart.Literal("PT1H"))), Line("getCurrentValue()", "after")))))
            .ShouldBe("0a 1b 2c a b c");

    [Fact]
    public async Task While_asks_before_each_turn()
    {
        var body = Sequence("body", Line("getCount()", "line"), Chart.Activity("set", "Elsa.SetVariable", ("variable", JsonNode.Parse("""{"id": "Count", "name": "Count"}""")), ("value", Script("getCount() + 1"))));
        (await RunAsync(Chart.Activity("while", "Elsa.While", ("condition", Script("getCount() < 3")), ("body", body)))).ShouldBe("0 1 2");
    }

    [Theory]
    [InlineData("Elsa.ForEach", "0a after")]
    [InlineData("Elsa.While", "0 after")]
    public async Task Break_ends_the_loop_around_it(string type, string lines)
    {
        var body = Sequence("body", Line(type == "Elsa.While" ? "0" : "getCurrentIndex() + getCurrentValue()", "line"), Chart.Activity("break", "Elsa.Break"), Chart.WriteLine("never"));
        var loop = type == "Elsa.While" ? Chart.Activity("loop", type, ("condition", Script("true")), ("body", body)) : Each(type, body);
        (await RunAsync(loop, Chart.WriteLine("after"))).ShouldBe(lines);
    }

    [Fact]
    public async Task Parallel_goes_on_when_its_last_activity_has_completed() =>
        (await RunAsync(Chart.Activity("parallel", "Elsa.Parallel", ("activities", new JsonArray(Slow("PT2H", "slow"), Slow("PT1H", "fast")))), Chart.WriteLine("after"))).ShouldBe("fast slow after");

    [Theory]
    [InlineData("WaitAll", "fast slow after")]
    [InlineData("WaitAny", "fast after")]
    public async Task Fork_waits_for_all_of_its_branches_or_for_one(string mode, string lines) =>
        (await RunAsync(Chart.Activity("fork", "Elsa.Fork", ("joinMode", Chart.Literal(mode)), ("branches", new JsonArray(Slow("PT2H", "slow"), Slow("PT1H", "fast")))), Chart.WriteLine("after"))).ShouldBe(lines);

    [Fact]
    public async Task Container_and_node_run_what_lies_in_them() =>
        (await RunAsync(
            Chart.Activity("box", "Elsa.Container", ("activities", new JsonArray(Chart.WriteLine("one"), Chart.WriteLine("two")))),
            Chart.Activity("node", "Elsa.FlowNode", ("body", Chart.WriteLine("three"))),
            Chart.Activity("empty", "Elsa.FlowNode"),
            Chart.WriteLine("after"))).ShouldBe("one two three after");

    [Fact]
    public async Task Finish_ends_the_run_from_within() => (await RunAsync(Each("Elsa.ForEach", Sequence("body", Chart.WriteLine("one"), Chart.Activity("finish", "Elsa.Finish"))), Chart.WriteLine("never"))).ShouldBe("one");

    [Fact]
    public async Task Turns_without_end_fault_the_run_in_the_place_they_came_to()
    {
        using var flows = new FlowHarness(options: new() { Retries = 0, MaxSteps = 1_000 });
        var run = await flows.StartAsync(flows.Publish(Flow(Chart.Activity("forever", "Elsa.While", ("condition", Script("true")), ("body", Chart.Activity("correlate", "Elsa.Correlate", ("correlationId", Chart.Literal("x"))))))));
        run.Status.ShouldBe("faulted");
        run.Incidents.ShouldHaveSingleItem().ShouldStartWith("Workflow1:root:forever:correlate: The run was ended after 1000 activities");
    }

    private async Task<string> RunAsync(params JsonObject[] activities)
    {
        var run = await _flows.StartAsync(_flows.Publish(Flow(activities)));
        await _flows.AdvanceAsync(TimeSpan.FromDays(1));
        run.Incidents.ShouldBeEmpty();
        run.Status.ShouldBe("finished");
        return string.Join(' ', run.Lines);
    }

    private static Value Flow(params JsonObject[] activities)
    {
        var flow = Chart.Flow([]);
        flow["variables"] = JsonNode.Parse("""[{"id": "Count", "name": "Count", "typeName": "Int32", "value": "0"}]""");
        flow["root"] = Sequence("root", activities);
        return flow.Value();
    }

    private static JsonObject Switch(string number, string mode) => Chart.Activity("switch", "Elsa.Switch", ("mode", Chart.Literal(mode)), ("cases", new JsonArray(Case($"{number} > 5", "big"), Case($"{number} % 2 == 0", "even"))),
        ("default", Chart.WriteLine("none")));

    private static JsonObject Case(string condition, string label) => new() { ["label"] = label, ["condition"] = Script(condition)["expression"]!.DeepClone(), ["activity"] = Chart.WriteLine(label) };

    private static JsonObject Each(string type, JsonObject body) => Chart.Activity("each", type, ("items", Chart.Input("Object", """["a", "b", "c"]""")), ("body", body));

    private static JsonObject Slow(string time, string line) => Sequence($"s-{line}", Chart.Activity($"d-{line}", "Elsa.Delay", ("timeSpan", Chart.Literal(time))), Chart.WriteLine(line));

    private static JsonObject Sequence(string id, params JsonObject[] activities) => Chart.Activity(id, "Elsa.Sequence", ("activities", new JsonArray([.. activities])));

    private static JsonObject Line(string script, string id = "line") => Chart.WriteLine(id, Script(script));

    private static JsonObject Script(string script) => Chart.Input("JavaScript", script);
}
