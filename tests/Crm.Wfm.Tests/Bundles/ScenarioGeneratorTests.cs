using System.Text.Json.Nodes;
using Crm.Wfm.Bundles;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Tests.Bundles;

/// <summary>Tests that are made for a bundle: that they pass, what they cover, and that what they do not cover is told.</summary>
public sealed class ScenarioGeneratorTests
{
    private const string Small = "/workflows/flow/transitions/finish/conditions/small";

    public static TheoryData<string> Files => SampleTests.Files;

    [Theory]
    [MemberData(nameof(Files))]
    public void Tests_made_for_a_sample_pass_take_every_way_and_see_every_guard_both_ways(string file)
    {
        var made = ScenarioGenerator.Generate(Bare(file));

        var bundle = Read(made.Document);
        ScenarioRunner.RunAll(bundle).SelectMany(r => r.Failures).ShouldBeEmpty();
        bundle.Tests.Keys.Concat(bundle.DecisionTests.Keys).ShouldBe(made.Tests.Keys, ignoreOrder: true);
        Coverage.Gaps(bundle).ShouldBeEmpty();
        (made.Score.Noticed + made.Score.Equivalent.Count).ShouldBeGreaterThanOrEqualTo(made.Score.NearMisses * 9 / 10, string.Join('\n', made.Score.Uncovered));
        made.Score.Uncovered.ShouldAllBe(u => u.Why.Length > 0);
    }

    [Theory]
    [InlineData("sales-pipeline.json")]
    [InlineData("lead-qualification.json")]
    [InlineData("customer-support.json")]
    public void The_same_bundle_gives_the_same_tests_and_a_bundle_that_has_them_lacks_none(string file)
    {
        var first = ScenarioGenerator.Generate(Bare(file));

        var again = ScenarioGenerator.Generate(Read(first.Document));

        CanonicalJson.Indented(ScenarioGenerator.Generate(Bare(file)).Document).ShouldBe(CanonicalJson.Indented(first.Document));
        again.Tests.ShouldBeEmpty();
        again.Document.ShouldBe(first.Document);
    }

    [Fact]
    public void What_a_bundles_own_tests_show_is_not_shown_again()
    {
        var (own, bare) = (Samples.Read("sales-pipeline.json"), Bare("sales-pipeline.json"));

        var made = ScenarioGenerator.Generate(own);

        made.Tests.Count.ShouldBeLessThan(ScenarioGenerator.Generate(bare).Tests.Count);
        made.Tests.Keys.ShouldAllBe(key => !own.Tests.ContainsKey(key) && !own.DecisionTests.ContainsKey(key));
        Read(made.Document).Tests.Keys.ShouldBe(own.Tests.Keys.Concat(made.Tests.Where(t => t.Value["decision"].IsNull).Select(t => t.Key)), ignoreOrder: true);
    }

    [Fact]
    public void Both_sides_of_a_bound_are_tried()
    {
        var made = Made(Samples.Small().With("/tests", null).With(Small + "/rule", """{"<=":[{"var":"entity.amount"},{"var":"param.limit"}]}"""));

        var amounts = made.Tests.Values.SelectMany(test => test["steps"].AsList.ToArray().Select(step => (
            Amount: step["changes"].AsObject?.Has("amount") is true ? step["changes"]["amount"] : test["given"]["entity"]["amount"],
            IsBlocked: step["expect"]["blockedBy"].AsList.Contains(Value.From("small"))))).Distinct().ToList();
        amounts.ShouldContain((Value.From(10), false));
        amounts.ShouldContain((Value.From(10.01), true));
    }

    [Fact]
    public void What_a_move_sets_and_emits_is_expected()
    {
        var moved = Made(Samples.Small().With("/tests", null)).Tests.Values.SelectMany(t => t["steps"].AsList.ToArray()).First(s => s["do"].AsText == "finish" && s["expect"]["blockedBy"].AsList.Length == 0)["expect"];

        moved["entity"]["closedAt"].ShouldBe(Value.From("2026-01-01T12:00:00.000Z"));
        moved["project"].AsObject.ShouldNotBeNull().Has("note").ShouldBeTrue();
        moved["events"].AsList.ToArray().ShouldBe([Value.From("small.finished")]);
    }

