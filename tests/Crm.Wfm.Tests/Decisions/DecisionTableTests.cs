using System.Text.RegularExpressions;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Tests.Decisions;

/// <summary>What tables answer: hit policies, cells, outputs.</summary>
public sealed class DecisionTableTests
{
    private const string Overlapping = """
        {"key": "ten", "when": {"a": {">=": 10}}, "then": {"out": 1}},
        {"key": "twenty", "when": {"a": {">=": 20}}, "then": {"out": 2}},
        {"key": "thirty", "when": {"a": {">=": 30}}, "then": {"out": 3}}
        """;

    [Theory]
    [InlineData("""{"a": 5}""", "null")]
    [InlineData("""{"a": 10}""", """{"out":1}""")]
    [InlineData("""{"a": 19.999999999}""", """{"out":1}""")]
    [InlineData("""{"a": 20}""", """{"out":2}""")]
    [InlineData("""{}""", "null")]
    [InlineData("""{"a": "15"}""", "null")]
    [InlineData("""{"a": [15]}""", "null")]
    public void Unique_gives_the_one_row_that_hits(string entity, string outputs)
    {
        var table = DecisionBundle.Read(DecisionBundle.Table("unique", """
            {"key": "ten", "when": {"a": {">=": 10, "<": 20}}, "then": {"out": 1}},
            {"key": "twenty", "when": {"a": {">=": 20}}, "then": {"out": 2}}
            """));

        DecisionBundle.Ask(table, entity).ToString().ShouldBe(outputs);
    }

    [Fact]
    public void Unique_ends_in_an_error_where_rules_let_two_rows_hit()
    {
        var table = DecisionBundle.Read(DecisionBundle.Table("unique", """
            {"key": "ten", "when": {"a": {">=": 10}}, "then": {"out": 1}},
            {"key": "odd", "when": {"a": {"rule": {"==": [{"%": [{"var": "inputs.a"}, 2]}, 1]}}}, "then": {"out": 2}}
            """));

        DecisionBundle.Ask(table, """{"a": 3}""").ToString().ShouldBe("""{"out":2}""");
        var result = table.Evaluate(DecisionBundle.Facts("""{"a": 11}"""));
        result.ShouldSatisfyAllConditions(
            r => r.IsError.ShouldBeTrue(),
            r => r.Outputs.ShouldBe(Value.Null),
            r => r.Error.ToString().ShouldBe("""{"message":"Both ten and odd hit, of which only one may.","type":"Decision"}"""));
    }

    [Fact]
    public void First_gives_the_first_row_in_their_order()
    {
        var table = DecisionBundle.Read(DecisionBundle.Table("first", """
            {"key": "thirty", "when": {"a": {">=": 30}}, "then": {"out": 3}},
            {"key": "ten", "when": {"a": {">=": 10}}, "then": {"out": 1}},
            {"key": "rest", "then": {"out": 0}}
            """));

        DecisionBundle.Ask(table, """{"a": 30}""").ToString().ShouldBe("""{"out":3}""");
        DecisionBundle.Ask(table, """{"a": 29}""").ToString().ShouldBe("""{"out":1}""");
        DecisionBundle.Ask(table, """{"a": null}""").ToString().ShouldBe("""{"out":0}""");
    }

    [Fact]
    public void Priority_gives_the_row_with_the_highest_number()
    {
        var table = DecisionBundle.Read(DecisionBundle.Table("priority", """
            {"key": "ten", "priority": 1, "when": {"a": {">=": 10}}, "then": {"out": 1}},
            {"key": "thirty", "priority": 3, "when": {"a": {">=": 30}}, "then": {"out": 3}},
            {"key": "twenty", "priority": 2.5, "when": {"a": {">=": 20}}, "then": {"out": 2}}
            """));

        DecisionBundle.Ask(table, """{"a": 35}""").ToString().ShouldBe("""{"out":3}""");
        DecisionBundle.Ask(table, """{"a": 25}""").ToString().ShouldBe("""{"out":2}""");
        DecisionBundle.Ask(table, """{"a": 15}""").ToString().ShouldBe("""{"out":1}""");
    }

