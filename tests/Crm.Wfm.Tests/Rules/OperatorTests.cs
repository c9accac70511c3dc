using Crm.Wfm.Rules;

namespace Crm.Wfm.Tests.Rules;

/// <summary>What each operator gives, as JSON text: rule, data, result.</summary>
public class OperatorTests
{
    private const string Deal = """
        {"entity":{"amount":1200,"discount":0.4,"name":"Acme","tags":["hot","new"],"owner":null,"note":"","lines":[{"sku":"a","qty":2},{"sku":"b","qty":5}]},
         "actor":{"roles":["sales-manager"]},"now":"2026-03-01T00:00:00.000Z","a.b":1,"0":"zero"}
        """;

    [Theory]
    [InlineData("""{"var":"entity.amount"}""", "1200")]
    [InlineData("""{"var":["entity.amount"]}""", "1200")]
    [InlineData("""{"var":["entity.missing",7]}""", "7")]
    [InlineData("""{"var":["entity.missing.deeper",{"var":"entity.amount"}]}""", "1200")]
    [InlineData("""{"var":"entity.missing"}""", "null")]
    [InlineData("""{"var":["entity.owner",7]}""", "null")]
    [InlineData("""{"var":["entity.owner.name",7]}""", "7")]
    [InlineData("""{"var":["entity.note",7]}""", "\"\"")]
    [InlineData("""{"var":"entity.tags.1"}""", "\"new\"")]
    [InlineData("""{"var":["entity.tags.2","none"]}""", "\"none\"")]
    [InlineData("""{"var":["entity.tags.01","none"]}""", "\"none\"")]
    [InlineData("""{"var":["entity.tags.-1","none"]}""", "\"none\"")]
    [InlineData("""{"var":["entity.tags.length","none"]}""", "\"none\"")]
    [InlineData("""{"var":["entity.name.0","none"]}""", "\"none\"")]
    [InlineData("""{"var":"entity.lines.1.qty"}""", "5")]
    [InlineData("""{"var":["a.b","members with a point are out of reach"]}""", "\"members with a point are out of reach\"")]
    [InlineData("""{"var":0}""", "\"zero\"")]
    [InlineData("""{"var":["entity..name",1]}""", "1")]
    [InlineData("""{"var":{"cat":["entity.","name"]}}""", "\"Acme\"")]
    [InlineData("""{"var":[{"cat":["entity.","nothing"]},"none"]}""", "\"none\"")]
    [InlineData("""{"var":{"var":"entity.owner"}}""", Deal)]
    [InlineData("""{"var":""}""", Deal)]
    [InlineData("""{"var":[]}""", Deal)]
    [InlineData("""{"var":null}""", Deal)]
    public void Var_looks_up_a_fact(string rule, string result) => Gives(rule, Deal, result);

    [Theory]
    [InlineData("""{"var":""}""", "1", "1")]
    [InlineData("""{"var":1}""", "[10,20]", "20")]
    [InlineData("""{"var":"1"}""", "[10,20]", "20")]
    [InlineData("""{"var":1.5}""", "[10,[0,1,2,3,4,5]]", "5")]
    [InlineData("""{"var":["a",1]}""", "null", "1")]
    [InlineData("""{"var":["",1]}""", "null", "null")]
    [InlineData("""{"var":["a",1]}""", "\"text\"", "1")]
    [InlineData("""{"var":true}""", """{"true":3}""", "3")]
    public void Var_works_on_any_data(string rule, string data, string result) => Gives(rule, data, result);

    [Theory]
    [InlineData("""{"missing":["entity.name","entity.owner","entity.note","entity.x"]}""", """["entity.owner","entity.note","entity.x"]""")]
    [InlineData("""{"missing":"entity.x"}""", """["entity.x"]""")]
    [InlineData("""{"missing":[["entity.x"],"entity.y"]}""", """["entity.x"]""")]
    [InlineData("""{"missing":["entity.y",["entity.x"]]}""", """["entity.y",["entity.x"]]""")]
    [InlineData("""{"missing":[]}""", "[]")]
    [InlineData("""{"missing":["entity.amount"]}""", "[]")]
    [InlineData("""{"missing":{"merge":["entity.name",{"if":[{"var":"entity.amount"},["entity.x"],[]]}]}}""", """["entity.x"]""")]
    [InlineData("""{"missing_some":[1,["entity.name","entity.x"]]}""", "[]")]
    [InlineData("""{"missing_some":[2,["entity.name","entity.x","entity.y"]]}""", """["entity.x","entity.y"]""")]
    [InlineData("""{"missing_some":[1,{"merge":["entity.x"]}]}""", """["entity.x"]""")]
    [InlineData("""{"missing_some":[1,"entity.x"]}""", """["entity.x"]""")]
    public void Missing_lists_names_without_a_fact(string rule, string result) => Gives(rule, Deal, result);

