using static Crm.Wfm.Tests.Rules.Case;

namespace Crm.Wfm.Tests.Rules.Operators;

public class ListTests
{
    [Theory]
    [InlineData("""{"map":[{"var":""},{"*":[{"var":""},2]}]}""", "[1,2,3]", "[2,4,6]")]
    [InlineData("""{"map":[{"var":""},{"var":"a"}]}""", """[{"a":1},{},3]""", "[1,null,null]")]
    [InlineData("""{"map":[{"var":""},1]}""", "[]", "[]")]
    [InlineData("""{"map":[{"var":"missing"},1]}""", "{}", "[]")]
    [InlineData("""{"map":[{"val":[]},{"map":[{"val":[]},{"+":[{"val":[]},1]}]}]}""", "[[1],[2,3]]", "[[2],[3,4]]")]
    [InlineData("""{"filter":[{"var":""},{">":[{"var":""},1]}]}""", "[1,2,3]", "[2,3]")]
    [InlineData("""{"filter":[{"var":"missing"},true]}""", "{}", "[]")]
    [InlineData("""{"filter":[{"var":""},false]}""", "[1]", "[]")]
    [InlineData("""{"reduce":[{"var":""},{"+":[{"var":"current"},{"var":"accumulator"}]},0]}""", "[1,2,3]", "6")]
    [InlineData("""{"reduce":[{"var":""},{"var":"current.q"},0]}""", """[{"q":1},{"q":2}]""", "2")]
    [InlineData("""{"reduce":[{"var":""},{"max":[{"var":"current"},{"var":"accumulator"}]}]}""", "[-3,-1,-2]", "-1")]
    [InlineData("""{"reduce":[{"var":""},{"throw":"one item needs no rule"}]}""", "[7]", "7")]
    [InlineData("""{"reduce":[{"var":""},1]}""", "[]", "null")]
    [InlineData("""{"reduce":[{"var":"missing"},1,{"var":"start"}]}""", """{"start":9}""", "9")]
    [InlineData("""{"all":[{"var":""},{">":[{"var":""},0]}]}""", "[1,2]", "true")]
    [InlineData("""{"all":[{"var":""},{">":[{"var":""},1]}]}""", "[1,2]", "false")]
    [InlineData("""{"all":[{"var":""},true]}""", "[]", "false")]
    [InlineData("""{"all":[{"var":""},null]}""", "[1]", "false")]
    [InlineData("""{"some":[{"var":""},{">":[{"var":""},1]}]}""", "[1,2]", "true")]
    [InlineData("""{"some":[{"var":""},{"if":[{">":[{"var":""},1]},true,false]}]}""", "[0,1]", "false")]
    [InlineData("""{"some":[{"var":""},true]}""", "[]", "false")]
    [InlineData("""{"none":[{"var":""},{">":[{"var":""},1]}]}""", "[1,2]", "false")]
    [InlineData("""{"none":[{"var":""},true]}""", "[]", "true")]
    [InlineData("""{"some":[{"var":""},{"all":[{"var":""},{"<":[{"var":""},3]}]}]}""", "[[1,5],[1,2]]", "true")]
    [InlineData("""{"merge":[1,[2,3],[[4]],null]}""", "null", "[1,2,3,[4],null]")]
    [InlineData("""{"merge":[]}""", "null", "[]")]
    [InlineData("""{"merge":1}""", "null", "[1]")]
    [InlineData("""{"merge":{"var":"a"}}""", """{"a":[1,[2]]}""", "[1,2]")]
    public void Lists_are_gone_through_item_by_item(string rule, string data, string result) => Gives(rule, data, result);

    [Theory]
    [InlineData("""{"all":[[1,0,2],{"if":[{"==":[{"var":""},2]},{"throw":"too far"},{"var":""}]}]}""", "false")]
    [InlineData("""{"some":[[0,1,2],{"if":[{"==":[{"var":""},2]},{"throw":"too far"},{"var":""}]}]}""", "true")]
    [InlineData("""{"none":[[0,1,2],{"if":[{"==":[{"var":""},2]},{"throw":"too far"},{"var":""}]}]}""", "false")]
    public void The_first_item_that_decides_is_the_last_that_is_looked_at(string rule, string result) => Gives(rule, "null", result);

    [Theory]
    [InlineData("map")]
    [InlineData("filter")]
    [InlineData("reduce")]
    [InlineData("all")]
    [InlineData("some")]
    [InlineData("none")]
    public void What_is_no_list_is_an_error(string iterator)
    {
        foreach (var list in new[] { "1", "\"text\"", "{}", "false" }) Applied(iterator, $"[{list},1]", "!Invalid Arguments");
        foreach (var arguments in new[] { "[]", "[[1]]", "[[1],1,2,3]", "5", """{"var":""}""", """{"preserve":[[1],1]}""" })
        {
            Gives($$"""{"{{iterator}}":{{arguments}}}""", "[[1],1]", "!Invalid Arguments");
        }
    }