    [Fact]
    public void Priority_without_numbers_goes_by_the_order_in_which_outputs_list_their_values()
    {
        var table = DecisionBundle.Read("""
            {
              "kind": "table", "hitPolicy": "priority",
              "inputs": [{"key": "a", "value": {"var": "entity.a"}, "schema": {"type": "number"}}],
              "outputs": [{"key": "risk", "schema": {"enum": ["high", "medium", "low"]}}],
              "rows": [
                {"key": "any", "then": {"risk": "low"}},
                {"key": "large", "when": {"a": {">": 100}}, "then": {"risk": "medium"}},
                {"key": "huge", "when": {"a": {">": 1000}}, "then": {"risk": "high"}}
              ]
            }
            """);

        new[] { 5000, 500, 50 }.Select(a => DecisionBundle.Ask(table, $$$"""{"a": {{{a}}}}""")["risk"].AsText).ShouldBe(["high", "medium", "low"]);
    }

    [Theory]
    [InlineData("list", """{"a": 25}""", """{"out":[1,2]}""")]
    [InlineData("list", """{"a": 5}""", """{"out":[]}""")]
    [InlineData("sum", """{"a": 30}""", """{"out":6}""")]
    [InlineData("sum", """{"a": 5}""", "null")]
    [InlineData("min", """{"a": 30}""", """{"out":1}""")]
    [InlineData("max", """{"a": 25}""", """{"out":2}""")]
    [InlineData("count", """{"a": 25}""", """{"out":2}""")]
    [InlineData("count", """{"a": 5}""", """{"out":0}""")]
    public void Collect_makes_one_of_all_rows_that_hit(string aggregate, string entity, string outputs)
    {
        var rows = aggregate == "count" ? Regex.Replace(Overlapping, ", \"then\": {\"out\": \\d}", "") : Overlapping;
        var table = DecisionBundle.Read(DecisionBundle.Table("collect", rows, $"\"aggregate\": \"{aggregate}\"")
            .Replace("""["number", "string", "boolean", "null"]""", "\"number\"", StringComparison.Ordinal));

        DecisionBundle.Ask(table, entity).ToString().ShouldBe(outputs);
    }

    [Fact]
    public void Collect_takes_the_default_where_nothing_is_to_be_added_up()
    {
        var table = DecisionBundle.Read(DecisionBundle.Table("collect", Overlapping, """ "aggregate": "sum", "default": {"out": 0}""")
            .Replace("""["number", "string", "boolean", "null"]""", "\"number\"", StringComparison.Ordinal));

        DecisionBundle.Ask(table, """{"a": 1}""").ToString().ShouldBe("""{"out":0}""");
        DecisionBundle.Ask(table, """{"a": 20}""").ToString().ShouldBe("""{"out":3}""");
    }

    [Fact]
    public void Adding_up_what_is_no_number_is_an_error()
    {
        var table = DecisionBundle.Read(DecisionBundle.Column("""{"type":"number"}""", "collect", """{"key": "r", "then": {"out": {"rule": {"var": "entity.text"}}}}""", "\"aggregate\": \"sum\"")
            .Replace("""["number", "string", "null"]""", "\"number\"", StringComparison.Ordinal));

        table.Evaluate(DecisionBundle.Facts("""{"a": 1, "text": "7"}""")).Error["message"].AsText.ShouldBe("r gives \"7\" for out, which is no number.");
    }

