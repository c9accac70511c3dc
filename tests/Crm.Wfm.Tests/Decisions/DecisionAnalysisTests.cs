using Crm.Wfm.Decisions.Analysis;

namespace Crm.Wfm.Tests.Decisions;

/// <summary>What rows leave open, shadow, or nobody can tell; and that large tables are looked at whole.</summary>
public sealed class DecisionAnalysisTests
{
    [Theory]
    [InlineData("""{"type": "number"}""", """{"<": 10}""", """{">": 10}""", "a = 10")]
    [InlineData("""{"type": "number"}""", """{"<": 0.1}""", """{">=": 0.2}""", "a = 0.1")]
    [InlineData("""{"type": "number"}""", """{"<=": 0.1}""", """{">=": 0.2}""", "a = 0.15")]
    [InlineData("""{"type": "number"}""", """{"<=": 10}""", """{">=": 20}""", "a = 11")]
    [InlineData("""{"type": "integer"}""", """{"<=": 10}""", """{">=": 11}""", null)]
    [InlineData("""{"type": "integer"}""", """{"<=": 10}""", """{">": 11}""", "a = 11")]
    [InlineData("""{"type": "number", "minimum": 0}""", """{"<": 10, ">=": 0}""", """{">=": 10}""", null)]
    [InlineData("""{"type": "number", "exclusiveMinimum": 0}""", """{"<": 10, ">": 0}""", """{">=": 10}""", null)]
    [InlineData("""{"type": "number", "minimum": 0}""", """{"<": 10, ">": 0}""", """{">=": 10}""", "a = 0")]
    [InlineData("""{"type": ["number", "null"]}""", """{"<": 10}""", """{">=": 10}""", "a = null")]
    [InlineData("""{"type": ["number", "null"]}""", """{"<": 10}""", """{"not": {"<": 10}}""", null)]
    [InlineData("""{"enum": ["x", "y"]}""", "\"x\"", "\"y\"", null)]
    [InlineData("""{"enum": ["x", "y", "z"]}""", "\"x\"", "\"y\"", "a = \"z\"")]
    [InlineData("""{"type": "string"}""", "\"x\"", "\"y\"", "a = \"other\"")]
    [InlineData("""{"type": "string"}""", "\"other\"", """{"not": "other"}""", null)]
    [InlineData("""{"type": "boolean"}""", "true", "false", null)]
    [InlineData("""{"type": ["boolean", "null"]}""", "true", "false", "a = null")]
    [InlineData("""{"type": "string", "format": "date"}""", """{"<": "2026-03-01"}""", """{">": "2026-03-01"}""", "a = \"2026-03-01\"")]
    [InlineData("""{"type": "string", "format": "date"}""", """{"<=": "2026-03-01"}""", """{">=": "2026-03-03"}""", "a = \"2026-03-02\"")]
    [InlineData("""{"type": "string", "format": "date"}""", """{"<=": "2026-03-01"}""", """{">=": "2026-03-02"}""", null)]
    [InlineData("""{"type": "string", "format": "date-time"}""", """{"<": "2026-03-01"}""", """{">=": "2026-03-02"}""", "a = \"2026-03-01T12:00:00.000Z\"")]
    public void A_gap_is_told_with_an_example(string schema, string one, string two, string? example)
    {
        var reading = DecisionBundle.Reading(DecisionBundle.Column(schema, "unique",
            $$$"""{"key": "one", "when": {"a": {{{one}}} }, "then": {"out": 1}}, {"key": "two", "when": {"a": {{{two}}} }, "then": {"out": 2}}"""));

        reading.Faults.ShouldBeEmpty();
        reading.Warnings.Select(w => (w.Pointer, w.Key, w.Message))
            .ShouldBe(example is null ? [] : [(DecisionBundle.It + "/rows", "gap", "no row hits, and there is no default: " + example)]);
    }

    [Theory]
    [InlineData("first", "\"default\": {\"out\": 0}")]
    [InlineData("collect", "")]
    public void A_default_or_collecting_leaves_nothing_open(string policy, string more) =>
        DecisionBundle.Reading(DecisionBundle.Column("""{"type": "number"}""", policy, """{"key": "one", "when": {"a": 1}, "then": {"out": 1}}""", more)).Warnings.ShouldBeEmpty();

    [Fact]
    public void Rows_may_shadow_another_together()
    {
        var reading = DecisionBundle.Reading(DecisionBundle.Table("first", """
            {"key": "low", "when": {"a": {"<": 10}}, "then": {"out": 1}},
            {"key": "high", "when": {"a": {">=": 5}}, "then": {"out": 2}},
            {"key": "some", "when": {"a": {">": 0, "<": 100}, "b": "x"}, "then": {"out": 3}},
            {"key": "none", "when": {"b": "x"}, "then": {"out": 4}}
            """));

        reading.Faults.ShouldHaveSingleItem().ShouldBe(new Fault(DecisionBundle.It + "/rows/2", "unreachable-row", "decides nothing: wherever it hits, one of these counts before it: low, high"));
    }

