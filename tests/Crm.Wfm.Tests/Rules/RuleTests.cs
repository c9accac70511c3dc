using Crm.Wfm.Rules;
using FsCheck;
using FsCheck.Fluent;

namespace Crm.Wfm.Tests.Rules;

public class RuleTests
{
    [Theory]
    [InlineData("""{"<":[{"var":"entity.amount"},{"var":["param.limit",{"var":"param.fallback"}]}]}""", "entity.amount param.limit param.fallback")]
    [InlineData("""{"and":[{"var":"b"},{"var":"a"},{"!":{"var":"b"}}]}""", "b a")]
    [InlineData("""{"var":["entity.owner","entity.name"]}""", "entity.owner")]
    [InlineData("""{"var":{"cat":["entity.",{"var":"param.field"}]}}""", "param.field")]
    [InlineData("""{"var":""}""", "")]
    [InlineData("""{"var":1}""", "1")]
    [InlineData("""{"missing":["a","b.c"]}""", "a b.c")]
    [InlineData("""{"missing":[["a"]]}""", "a")]
    [InlineData("""{"missing":{"merge":["a",{"var":"names"}]}}""", "names")]
    [InlineData("""{"missing_some":[{"var":"least"},["a","b"]]}""", "a b least")]
    [InlineData("""{"all":[{"var":"entity.lines"},{">":[{"var":"qty"},0]}]}""", "entity.lines")]
    [InlineData("""{"some":[{"filter":[{"var":"entity.lines"},{"var":"qty"}]},{"var":""}]}""", "entity.lines")]
    [InlineData("""{"none":[{"var":"a"},{"var":"b"}]}""", "a")]
    [InlineData("""{"map":[{"var":"a"},{"var":"b"}]}""", "a")]
    [InlineData("""{"reduce":[{"var":"a"},{"+":[{"var":"current"},{"var":"accumulator"}]},{"var":"start"}]}""", "a start")]
    [InlineData("""[{"var":"a"},[{"var":"b"}]]""", "a b")]
    [InlineData("true", "")]
    public void Variables_are_the_facts_a_rule_names(string rule, string names) => string.Join(' ', Compile(rule).Variables).ShouldBe(names);

    [Theory]
    [InlineData("""{"<=":[{"var":"entity.discount"},0.15]}""", """{"args":[{"value":0.4,"var":"entity.discount"},{"value":0.15}],"op":"<=","value":false}""")]
    [InlineData("""{"and":[{"!":false},{"var":"entity.nothing"},{"var":"entity.discount"}]}""",
        """{"args":[{"args":[{"value":false}],"op":"!","value":true},{"value":null,"var":"entity.nothing"}],"op":"and","value":null}""")]
    [InlineData("""{"or":[0,1,2]}""", """{"args":[{"value":0},{"value":1}],"op":"or","value":1}""")]
    [InlineData("""{"if":[false,1,true,2,3]}""", """{"args":[{"value":false},{"value":true},{"value":2}],"op":"if","value":2}""")]
    [InlineData("""{"if":[false,1,3]}""", """{"args":[{"value":false},{"value":3}],"op":"if","value":3}""")]
    [InlineData("""{"if":[false,1]}""", """{"args":[{"value":false}],"op":"if","value":null}""")]
    [InlineData("""{"var":["entity.discount",1]}""", """{"value":0.4,"var":"entity.discount"}""")]
    [InlineData("""{"var":["entity.nothing",1]}""", """{"args":[{"value":1}],"value":1,"var":"entity.nothing"}""")]
    [InlineData("""{"var":{"cat":"entity.discount"}}""", """{"args":[{"args":[{"value":"entity.discount"}],"op":"cat","value":"entity.discount"}],"op":"var","value":0.4}""")]
    [InlineData("""{"all":[{"var":"entity.tags"},{"var":"x"}]}""", """{"args":[{"value":["a"],"var":"entity.tags"}],"op":"all","value":false}""")]
    [InlineData("""[1,{"var":"entity.discount"}]""", """{"args":[{"value":1},{"value":0.4,"var":"entity.discount"}],"value":[1,0.4]}""")]
    public void Explain_keeps_what_was_evaluated(string rule, string trace) =>
        Compile(rule).Explain(Value.Parse("""{"entity":{"discount":0.4,"tags":["a"]}}""")).ToValue().ToString().ShouldBe(trace);

