using Crm.Wfm.Moves;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Tests.Moves;

public sealed class GateInputTests
{
    private const string Asking = """
        {"from":["open"],"to":"busy",
         "input":{"type":"object","additionalProperties":false,"required":["why"],"properties":{"why":{"type":"string","minLength":3},"n":{"type":"number"},"who":{"type":"object","properties":{"age":{"type":"number"}}}}},
         "validators":{
           "polite":{"rule":{"in":["please",{"var":"input.why"}]},"message":"Say please.","fixes":["/input/why"]},
           "adult":{"rule":{">=":[{"var":"input.who.age"},18]},"message":"Too young."},
           "rich":{"rule":{">":[{"var":"entity.amount"},0]},"message":"Poor."}}}
        """;

    [Theory]
    [InlineData("""{"why":"please","who":{"age":20}}""", "")]
    [InlineData("""{"why":"because","who":{"age":20}}""", "polite")]
    [InlineData("""{"why":"no","who":{"age":20}}""", "input")]
    [InlineData("""{"who":{"age":3}}""", "input adult")]
    [InlineData("""{"why":"please","who":{"age":"old"}}""", "input")]
    [InlineData("""{"why":"because","who":{"age":"old"}}""", "input polite")]
    [InlineData("""{"why":"please","who":{"age":20},"more":1}""", "input")]
    [InlineData(null, "input adult")]
    public void A_validator_is_left_out_only_where_the_schema_complains_of_what_it_reads(string? input, string keys)
    {
        var decision = Gate.Decide(Flow.With(Asking), "go", Flow.At(entity: """{"amount":1}""", input: input));
        if (keys.Length == 0) decision.Moved();
        else decision.Refused().Keys().ShouldBe(keys.Split(' '), ignoreOrder: true);
    }

    [Fact]
    public void A_validator_of_other_facts_speaks_up_beside_the_schema() =>
        Gate.Decide(Flow.With(Asking), "go", Flow.At(input: """{"why":1,"who":{"age":20}}""")).Refused().Keys().ShouldBe(["input", "rich"], ignoreOrder: true);

    [Fact]
    public void Input_faults_come_with_what_was_entered_and_what_is_asked_for()
    {
        var reason = Gate.Decide(Flow.With(Asking), "go", Flow.At(entity: """{"amount":1}""", input: """{"why":"no","who":{"age":"old"}}""")).Refused().ShouldHaveSingleItem();
        reason.Values.ShouldBe(new Dictionary<string, Value> { ["input.why"] = Value.From("no"), ["input.who.age"] = Value.From("old") }, ignoreOrder: true);
        reason.Fixes.ShouldBe(
            [new Fix("/input/why", Value.Parse("""{"type":"string","minLength":3}""")), new Fix("/input/who/age", Value.Parse("""{"type":"number"}"""))], ignoreOrder: true);
    }

    [Fact]
    public void A_validators_fix_has_the_schema_of_the_input() =>
        Gate.Decide(Flow.With(Asking), "go", Flow.At(entity: """{"amount":1}""", input: """{"why":"because","who":{"age":20}}""")).Refused().ShouldHaveSingleItem()
            .Fixes.ShouldBe([new Fix("/input/why", Value.Parse("""{"type":"string","minLength":3}"""))]);

    [Fact]
    public void A_transition_that_asks_for_nothing_takes_nothing()
    {
        Gate.Decide(Flow.With(), "go", Flow.At(input: """{"why":"x"}""")).Refused().Keys().ShouldBe(["input"]);
        Gate.Decide(Flow.With(), "go", Flow.At(input: "{}")).Moved();
    }
}
