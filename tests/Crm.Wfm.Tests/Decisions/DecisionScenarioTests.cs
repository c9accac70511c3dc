using System.Text.Json.Nodes;
using Crm.Wfm.Bundles;
using Crm.Wfm.Tests.Bundles;

namespace Crm.Wfm.Tests.Decisions;

/// <summary>Embedded tests of decisions.</summary>
public sealed class DecisionScenarioTests
{
    private const string Test = "/tests/scored";

    [Theory]
    [InlineData("""{"outputs": {"out": 1}, "rows": ["small"]}""", null, null)]
    [InlineData("""{"rows": ["small"]}""", null, null)]
    [InlineData("""{"outputs": {}}""", null, null)]
    [InlineData("""{"outputs": {"out": 2}}""", "/expect/outputs/out", "Expected 2, is 1.")]
    [InlineData("""{"outputs": null}""", "/expect/outputs", "Expected null, is {\"out\":1}.")]
    [InlineData("""{"rows": []}""", "/expect/rows", "Expected nothing to hit, small did.")]
    [InlineData("""{"rows": ["large"]}""", "/expect/rows", "Expected large to hit, small did.")]
    public void Outputs_and_rows_are_compared(string expect, string? pointer, string? message)
    {
        var result = ScenarioRunner.RunAll(Read(Bundle().With(Test + "/expect", expect))).Single(r => r.Scenario == "scored");

        result.Failures.Select(f => (f.Pointer, f.Message)).ShouldBe(pointer is null ? [] : [(pointer, message!)]);
    }

    [Theory]
    [InlineData("""{"entity": {"a": 20}}""", "large")]
    [InlineData("""{"inputs": {"a": 20}, "entity": {"a": 1}}""", "large")]
    [InlineData("""{"params": {"limit": 99}, "entity": {"a": 20}}""", "small")]
    [InlineData("""{}""", "small")]
    public void Given_are_facts_params_and_inputs(string given, string row)
    {
        var result = ScenarioRunner.RunAll(Read(Bundle().With(Test + "/given", given).With(Test + "/expect", $$"""{"rows": ["{{row}}"]}"""))).Single(r => r.Scenario == "scored");

        result.Failures.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("/decision", "\"itt\"", "/decision", "unknown-reference", "there is no decision 'itt'; did you mean 'it'?")]
    [InlineData("/expect", null, "/expect", "required", "say what comes of the decision")]
    [InlineData("/workflow", "\"flow\"", "/workflow", "not-allowed-here", "belongs to tests of workflows")]
    [InlineData("/given/step", "\"open\"", "/given/step", "not-allowed-here", "belongs to tests of workflows")]
    [InlineData("/given/inputs", """{"more": 1}""", "/given/inputs/more", "unknown-reference", "there is no input 'more'")]
    [InlineData("/expect/outputs", """{"ou": 1}""", "/expect/outputs/ou", "unknown-reference", "there is no output 'ou'; did you mean 'out'?")]
    [InlineData("/expect/rows", """["smal"]""", "/expect/rows/0", "unknown-reference", "there is no row 'smal'; did you mean 'small'?")]
    [InlineData("/given/params", """{"limt": 1}""", "/given/params/limt", "unknown-reference", "there is no param 'limt'; did you mean 'limit'?")]
    public void A_test_that_speaks_of_nothing_is_refused(string at, string? json, string pointer, string key, string message) =>
        Samples.Reading(Bundle().With(Test + at, json)).Faults.ShouldContain(f => f.Pointer == Test + pointer && f.Key == key && f.Message == message);

    [Theory]
    [InlineData("/tests/finishes/expect", """{"rows": []}""", "/tests/finishes/expect", "not-allowed-here")]
    [InlineData("/tests/finishes/steps", null, "/tests/finishes/steps", "required")]
    [InlineData("/tests/finishes/workflow", null, "/tests/finishes/workflow", "required")]
    [InlineData("/tests/finishes/given/inputs", "{}", "/tests/finishes/given/inputs", "not-allowed-here")]
    public void A_test_of_a_workflow_has_steps_and_nothing_of_decisions(string at, string? json, string pointer, string key) =>
        Samples.Reading(Bundle().With(at, json)).Faults.ShouldContain(f => f.Pointer == pointer && f.Key == key);

    private static Bundle Read(JsonObject bundle)
    {
        var reading = Samples.Reading(bundle);
        reading.Faults.ShouldBeEmpty();
        return reading.Bundle!;
    }

    private static JsonObject Bundle() => Samples.Small().With("/subjects/other/schema", """{"type": "object"}""")
        .With("/decisions/it", DecisionBundle.Column("""{"type": ["number", "null"]}""", "first", """
            {"key": "large", "when": {"a": {"rule": {">": [{"var": "inputs.a"}, {"var": "param.limit"}]}}}, "then": {"out": 2}},
            {"key": "small", "then": {"out": 1}}
            """))
        .With(Test, """{"decision": "it", "given": {"entity": {"a": 5}}, "expect": {"outputs": {"out": 1}}}""");
}
