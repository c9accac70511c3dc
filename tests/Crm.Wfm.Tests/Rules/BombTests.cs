using System.Globalization;
using System.Text;
using System.Text.Json;
using Crm.Testing;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Tests.Rules;

/// <summary>What rules may cost. Steps are counted, so that a verdict does not depend on the machine; tests/Crm.Benchmarks measures how long the same bombs take.</summary>
public class BombTests
{
    public static TheoryData<string> Names => [.. Bomb.All.Select(bomb => bomb.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_bomb_ends_in_an_error_within_its_budget_and_its_trace_says_so(string name)
    {
        var bomb = Bomb.All.Single(b => b.Name == name);
        var data = Value.Parse(bomb.Data);
        var rule = Rule.CompileLeniently(Value.Parse(bomb.Rule));

        var outcome = rule.Evaluate(data);

        outcome.Error["type"].AsText.ShouldBe(bomb.Error);
        outcome.Steps.ShouldBeLessThanOrEqualTo(Run.Budget);
        rule.Holds(data).ShouldBeFalse();
        rule.Explain(data).Error.ShouldBe(outcome.Error);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_bomb_that_can_be_seen_is_refused_where_rules_are_imported(string name)
    {
        var bomb = Bomb.All.Single(b => b.Name == name);
        var faults = new List<Fault>();
        Rule.TryCompile(Value.Parse(bomb.Rule), faults, out _).ShouldBe(bomb.Fault is null);
        if (bomb.Fault is not null) faults.Select(f => f.Key).Distinct().ShouldBe([bomb.Fault]);
    }

    [Fact]
    public void An_exhausted_budget_says_so_and_no_rule_can_catch_it()
    {
        var bomb = Bomb.All.Single(b => b.Name == "one map over a long list");
        var rule = Rule.CompileLeniently(Value.Parse($$"""{"try":[{{bomb.Rule}},"caught"]}"""));
        var outcome = rule.Evaluate(Value.Parse(bomb.Data));
        outcome.Error.ShouldBe(Value.Parse("""{"type":"Too Complex","message":"The rule was stopped after 250,000 steps."}"""));
        outcome.Steps.ShouldBe(Run.Budget);
    }

    [Theory]
    [InlineData("""{"<":[{"var":"a"},{"+":[1,2]}]}""", 0)]
    [InlineData("""{"map":[[1,2,3],{"+":[{"var":""},1]}]}""", 3 + 3 * 4)]
    [InlineData("""{"all":[[1,2,3],{"<":[{"var":""},2]}]}""", 2 * 4)]
    [InlineData("""{"map":[[1,2],{"all":[[1,1,1],true]}]}""", 2 + 2 * 6 + 2 * 3)]
    [InlineData("""{"merge":[[1,2],3,[]]}""", 3 + 1 + 1)]
    [InlineData("""{"cat":["abcdefgh","ijklmnop"]}""", 4)]
    [InlineData("""{"+":{"merge":[1,2,3]}}""", 3 + 3)]
    [InlineData("""{"date":"2026-03-01"}""", 25)]
    [InlineData("""{"try":[{"throw":"a"},1]}""", 500)]
    [InlineData("""{"matches":["ab","^ab$"]}""", 9)]
    public void Steps_are_rounds_and_what_is_made_or_looked_through(string rule, int steps) => Rule.Compile(Value.Parse(rule)).Evaluate(Value.Null).Steps.ShouldBe(steps);

    [Theory]
    [InlineData("""{"map":[{"var":"a"},{"map":[{"var":"b"},{"+":[{"var":""},1]}]}]}""", true)]
    [InlineData("""{"map":[{"var":"a"},{"map":[{"var":"b"},{"map":[{"var":"c"},{"+":[{"var":""},1]}]}]}]}""", false)]
    [InlineData("""{"map":[{"filter":[{"var":"a"},true]},{"map":[{"merge":[{"var":"b"},{"var":"c"}]},{"map":[{"map":[{"var":"c"},1]},1]}]}]}""", false)]
    [InlineData("""{"map":[[1,2],{"map":[[1,2,3],{"map":[{"var":"c"},{"+":[{"var":""},1]}]}]}]}""", true)]
    [InlineData("""{"reduce":[{"var":"a"},{"some":[{"var":"current"},{"none":[{"var":"x"},{"var":"y"}]}]},0]}""", false)]
    public void Lists_within_lists_multiply_before_there_is_data(string rule, bool compiles)
    {
        var faults = new List<Fault>();
        Rule.TryCompile(Value.Parse(rule), faults, out _).ShouldBe(compiles);
        if (!compiles) faults.ShouldHaveSingleItem().Key.ShouldBe("rule-cost");
    }

    [Fact]
    public void The_estimate_is_told_with_the_budget()
    {
        var faults = new List<Fault>();
        Rule.TryCompile(Value.Parse("""{"map":[{"var":"a"},{"map":[{"var":"b"},{"map":[{"var":"c"},1]}]}]}"""), faults, out _);
        faults.ShouldBe([new("", "rule-cost",
            "The rule may take 1,030,303 steps, more than the 250,000 it is given: lists within lists multiply. A list of facts is taken to have 100 items.")]);
    }

    [Fact]
    public void The_clock_is_the_last_resort()
    {
        var rule = Rule.Compile(Value.Parse("""{"all":[{"var":""},true]}"""));
        var (few, many) = (Value.From(new Value[1000]), Value.From(new Value[100_000]));
        rule.Evaluate(few, TimeSpan.Zero).Value.ShouldBe(Value.True); // so few steps never look at it
        rule.Evaluate(many, TimeSpan.FromHours(1)).Value.ShouldBe(Value.True);
        var stopped = rule.Evaluate(many, TimeSpan.Zero);
        stopped.Error["type"].AsText.ShouldBe(RuleErrors.TooComplex);
        stopped.Error["message"].AsText.ShouldBe("The rule was stopped: it takes too long.");
        stopped.Steps.ShouldBeLessThan(many.AsList.Length);
    }

    [Theory]
    [InlineData("""[{"var":"accumulator"}]""", 127, true)]
    [InlineData("""[{"var":"accumulator"}]""", 128, false)]
    [InlineData("""{"val":[]}""", 127, true)]
    [InlineData("""{"val":[]}""", 128, false)]
    public void What_a_rule_makes_is_at_most_128_levels_deep(string rule, int rounds, bool allowed)
    {
        var reduce = Rule.Compile(Value.Parse($$"""{"reduce":[{"var":""},{{rule}},[]]}"""));
        var outcome = reduce.Evaluate(Value.From(new Value[rounds]));
        outcome.IsError.ShouldBe(!allowed);
        if (allowed) Value.Parse(outcome.Value.ToString()).ShouldBe(outcome.Value);
        else outcome.Error["message"].AsText.ShouldBe("Lists and objects lie more than 128 deep within each other.");
    }

    [Fact]
    public void Data_no_JSON_could_hold_is_not_looked_at()
    {
        var data = Value.Null;
        for (var i = 0; i < 100_000; i++) data = Value.From([data]);
        var rule = Rule.Compile(Value.Parse("""{"===":[{"var":""},{"var":""}]}"""));
        rule.Evaluate(data).Error["type"].AsText.ShouldBe(RuleErrors.TooComplex);
        rule.Holds(data).ShouldBeFalse();
        rule.Explain(data).Error["type"].AsText.ShouldBe(RuleErrors.TooComplex);
    }

    [Fact]
    public void The_trace_of_the_deepest_rule_can_be_written_and_read()
    {
        var rule = "false";
        for (var i = 0; i < 64; i++) rule = $$"""{"!!":{{rule}}}""";
        var trace = Rule.Compile(Value.Parse(rule)).Explain(Value.Null);
        var json = JsonSerializer.Serialize(new { trace });
        var kept = Value.Parse(json)["trace"];
        kept.ShouldBe(trace.ToValue());
        Trace.From(kept).ToValue().ShouldBe(kept);
    }

    [Fact]
    public void A_megabyte_of_brackets_is_no_rule()
    {
        var faults = new List<Fault>();
        StrictJson.Read(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $$"""{"rule":{{new string('[', 1 << 20)}}""")), faults).ShouldBeNull();
        faults.ShouldNotBeEmpty();
    }
}
