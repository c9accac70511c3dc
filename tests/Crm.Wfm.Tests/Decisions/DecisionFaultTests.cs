using Crm.Wfm.Tests.Bundles;

namespace Crm.Wfm.Tests.Decisions;

/// <summary>What is wrong with a decision is told at its place.</summary>
public sealed class DecisionFaultTests
{
    private const string Good = """
        {
          "kind": "table", "hitPolicy": "unique",
          "inputs": [
            {"key": "amount", "value": {"var": "entity.amount"}, "schema": {"type": "number", "minimum": 0}},
            {"key": "source", "value": {"var": "entity.source"}, "schema": {"enum": ["web", "fair", "phone"]}},
            {"key": "day", "schema": {"type": "string", "format": "date-time"}}
          ],
          "outputs": [{"key": "score", "schema": {"type": "number", "maximum": 100}}, {"key": "note", "schema": {"type": ["string", "null"]}}],
          "rows": [
            {"key": "small", "when": {"amount": {"<": 10}}, "then": {"score": 1}},
            {"key": "large", "when": {"amount": {">=": 10}}, "then": {"score": {"rule": {"var": "inputs.amount"}}, "note": "large"}}
          ]
        }
        """;

    private const string Card = """
        {
          "kind": "scorecard",
          "inputs": [{"key": "amount", "value": {"var": "entity.amount"}, "schema": {"type": "number"}}],
          "outputs": [{"key": "grade", "schema": {"enum": ["a", "b"]}}],
          "characteristics": [{"key": "size", "rows": [{"key": "big", "when": {"amount": {">": 10}}, "points": 5}]}],
          "bands": [{"key": "good", "when": {">=": 5}, "then": {"grade": "a"}}, {"key": "bad", "when": {"<": 5}, "then": {"grade": "b"}}]
        }
        """;