    [Theory]
    [InlineData("1", "1", true)]
    [InlineData("1", "\"1\"", true)]
    [InlineData("1", "\" 1.0 \"", true)]
    [InlineData("16", "\"0x10\"", true)]
    [InlineData("5", "\"0b101\"", true)]
    [InlineData("8", "\"0o10\"", true)]
    [InlineData("0", "\"0x\"", false)]
    [InlineData("8", "\"0o18\"", false)]
    [InlineData("0.5", "\".5\"", true)]
    [InlineData("5", "\"5.\"", true)]
    [InlineData("0", "\".\"", false)]
    [InlineData("100", "\"1e2\"", true)]
    [InlineData("1", "\"1e\"", false)]
    [InlineData("1", "\"1x\"", false)]
    [InlineData("1000", "\"1,000\"", false)]
    [InlineData("0", "\"\"", true)]
    [InlineData("0", "\"  \"", true)]
    [InlineData("0", "false", true)]
    [InlineData("1", "true", true)]
    [InlineData("2", "true", false)]
    [InlineData("true", "\"1\"", true)]
    [InlineData("true", "\"true\"", false)]
    [InlineData("null", "null", true)]
    [InlineData("null", "0", false)]
    [InlineData("null", "false", false)]
    [InlineData("null", "\"\"", false)]
    [InlineData("null", "[]", false)]
    [InlineData("\"a\"", "\"a\"", true)]
    [InlineData("\"a\"", "\"A\"", false)]
    [InlineData("1", "[1]", true)]
    [InlineData("[1]", "[1]", true)]
    [InlineData("[1]", "[2]", false)]
    [InlineData("\"1,2\"", "[1,2]", true)]
    [InlineData("\",\"", "[null,null]", true)]
    [InlineData("\"\"", "[]", true)]
    [InlineData("false", "[]", true)]
    [InlineData("0", "[[0]]", true)]
    [InlineData("\"[object Object]\"", "{}", true)]
    [InlineData("0", "{}", false)]
    [InlineData("[{}]", "{}", false)]
    public void Loose_equality_is_JavaScripts(string left, string right, bool equal)
    {
        Gives($$"""{"==":[{{left}},{{right}}]}""", "null", Text(equal));
        Gives($$"""{"==":[{{right}},{{left}}]}""", "null", Text(equal));
        Gives($$"""{"!=":[{{left}},{{right}}]}""", "null", Text(!equal));
    }

    [Theory]
    [InlineData("1", "1", true)]
    [InlineData("1", "\"1\"", false)]
    [InlineData("0", "false", false)]
    [InlineData("null", "null", true)]
    [InlineData("null", "false", false)]
    [InlineData("\"a\"", "\"a\"", true)]
    [InlineData("[1,[2]]", "[1,[2]]", true)]
    [InlineData("[1]", "[\"1\"]", false)]
    [InlineData("{}", "{}", true)]
    public void Strict_equality_asks_for_the_kind_too(string left, string right, bool equal)
    {
        Gives($$"""{"===":[{{left}},{{right}}]}""", "null", Text(equal));
        Gives($$"""{"!==":[{{left}},{{right}}]}""", "null", Text(!equal));
    }

    [Fact]
    public void NaN_equals_nothing() => Gives("""{"==":[{"var":"x"},{"var":"x"}]}""", Value.From(new FactObject(new Shape("x"), [Value.From(double.NaN)])), "false");

