using Crm.Wfm.Rules;

namespace Crm.Wfm.Tests.Rules;

public class RuleFaultTests
{
    [Theory]
    [InlineData("""{"an":[1,2]}""", "", "rule-operator", "There is no operator 'an'. Did you mean 'and'?")]
    [InlineData("""{"filtr":[]}""", "", "rule-operator", "There is no operator 'filtr'. Did you mean 'filter'?")]
    [InlineData("""{"AND":[true]}""", "", "rule-operator", "There is no operator 'AND'. Did you mean 'and'?")]
    [InlineData("""{"missing-some":[1,[]]}""", "", "rule-operator", "There is no operator 'missing-some'. Did you mean 'missing_some'?")]
    [InlineData("""{"definitely":1}""", "", "rule-operator", "There is no operator 'definitely'.")]
    [InlineData("""{"":1}""", "", "rule-operator", "There is no operator ''.")]
    [InlineData("""{"and":[true,{"/":[1,{"nope!":1}]}]}""", "/and/1/~1/1", "rule-operator", "There is no operator 'nope!'.")]
    [InlineData("""{"!":{"a~/b":1}}""", "/!", "rule-operator", "There is no operator 'a~/b'.")]
    [InlineData("""{"and":[{"==":[1,1],"!=":[1,2]}]}""", "/and/0", "rule-object", "A rule names one operator; this object has 2 members.")]
    [InlineData("""{"==":[1]}""", "/==", "rule-arguments", "'==' takes 2 arguments, not 1.")]
    [InlineData("""{"==":1}""", "/==", "rule-arguments", "'==' takes 2 arguments, not 1.")]
    [InlineData("""{">":[3,2,1]}""", "/>", "rule-arguments", "'>' takes 2 arguments, not 3.")]
    [InlineData("""{"<":[1,2,3,4]}""", "/<", "rule-arguments", "'<' takes 2 to 3 arguments, not 4.")]
    [InlineData("""{"!":[]}""", "/!", "rule-arguments", "'!' takes 1 argument, not 0.")]
    [InlineData("""{"and":[]}""", "/and", "rule-arguments", "'and' takes at least 1 argument, not 0.")]
    public void A_fault_says_where_and_what(string rule, string pointer, string key, string message) =>
        Faults(Value.Parse(rule)).ShouldBe([new Fault(pointer, key, message)]);

    [Fact]
    public void Every_fault_is_told_at_once()
    {
        var thrown = Should.Throw<RuleException>(() => Rule.Compile(Value.Parse("""{"nand":[{"==":[1]},[{"x":1,"y":2}],{"all":[{"var":"a"},{"Var":"b"}]}]}""")));
        thrown.Faults.Select(f => f.Pointer).ShouldBe(["", "/nand/0/==", "/nand/1/0", "/nand/2/all/1"]);
        thrown.Message.ShouldContain("Did you mean 'and'?");
        thrown.Message.ShouldContain("Did you mean 'var'?");
    }

    [Theory]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void Rules_are_at_most_64_levels_deep(int levels, bool compiles)
    {
        var rule = Value.True;
        for (var i = 0; i < levels; i++) rule = Not(rule);
        Faults(rule).ShouldBe(compiles ? [] : [new Fault(string.Concat(Enumerable.Repeat("/!", 64)), "rule-depth", "The rule is nested more than 64 levels deep.")]);
    }

    [Fact]
    public void Depth_is_looked_at_before_going_deeper()
    {
        var (rule, list) = (Value.True, Value.True);
        for (var i = 0; i < 100_000; i++) (rule, list) = (Not(rule), Value.From([list]));
        Faults(rule).ShouldHaveSingleItem().Key.ShouldBe("rule-depth");
        Faults(list).ShouldHaveSingleItem().Key.ShouldBe("rule-depth");
    }

    [Theory]
    [InlineData(9_998, true)]
    [InlineData(9_999, false)]
    [InlineData(2_000_000, false)]
    public void Rules_have_at_most_10000_parts(int items, bool compiles)
    {
        // The operator is a part, too, and so is the list.
        var list = Value.From(new Value[items]);
        var faults = Faults(Value.From(new FactObjectBuilder { ["!"] = Value.From([list]) }.Build()));
        faults.Count.ShouldBe(compiles ? 0 : 1);
        if (!compiles) faults[0].ShouldBe(new Fault("/!/0/9998", "rule-size", "The rule has more than 10,000 parts."));
    }

    [Theory]
    [InlineData(256, 1, true)]
    [InlineData(257, 1, false)]
    [InlineData(31, 16, true)]
    [InlineData(33, 17, false)]
    public void Paths_are_bounded(int length, int segments, bool compiles)
    {
        var path = string.Join('.', Enumerable.Repeat("a", segments)).PadRight(length, 'a');
        foreach (var rule in new[] { $$"""{"var":"{{path}}"}""", $$"""{"missing":["x","{{path}}"]}""", $$"""{"missing_some":[1,["{{path}}"]]}""" })
        {
            Faults(Value.Parse(rule)).Select(f => f.Key).ShouldBe(compiles ? [] : ["rule-path"]);
        }
    }

    [Fact]
    public void A_result_nested_without_end_can_be_computed_and_its_text_refused()
    {
        var rule = Rule.Compile(Value.Parse("""{"reduce":[{"var":""},[{"var":"accumulator"}],0]}"""));
        var nested = rule.Evaluate(Value.From(new Value[100_000]));
        Should.Throw<InsufficientExecutionStackException>(() => nested.ToString());
        Should.Throw<InsufficientExecutionStackException>(() => Rule.Compile(Value.Parse("""{"cat":{"var":""}}""")).Evaluate(nested));
    }

    private static Value Not(Value rule) => Value.From(new FactObjectBuilder { ["!"] = rule }.Build());

    private static List<Fault> Faults(Value rule)
    {
        var faults = new List<Fault>();
        Rule.TryCompile(rule, faults, out var compiled).ShouldBe(faults.Count == 0);
        (compiled is null).ShouldBe(faults.Count > 0);
        return faults;
    }
}
