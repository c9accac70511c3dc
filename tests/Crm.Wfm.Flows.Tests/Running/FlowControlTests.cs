using System.Text.Json.Nodes;
using Crm.Wfm.Flows.Running;
using Microsoft.Extensions.DependencyInjection;

namespace Crm.Wfm.Flows.Tests.Running;

/// <summary>What keeps the runs of an automation from each other, and from being too many.</summary>
public sealed class FlowControlTests(FlowDesk desk) : IClassFixture<FlowDesk>
{
    private static readonly JsonNode ByName = JsonNode.Parse("""{"var": "event.data.name"}""")!;

    [Fact]
    public async Task Events_with_one_idempotency_key_start_one_run_and_those_without_one_each()
    {
        var workspace = await FlowAsync([Note()], ("idempotencyKey", ByName.DeepClone()));
        foreach (var name in new[] { "Bob", "Eve", "Bob" }) await desk.TellAndRunAsync(workspace, "ticket.opened", $$"""{"name": "{{name}}"}""");
        await desk.TellAndRunAsync(workspace, "ticket.opened");
        await desk.TellAndRunAsync(workspace, "ticket.opened");
        (await desk.NotesAsync(workspace)).ShouldBe(["", "", "Bob", "Eve"]);
    }

    [Fact]
    public async Task A_key_that_cannot_be_computed_is_a_dead_letter_that_says_so()
    {
        var workspace = await FlowAsync([Note()], ("concurrencyKey", JsonNode.Parse("""{"throw": "no key"}""")));
        await desk.TellAndRunAsync(workspace, "ticket.opened");
        (await desk.RunsAsync(workspace)).ShouldBe(["greet faulted"]);
        (await desk.ErrorAsync(workspace)).ShouldStartWith("Not run: its concurrencyKey cannot be computed");
    }

    [Fact]
    public async Task Of_runs_with_one_concurrency_key_one_goes_on_at_a_time_in_the_order_they_came()
    {
        var workspace = await FlowAsync([Note(), Sleep(), Note("done")], ("concurrencyKey", ByName.DeepClone()));
        foreach (var name in new[] { "Bob", "Bob", "Eve" })
        {
            await desk.TellAndRunAsync(workspace, "ticket.opened", $$"""{"name": "{{name}}"}""");
            desk.Clock.Now += TimeSpan.FromSeconds(1);
        }

        (await desk.RunsAsync(workspace)).ShouldBe(["greet suspended", "greet waiting", "greet suspended"]);
        desk.Clock.Now += TimeSpan.FromHours(1);
        await desk.RunAsync();
        (await desk.RunsAsync(workspace)).ShouldBe(["greet finished", "greet suspended", "greet finished"]);
        desk.Clock.Now += TimeSpan.FromHours(1);
        await desk.RunAsync();
        (await desk.RunsAsync(workspace)).ShouldAllBe(r => r == "greet finished");
    }

    [Fact]
    public async Task A_concurrency_key_is_never_held_twice_whoever_races_and_a_dead_letter_holds_none()
    {
        const int Count = 40;
        var workspace = await FlowAsync([Chart.Activity("do", "Test.Do"), Note()], ("concurrencyKey", new JsonObject { ["cat"] = new JsonArray("k", JsonNode.Parse("""{"%": [{"var": "event.data.number"}, 2]}""")) }), ("retry", new JsonObject { ["max"] = 0 }));
        for (var i = 0; i < Count; i++) await desk.TellAsync(workspace, "ticket.opened", $$"""{"name": "{{i:D2}}", "number": {{i}}}""");
        var (going, most) = (new int[2], 0);
        desk.OnDo = async (flow, _, _) =>
        {
            var number = (int)flow.Event!.Data["number"].AsNumber;
            InterlockedMax(ref most, Interlocked.Increment(ref going[number % 2]));
            await Task.Yield();
            Interlocked.Decrement(ref going[number % 2]);
            if (number % 8 == 3) throw new InvalidOperationException("bad");
        };
        await using var one = desk.Host(o => o.BatchSize = 4);
        await using var two = desk.Host(o => o.BatchSize = 4);
        await Task.WhenAll(new[] { one, two, one, two }.Select(host => Task.Run(async () =>
        {
            await FlowRunnerTests.UntilAsync(async () =>
            {
                await host.GetRequiredService<Events.EventPump>().RunOnceAsync(default);
                await host.GetRequiredService<FlowRunner>().RunOnceAsync(default);
                return (await desk.RunsAsync(workspace)) is { Count: Count } runs && runs.All(r => r is "greet finished" or "greet faulted");
            });
        })));
        most.ShouldBe(1);
        (await desk.RunsAsync(workspace)).Count(r => r == "greet faulted").ShouldBe(Count / 8);
        (await desk.NotesAsync(workspace)).Count.ShouldBe(Count - (Count / 8));
    }