    [Theory]
    [InlineData("1", "2", true, true, false, false)]
    [InlineData("2", "2", false, true, false, true)]
    [InlineData("\"10\"", "9", false, false, true, true)]
    [InlineData("\"10\"", "\"9\"", true, true, false, false)]
    [InlineData("\"B\"", "\"a\"", true, true, false, false)]
    [InlineData("\"a\"", "\"ab\"", true, true, false, false)]
    [InlineData("\"2026-03-01T00:00:00.000Z\"", "\"2026-11-01T00:00:00.000Z\"", true, true, false, false)]
    [InlineData("null", "1", true, true, false, false)]
    [InlineData("null", "0", false, true, false, true)]
    [InlineData("null", "null", false, true, false, true)]
    [InlineData("false", "true", true, true, false, false)]
    [InlineData("\"\"", "0", false, true, false, true)]
    [InlineData("\"foo\"", "1", false, false, false, false)]
    [InlineData("\"foo\"", "null", false, false, false, false)]
    [InlineData("[1]", "2", true, true, false, false)]
    [InlineData("[1,2]", "3", false, false, false, false)]
    [InlineData("[1,2]", "\"1,3\"", true, true, false, false)]
    [InlineData("{}", "1", false, false, false, false)]
    [InlineData("{}", "\"a\"", true, true, false, false)]
    public void Order_is_of_texts_or_else_of_numbers(string left, string right, bool less, bool lessOrEqual, bool greater, bool greaterOrEqual)
    {
        foreach (var (operation, holds) in new[] { ("<", less), ("<=", lessOrEqual), (">", greater), (">=", greaterOrEqual) })
        {
            Gives($$"""{"{{operation}}":[{{left}},{{right}}]}""", "null", Text(holds));
            // The same through facts, where the compiler cannot know the kinds.
            Gives($$"""{"{{operation}}":[{"var":"0"},{"var":"1"}]}""", $"[{left},{right}]", Text(holds));
        }
    }

    [Theory]
    [InlineData("""{"<":[1,2,3]}""", true)]
    [InlineData("""{"<":[1,1,3]}""", false)]
    [InlineData("""{"<":[1,3,3]}""", false)]
    [InlineData("""{"<=":[1,1,1]}""", true)]
    [InlineData("""{"<=":[1,4,3]}""", false)]
    [InlineData("""{"<=":["a","b","c"]}""", true)]
    [InlineData("""{"<":[0,null,1]}""", false)]
    public void Between_takes_three(string rule, bool holds) => Gives(rule, "null", Text(holds));

    [Theory]
    [InlineData("true", true)]
    [InlineData("false", false)]
    [InlineData("null", false)]
    [InlineData("0", false)]
    [InlineData("-1", true)]
    [InlineData("\"\"", false)]
    [InlineData("\"0\"", true)]
    [InlineData("\" \"", true)]
    [InlineData("[]", false)]
    [InlineData("[0]", true)]
    [InlineData("{}", true)]
    public void Truth_is_JsonLogics(string value, bool truthy)
    {
        Gives($$"""{"!!":[{{value}}]}""", "null", Text(truthy));
        Gives($$"""{"!":[{{value}}]}""", "null", Text(!truthy));
        Gives($$"""{"if":[{{value}},"yes","no"]}""", "null", truthy ? "\"yes\"" : "\"no\"");
        Gives("""{"!!":{"var":""}}""", value, Text(truthy));
    }

    [Theory]
    [InlineData("""{"!":true}""", "false")]
    [InlineData("""{"!!":{"var":"nothing"}}""", "false")]
    [InlineData("""{"!":{"/":[0,0]}}""", "true")]
    [InlineData("""{"and":[true,1,"a"]}""", "\"a\"")]
    [InlineData("""{"and":[true,0,"a"]}""", "0")]
    [InlineData("""{"and":[[]]}""", "[]")]
    [InlineData("""{"or":[false,0,"a","b"]}""", "\"a\"")]
    [InlineData("""{"or":[false,0,""]}""", "\"\"")]
    [InlineData("""{"or":3}""", "3")]
    [InlineData("""{"if":[]}""", "null")]
    [InlineData("""{"if":[false]}""", "false")]
    [InlineData("""{"if":[false,1]}""", "null")]
    [InlineData("""{"if":[false,1,true,2,3]}""", "2")]
    [InlineData("""{"if":[false,1,false,2,3]}""", "3")]
    [InlineData("""{"?:":[true,1,2]}""", "1")]
    public void Logic_gives_the_value_that_decided(string rule, string result) => Gives(rule, "{}", result);