    [Theory]
    [InlineData("all")]
    [InlineData("some")]
    [InlineData("none")]
    public void A_question_about_a_missing_list_is_an_error(string iterator) => Gives($$$"""{"{{{iterator}}}":[{"var":"missing"},true]}""", "{}", "!Invalid Arguments");

    [Theory]
    [InlineData("map")]
    [InlineData("filter")]
    [InlineData("reduce")]
    public void A_list_or_a_rule_that_is_null_where_it_stands_is_an_error(string iterator)
    {
        Gives($$"""{"{{iterator}}":[null,1]}""", "null", "!Invalid Arguments");
        Gives($$"""{"{{iterator}}":[[1],null]}""", "null", "!Invalid Arguments");
    }

    [Theory]
    [InlineData("""{"map":[[5,6],{"val":[[1],"index"]}]}""", "[0,1]")]
    [InlineData("""{"map":[[5],{"val":[[1]]}]}""", """[{"index":0,"iterator":[5]}]""")]
    [InlineData("""{"map":[[5],{"val":[[1],"iterator",0]}]}""", "[5]")]
    [InlineData("""{"map":[[5,6],{"+":[{"val":[]},{"val":[[2],"add"]}]}]}""", "[15,16]")]
    [InlineData("""{"map":[[5,6],{"+":[{"val":[]},{"val":[[-2],"add"]}]}]}""", "[15,16]")]
    [InlineData("""{"map":[[[1,2],[3]],{"map":[{"val":[]},{"+":[{"val":[[1],"index"]},{"*":[10,{"val":[[3],"index"]}]},{"val":[[4],"add"]}]}]}]}""", "[[10,11],[20]]")]
    [InlineData("""{"map":[[[1]],{"map":[{"val":[]},{"val":[[2]]}]}]}""", "[[[1]]]")]
    [InlineData("""{"filter":[[5,6,7],{"%":[{"val":[[1],"index"]},2]}]}""", "[6]")]
    [InlineData("""{"some":[[1,2],{"==":[{"val":[]},{"val":[[2],"limit"]}]}]}""", "true")]
    [InlineData("""{"all":[[1,2],{"<=":[{"val":[]},{"val":[[2],"limit"]}]}]}""", "true")]
    [InlineData("""{"none":[[1,2],{">":[{"val":[[1],"index"]},{"val":[[2],"limit"]}]}]}""", "true")]
    [InlineData("""{"reduce":[[1,2],{"+":[{"val":"accumulator"},{"*":[{"val":"current"},{"val":[[2],"add"]},{"val":[[1],"index"]}]}]},0]}""", "20")]
    [InlineData("""{"reduce":[[1,2,3],{"val":[[1],"index"]}]}""", "2")]
    [InlineData("""{"map":[[5],{"val":[[5],"index"]}]}""", "[null]")]
    [InlineData("""{"map":[[5],{"val":[[9],"add"]}]}""", "[null]")]
    [InlineData("""{"map":[[5],{"exists":[[1],"index"]}]}""", "[true]")]
    [InlineData("""{"map":[["add","limit"],{"val":[{"preserve":[2]},{"val":[]}]}]}""", "[10,2]")]
    [InlineData("""{"map":[{"map":[[1],{"val":[[1],"index"]}]},{"val":[[1],"index"]}]}""", "[0]")]
    public void Val_climbs_out_of_iterators_level_by_level(string rule, string result) => Gives(rule, """{"add":10,"limit":2}""", result);

    [Theory]
    [InlineData("""["a",["a","b"]]""", "true")]
    [InlineData("""[1,["1"]]""", "false")]
    [InlineData("[null,[null]]", "true")]
    [InlineData("[[1],[[1]]]", "true")]
    [InlineData("""["pri","Springfield"]""", "true")]
    [InlineData("""["PRI","Springfield"]""", "false")]
    [InlineData("""["","Springfield"]""", "true")]
    [InlineData("""["",""]""", "false")]
    [InlineData("""[2,"1,2"]""", "true")]
    [InlineData("""[1e21,"1e+21"]""", "true")]
    [InlineData("""[[1,2],"0,1,2"]""", "true")]
    [InlineData("""[true,"untrue"]""", "true")]
    [InlineData("""["a",null]""", "false")]
    [InlineData("""["a",{}]""", "false")]
    [InlineData("""["a"]""", "!Invalid Arguments")]
    public void In_asks_a_list_or_a_text(string arguments, string result) => Applied("in", arguments, result);
}
