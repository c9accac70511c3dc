using System.Text.Json.Nodes;
using Crm.Wfm.Bundles;
using Crm.Wfm.Moves;
using Crm.Wfm.Tests.Moves;

namespace Crm.Wfm.Tests.Bundles;

public sealed class BundlePublisherTests(Desk desk) : IClassFixture<Desk>
{
    private readonly Guid _workspace = Guid.CreateVersion7(desk.Clock.Now);

    [Fact]
    public async Task A_bundle_is_published_once()
    {
        (await PublishAsync(Samples.Small())).ShouldBeOfType<PublishResult.Published>().DryRun.ShouldBeFalse();
        var before = await desk.EverythingAsync();
        (await PublishAsync(Samples.Small())).ShouldBeOfType<PublishResult.Unchanged>();
        (await PublishAsync(Samples.Small().With("/layout", null))).ShouldBeOfType<PublishResult.Unchanged>();
        (await desk.EverythingAsync()).ShouldBe(before);
        (await AskAsync<string>("select document from wfm.bundle where workspace_id = $1")).ShouldBe(Samples.Reading(Samples.Small()).Bundle!.ToText());
        (await AskAsync<string>("select string_agg(key, ' ' order by key) from wfm.role where workspace_id = $1")).ShouldBe("boss clerk");
    }

    [Fact]
    public async Task A_dry_run_tells_the_same_and_stores_nothing()
    {
        var before = await desk.EverythingAsync();
        (await desk.PublishAsync(Samples.Small(), _workspace, dryRun: true)).ShouldBeOfType<PublishResult.Published>().DryRun.ShouldBeTrue();
        (await desk.EverythingAsync()).ShouldBe(before);
    }