    [Theory]
    [InlineData("""{"+":[1,2,3]}""", "6")]
    [InlineData("""{"+":[]}""", "0")]
    [InlineData("""{"+":"3.14 apples"}""", "3.14")]
    [InlineData("""{"+":["1","2"]}""", "3")]
    [InlineData("""{"+":[" -1e1x",1]}""", "-9")]
    [InlineData("""{"+":["0x10"]}""", "0")]
    [InlineData("""{"+":[null,1]}""", "null")]
    [InlineData("""{"+":[true,1]}""", "null")]
    [InlineData("""{"+":[[2,3],1]}""", "3")]
    [InlineData("""{"*":[2,3,4]}""", "24")]
    [InlineData("""{"*":["2"]}""", "2")]
    [InlineData("""{"-":[5,2]}""", "3")]
    [InlineData("""{"-":2}""", "-2")]
    [InlineData("""{"-":["5",true]}""", "4")]
    [InlineData("""{"-":[null,1]}""", "-1")]
    [InlineData("""{"/":[1,4]}""", "0.25")]
    [InlineData("""{"/":[1,0]}""", "null")]
    [InlineData("""{"%":[7,3]}""", "1")]
    [InlineData("""{"%":[-7,3]}""", "-1")]
    [InlineData("""{"%":[5.5,2]}""", "1.5")]
    [InlineData("""{"%":[1,0]}""", "null")]
    [InlineData("""{"min":[3,"1",2]}""", "1")]
    [InlineData("""{"max":[3,"1",null]}""", "3")]
    [InlineData("""{"max":[-3,null]}""", "0")]
    [InlineData("""{"max":["a",1]}""", "null")]
    [InlineData("""{"max":{"var":""}}""", "null")]
    public void Arithmetic_is_of_doubles(string rule, string result) => Gives(rule, "{}", result);

    [Theory]
    [InlineData("""{"map":[{"var":""},{"*":[{"var":""},2]}]}""", "[1,2,3]", "[2,4,6]")]
    [InlineData("""{"map":[{"var":""},{"var":"a"}]}""", """[{"a":1},{},3]""", "[1,null,null]")]
    [InlineData("""{"map":[{"var":""},1]}""", "\"no list\"", "[]")]
    [InlineData("""{"filter":[{"var":""},{">":[{"var":""},1]}]}""", "[1,2,3]", "[2,3]")]
    [InlineData("""{"filter":[{"var":""},true]}""", "{}", "[]")]
    [InlineData("""{"filter":[{"var":""},false]}""", "[1]", "[]")]
    [InlineData("""{"reduce":[{"var":""},{"+":[{"var":"current"},{"var":"accumulator"}]},0]}""", "[1,2,3]", "6")]
    [InlineData("""{"reduce":[{"var":""},{"var":"current.q"},0]}""", """[{"q":1},{"q":2}]""", "2")]
    [InlineData("""{"reduce":[{"var":""},{"+":[1,{"var":"accumulator"}]}]}""", "[]", "null")]
    [InlineData("""{"reduce":[{"var":""},1,{"var":"start"}]}""", """{"start":9}""", "9")]
    [InlineData("""{"all":[{"var":""},{">":[{"var":""},0]}]}""", "[1,2]", "true")]
    [InlineData("""{"all":[{"var":""},{">":[{"var":""},1]}]}""", "[1,2]", "false")]
    [InlineData("""{"all":[{"var":""},true]}""", "[]", "false")]
    [InlineData("""{"all":[{"var":""},true]}""", "\"a\"", "false")]
    [InlineData("""{"some":[{"var":""},{">":[{"var":""},1]}]}""", "[1,2]", "true")]
    [InlineData("""{"some":[{"var":""},true]}""", "[]", "false")]
    [InlineData("""{"none":[{"var":""},{">":[{"var":""},1]}]}""", "[1,2]", "false")]
    [InlineData("""{"none":[{"var":""},true]}""", "[]", "true")]
    [InlineData("""{"none":[{"var":""},true]}""", "null", "true")]
    [InlineData("""{"some":[{"var":""},{"all":[{"var":""},{"<":[{"var":""},3]}]}]}""", "[[1,5],[1,2]]", "true")]
    [InlineData("""{"merge":[1,[2,3],[[4]],null]}""", "null", "[1,2,3,[4],null]")]
    [InlineData("""{"merge":[]}""", "null", "[]")]
    [InlineData("""{"merge":{"var":"a"}}""", """{"a":[1]}""", "[1]")]
    public void Lists_are_gone_through_item_by_item(string rule, string data, string result) => Gives(rule, data, result);

