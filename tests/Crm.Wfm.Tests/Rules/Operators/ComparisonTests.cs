using static Crm.Wfm.Tests.Rules.Case;

namespace Crm.Wfm.Tests.Rules.Operators;

public class ComparisonTests
{
    private static readonly (string Operator, string Mirrored)[] All = [("<", ">"), ("<=", ">="), (">", "<"), (">=", "<="), ("==", "=="), ("!=", "!=")];

    /// <summary>The third column lists the operators that hold.</summary>
    [Theory]
    [InlineData("1", "2", "< <= !=")]
    [InlineData("2", "2", "<= >= ==")]
    [InlineData("2", "-1.5", "> >= !=")]
    [InlineData("\"10\"", "9", "> >= !=")]
    [InlineData("9", "\" 9.0 \"", "<= >= ==")]
    [InlineData("16", "\"0x10\"", "<= >= ==")]
    [InlineData("5", "\"0b101\"", "<= >= ==")]
    [InlineData("8", "\"0o10\"", "<= >= ==")]
    [InlineData("0.5", "\".5\"", "<= >= ==")]
    [InlineData("5", "\"5.\"", "<= >= ==")]
    [InlineData("100", "\"1e2\"", "<= >= ==")]
    [InlineData("0", "\"\"", "<= >= ==")]
    [InlineData("0", "\"  \"", "<= >= ==")]
    [InlineData("1", "\"Infinity\"", "< <= !=")]
    [InlineData("\"10\"", "\"9\"", "< <= !=")]
    [InlineData("\"B\"", "\"a\"", "< <= !=")]
    [InlineData("\"a\"", "\"ab\"", "< <= !=")]
    [InlineData("\"a\"", "\"a\"", "<= >= ==")]
    [InlineData("\"2026-03-01T00:00:00.000Z\"", "\"2026-11-01T00:00:00.000Z\"", "< <= !=")]
    [InlineData("null", "1", "< <= !=")]
    [InlineData("null", "0", "<= >= ==")]
    [InlineData("null", "false", "<= >= ==")]
    [InlineData("null", "null", "<= >= ==")]
    [InlineData("null", "\"a\"", "!=")]
    [InlineData("null", "\"\"", "<= >= !=")]
    [InlineData("null", "\"1\"", "< <= !=")]
    [InlineData("false", "true", "< <= !=")]
    [InlineData("true", "1", "<= >= ==")]
    [InlineData("true", "\"1\"", "<= >= ==")]
    public void Two_texts_are_compared_as_texts_null_and_numbers_as_numbers(string left, string right, string holding)
    {
        foreach (var (operation, mirrored) in All)
        {
            Applied(operation, $"[{left},{right}]", Text(holding.Split(' ').Contains(operation)));
            Applied(operation, $"[{right},{left}]", Text(holding.Split(' ').Contains(mirrored)));
        }
    }

    [Theory]
    [InlineData("1", "\"one\"")]
    [InlineData("1", "\"1e\"")]
    [InlineData("1000", "\"1,000\"")]
    [InlineData("0", "\"0x\"")]
    [InlineData("8", "\"0o18\"")]
    [InlineData("0", "\".\"")]
    [InlineData("true", "\"true\"")]
    [InlineData("[1]", "1")]
    [InlineData("[]", "[]")]
    [InlineData("[]", "null")]
    [InlineData("{}", "\"a\"")]
    [InlineData("{}", "false")]
    public void What_is_no_number_is_an_error(string left, string right)
    {
        foreach (var (operation, _) in All)
        {
            Applied(operation, $"[{left},{right}]", "!NaN");
            Applied(operation, $"[{right},{left}]", "!NaN");
        }
    }

    [Theory]
    [InlineData("1", "1", true)]
    [InlineData("1", "\"1\"", false)]
    [InlineData("0", "false", false)]
    [InlineData("null", "null", true)]
    [InlineData("null", "0", false)]
    [InlineData("\"a\"", "\"a\"", true)]
    [InlineData("\"a\"", "\"A\"", false)]
    [InlineData("[1,[2]]", "[1,[2]]", true)]
    [InlineData("[1]", "[\"1\"]", false)]
    [InlineData("[1]", "[1,2]", false)]
    [InlineData("{}", "{}", true)]
    [InlineData("[1]", "1", false)]
    public void Strict_equality_asks_for_the_kind_too_and_for_the_content(string left, string right, bool equal)
    {
        Applied("===", $"[{left},{right}]", Text(equal));
        Applied("!==", $"[{left},{right}]", Text(!equal));
        Gives($$"""{"===":[{"var":"0"},{"var":"1"}]}""", $$"""[{"a":{{left}}},{"a":{{right}}}]""", Text(equal));
    }

    [Theory]
    [InlineData("<", "[1,2,3]", "true")]
    [InlineData("<", "[1,2,2]", "false")]
    [InlineData("<=", "[1,2,2,9]", "true")]
    [InlineData("<=", "[\"a\",\"b\",\"b\"]", "true")]
    [InlineData(">", "[3,2,1]", "true")]
    [InlineData(">=", "[3,3,1]", "true")]
    [InlineData(">=", "[3,3,4]", "false")]
    [InlineData("==", "[1,\"1\",true]", "true")]
    [InlineData("!=", "[1,2,1]", "true")]
    [InlineData("!=", "[1,2,2]", "false")]
    [InlineData("===", "[1,1,1]", "true")]
    [InlineData("===", "[1,1,\"1\"]", "false")]
    [InlineData("!==", "[1,\"1\",1]", "true")]
    [InlineData("<", "[1,2,\"x\"]", "!NaN")]
    public void More_than_two_are_compared_neighbour_by_neighbour(string operation, string arguments, string result) => Applied(operation, arguments, result);

    [Theory]
    [InlineData("<", "2", "1")]
    [InlineData("<=", "2", "1")]
    [InlineData(">", "1", "2")]
    [InlineData(">=", "1", "2")]
    [InlineData("==", "1", "2")]
    [InlineData("!=", "1", "1")]
    [InlineData("===", "1", "\"1\"")]
    [InlineData("!==", "1", "1")]
    public void Nothing_is_evaluated_after_the_first_that_does_not_hold(string operation, string first, string second) =>
        Gives($$$"""{"{{{operation}}}":[{{{first}}},{{{second}}},{"throw":"too far"}]}""", "null", "false");

    [Fact]
    public void Both_sides_are_evaluated_before_they_are_compared() => Gives("""{"<":[[],{"throw":"the second"}]}""", "null", "!the second");

    [Theory]
    [InlineData("<")]
    [InlineData("<=")]
    [InlineData(">")]
    [InlineData(">=")]
    [InlineData("==")]
    [InlineData("!=")]
    [InlineData("===")]
    [InlineData("!==")]
    public void A_comparison_needs_two_arguments_that_stand_there(string operation)
    {
        foreach (var arguments in new[] { "[]", "[1]", "1", "null", """{"var":""}""", """{"preserve":[1,2]}""" })
        {
            Gives($$"""{"{{operation}}":{{arguments}}}""", "[1,2]", "!Invalid Arguments");
        }
    }

    private static string Text(bool value) => value ? "true" : "false";
}
