using Crm.Wfm.Rules;
using static Crm.Wfm.Tests.Rules.Case;

namespace Crm.Wfm.Tests.Rules.Operators;

public class ArithmeticTests
{
    [Theory]
    [InlineData("+", "[1,2,3]", "6")]
    [InlineData("+", "[0.1,0.2]", "0.30000000000000004")]
    [InlineData("+", "[]", "0")]
    [InlineData("+", "[\"1.5\"]", "1.5")]
    [InlineData("+", "[\"1\",\" 2 \",true,false,null,\"\"]", "4")]
    [InlineData("*", "[2,3,\"4\"]", "24")]
    [InlineData("*", "[]", "1")]
    [InlineData("*", "[7]", "7")]
    [InlineData("*", "[7,null]", "0")]
    [InlineData("-", "[5,2]", "3")]
    [InlineData("-", "[10,1,2,3]", "4")]
    [InlineData("-", "[2]", "-2")]
    [InlineData("-", "[\"\"]", "0")]
    [InlineData("-", "[null,1]", "-1")]
    [InlineData("/", "[1,4]", "0.25")]
    [InlineData("/", "[16,2,2]", "4")]
    [InlineData("/", "[4]", "0.25")]
    [InlineData("/", "[0,\"8\"]", "0")]
    [InlineData("%", "[7,3]", "1")]
    [InlineData("%", "[-7,3]", "-1")]
    [InlineData("%", "[7,-3]", "1")]
    [InlineData("%", "[5.5,2]", "1.5")]
    [InlineData("%", "[17,10,4]", "3")]
    [InlineData("min", "[3,1,2]", "1")]
    [InlineData("max", "[3,1,2]", "3")]
    [InlineData("max", "[-3]", "-3")]
    [InlineData("min", "[-0.5,-2]", "-2")]
    public void Numbers_are_doubles(string operation, string arguments, string result) => Applied(operation, arguments, result);

    [Theory]
    [InlineData("+", "[1,\"apples\"]")]
    [InlineData("+", "[\"3.14 apples\"]")]
    [InlineData("+", "[[1],1]")]
    [InlineData("+", "[{}]")]
    [InlineData("*", "[1,[]]")]
    [InlineData("-", "[\"a\"]")]
    [InlineData("/", "[1,0]")]
    [InlineData("/", "[0,0]")]
    [InlineData("/", "[0]")]
    [InlineData("/", "[1,\"\"]")]
    [InlineData("/", "[1,2,false]")]
    [InlineData("%", "[1,0]")]
    [InlineData("*", "[1e200,1e200]")]
    [InlineData("-", "[-1e308,1e308]")]
    [InlineData("+", "[\"Infinity\"]")]
    public void What_has_no_number_as_its_result_is_an_error(string operation, string arguments) => Applied(operation, arguments, "!NaN");

    [Theory]
    [InlineData("max", "[\"1\",2]")]
    [InlineData("max", "[null]")]
    [InlineData("min", "[1,true]")]
    [InlineData("min", "[[1]]")]
    [InlineData("min", "[]")]
    [InlineData("max", "[]")]
    [InlineData("-", "[]")]
    [InlineData("/", "[]")]
    [InlineData("%", "[]")]
    [InlineData("%", "[1]")]
    public void Arguments_that_do_not_fit_are_an_error(string operation, string arguments) => Applied(operation, arguments, "!Invalid Arguments");

    [Theory]
    [InlineData("""{"+":5}""", "5")]
    [InlineData("""{"+":null}""", "0")]
    [InlineData("""{"+":{"var":"list"}}""", "6")]
    [InlineData("""{"+":[{"var":"list"}]}""", "!NaN")]
    [InlineData("""{"+":{"var":"none"}}""", "0")]
    [InlineData("""{"+":{"var":"empty"}}""", "0")]
    [InlineData("""{"-":{"var":"empty"}}""", "!Invalid Arguments")]
    [InlineData("""{"-":{"var":"list"}}""", "-4")]
    [InlineData("""{"/":{"preserve":[8,2]}}""", "4")]
    [InlineData("""{"%":{"preserve":[8]}}""", "!Invalid Arguments")]
    [InlineData("""{"max":{"map":[{"var":"list"},{"*":[{"var":""},2]}]}}""", "6")]
    [InlineData("""{"min":{"merge":[{"var":"list"},-1]}}""", "-1")]
    public void A_list_that_is_computed_is_the_list_of_arguments(string rule, string result) => Gives(rule, """{"list":[1,2,3],"empty":[]}""", result);

    [Fact]
    public void All_arguments_are_evaluated_before_the_first_is_found_wrong()
    {
        Gives("""{"+":["a",{"throw":"the second"}]}""", "null", "!the second");
        Gives("""{"max":["a",{"throw":"the second"}]}""", "null", "!the second");
    }

    [Fact]
    public void Numbers_a_host_should_not_have_made_are_no_numbers()
    {
        var data = Value.From(new FactObjectBuilder { ["x"] = Value.From(double.NaN), ["y"] = Value.From(double.PositiveInfinity) }.Build());
        Gives(Value.Parse("""{"+":[{"var":"x"},1]}"""), data, "!NaN");
        Gives(Value.Parse("""{"<":[{"var":"x"},1]}"""), data, "!NaN");
        Gives(Value.Parse("""{"-":[{"var":"y"},1]}"""), data, "!NaN");
    }
}
