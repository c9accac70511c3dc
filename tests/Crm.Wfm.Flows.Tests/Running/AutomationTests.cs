using System.Text.Json.Nodes;
using Crm.Wfm.Bundles;
using Crm.Wfm.Flows.Running;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Tests.Running;

/// <summary>Automations of a bundle, when it is published.</summary>
public sealed class AutomationTests(FlowDesk desk) : IClassFixture<FlowDesk>
{
    [Fact]
    public async Task What_could_not_run_is_told_at_its_place_in_the_bundle_and_nothing_is_published()
    {
        var workspace = await desk.WorkspaceAsync();
        var flow = Chart.Line("ticket.opened", Chart.Activity("a", "Test.Not"), Chart.WriteLine("b", Chart.Input("CSharp", "Variables.X")), Chart.Activity("c", "Test.Note"));

        var faulty = (await desk.PublishAsync(workspace, ("greet", FlowDesk.On("ticket.opened", flow)))).ShouldBeOfType<PublishResult.Faulty>();

        faulty.Faults.ShouldBe([
            new("/automations/greet/flow/root/activities/1/type", "unknown-activity", "there is no activity Test.Not; did you mean 'Test.Note'?"),
            new("/automations/greet/flow/root/activities/2/text/expression/type", "expression",
                "CSharp expressions are not run here; write JavaScript: getX() (there are Literal, Object, Variable, Input, JsonLogic, Handlebars, JavaScript)"),
            new("/automations/greet/flow/root/activities/3/text", "required", "Test.Note needs text")]);
        (await desk.AskAsync<long>("select count(*) from wfm.bundle where workspace_id = $1", workspace)).ShouldBe(0);
    }

    [Theory]
    [InlineData("""{"when": {"var": "entity.amount"}}""", "/when unknown-root")]
    [InlineData("""{"when": {"!=": [{"var": "event.actorid"}, {"var": "now"}]}}""")]
    [InlineData("""{"on": ["a.1","a.2","a.3","a.4","a.5","a.6","a.7","a.8","a.9","a.10","a.11","a.12","a.13","a.14","a.15","a.16","a.17","a.18","a.19","a.20","a.21"], "flow": {"definitionId": "x", "root": {"type": "Elsa.Flowchart"}}}""", "/on too-many")]
    [InlineData("""{"idempotencyKey": {"var": "entity.id"}, "concurrencyKey": {"cat": ["a", {"var": "project.id"}]}}""", "/idempotencyKey unknown-root", "/concurrencyKey unknown-root")]
    [InlineData("""{"flow": null}""", "/flow/root required")]
    [InlineData("""{"on": "ticket.opened"}""", "/flow/root/activities/0/eventName unknown-reference")]
    public void It_is_looked_at_as_a_whole(string members, params string[] expected)
    {
        var automation = FlowDesk.On("ticket.opened", Chart.Line("ticket.opened"));
        foreach (var (name, value) in JsonNode.Parse(members)!.AsObject()) automation[name] = value?.DeepClone();
        Check(automation).Faults.ShouldBe(expected);
    }

    [Fact]
    public void What_keeps_runs_apart_is_acted_on()
    {
        var automation = FlowDesk.On("ticket.opened", Chart.Line("ticket.opened"), ("debounce", "PT1M"), ("idempotencyKey", new JsonObject { ["var"] = "event.subject" }), ("concurrencyKey", 1), ("timeout", "PT1M"));
        var (faults, warnings) = Check(automation);
        faults.ShouldBeEmpty();
        warnings.ShouldBeEmpty();
    }

    [Fact]
    public async Task Flows_that_run_are_not_warned_about_and_actions_still_are()
    {
        var workspace = await desk.WorkspaceAsync();
        var emit = JsonNode.Parse("""{"on": ["ticket.opened"], "actions": [{"do": "emit", "value": "ticket.seen"}]}""")!.AsObject();
        var published = (await desk.PublishAsync(workspace, ("greet", FlowDesk.On("ticket.opened", Chart.Line("ticket.opened"))), ("see", emit))).ShouldBeOfType<PublishResult.Published>();
        published.Warnings.ShouldHaveSingleItem().ShouldSatisfyAllConditions(w => w.Pointer.ShouldBe("/automations/see"), w => w.Key.ShouldBe("not-enforced"));
        await desk.TellAndRunAsync(workspace, "ticket.opened");
        (await desk.RunsAsync(workspace)).ShouldBe(["greet finished"]);
    }

    [Theory]
    [InlineData("""{"max": 3, "initial": "PT1S"}""", 1, 2, 4, -1)]
    [InlineData("""{"max": 3, "initial": "PT30M", "backoff": "exponential"}""", 1800, 3600, 3600, -1)]
    [InlineData("""{"max": 1, "initial": "P2D"}""", 172_800, -1)]
    [InlineData("""{"max": 2, "initial": "PT7S", "backoff": "fixed"}""", 7, 7, -1)]
    [InlineData("""{"max": 0}""", -1)]
    [InlineData("""{}""", 5, 10, 20, 40, 80, -1)]
    public void Retries_wait_longer_and_longer(string retry, params int[] seconds)
    {
        var policy = RetryPolicy.Read(Value.Parse(retry)).ShouldNotBeNull();
        seconds.Select((_, at) => (int)(policy.WaitAfter(at + 1)?.TotalSeconds ?? -1)).ShouldBe(seconds);
    }

    private static (IReadOnlyList<string> Faults, IReadOnlyList<string> Warnings) Check(JsonObject automation)
    {
        var (faults, warnings) = (new List<Fault>(), new List<Fault>());
        new AutomationCheck(Sketch.Catalog).Check(automation.Value(), faults, warnings);
        return ([.. faults.Select(f => $"{f.Pointer} {f.Key}")], [.. warnings.Select(f => $"{f.Pointer} {f.Key}")]);
    }
}