    [Fact]
    public void A_rule_answers_many_threads_with_facts_of_many_shapes()
    {
        var rule = Compile("""{"and":[{"==":[{"var":"entity.a"},{"var":"entity.b"}]},{"some":[{"var":"list"},{"==":[{"var":"k"},{"var":"v"}]}]}]}""");
        var data = Enumerable.Range(0, 24).Select(Facts).ToArray();
        Parallel.For(0, 200_000, i => rule.Holds(data[i % data.Length]).ShouldBe(i % data.Length % 3 != 0));
    }

    /// <summary>Facts with more or fewer members in front, so that what the rule asks for lies in another slot each time.</summary>
    private static Value Facts(int number)
    {
        var entity = new FactObjectBuilder { ["a"] = Value.From(number), ["b"] = Value.From(number % 3 == 0 ? -1 : number) };
        for (var i = 0; i < number; i++) entity[$"_{i}"] = Value.True;
        var item = new FactObjectBuilder { ["k"] = Value.From("x"), ["v"] = Value.From("x"), [$"j{number}"] = Value.Null, ["l"] = Value.Null };
        return Value.From(new FactObjectBuilder { ["entity"] = Value.From(entity.Build()), ["list"] = Value.From([Value.From(item.Build())]) }.Build());
    }

    [Fact]
    public void Holds_Evaluate_and_Explain_agree() => ForAllRules((rule, data) =>
    {
        var result = rule.Evaluate(data);
        return rule.Holds(data) == IsTrue(result) && rule.Explain(data).Result == result;
    });

    [Fact]
    public void Not_not_is_truth_and_not_is_its_opposite() => ForAllRules((rule, data) =>
        Of("!!", rule).Holds(data) == rule.Holds(data) && Of("!", rule).Holds(data) != rule.Holds(data) && Of("!", Of("!!", rule)).Holds(data) == Of("!", rule).Holds(data));

    [Fact]
    public void And_or_and_if_follow_De_Morgan() => ForAllRules((rule, data) =>
    {
        var other = Compile("""{"var":"a"}""");
        return Of("!", Of("and", rule, other)).Holds(data) == Of("or", Of("!", rule), Of("!", other)).Holds(data)
            && Of("if", rule, other, rule).Evaluate(data) == Of("and", rule, other).Evaluate(data);
    });

    [Fact]
    public void Compiling_any_value_gives_a_rule_or_faults() => Prop.ForAll(Generated.Values.ToArbitrary(), value =>
    {
        var faults = new List<Fault>();
        return Rule.TryCompile(value, faults, out var rule) ? faults.Count == 0 && rule.Source == value : faults.Count > 0;
    }).QuickCheckThrowOnFailure();

    private static void ForAllRules(Func<Rule, Value, bool> holds) =>
        Prop.ForAll(Generated.Rules.ToArbitrary(), Generated.Data.ToArbitrary(), (rule, data) => holds(Rule.Compile(rule), data)).QuickCheckThrowOnFailure();

    private static Rule Of(string operation, params Rule[] arguments) =>
        Rule.Compile(Value.From(new FactObjectBuilder { [operation] = Value.From([.. arguments.Select(a => a.Source)]) }.Build()));

    private static bool IsTrue(Value value) => value.Kind switch
    {
        ValueKind.Null => false,
        ValueKind.Text => value.AsText != "",
        ValueKind.List => value.AsList.Length > 0,
        ValueKind.Object => true,
        _ => value.AsNumber is not (0 or double.NaN),
    };

    private static Rule Compile(string json) => Rule.Compile(Value.Parse(json));
}
