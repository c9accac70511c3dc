using Crm.Wfm.Rules;

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
    [InlineData("""{"val":["entity","amount"]}""", "entity.amount")]
    [InlineData("""{"val":["entity","custom","a.b","c"]}""", "entity.custom")]
    [InlineData("""{"val":["a.b"]}""", "")]
    [InlineData("""{"val":[{"var":"a"},"b"]}""", "a")]
    [InlineData("""{"exists":["entity","owner"]}""", "entity.owner")]
    [InlineData("""{"all":[{"var":"a"},{"<":[{"val":"b"},{"val":[[2],"param","limit"]},{"val":[[1],"index"]}]}]}""", "a param.limit")]
    [InlineData("""{"all":[{"var":"a"},{"all":[{"var":"b"},{"==":[{"val":[[2],"c"]},{"val":[[4],"d"]}]}]}]}""", "a d")]
    [InlineData("""{"try":[{"var":"a"},{"var":"type"},{"val":[[2],"b"]}]}""", "a b")]
    [InlineData("""{"some":[{"var":"a"},{"and":[{"hasRole":"x"},{"<":[{"var":"b"},{"now":[]}]}]}]}""", "a actor.roles now")]
    [InlineData("""{"changed":["entity.amount","entity.name"]}""", "changed entity.amount entity.name")]
    [InlineData("""{"preserve":{"var":"a"}}""", "")]
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
    [InlineData("""{"reduce":[{"var":"entity.tags"},{"cat":[{"var":"accumulator"},{"var":"current"}]},{"cat":"x"}]}""",
        """{"args":[{"value":["a"],"var":"entity.tags"},{"args":[{"value":"x"}],"op":"cat","value":"x"}],"op":"reduce","value":"xa"}""")]
    [InlineData("""{"val":["entity","discount"]}""", """{"val":["entity","discount"],"value":0.4}""")]
    [InlineData("""{"exists":"entity"}""", """{"exists":"entity","value":true}""")]
    [InlineData("""{"missing":["x"]}""", """{"missing":["x"],"value":["x"]}""")]
    [InlineData("""{"<":[3,2,{"var":"entity.discount"}]}""", """{"args":[{"value":3},{"value":2}],"op":"<","value":false}""")]
    [InlineData("""{"==":[{"var":"entity.tags"},1]}""", """{"args":[{"value":["a"],"var":"entity.tags"},{"value":1}],"error":{"type":"NaN"},"op":"=="}""")]
    [InlineData("""{"and":[true,{"+":["x"]},false]}""", """{"args":[{"value":true},{"args":[{"value":"x"}],"error":{"type":"NaN"},"op":"+"}],"error":{"type":"NaN"},"op":"and"}""")]
    [InlineData("""{"try":[{"throw":"no"},{"val":"type"}]}""",
        """{"args":[{"args":[{"value":"no"}],"error":{"type":"no"},"op":"throw"},{"val":"type","value":"no"}],"op":"try","value":"no"}""")]
    [InlineData("""{"+":{"map":[{"var":"entity.tags"},2]}}""", """{"args":[{"args":[{"value":["a"],"var":"entity.tags"}],"op":"map","value":[2]}],"op":"+","value":2}""")]
    [InlineData("""[1,{"var":"entity.discount"}]""", """{"args":[{"value":1},{"value":0.4,"var":"entity.discount"}],"value":[1,0.4]}""")]
    public void Explain_keeps_what_was_evaluated(string rule, string trace) =>
        Compile(rule).Explain(Value.Parse("""{"entity":{"discount":0.4,"tags":["a"]}}""")).ToValue().ToString().ShouldBe(trace);

    [Theory]
    [InlineData("""{"exists":["a","b"]}""")]
    [InlineData("""{"var":["a.b","none"]}""")]
    [InlineData("""{"===":[{"var":"a.b"},null]}""")]
    [InlineData("""{"!==":[{"var":"a"},null]}""")]
    [InlineData("""{"missing":["a.b","a.b.c"]}""")]
    public void What_was_missing_from_some_facts_is_found_in_others_and_the_other_way_round(string rule)
    {
        var data = new[] { "{}", "null", """{"a":null}""", """{"a":{}}""", """{"a":{"b":null}}""", """{"a":{"b":{"c":1}}}""", """{"a":{"b":2},"d":3}""", """{"d":3}""", """{"a":[1]}""" }.Select(Value.Parse).ToList();
        var compiled = Compile(rule);
        foreach (var (first, second) in data.SelectMany(first => data.Select(second => (first, second))))
        {
            compiled.Evaluate(first).ShouldBe(Compile(rule).Evaluate(first));
            compiled.Evaluate(second).ShouldBe(Compile(rule).Evaluate(second));
        }
    }

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

    [Theory]
    [InlineData("""{"var":"a"}""", false)]
    [InlineData("""{"var":{"var":"a"}}""", true)]
    [InlineData("""{"val":["param",{"var":"a"}]}""", true)]
    [InlineData("""{"missing":{"merge":["a"]}}""", true)]
    [InlineData("""{"var":""}""", true)]
    [InlineData("""{"val":[]}""", true)]
    [InlineData("""{"all":[{"var":"a"},{"var":""}]}""", false)]
    [InlineData("""{"all":[{"var":"a"},{"val":[[2]]}]}""", true)]
    [InlineData("""{"all":[{"var":"a"},{"var":{"var":"b"}}]}""", true)]
    [InlineData("""{"preserve":{"var":""}}""", false)]
    public void A_rule_knows_whether_it_reads_what_it_cannot_name(string rule, bool reads) => Compile(rule).ReadsComputed.ShouldBe(reads);

    [Fact]
    public void A_faulty_piece_is_an_error_only_where_it_is_evaluated()
    {
        var rule = Rule.CompileLeniently(Value.Parse("""{"if":[{"var":"x"},{"nonsense":1},"fine"]}"""));
        rule.Evaluate(Value.Null).Value.AsText.ShouldBe("fine");
        rule.Evaluate(Value.Parse("""{"x":1}""")).Error.ShouldBe(Value.Parse("""{"type":"Unknown Operator","key":"nonsense"}"""));
    }

    private static Rule Compile(string json) => Rule.Compile(Value.Parse(json));
}
