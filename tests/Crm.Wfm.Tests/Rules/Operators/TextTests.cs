using static Crm.Wfm.Tests.Rules.Case;

namespace Crm.Wfm.Tests.Rules.Operators;

public class TextTests
{
    [Theory]
    [InlineData("cat", """["a",1,true,null,2.5]""", "\"a1true2.5\"")]
    [InlineData("cat", "[]", "\"\"")]
    [InlineData("cat", "[[1,[2,null]],{}]", "\"1,2,[object Object]\"")]
    [InlineData("substr", """["jsonlogic",4]""", "\"logic\"")]
    [InlineData("substr", """["jsonlogic",-5]""", "\"logic\"")]
    [InlineData("substr", """["jsonlogic",1,3]""", "\"son\"")]
    [InlineData("substr", """["jsonlogic",4,-2]""", "\"log\"")]
    [InlineData("substr", """["jsonlogic",-99,4]""", "\"json\"")]
    [InlineData("substr", """["jsonlogic",99]""", "\"\"")]
    [InlineData("substr", """["jsonlogic",0,-99]""", "\"\"")]
    [InlineData("substr", """["jsonlogic",-5.9,-0.5]""", "\"logi\"")]
    [InlineData("substr", """["jsonlogic","1.9",null]""", "\"\"")]
    [InlineData("substr", """["jsonlogic",4,"Infinity"]""", "\"logic\"")]
    [InlineData("substr", """[42,0,1]""", "\"4\"")]
    [InlineData("substr", """[null,"x",2]""", "\"nu\"")]
    [InlineData("substr", """["a"]""", "!Invalid Arguments")]
    public void Texts_are_cut_and_joined(string operation, string arguments, string result) => Applied(operation, arguments, result);

    [Theory]
    [InlineData("""{"cat":"a"}""", "\"a\"")]
    [InlineData("""{"cat":null}""", "\"\"")]
    [InlineData("""{"cat":{"var":""}}""", "\"Acme GmbH\"")]
    [InlineData("""{"substr":{"merge":[{"cat":{"var":""}},5]}}""", "\"GmbH\"")]
    public void A_list_that_is_computed_is_the_list_of_arguments(string rule, string result) => Gives(rule, """["Acme"," ","GmbH"]""", result);

    [Theory]
    [InlineData("lower", """["Ärger 1"]""", "\"ärger 1\"")]
    [InlineData("upper", """["straße"]""", "\"STRAßE\"")]
    [InlineData("lower", "[null]", "\"\"")]
    [InlineData("upper", "[true]", "\"TRUE\"")]
    [InlineData("lower", "[[\"A\"]]", "!Invalid Arguments")]
    [InlineData("upper", "[{}]", "!Invalid Arguments")]
    [InlineData("startsWith", """["Acme GmbH","Acme"]""", "true")]
    [InlineData("startsWith", """["Acme GmbH","acme"]""", "false")]
    [InlineData("startsWith", """["Acme",""]""", "true")]
    [InlineData("startsWith", """[null,"A"]""", "false")]
    [InlineData("startsWith", """[2026,20]""", "true")]
    [InlineData("startsWith", """[["A"],"A"]""", "!Invalid Arguments")]
    [InlineData("endsWith", """["Acme GmbH","GmbH"]""", "true")]
    [InlineData("endsWith", """["Acme GmbH","Acme"]""", "false")]
    [InlineData("endsWith", """["A",["A"]]""", "!Invalid Arguments")]
    [InlineData("contains", """["Acme GmbH","me G"]""", "true")]
    [InlineData("contains", """["Acme GmbH","x"]""", "false")]
    [InlineData("contains", """["",""]""", "true")]
    [InlineData("contains", """[null,"a"]""", "false")]
    [InlineData("contains", """[["a","b"],"b"]""", "true")]
    [InlineData("contains", """[[1],"1"]""", "false")]
    [InlineData("contains", """["1,2",[1,2]]""", "!Invalid Arguments")]
    [InlineData("contains", """[{},"a"]""", "!Invalid Arguments")]
    public void Texts_are_asked_as_they_are_and_null_is_the_empty_one(string operation, string arguments, string result) => Applied(operation, arguments, result);

    [Theory]
    [InlineData("DE123456789", "true")]
    [InlineData("DE12345678", "false")]
    [InlineData("XDE123456789", "false")]
    [InlineData("DE123456789\\n", "false")]
    [InlineData("", "false")]
    public void Matches_asks_a_pattern(string text, string result) => Gives("""{"matches":[{"var":"vat"},"^DE[0-9]{9}$"]}""", $$"""{"vat":"{{text}}"}""", result);

    [Theory]
    [InlineData("""{"matches":[{"var":"a"},"b"]}""", "true")]
    [InlineData("""{"matches":[{"var":"none"},"^$"]}""", "true")]
    [InlineData("""{"matches":[12,"^\\d+$"]}""", "true")]
    [InlineData("""{"matches":[{"var":"list"},"a"]}""", "!Invalid Arguments")]
    [InlineData("""{"matches":["abc",{"var":"a"}]}""", "!Invalid Arguments")]
    [InlineData("""{"matches":["abc","("]}""", "!Invalid Arguments")]
    [InlineData("""{"matches":["abc",1]}""", "!Invalid Arguments")]
    [InlineData("""{"matches":"abc"}""", "!Invalid Arguments")]
    public void The_pattern_stands_in_the_rule(string rule, string result) => Gives(rule, """{"a":"abc","list":["a"]}""", result);
}
