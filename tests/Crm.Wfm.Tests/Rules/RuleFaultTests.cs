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
    [InlineData("""{"and":[{"==":[1,1],"!=":[1,2]}]}""", "/and/0", "rule-object", "A rule names one operator; this object has 2 members. As it is it stands in 'preserve'.")]
    [InlineData("""{"==":[1]}""", "/==", "rule-arguments", "'==' takes at least 2 arguments, not 1.")]
    [InlineData("""{"==":1}""", "/==", "rule-arguments", "'==' takes at least 2 arguments, as a list.")]
    [InlineData("""{"and":{"var":"a"}}""", "/and", "rule-arguments", "'and' takes any number of arguments, as a list.")]
    [InlineData("""{"substr":["a",1,2,3]}""", "/substr", "rule-arguments", "'substr' takes 2 to 3 arguments, not 4.")]
    [InlineData("""{"!":[1,2]}""", "/!", "rule-arguments", "'!' takes 0 to 1 arguments, not 2.")]
    [InlineData("""{"try":[]}""", "/try", "rule-arguments", "'try' takes at least 1 argument, not 0.")]
    [InlineData("""{"%":{"preserve":[1]}}""", "/%", "rule-arguments", "'%' takes at least 2 arguments, not 1.")]
    [InlineData("""{"map":[null,1]}""", "/map", "rule-arguments", "Neither the list nor the rule for its items can be null.")]
    [InlineData("""{"val":[[1.5],"a"]}""", "/val", "rule-arguments", "Levels are climbed as a whole: [[2], \"name\"].")]
    [InlineData("""{"changed":{"var":"a"}}""", "/changed", "rule-arguments", "'changed' takes the names of facts, such as \"entity.amount\", which have to stand in the rule.")]
    [InlineData("""{"matches":["a",{"var":"b"}]}""", "/matches", "rule-arguments", "The pattern of 'matches' has to stand in the rule.")]
    [InlineData("""{"matches":["a","(b"]}""", "/matches", "rule-pattern", "The pattern is none: a '(' is not closed (at 2).")]
    [InlineData("""{"matches":["a","(?=b)"]}""", "/matches", "rule-pattern", "The pattern is none: look-around and flags are not supported (at 2).")]
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

    private static Value Not(Value rule) => Value.From(new FactObjectBuilder { ["!"] = rule }.Build());

    private static List<Fault> Faults(Value rule)
    {
        var faults = new List<Fault>();
        Rule.TryCompile(rule, faults, out var compiled).ShouldBe(faults.Count == 0);
        (compiled is null).ShouldBe(faults.Count > 0);
        return faults;
    }
}
