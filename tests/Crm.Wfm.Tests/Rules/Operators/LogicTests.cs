using static Crm.Wfm.Tests.Rules.Case;

namespace Crm.Wfm.Tests.Rules.Operators;

public class LogicTests
{
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
        Applied("!!", $"[{value}]", truthy ? "true" : "false");
        Applied("!", $"[{value}]", truthy ? "false" : "true");
        Applied("if", $"[{value},\"yes\",\"no\"]", truthy ? "\"yes\"" : "\"no\"");
        Gives("""{"!!":{"var":""}}""", value, truthy ? "true" : "false");
        Gives("""{"!":{"var":""}}""", value, truthy ? "false" : "true");
    }

    [Theory]
    [InlineData("""{"!":true}""", "false")]
    [InlineData("""{"!":[]}""", "true")]
    [InlineData("""{"!!":[]}""", "false")]
    [InlineData("""{"!!":{"var":"nothing"}}""", "false")]
    [InlineData("""{"!":[1,2]}""", "!Invalid Arguments")]
    [InlineData("""{"!":{"/":[1,0]}}""", "!NaN")]
    [InlineData("""{"and":[true,1,"a"]}""", "\"a\"")]
    [InlineData("""{"and":[true,0,"a"]}""", "0")]
    [InlineData("""{"and":[true,[],{"throw":"too far"}]}""", "[]")]
    [InlineData("""{"and":[[]]}""", "[]")]
    [InlineData("""{"and":[]}""", "false")]
    [InlineData("""{"and":true}""", "!Invalid Arguments")]
    [InlineData("""{"or":[false,0,"a","b"]}""", "\"a\"")]
    [InlineData("""{"or":[false,"a",{"throw":"too far"}]}""", "\"a\"")]
    [InlineData("""{"or":[false,0,""]}""", "\"\"")]
    [InlineData("""{"or":[]}""", "false")]
    [InlineData("""{"or":{"preserve":[true]}}""", "!Invalid Arguments")]
    [InlineData("""{"if":[]}""", "null")]
    [InlineData("""{"if":[false]}""", "false")]
    [InlineData("""{"if":[false,1]}""", "null")]
    [InlineData("""{"if":[true,1,{"throw":"too far"}]}""", "1")]
    [InlineData("""{"if":[false,{"throw":"not chosen"},true,2,{"throw":"too far"}]}""", "2")]
    [InlineData("""{"if":[false,1,false,2,3]}""", "3")]
    [InlineData("""{"if":"a"}""", "!Invalid Arguments")]
    [InlineData("""{"?:":[true,1,2]}""", "1")]
    [InlineData("""{"??":[null,{"var":"nothing"},0,1]}""", "0")]
    [InlineData("""{"??":[null,"a",{"throw":"too far"}]}""", "\"a\"")]
    [InlineData("""{"??":[null,null]}""", "null")]
    [InlineData("""{"??":[]}""", "null")]
    [InlineData("""{"??":1}""", "!Invalid Arguments")]
    [InlineData("""{"log":{"cat":"a"}}""", "\"a\"")]
    [InlineData("""[{"preserve":{"var":"a"}},[{"preserve":[1]}],2]""", """[{"var":"a"},[[1]],2]""")]
    [InlineData("""{"merge":[[{"preserve":[1]}],2]}""", "[[1],2]")]
    public void Logic_gives_the_value_that_decided(string rule, string result) => Gives(rule, "{}", result);

    [Theory]
    [InlineData("""{"throw":"late"}""", "!late")]
    [InlineData("""{"throw":["late"]}""", "!late")]
    [InlineData("""{"throw":{"var":"error"}}""", "!from the facts")]
    [InlineData("""{"throw":{"cat":["la","te"]}}""", "!late")]
    [InlineData("""{"throw":[]}""", "!Invalid Arguments")]
    [InlineData("""{"try":[1,{"throw":"not needed"}]}""", "1")]
    [InlineData("""{"try":[{"throw":"a"},2]}""", "2")]
    [InlineData("""{"try":{"throw":"alone"}}""", "!alone")]
    [InlineData("""{"try":[{"throw":"a"},{"throw":"b"}]}""", "!b")]
    [InlineData("""{"try":[{"throw":"a"},{"throw":"b"},{"val":"type"}]}""", "\"b\"")]
    [InlineData("""{"try":[{"/":[1,0]},{"val":"type"}]}""", "\"NaN\"")]
    [InlineData("""{"try":[{"max":["x"]},{"var":"type"}]}""", "\"Invalid Arguments\"")]
    [InlineData("""{"try":[{"and":1},{"val":"type"}]}""", "\"Invalid Arguments\"")]
    [InlineData("""{"try":[{"nonsense":1},{"val":[]}]}""", """{"key":"nonsense","type":"Unknown Operator"}""")]
    [InlineData("""{"try":[{"map":[[1,2],{"throw":{"var":""}}]},{"val":"type"}]}""", "1")]
    [InlineData("""{"try":[{"throw":{"var":"error"}},{"val":"why"}]}""", "\"because\"")]
    [InlineData("""{"try":[{"throw":"a"},{"val":[[2],"fallback"]}]}""", "9")]
    [InlineData("""{"try":[{"throw":"a"},{"throw":"b"},{"val":[[2],"fallback"]}]}""", "9")]
    [InlineData("""{"try":[{"throw":"a"},{"val":[[1]]}]}""", "null")]
    [InlineData("""{"try":[{"throw":"a"},{"try":[{"throw":{"val":"type"}},{"val":[[4],"fallback"]}]}]}""", "9")]
    [InlineData("""{"try":[{"throw":"a"},{"throw":{"val":[]}}]}""", "!a")]
    [InlineData("""{"try":[]}""", "!Invalid Arguments")]
    [InlineData("""{"map":[[0,1],{"try":[{"/":[1,{"var":""}]},{"val":[[2]]}]}]}""", "[0,1]")]
    public void Try_gives_the_first_argument_without_an_error_and_shows_the_error_to_the_next(string rule, string result) =>
        Gives(rule, """{"fallback":9,"error":{"type":"from the facts","why":"because"}}""", result);
}
