using System.Text.Json.Nodes;
using Crm.Wfm.Bundles;
using Crm.Wfm.Rules;
using Crm.Wfm.Tests.Bundles;

namespace Crm.Wfm.Tests.Decisions;

/// <summary>Rules that read decisions, decisions that read each other, and versions of both.</summary>
public sealed class DecideTests
{
    private const string Guard = "/workflows/flow/transitions/finish/conditions/small/rule";
    private const string Amount = """{"kind":"table","hitPolicy":"first","inputs":[{"key":"amount","value":{"var":"entity.amount"},"schema":{"type":"number"}}],"outputs":[{"key":"size","schema":{"type":"number"}}],"rows":[{"key":"small","when":{"amount":{"<":7}},"then":{"size":1}}],"default":{"size":2}}""";
    private const string Double = """{"kind":"scorecard","inputs":[{"key":"size","value":{"decide":"amount-size"},"schema":{"type":"number"}}],"outputs":[{"key":"grade","schema":{"type":"string"}}],"characteristics":[{"key":"c","rows":[{"key":"one","when":{"size":1},"points":10}]}],"bands":[{"key":"ten","when":10,"then":{"grade":"good"}}],"default":{"grade":"bad"}}""";

    [Theory]
    [InlineData(5, true)]
    [InlineData(6, true)]
    [InlineData(8, false)]
    public void A_guard_may_ask_a_decision(int amount, bool passes)
    {
        var bundle = Bundle("""{"==": [{"decide": ["grade", "grade"]}, "good"]}""").With("/tests/finishes/given/entity/amount", $"{amount}")
            .With("/tests/finishes/steps/0/expect", passes ? """{"step": "finished"}""" : """{"blockedBy": ["small"]}""");

        ScenarioRunner.RunAll(Read(bundle)).ShouldAllBe(result => result.Passed);
    }

    [Fact]
    public void A_post_action_sets_what_a_decision_gives()
    {
        var bundle = Bundle("true").With("/workflows/flow/transitions/finish/postActions/1/value", """{"decide": ["grade", "grade"]}""")
            .With("/workflows/flow/transitions/finish/postActions/1/target", "\"/entity/closedAt\"")
            .With("/tests/finishes/steps/0/expect", """{"entity": {"closedAt": "good"}}""");

        ScenarioRunner.RunAll(Read(bundle)).ShouldAllBe(result => result.Passed);
    }

    [Fact]
    public void A_rule_names_the_facts_its_decisions_look_at_and_a_trace_tells_what_hit()
    {
        var rule = Read(Bundle("""{"==": [{"decide": ["grade", "grade"]}, "good"]}""")).Workflows["flow"].Transition("finish")!.Conditions[0].Rule;

        rule.Variables.ShouldBe(["entity.amount"]);
        var trace = rule.Explain(Value.Parse("""{"entity": {"amount": 5}}"""));
        trace.Result.ShouldBe(Value.True);
        trace.Arguments[0].ToValue().ToString().ShouldBe(
            """{"args":[{"input":"size","value":1},{"row":"c/one","value":true},{"row":"bands/ten","value":true}],"decide":["grade","grade"],"value":"good"}""");
    }

    [Fact]
    public void Inside_an_iterator_a_decision_sees_the_rules_own_data()
    {
        var rule = Read(Bundle("""{"all": [[1, 2], {"==": [{"decide": "amount-size"}, 1]}]}""")).Workflows["flow"].Transition("finish")!.Conditions[0].Rule;

        rule.Holds(Value.Parse("""{"entity": {"amount": 5}}""")).ShouldBeTrue();
        rule.Variables.ShouldBe(["entity.amount"]);
    }

    [Theory]
    [InlineData("""{"decide": "amount-siz"}""", "unknown-decision", "There is no decision 'amount-siz'; did you mean 'amount-size'?.")]
    [InlineData("""{"decide": "grade"}""", "unknown-decision", "The decision grade has several outputs; name one of score, grade.")]
    [InlineData("""{"decide": ["grade", "grad"]}""", "unknown-decision", "The decision grade has no output 'grad'; did you mean 'grade'? (it has score, grade).")]
    [InlineData("""{"decide": [{"var": "entity.amount"}]}""", "rule-arguments", null)]
    [InlineData("""{"decide": ["grade", 1]}""", "rule-arguments", null)]
    [InlineData("""{"decide": ["grade", "grade", 1]}""", "rule-arguments", "'decide' takes 1 to 2 arguments, not 3.")]
    public void A_rule_that_asks_what_there_is_not_is_refused(string rule, string key, string? message)
    {
        var fault = Samples.Reading(Bundle(rule)).Faults.ShouldHaveSingleItem();
        (fault.Key, fault.Pointer).ShouldBe((key, Guard + "/decide"));
        if (message is not null) fault.Message.ShouldBe(message);
    }

    [Fact]
    public void An_automation_cannot_ask() =>
        Samples.Reading(Bundle("true").With("/automations", """{"hook": {"on": ["a.b"], "when": {"decide": "amount-size"}, "actions": [{"do": "set", "target": "/entity/closedAt", "value": 1}]}}""")).Faults
            .ShouldContain(f => f.Key == "unknown-decision" && f.Pointer == "/automations/hook/when");