    [Theory]
    [InlineData("5", "5", true)]
    [InlineData("5", "5.0000000000001", false)]
    [InlineData("5", "\"5\"", false)]
    [InlineData("0", "false", false)]
    [InlineData("0", "null", false)]
    [InlineData("0", "-0", true)]
    [InlineData("0.3", "0.3", true)]
    [InlineData("\"web\"", "\"web\"", true)]
    [InlineData("\"web\"", "\"Web\"", false)]
    [InlineData("true", "true", true)]
    [InlineData("true", "1", false)]
    [InlineData("false", "null", false)]
    [InlineData("null", "null", true)]
    [InlineData("null", "[1]", true)]
    [InlineData("""{"==": null}""", "null", true)]
    [InlineData("""{"==": null}""", "0", false)]
    [InlineData("""{"!=": null}""", "0", true)]
    [InlineData("""{"!=": null}""", "null", false)]
    [InlineData("""{"==": "web"}""", "\"web\"", true)]
    [InlineData("""{"<=": 0.15}""", "0.15", true)]
    [InlineData("""{"<=": 0.15}""", "0.15000000000000002", false)]
    [InlineData("""{"<": 0.15}""", "0.15", false)]
    [InlineData("""{"<": 0.15}""", "null", false)]
    [InlineData("""{"<": 5}""", "\"3\"", false)]
    [InlineData("""{"<": 5}""", "[3]", false)]
    [InlineData("""{"<": 5}""", "true", false)]
    [InlineData("""{">": 5}""", "5", false)]
    [InlineData("""{">=": 10, "<": 20}""", "10", true)]
    [InlineData("""{">=": 10, "<": 20}""", "20", false)]
    [InlineData("""{">=": 10, "!=": 15}""", "15", false)]
    [InlineData("""{">=": 10, "!=": 15}""", "16", true)]
    [InlineData("""{">": "b"}""", "\"a\"", false)]
    [InlineData("""{">": "b"}""", "\"bb\"", true)]
    [InlineData("""{">": "b"}""", "\"Z\"", false)]
    [InlineData("""{"in": ["a", 1, null]}""", "\"a\"", true)]
    [InlineData("""{"in": ["a", 1, null]}""", "1", true)]
    [InlineData("""{"in": ["a", 1, null]}""", "null", true)]
    [InlineData("""{"in": ["a", 1, null]}""", "\"1\"", false)]
    [InlineData("""{"not": "a"}""", "\"b\"", true)]
    [InlineData("""{"not": "a"}""", "null", true)]
    [InlineData("""{"not": "a"}""", "\"a\"", false)]
    [InlineData("""{"not": {"in": [1, 2]}}""", "2", false)]
    [InlineData("""{"not": {">": 5}}""", "null", true)]
    [InlineData("""{"not": {">": 5}}""", "6", false)]
    [InlineData("""{"not": {"not": 5}}""", "5", true)]
    [InlineData("""{"rule": {"<": [{"var": "inputs.a"}, {"var": "entity.limit"}]}}""", "4", true)]
    [InlineData("""{"rule": {"<": [{"var": "inputs.a"}, {"var": "entity.limit"}]}}""", "5", false)]
    [InlineData("""{"rule": {"<": [{"var": "inputs.a"}, {"var": "entity.limit"}]}}""", "\"no number\"", false)]
    public void A_cell_holds_or_not(string cell, string input, bool holds)
    {
        var table = DecisionBundle.Read(DecisionBundle.Column("{}", "first", $$$"""{"key": "row", "when": {"a": {{{cell}}}}, "then": {"out": 1}}""", """ "default": {"out": 0}"""));
        var facts = DecisionBundle.Facts($$$"""{"a": {{{input}}}, "limit": 5}""");

        table.Evaluate(facts).Outputs["out"].AsNumber.ShouldBe(holds ? 1 : 0);
        table.Explain(facts).Hits.Any().ShouldBe(holds);
    }

    [Theory]
    [InlineData("date", "2026-03-31", "\"2026-03-30\"", true)]
    [InlineData("date", "2026-03-31", "\"2026-03-31\"", false)]
    [InlineData("date-time", "2026-03-31", "\"2026-03-30T23:59:59.999Z\"", true)]
    [InlineData("date-time", "2026-03-31", "\"2026-03-31T00:00:00.000Z\"", false)]
    [InlineData("date-time", "2026-03-31T12:00:00.000Z", "\"2026-03-31T11:59:59.999Z\"", true)]
    [InlineData("date-time", "2026-03-31T12:00:00.000Z", "\"2026-03-31T12:00:00.000Z\"", false)]
    [InlineData("date", "2026-03-31", "null", false)]
    public void Times_are_compared_as_the_texts_they_are(string format, string bound, string input, bool holds)
    {
        var table = DecisionBundle.Read(DecisionBundle.Column($$$"""{"type": ["string", "null"], "format": "{{{format}}}"}""", "first",
            $$$"""{"key": "before", "when": {"a": {"<": "{{{bound}}}"}}, "then": {"out": 1}}""", """ "default": {"out": 0}"""));

        DecisionBundle.Ask(table, $$$"""{"a": {{{input}}}}""")["out"].AsNumber.ShouldBe(holds ? 1 : 0);
    }