    [Theory]
    [InlineData(Good)]
    [InlineData(Card)]
    public void The_decisions_that_are_broken_below_are_good(string decision)
    {
        var reading = DecisionBundle.Reading(decision);
        reading.Faults.ShouldBeEmpty();
        reading.Warnings.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("/kind", "\"tables\"", "/kind", "enum", null)]
    [InlineData("/inputs/0/key", "\"Amount\"", "/inputs/0/key", "pattern", null)]
    [InlineData("/inputs/0/schema", null, "/inputs/0/schema", "required", null)]
    [InlineData("/rows/0/key", null, "/rows/0/key", "required", null)]
    [InlineData("/rows/0/wen", "{}", "/rows/0/wen", "additional-property", null)]
    [InlineData("/hitPolicy", null, "/hitPolicy", "required", "say which of the rows that hit count: unique, first, priority or collect")]
    [InlineData("/rows", null, "/rows", "required", "a table has rows")]
    [InlineData("/bands", """[{"key": "x", "when": 1, "then": {}}]""", "/bands", "not-allowed-here", "belongs to scorecards")]
    [InlineData("/inputs/1/key", "\"amount\"", "/inputs/1/key", "duplicate-entry", "there is 'amount' already; what is listed here is told apart by its key")]
    [InlineData("/outputs/1/key", "\"score\"", "/outputs/1/key", "duplicate-entry", "there is 'score' already; what is listed here is told apart by its key")]
    [InlineData("/rows/1/key", "\"small\"", "/rows/1/key", "duplicate-entry", "there is 'small' already; what is listed here is told apart by its key")]
    [InlineData("/rows/0/when/amuont", "1", "/rows/0/when/amuont", "unknown-input", "there is no input 'amuont'; did you mean 'amount'?")]
    [InlineData("/rows/0/then/scor", "1", "/rows/0/then/scor", "unknown-output", "there is no output 'scor'; did you mean 'score'?")]
    [InlineData("/rows/0/then/score", null, "/rows/0/then/score", "output-value", "a row gives every output that cannot be null; this one gives no 'score'")]
    [InlineData("/rows/0/then/score", "101", "/rows/0/then/score", "output-value", "101 is no value of this output, which must be at most 100, is 101")]
    [InlineData("/rows/0/then/score", """{"var": "entity.amount"}""", "/rows/0/then/score", "output-value", "an object is no output; a value that is computed is {\"rule\": ...}")]
    [InlineData("/rows/0/when/source", "\"wep\"", "/rows/0/when/source", "cell-value", "\"wep\" is no value of this input, which must be one of web, fair, phone; did you mean 'web'?")]
    [InlineData("/rows/0/when/source", """{"in": ["web", "mail"]}""", "/rows/0/when/source/in/1", "cell-value", "\"mail\" is no value of this input, which must be one of web, fair, phone")]
    [InlineData("/rows/0/when/amount", "-1", "/rows/0/when/amount", "cell-value", "-1 is no value of this input, which must be at least 0, is -1")]
    [InlineData("/rows/0/when/amount", """{"<": "10"}""", "/rows/0/when/amount/<", "cell-value", "the input is never a text")]
    [InlineData("/rows/0/when/source", """{">": 10}""", "/rows/0/when/source/>", "cell-value", "the input is never a number")]
    [InlineData("/rows/0/when/day", """{"<": "31.03.2026"}""", "/rows/0/when/day/<", "cell-value", "\"31.03.2026\" is compared with times, which have the form 2026-03-31 or 2026-03-31T10:00:00.000Z")]
    [InlineData("/rows/0/when/day", """{"<": "2026-03-31T10:00:00+01:00"}""", "/rows/0/when/day/<", "cell-value", null)]
    [InlineData("/rows/0/when/amount", "[1, 2]", "/rows/0/when/amount", "cell", null)]
    [InlineData("/rows/0/when/amount", "{}", "/rows/0/when/amount", "cell", null)]
    [InlineData("/rows/0/when/amount", """{"<": [1]}""", "/rows/0/when/amount/<", "cell", null)]
    [InlineData("/rows/0/when/amount", """{"in": []}""", "/rows/0/when/amount/in", "cell", "lists the values of which the input is one")]
    [InlineData("/rows/0/when/amount", """{"in": 5}""", "/rows/0/when/amount/in", "cell", "lists the values of which the input is one")]
    [InlineData("/rows/0/when/amount", """{"not": null}""", "/rows/0/when/amount/not", "cell", "what is not anything is nothing; say what it is not")]
    [InlineData("/rows/0/when/amount", """{"not": {"rule": true}}""", "/rows/0/when/amount/not", "cell", "a rule stands alone: say there what it is not")]
    [InlineData("/rows/0/when/amount", """{"rule": true, "<": 5}""", "/rows/0/when/amount", "cell", "a rule stands alone: put the other conditions into it")]
    [InlineData("/rows/0/when/amount", """{"between": [1, 2]}""", "/rows/0/when/amount/between", "cell", null)]
    [InlineData("/rows/0/when/amount", """{"==": {"a": 1}}""", "/rows/0/when/amount/==", "cell", null)]
    [InlineData("/rows/0/when/amount", """{"rule": {"no-such": 1}}""", "/rows/0/when/amount/rule", "rule-operator", null)]
    [InlineData("/rows/0/when/amount", """{"rule": {"var": "inputs.amuont"}}""", "/rows/0/when/amount/rule", "unknown-input", "there is no input 'amuont'; did you mean 'amount'?")]
    [InlineData("/inputs/0/value", """{"var": "inputs.source"}""", "/inputs/0/value", "unknown-root", "the rule of an input does not see the inputs; rows' rules do")]
    [InlineData("/inputs/0/value", """{"var": "entitiy.amount"}""", "/inputs/0/value", "unknown-root", null)]
    [InlineData("/inputs/0/value", """{"var": "param.limitt"}""", "/inputs/0/value", "unknown-reference", "there is no param 'limitt'; did you mean 'limit'?")]
    [InlineData("/rows/0/priority", "1", "/rows/0/priority", "not-allowed-here", "only the hit policy priority looks at it")]
    [InlineData("/aggregate", "\"sum\"", "/aggregate", "not-allowed-here", "only what is collected is made one")]
    [InlineData("/default", """{"score": "none"}""", "/default/score", "output-value", null)]
    [InlineData("/default", """{"note": "none"}""", "/default/score", "output-value", null)]
    [InlineData("/rows/1/when/amount", """{">=": 5}""", "/rows/1", "overlap", "hits together with 'small', where at most one row may: amount = 5")]
    [InlineData("/rows/1/when/amount", """{">": 10, "<": 10}""", "/rows/1", "never-hits", "never hits: no value that 'amount' may have is {\"<\":10,\">\":10}")]
    [InlineData("/rows/1/when/amount", """{"<": 0}""", "/rows/1", "never-hits", "never hits: no value that 'amount' may have is {\"<\":0}")]
    public void A_fault_of_a_table_is_told_at_its_place(string at, string? json, string pointer, string key, string? message) => Expect(Good, at, json, pointer, key, message);