    [Theory]
    [InlineData("/statuses/open/color", "\"#000000\"", "/bundle/version", "version-taken")]
    [InlineData("/bundle/version", "\"0.9.0\"", "/bundle/version", "version-order")]
    [InlineData("/bundle/version", "\"1.0.0-rc.1\"", "/bundle/version", "version-order")]
    [InlineData("/bundle/requires", """{"base":"^1.0.0"}""", "/bundle/requires/base", "requirement")]
    [InlineData("/tests/finishes/steps/0/expect/step", "\"open\"", "/tests/finishes/steps/0/expect/step", "test-failed")]
    [InlineData("/workflows/flow/transitions/finish/to", "\"nowhere\"", "/workflows/flow/transitions/finish/to", "unknown-reference")]
    public async Task What_does_not_fit_is_told_at_its_place_and_nothing_is_stored(string at, string json, string pointer, string key)
    {
        await PublishedAsync(Samples.Small());
        var before = await desk.EverythingAsync();
        var next = at.StartsWith("/bundle/requires", StringComparison.Ordinal) ? Samples.Small().With("/bundle/version", "\"1.1.0\"") : Samples.Small();
        Faults(await PublishAsync(next.With(at, json))).ShouldContain(f => f.Pointer == pointer && f.Key == key);
        (await desk.EverythingAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Keys_belong_to_the_bundle_that_brought_them()
    {
        await PublishedAsync(Samples.Small());
        Faults(await PublishAsync(Samples.Small().With("/bundle/key", "\"thief\""))).Select(f => (f.Pointer, f.Key)).ShouldBe(
            [("/workflows/flow", "key-taken"), ("/workflows/aside", "key-taken"), ("/projectTypes/support", "key-taken"), ("/projectTypes/side", "key-taken")], ignoreOrder: true);
    }

    [Fact]
    public async Task A_subject_type_has_one_default()
    {
        await PublishedAsync(Renamed());
        Faults(await PublishAsync(Samples.Small().With("/projectTypes/support/default", "true"))).ShouldHaveSingleItem()
            .ShouldSatisfyAllConditions(f => f.Pointer.ShouldBe("/projectTypes/support/default"), f => f.Key.ShouldBe("default-taken"));
        await PublishedAsync(Samples.Small());
        (await AskAsync<string>("select string_agg(key, ' ' order by key) from wfm.project_type where workspace_id = $1 and is_default")).ShouldBe("help side2");

        static JsonObject Renamed() => JsonNode.Parse(Samples.Small().ToJsonString()
            .Replace("\"key\":\"small\"", "\"key\":\"first\"", StringComparison.Ordinal).Replace("\"support\"", "\"help\"", StringComparison.Ordinal).Replace("\"side\"", "\"side2\"", StringComparison.Ordinal)
            .Replace("\"flow\"", "\"flow2\"", StringComparison.Ordinal).Replace("\"aside\"", "\"aside2\"", StringComparison.Ordinal))!.AsObject();
    }

    [Theory]
    [InlineData("a", "b")]
    [InlineData("b", "a")]
    public async Task The_default_may_pass_from_one_type_to_another(string first, string second)
    {
        await PublishedAsync(Two("1.0.0", first));
        await PublishedAsync(Two("1.1.0", second));
        (await DefaultAsync()).ShouldBe(second);
        await PublishedAsync(Two("1.2.0", first).With($"/projectTypes/{second}", null));
        (await DefaultAsync()).ShouldBe(first);

        Task<string> DefaultAsync() => AskAsync<string>("select string_agg(key, ' ') from wfm.project_type where workspace_id = $1 and is_default");
        static JsonObject Two(string version, string byDefault) => Desk.Bundle().With("/bundle/version", $"\"{version}\"").With("/projectTypes/task", null)
            .With("/projectTypes/a", $$"""{"workflow":"desk","subject":"task","default":{{(byDefault == "a" ? "true" : "false")}},"fields":{"properties":{"note":true} } }""")
            .With("/projectTypes/b", $$"""{"workflow":"desk","subject":"task","default":{{(byDefault == "b" ? "true" : "false")}},"fields":{"properties":{"note":true} } }""");
    }

    [Fact]
    public async Task A_project_type_its_bundle_no_longer_has_keeps_its_projects_and_starts_none()
    {
        await PublishedAsync(Desk.Bundle());
        var running = await StartAsync("task");
        var record = await desk.RecordAsync("{}", "task", _workspace);
        await PublishedAsync(Desk.Bundle().With("/bundle/version", "\"2.0.0\"").With("/projectTypes/task", null)
            .With("/projectTypes/chore", """{"workflow":"desk","subject":"task","fields":{"properties":{"note":true}}}"""));
        (await desk.StartAsync(new(record, Desk.Ann) { ProjectType = "task" }, _workspace)).ShouldBeOfType<MoveResult.NotFound>().What.ShouldBe("project type");
        (await desk.StartAsync(new(record, Desk.Ann), _workspace)).ShouldBeOfType<MoveResult.Moved>();
        (await desk.MoveAsync(new(running, "begin", Desk.Ann), _workspace)).ShouldBeOfType<MoveResult.Moved>();
        await PublishedAsync(Desk.Bundle().With("/bundle/version", "\"3.0.0\""));
        await StartAsync("task");
    }

    [Fact]
    public async Task What_a_bundle_requires_is_looked_for_among_the_published()
    {
        await PublishedAsync(Desk.Bundle());
        var next = Samples.Small().With("/bundle/requires", """{"desk":"^1.0.0"}""");
        await PublishedAsync(next);
        Faults(await PublishAsync(next.With("/bundle/version", "\"1.1.0\"").With("/bundle/requires", """{"desk":"^2.0.0"}"""))).ShouldHaveSingleItem().Key.ShouldBe("requirement");
    }

    [Fact]
    public async Task A_workflow_that_did_not_change_keeps_its_version()
    {
        await PublishedAsync(Samples.Small());
        var before = await VersionsAsync();
        await PublishedAsync(Samples.Small().With("/bundle/version", "\"1.1.0\"").With("/workflows/aside/title", "\"Aside\""));
        var after = await VersionsAsync();
        after["flow"].ShouldBe(before["flow"]);
        after["aside"].ShouldNotBe(before["aside"]);

        async Task<Dictionary<string, string>> VersionsAsync() =>
            (await AskAsync<string[]>("select array_agg(case key when 'support' then 'flow' else 'aside' end || ' ' || workflow_version_id) from wfm.project_type where workspace_id = $1"))
            .Select(v => v.Split(' ')).ToDictionary(v => v[0], v => v[1]);
    }

    [Fact]
    public async Task Running_projects_stay_on_their_version_while_new_ones_start_on_the_new()
    {
        await PublishedAsync(Desk.Bundle());
        var (old, young) = (await StartAsync("task"), Desk.Bundle().With("/bundle/version", "\"2.0.0\""));
        await PublishedAsync(young.With("/workflows/desk/transitions/skip", """{"from":["todo"],"to":"done"}"""));
        (await desk.MoveAsync(new(old, "skip", Desk.Ann), _workspace)).ShouldBeOfType<MoveResult.Refused>().Reasons.Keys().ShouldBe(["no-edge"]);
        (await desk.MoveAsync(new(await StartAsync("task"), "skip", Desk.Ann), _workspace)).ShouldBeOfType<MoveResult.Moved>();
        (await desk.MoveAsync(new(old, "begin", Desk.Ann), _workspace)).ShouldBeOfType<MoveResult.Moved>();
    }

    [Fact]
    public async Task Of_publishes_that_race_one_stores_and_the_others_find_it_done()
    {
        for (var round = 0; round < 5; round++)
        {
            var workspace = Guid.CreateVersion7(desk.Clock.Now);
            var results = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => desk.PublishAsync(Samples.Small(), workspace))));
            results.OfType<PublishResult.Published>().ShouldHaveSingleItem();
            results.OfType<PublishResult.Unchanged>().Count().ShouldBe(3);
        }
    }

    [Fact]
    public async Task A_step_that_becomes_limited_is_counted_with_those_who_are_in_it()
    {
        await PublishedAsync(Board.Bundle().With("/workflows/board/steps/1/wipLimit", null).With("/workflows/board/steps/2/wipLimit", null));
        for (var i = 0; i < 2; i++) await PullAsync(await StartAsync("card"));
        var moving = await StartAsync("card");
        var publish = PublishAsync(Board.Bundle().With("/bundle/version", "\"2.0.0\""));
        await Task.WhenAll(publish, PullAsync(moving));
        (await publish).ShouldBeOfType<PublishResult.Published>();
        (await AskAsync<string>("select string_agg(step || ' ' || count, ' ' order by step) from wfm.step_count where workspace_id = $1")).ShouldBe("a 3 b 0");
        (await desk.MoveAsync(new(await StartAsync("card"), "pull", Desk.Ann), _workspace)).ShouldBeOfType<MoveResult.Refused>().Reasons.Keys().ShouldBe(["wip-limit"]);

        async Task PullAsync(Guid card) => (await desk.MoveAsync(new(card, "pull", Desk.Ann), _workspace)).ShouldBeOfType<MoveResult.Moved>();
    }

    [Fact]
    public async Task A_bundle_of_a_thousand_steps_is_published()
    {
        const int Steps = 1000;
        var steps = new JsonArray([.. Enumerable.Range(0, Steps).Select(i => (JsonNode)new JsonObject { ["key"] = $"s{i}", ["status"] = i == Steps - 1 ? "done" : "open", ["initial"] = i == 0, ["final"] = i == Steps - 1 })]);
        var transitions = new JsonObject(Enumerable.Range(0, Steps - 1).Select(i => KeyValuePair.Create($"t{i}", (JsonNode?)new JsonObject { ["from"] = new JsonArray($"s{i}"), ["to"] = $"s{i + 1}" })));
        await PublishedAsync(new JsonObject
        {
            ["apiVersion"] = "wfm/v1", ["kind"] = "ProcessBundle", ["bundle"] = new JsonObject { ["key"] = "long", ["version"] = "1.0.0" },
            ["subjects"] = Desk.Json("""{"road":{"schema":{"type":"object"}}}"""), ["projectTypes"] = Desk.Json("""{"road":{"workflow":"long","subject":"road"}}"""),
            ["statuses"] = Desk.Json("""{"open":{"category":"open"},"done":{"category":"done"}}"""), ["workflows"] = new JsonObject { ["long"] = new JsonObject { ["steps"] = steps, ["transitions"] = transitions } },
        });
        (await AskAsync<long>("select count(*) from wfm.edge where workspace_id = $1")).ShouldBe(Steps - 1);
        (await desk.MoveAsync(new(await StartAsync("road"), "t0", Desk.Ann), _workspace)).ShouldBeOfType<MoveResult.Moved>().To.ShouldBe("s1");
    }

    // The database writes a space after every comma: what it gives back is larger than what was read.
    [Fact]
    public async Task A_bundle_as_large_as_may_be_read_can_be_worked_with()
    {
        var large = Desk.Bundle().With("/workflows/desk/x-ballast", $"[{string.Join(',', Enumerable.Repeat('1', 2_200_000))}]");
        await PublishedAsync(large);
        (await AskAsync<long>("select length(definition::text)::bigint from wfm.workflow_version where workspace_id = $1")).ShouldBeGreaterThan(BundleReader.MaxBytes);
        (await desk.MoveAsync(new(await StartAsync("task"), "begin", Desk.Ann), _workspace)).ShouldBeOfType<MoveResult.Moved>();
    }

    private async Task<Guid> StartAsync(string type) =>
        (await desk.StartAsync(new(await desk.RecordAsync("{}", type, _workspace), Desk.Ann), _workspace)).ShouldBeOfType<MoveResult.Moved>().Project;

    private Task<PublishResult> PublishAsync(JsonObject bundle) => desk.PublishAsync(bundle, _workspace);

    private async Task PublishedAsync(JsonObject bundle)
    {
        var result = await PublishAsync(bundle);
        result.ShouldBeOfType<PublishResult.Published>(string.Join('\n', (result as PublishResult.Faulty)?.Faults ?? []));
    }

    private Task<T> AskAsync<T>(string sql) => desk.AskAsync<T>(sql, _workspace);

    private static IReadOnlyList<Fault> Faults(PublishResult result) => result.ShouldBeOfType<PublishResult.Faulty>().Faults;
}