    [Fact]
    public void Of_rows_with_rules_is_told_that_nobody_can_tell()
    {
        var unique = DecisionBundle.Reading(DecisionBundle.Column("""{"type": "number"}""", "unique", """
            {"key": "small", "when": {"a": {"<": 10}}, "then": {"out": 1}},
            {"key": "ruled", "when": {"a": {"rule": {">=": [{"var": "inputs.a"}, 10]}}}, "then": {"out": 2}}
            """));

        unique.Faults.ShouldBeEmpty();
        unique.Warnings.Select(w => (w.Key, w.Message)).ShouldBe(
        [
            ("not-analysed", "nobody can tell beforehand whether these rows, of which one has a rule, hit together: small and ruled"),
            ("not-analysed", "only rows with rules cover this, so nobody can tell beforehand whether one hits: a = 10"),
        ]);
    }

    [Fact]
    public void A_row_with_a_rule_shadows_nothing() =>
        DecisionBundle.Reading(DecisionBundle.Column("""{"type": "number"}""", "first", """
            {"key": "ruled", "when": {"a": {"rule": true}}, "then": {"out": 1}},
            {"key": "rest", "then": {"out": 2}}
            """)).Faults.ShouldBeEmpty();

    [Fact]
    public void Two_thousand_rows_over_ten_inputs_are_looked_at_whole()
    {
        var complete = DecisionBundle.Reading(Large(2000, _ => false));
        complete.Faults.ShouldBeEmpty();
        complete.Warnings.ShouldBeEmpty();

        DecisionBundle.Reading(Large(2000, row => row == 1234)).Warnings.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            w => w.Key.ShouldBe("gap"),
            w => w.Message.ShouldStartWith("no row hits, and there is no default: i0 = 12340, i1 = true, "));
    }

    [Fact]
    public void An_overlap_among_two_thousand_rows_is_found()
    {
        var table = Large(2000, _ => false).Replace("\"key\": \"r1500\", \"when\": {\"i0\": {\">=\": 15000", "\"key\": \"r1500\", \"when\": {\"i0\": {\">=\": 14995", StringComparison.Ordinal);

        DecisionBundle.Reading(table).Faults.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            f => f.Key.ShouldBe("overlap"),
            f => f.Pointer.ShouldBe(DecisionBundle.It + "/rows/1500"),
            f => f.Message.ShouldStartWith("hits together with 'r1498', where at most one row may: i0 = 14995"));
    }

    [Theory]
    [InlineData(10_000, nameof(Cover.Full))]
    [InlineData(1, nameof(Cover.Unknown))]
    public void Looking_at_rows_that_overlap_in_too_many_ways_ends(long budget, string cover)
    {
        var inputs = string.Join(',', Enumerable.Range(0, 8).Select(i => $$$"""{"key": "i{{{i}}}", "schema": {"type": "boolean"}}"""));
        var rows = string.Join(',', Enumerable.Range(0, 16).Select(i => $$$"""{"key": "r{{{i}}}", "when": {"i{{{i % 8}}}": {{{(i < 8 ? "true" : "false")}}}}, "then": {"out": 1}}"""));
        var table = DecisionBundle.Read($$$"""
            {"kind": "table", "hitPolicy": "collect", "inputs": [{{{inputs}}}], "outputs": [{"key": "out", "schema": {"type": "number"}}], "rows": [{{{rows}}}]}
            """).Tables[0];
        ulong[] all = [0xffff];

        new Coverage(table.Grid, new Boxes(table.Grid), budget).Search(all, null).ToString().ShouldBe(cover);
    }

    /// <summary>Ranges of a number, two rows each, told apart by a boolean; the other eight inputs are asked for in ways that leave nothing open.</summary>
    private static string Large(int rows, Func<int, bool> isLeftOut)
    {
        var inputs = Enumerable.Range(0, 10).Select(i => $$$"""{"key": "i{{{i}}}", "value": {"var": "entity.i{{{i}}}"}, "schema": {"type": "{{{(i == 0 ? "integer" : "boolean")}}}"} }""");
        var lines = Enumerable.Range(0, rows).Where(row => !isLeftOut(row)).Select(row =>
        {
            var from = row / 2 * 20;
            var first = row < 2 ? $"\"<\": {from + 20}" : row >= rows - 2 ? $"\">=\": {from}" : $"\">=\": {from}, \"<\": {from + 20}";
            var others = string.Join(", ", Enumerable.Range(2, 8).Select(i => $"\"i{i}\": {{\"in\": [true, false]}}"));
            return $$$"""{"key": "r{{{row}}}", "when": {"i0": {{{{first}}}}, "i1": {{{(row % 2 == 0 ? "true" : "false")}}}, {{{others}}}}, "then": {"out": {{{row}}}}}""";
        });
        return $$$"""
            {"kind": "table", "hitPolicy": "unique", "inputs": [{{{string.Join(',', inputs)}}}], "outputs": [{"key": "out", "schema": {"type": "number"}}], "rows": [{{{string.Join(',', lines)}}}]}
            """;
    }
}