    [Theory]
    [InlineData("/characteristics", null, "/characteristics", "required", "a scorecard has characteristics, whose points are added up")]
    [InlineData("/bands", null, "/bands", "required", "its outputs are what the band of the score gives")]
    [InlineData("/outputs", "[]", "/outputs", "required", "bands give outputs")]
    [InlineData("/outputs/0/key", "\"score\"", "/outputs/0/key", "duplicate-entry", "every scorecard has an output 'score' without saying so")]
    [InlineData("/rows", """[{"key": "x"}]""", "/rows", "not-allowed-here", "belongs to tables")]
    [InlineData("/characteristics/0/rows/0/points", null, "/characteristics/0/rows/0/points", "required", null)]
    [InlineData("/characteristics/-", """{"key": "size", "rows": [{"key": "b", "when": {"amount": 1}, "points": 1}]}""", "/characteristics/1/key", "duplicate-entry", null)]
    [InlineData("/characteristics/0/rows/-", """{"key": "bigger", "when": {"amount": {">": 20}}, "points": 9}""", "/characteristics/0/rows/1", "unreachable-row",
        "decides nothing: wherever it hits, 'big' counts before it")]
    [InlineData("/bands/1/when", """{"<=": 5}""", "/bands/1", "overlap", "hits together with 'good', where at most one row may: score = 5")]
    [InlineData("/bands/1/when", """{"<": 0}""", "/bands/1", "never-hits", "never hits: no value that 'score' may have is {\"<\":0}")]
    [InlineData("/bands/0/then/grade", "\"z\"", "/bands/0/then/grade", "output-value", null)]
    [InlineData("/bands/0/when", "\"hot\"", "/bands/0/when", "cell-value", null)]
    public void A_fault_of_a_scorecard_is_told_at_its_place(string at, string? json, string pointer, string key, string? message) => Expect(Card, at, json, pointer, key, message);

    [Theory]
    [InlineData("""{"key": "a", "priority": 1, "then": {"out": 1}}, {"key": "b", "then": {"out": 2}}""", "/rows/1/priority", "priority", "other rows have a priority, so this one needs one")]
    [InlineData("""{"key": "a", "then": {"out": 1}}""", "/rows/0/priority", "priority", "give the rows priorities, or the outputs an enum: then the value that stands first in it wins")]
    [InlineData("""{"key": "a", "priority": 1, "when": {"a": {"<": 5}}, "then": {"out": 1}}, {"key": "b", "priority": 1, "when": {"a": {">": 3}}, "then": {"out": 2}}""", "/rows/1", "contradiction",
        "has the priority of 'a', gives something else, and both hit: a = 4")]
    [InlineData("""{"key": "a", "priority": 1, "when": {"a": 4}, "then": {"out": 1}}, {"key": "b", "priority": 2, "when": {"a": {">": 3}}, "then": {"out": 2}}""", "/rows/0", "unreachable-row",
        "decides nothing: wherever it hits, 'b' counts before it")]
    public void Priorities_have_to_tell_rows_apart(string rows, string pointer, string key, string message)
    {
        var fault = DecisionBundle.Reading(DecisionBundle.Column("""{"type": "number"}""", "priority", rows)).Faults.First(f => f.Key == key);
        (fault.Pointer, fault.Message).ShouldBe((DecisionBundle.It + pointer, message));
    }

    [Theory]
    [InlineData("sum", "/outputs/0/schema", "aggregate", "must be a number: it is the sum of what rows give")]
    [InlineData("count", "/rows/0/then", "not-allowed-here", "rows that are counted give nothing")]
    public void What_is_collected_has_to_fit(string aggregate, string pointer, string key, string message) =>
        DecisionBundle.Reading(DecisionBundle.Column("{}", "collect", """{"key": "a", "then": {"out": 1}}""", $"\"aggregate\": \"{aggregate}\"")).Faults
            .ShouldContain(f => f.Pointer == DecisionBundle.It + pointer && f.Key == key && f.Message == message);

    [Fact]
    public void Many_faults_of_rows_are_told_up_to_a_number()
    {
        var rows = string.Join(',', Enumerable.Range(0, 30).Select(i => $$$"""{"key": "r{{{i}}}", "then": {"out": {{{i}}}}}"""));
        var faults = DecisionBundle.Reading(DecisionBundle.Column("{}", "unique", rows)).Faults;

        faults.Count(f => f.Key == "overlap").ShouldBe(20);
        faults.ShouldContain(f => f.Key == "too-many" && f.Message == "415 more faults of rows are not told");
    }

    private static void Expect(string decision, string at, string? json, string pointer, string key, string? message)
    {
        var bundle = Samples.Small().With(DecisionBundle.It, decision).With("/subjects/other/schema", """{"type": "object"}""").With(DecisionBundle.It + at, json);
        var faults = Samples.Reading(bundle).Faults;
        faults.Select(f => f.Pointer + " " + f.Key).ShouldContain(DecisionBundle.It + pointer + " " + key);
        if (message is not null) faults.First(f => f.Pointer == DecisionBundle.It + pointer && f.Key == key).Message.ShouldBe(message);
    }
}