    [Fact]
    public void Who_took_one_transition_is_seen_to_be_refused_another()
    {
        var fourEyes = Made(Samples.Small().With("/tests", null)).Tests["reopen-after-finish"];

        fourEyes["steps"].AsList.ToArray().Select(s => $"{s["do"].AsText} {s["expect"]["blockedBy"]}").ShouldBe(["finish []", """reopen ["four-eyes"]""", "reopen []"]);
    }

    [Fact]
    public void A_limited_step_is_seen_full_and_just_not()
    {
        var made = Made(Samples.Small().With("/tests", null).With("/workflows/flow/steps/1/wipLimit", "3"));

        made.Tests.Values.Where(t => t["given"].AsObject!.Has("counts")).Select(t => $"{t["given"]["counts"]} {t["steps"].AsList[0]["expect"]["blockedBy"]}").Order(StringComparer.Ordinal)
            .ShouldBe(["""{"finished":2} []""", """{"finished":3} ["wip-limit"]"""]);
        made.Score.Uncovered.ShouldNotContain(u => u.Pointer.EndsWith("wipLimit", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/workflows/aside/steps/0/wipLimit", "3", "/workflows/aside/steps/0/wipLimit", "no move leads there from elsewhere")]
    public void What_no_test_can_show_is_told_with_the_reason(string at, string json, string pointer, string why) =>
        Made(Samples.Small().With("/tests", null).With(at, json)).Score.Uncovered.ShouldContain(u => u.Pointer.StartsWith(pointer, StringComparison.Ordinal) && u.Why.Contains(why, StringComparison.Ordinal));

    [Fact]
    public void A_mistake_that_is_proved_to_make_no_difference_is_told_apart_from_one_that_goes_unnoticed()
    {
        // Whoever has an amount above 5 has one above 3.
        var score = Made(Samples.Small().With("/tests", null).With(Small + "/rule", """{"and":[{">":[{"var":"entity.amount"},5]},{">":[{"var":"entity.amount"},3]}]}""")).Score;

        score.Equivalent.ShouldContain(e => e.What == """without {">":[{"var":"entity.amount"},3]}""");
        score.Uncovered.ShouldNotContain(u => u.Pointer == Small);
    }

    [Fact]
    public void A_bundles_own_tests_are_scored_and_what_they_leave_out_is_named()
    {
        var score = ScenarioGenerator.Score(Samples.Reading(Samples.Small()).Bundle.ShouldNotBeNull());

        score.Uncovered.ShouldContain(u => u.Pointer == Small && u.What == "always" && u.CouldBe);
        score.Noticed.ShouldBeInRange(1, score.NearMisses - 1);
        ScenarioGenerator.Score(Read(Made(Samples.Small()).Document)).Uncovered.ShouldNotContain(u => u.CouldBe);
    }

    [Fact]
    public void A_test_that_fails_shows_nothing()
    {
        var failing = Samples.Reading(Samples.Small().With("/tests/finishes/steps/0/expect/step", "\"open\"")).Bundle.ShouldNotBeNull();

        ScenarioGenerator.Score(failing).Noticed.ShouldBe(0);
        ScenarioGenerator.Generate(failing).Tests.Keys.ShouldBe(Made(Samples.Small().With("/tests", null)).Tests.Keys);
    }

    private static GeneratedScenarios Made(JsonObject bundle) => ScenarioGenerator.Generate(Samples.Reading(bundle).Bundle.ShouldNotBeNull());

    private static Bundle Bare(string file) => Samples.Reading(JsonNode.Parse(Samples.Bytes(file))!.AsObject().With("/tests", null), Samples.Actions).Bundle.ShouldNotBeNull();

    private static Bundle Read(Value document)
    {
        var reading = BundleReader.Read(System.Text.Encoding.UTF8.GetBytes(CanonicalJson.Indented(document)), Samples.Actions);
        reading.Faults.ShouldBeEmpty();
        return reading.Bundle!;
    }
}