    [Theory]
    [InlineData("""{"in":["a",["a","b"]]}""", "true")]
    [InlineData("""{"in":[1,["1"]]}""", "false")]
    [InlineData("""{"in":[null,[null]]}""", "true")]
    [InlineData("""{"in":[[1],[[1]]]}""", "true")]
    [InlineData("""{"in":["pri","Springfield"]}""", "true")]
    [InlineData("""{"in":["PRI","Springfield"]}""", "false")]
    [InlineData("""{"in":["","Springfield"]}""", "true")]
    [InlineData("""{"in":["",""]}""", "false")]
    [InlineData("""{"in":[2,"1,2"]}""", "true")]
    [InlineData("""{"in":[1e21,"1e+21"]}""", "true")]
    [InlineData("""{"in":[[1,2],"0,1,2"]}""", "true")]
    [InlineData("""{"in":[true,"untrue"]}""", "true")]
    [InlineData("""{"in":["a",null]}""", "false")]
    [InlineData("""{"in":["a",{}]}""", "false")]
    public void In_asks_a_list_or_a_text(string rule, string result) => Gives(rule, "null", result);

    [Theory]
    [InlineData("""{"cat":["a",1,true,null,2.5]}""", "\"a1true2.5\"")]
    [InlineData("""{"cat":"a"}""", "\"a\"")]
    [InlineData("""{"cat":[]}""", "\"\"")]
    [InlineData("""{"cat":[[1,[2,null]],{}]}""", "\"1,2,[object Object]\"")]
    [InlineData("""{"cat":[{"/":[1,0]},{"/":[0,0]},{"-":{"/":[1,0]}}]}""", "\"InfinityNaN-Infinity\"")]
    [InlineData("""{"substr":["jsonlogic",4]}""", "\"logic\"")]
    [InlineData("""{"substr":["jsonlogic",-5]}""", "\"logic\"")]
    [InlineData("""{"substr":["jsonlogic",1,3]}""", "\"son\"")]
    [InlineData("""{"substr":["jsonlogic",4,-2]}""", "\"log\"")]
    [InlineData("""{"substr":["jsonlogic",-99,4]}""", "\"json\"")]
    [InlineData("""{"substr":["jsonlogic",99]}""", "\"\"")]
    [InlineData("""{"substr":["jsonlogic",0,-99]}""", "\"\"")]
    [InlineData("""{"substr":["jsonlogic",-5.9,-0.5]}""", "\"logi\"")]
    [InlineData("""{"substr":["jsonlogic","1.9",null]}""", "\"\"")]
    [InlineData("""{"substr":[12345,1,{"/":[1,0]}]}""", "\"2345\"")]
    [InlineData("""{"substr":[null,"x",2]}""", "\"nu\"")]
    [InlineData("""{"log":[1]}""", "1")]
    [InlineData("""{"log":{"cat":"a"}}""", "\"a\"")]
    public void Texts_are_cut_and_joined(string rule, string result) => Gives(rule, "null", result);

    [Theory]
    [InlineData("1", "1")]
    [InlineData("\"text\"", "\"text\"")]
    [InlineData("null", "null")]
    [InlineData("{}", "{}")]
    [InlineData("[1,[2]]", "[1,[2]]")]
    [InlineData("""[1,{"var":"a"},[{"+":[1,1]}]]""", "[1,3,[2]]")]
    public void What_is_no_operator_stands_for_itself(string rule, string result) => Gives(rule, """{"a":3}""", result);

    private static void Gives(string rule, string data, string result) => Gives(rule, Value.Parse(data), result);

    private static void Gives(string rule, Value data, string result)
    {
        var compiled = Rule.Compile(Value.Parse(rule));
        var value = compiled.Evaluate(data);
        CanonicalJson.Text(value).ShouldBe(CanonicalJson.Text(Value.Parse(result)), rule);
        compiled.Holds(data).ShouldBe(Rule.Compile(Value.Parse("""{"!!":{"var":""}}""")).Holds(value), rule);
        compiled.Explain(data).Result.ToString().ShouldBe(value.ToString(), rule);
    }

    private static string Text(bool value) => value ? "true" : "false";
}