    [Fact]
    public void Outside_of_bundles_there_are_no_decisions() =>
        Rule.CompileLeniently(Value.Parse("""{"decide": "x"}""")).Evaluate(Value.Null).Error["type"].AsText.ShouldBe(RuleErrors.InvalidArguments);

    [Fact]
    public void Decisions_that_read_each_other_in_a_circle_are_refused_once()
    {
        var bundle = Bundle("true").With("/decisions/amount-size/inputs/0/value", """{"decide": ["grade", "score"]}""");

        var fault = Samples.Reading(bundle).Faults.ShouldHaveSingleItem();
        fault.ShouldSatisfyAllConditions(
            f => f.Key.ShouldBe("decision-cycle"),
            f => f.Message.ShouldBe("Decisions read each other in a circle: amount-size reads grade reads amount-size."),
            f => f.Pointer.ShouldBe("/decisions/grade/inputs/0/value/decide"));
    }

    [Theory]
    [InlineData(16, true)]
    [InlineData(17, false)]
    [InlineData(150, false)]
    public void Decisions_read_each_other_up_to_a_depth(int count, bool isGood)
    {
        var bundle = Samples.Small();
        for (var i = 0; i < count; i++)
        {
            var value = i == 0 ? """{"var": "entity.amount"}""" : $$"""{"decide": "d{{i - 1}}"}""";
            bundle.With($"/decisions/d{i}", Amount).With($"/decisions/d{i}/inputs/0/value", value);
        }

        var faults = Samples.Reading(bundle).Faults;
        if (isGood) faults.ShouldBeEmpty();
        else faults.ShouldNotBeEmpty();
        faults.ShouldAllBe(f => f.Key == "decision-depth");
    }

    [Fact]
    public void A_decision_that_fans_out_without_end_is_stopped()
    {
        var bundle = Samples.Small();
        var inputs = (string value) => "[" + string.Join(',', Enumerable.Range(0, 20).Select(i => $$"""{"key": "i{{i}}", "value": {{value}}, "schema": {"type": "number"} }""")) + "]";
        var rows = "[{\"key\": \"r\", \"when\": {" + string.Join(',', Enumerable.Range(0, 20).Select(i => $"\"i{i}\": {{\">\": 0}}")) + "}, \"then\": {\"size\": 1}}]";
        for (var i = 0; i < 10; i++)
        {
            bundle.With($"/decisions/d{i}", Amount).With($"/decisions/d{i}/inputs", inputs(i == 0 ? """{"var": "entity.amount"}""" : $$"""{"decide": "d{{i - 1}}"}""")).With($"/decisions/d{i}/rows", rows);
        }

        var outcome = Read(bundle).Decisions["d9"].Evaluate(Value.Parse("""{"entity": {"amount": 5}}"""));

        outcome.Error["type"].AsText.ShouldBe(RuleErrors.TooComplex);
    }

    [Fact]
    public void A_slice_has_the_decisions_its_rules_read_and_their_params_and_no_others()
    {
        var bundle = Bundle("""{"==": [{"decide": ["grade", "grade"]}, "good"]}""").With("/decisions/unused", Amount)
            .With("/decisions/amount-size/default/size", """{"rule": {"var": "param.limit"}}""");
        var whole = Read(bundle);

        var slice = whole.Slice("flow");

        slice["decisions"].AsObject!.Select(d => d.Key).ShouldBe(["amount-size", "grade"]);
        slice["params"].AsObject!.Has("limit").ShouldBeTrue();
        whole.Slice("aside")["decisions"].ShouldBe(Value.Null);
        BundleReader.Read(System.Text.Encoding.UTF8.GetBytes(slice.ToString())).Bundle!.Workflows["flow"].Decisions.Keys.Order().ShouldBe(["amount-size", "grade"]);
    }

    [Fact]
    public void A_workflow_is_another_version_when_a_decision_it_uses_changes_and_only_then()
    {
        var bundle = Bundle("""{"==": [{"decide": ["grade", "grade"]}, "good"]}""").With("/decisions/unused", Amount);
        var before = Read(bundle).SliceHash("flow");

        Read(bundle.With("/decisions/unused/default/size", "3")).SliceHash("flow").ShouldBe(before);
        Read(bundle.With("/decisions/amount-size/default/size", "3")).SliceHash("flow").ShouldNotBe(before);
    }

    [Fact]
    public void The_canonical_text_of_a_bundle_with_decisions_is_read_again_to_the_byte()
    {
        var bundle = Read(Bundle("true"));
        BundleReader.Read(System.Text.Encoding.UTF8.GetBytes(bundle.ToText())).Bundle!.ToText().ShouldBe(bundle.ToText());
    }

    private static Bundle Read(JsonObject bundle)
    {
        var reading = Samples.Reading(bundle);
        reading.Faults.ShouldBeEmpty();
        return reading.Bundle!;
    }

    private static JsonObject Bundle(string rule) => Samples.Small().With("/decisions/amount-size", Amount).With("/decisions/grade", Double).With(Guard, rule);
}