    [Fact]
    public async Task A_dead_letter_that_is_replayed_waits_for_its_key()
    {
        var workspace = await FlowAsync([Chart.Activity("do", "Test.Do"), Sleep(), Note()], ("concurrencyKey", ByName.DeepClone()), ("retry", new JsonObject { ["max"] = 0 }));
        desk.OnDo = (_, _, _) => throw new InvalidOperationException("not yet");
        await desk.TellAndRunAsync(workspace, "ticket.opened", """{"name": "Bob"}""");
        desk.OnDo = (_, _, _) => Task.CompletedTask;
        desk.Clock.Now += TimeSpan.FromSeconds(1);
        await desk.TellAndRunAsync(workspace, "ticket.opened", """{"name": "Bob"}""");
        await using (var scope = desk.Scope(workspace))
        {
            var failed = await desk.AskAsync<Guid>("select id from wfm_flows.run where workspace_id = $1 and status = 'faulted'", workspace);
            (await scope.ServiceProvider.GetRequiredService<RunControl>().ReplayAsync(failed, FlowDesk.Ann, default)).ShouldBe(new RunControlResult.Done("waiting"));
        }

        (await desk.RunsAsync(workspace)).ShouldBe(["greet waiting", "greet suspended"]);
        for (var i = 0; i < 2; i++)
        {
            desk.Clock.Now += TimeSpan.FromHours(1);
            await desk.RunAsync();
        }

        (await desk.RunsAsync(workspace)).ShouldBe(["greet finished", "greet finished"]);
    }

    [Fact]
    public async Task Events_about_one_subject_that_follow_each_other_closely_start_one_run_with_the_last()
    {
        var workspace = await FlowAsync([Note()], ("debounce", "PT1M"));
        var ticket = Guid.CreateVersion7(desk.Clock.Now);
        foreach (var name in new[] { "first", "second", "third" })
        {
            await desk.TellAsync(workspace, "ticket.opened", $$"""{"name": "{{name}}"}""", ticket);
            await desk.PumpAsync();
            await desk.RunAsync();
            desk.Clock.Now += TimeSpan.FromSeconds(59);
        }

        await desk.TellAsync(workspace, "ticket.opened", """{"name": "other"}""");
        await desk.PumpAsync();
        await desk.RunAsync();
        (await desk.NotesAsync(workspace)).ShouldBeEmpty();
        desk.Clock.Now += TimeSpan.FromSeconds(1);
        await desk.RunAsync();
        (await desk.NotesAsync(workspace)).ShouldBe(["third"]);
        await desk.TellAsync(workspace, "ticket.opened", """{"name": "late"}""", ticket);
        await desk.PumpAsync();
        desk.Clock.Now += TimeSpan.FromMinutes(1);
        await desk.RunAsync();
        (await desk.NotesAsync(workspace)).ShouldBe(["late", "other", "third"]);
        (await desk.RunsAsync(workspace)).Count.ShouldBe(3);
    }

    [Fact]
    public async Task So_many_runs_begin_in_a_period_and_the_others_later()
    {
        var workspace = await FlowAsync([Note()], ("throttle", JsonNode.Parse("""{"max": 2, "per": "PT1H"}""")));
        for (var i = 0; i < 5; i++) await desk.TellAndRunAsync(workspace, "ticket.opened", $$"""{"name": "{{i}}"}""");
        (await desk.NotesAsync(workspace)).ShouldBe(["0", "1"]);
        desk.Clock.Now += TimeSpan.FromMinutes(59);
        await desk.RunAsync();
        (await desk.NotesAsync(workspace)).ShouldBe(["0", "1"]);
        desk.Clock.Now += TimeSpan.FromMinutes(1);
        await desk.RunAsync();
        (await desk.NotesAsync(workspace)).ShouldBe(["0", "1", "2", "3"]);
        desk.Clock.Now += TimeSpan.FromHours(1);
        await desk.RunAsync();
        (await desk.NotesAsync(workspace)).ShouldBe(["0", "1", "2", "3", "4"]);
    }

    private static JsonObject Note(string? text = null) => Chart.Activity(text ?? "note", "Test.Note", ("text", text is null ? Chart.Template("{{event.data.name}}") : Chart.Literal(text)));

    private static JsonObject Sleep() => Chart.Activity("sleep", "Elsa.Delay", ("timeSpan", Chart.Literal("01:00:00")));

    private Task<Guid> FlowAsync(JsonObject[] activities, params (string Name, JsonNode? Value)[] members) =>
        desk.WorkspaceAsync(("greet", FlowDesk.On("ticket.opened", Chart.Line("ticket.opened", activities), members)));

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = most; value > seen && Interlocked.CompareExchange(ref most, value, seen) != seen; seen = most)
        {
        }
    }
}