    [Fact]
    public void Outputs_may_be_computed_from_facts_and_inputs()
    {
        var table = DecisionBundle.Read(DecisionBundle.Column("""{"type": "number"}""", "first",
            """{"key": "r", "then": {"out": {"rule": {"+": [{"var": "inputs.a"}, {"var": "entity.more"}]}}}}"""));

        DecisionBundle.Ask(table, """{"a": 2, "more": 40}""").ToString().ShouldBe("""{"out":42}""");
    }

    [Fact]
    public void An_error_of_a_rule_is_the_decisions()
    {
        var table = DecisionBundle.Read(DecisionBundle.Column("""{"type": "number"}""", "first", """{"key": "r", "then": {"out": {"rule": {"throw": "no-rate"}}}}"""));

        table.Evaluate(DecisionBundle.Facts("{}")).Error.ToString().ShouldBe("""{"type":"no-rate"}""");
        table.Explain(DecisionBundle.Facts("{}")).Result.IsError.ShouldBeTrue();
    }

    [Fact]
    public void Inputs_can_be_given_in_place_of_facts()
    {
        var table = DecisionBundle.Read(DecisionBundle.Table("first", """{"key": "r", "when": {"a": 1, "b": "x"}, "then": {"out": 1}}"""));
        var given = Value.Parse("""{"a": 1}""").AsObject;

        table.Evaluate(DecisionBundle.Facts("""{"a": 2, "b": "x"}"""), given).Outputs.ToString().ShouldBe("""{"out":1}""");
        table.Evaluate(DecisionBundle.Facts("""{"a": 2, "b": "x"}""")).Outputs.ShouldBe(Value.Null);
    }

    [Fact]
    public void A_trace_tells_what_hit_and_by_which_cell_the_others_did_not()
    {
        var table = DecisionBundle.Read(DecisionBundle.Table("first", """
            {"key": "small", "when": {"a": {"<": 10}}, "then": {"out": 1}},
            {"key": "web", "when": {"a": {">=": 10}, "b": "web"}, "then": {"out": 2}},
            {"key": "ruled", "when": {"b": {"rule": {"==": [{"var": "inputs.b"}, "fair"]}}}, "then": {"out": 3}},
            {"key": "rest", "then": {"out": 4}}
            """));

        var trace = table.Explain(DecisionBundle.Facts("""{"a": 12, "b": "shop"}"""));

        Value.From(trace.Inputs).ToString().ShouldBe("""{"a":12,"b":"shop"}""");
        trace.Tables.ShouldHaveSingleItem().Rows.Select(row => (row.Row, row.FailedInput, row.Cell.ToString())).ShouldBe(
        [
            ("small", "a", """{"<":10}"""),
            ("web", "b", "\"web\""),
            ("ruled", "b", """{"rule":{"==":[{"var":"inputs.b"},"fair"]}}"""),
            ("rest", null, "null"),
        ]);
        trace.Hits.ShouldBe(["rest"]);
        trace.Result.Outputs.ToString().ShouldBe("""{"out":4}""");
    }

    [Fact]
    public void Evaluating_rows_that_stand_there_allocates_nothing()
    {
        var table = DecisionBundle.Read(DecisionBundle.Table("unique", """
            {"key": "small", "when": {"a": {"<": 10}, "b": "x"}, "then": {"out": 1}},
            {"key": "large", "when": {"a": {">=": 10}, "b": {"in": ["x", "y"]}}, "then": {"out": 2}}
            """));
        var facts = DecisionBundle.Facts("""{"a": 25, "b": "x"}""");
        for (var i = 0; i < 100; i++) table.Evaluate(in facts);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) table.Evaluate(in facts);

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }
}
