using System.Text.Json.Nodes;
using Crm.Testing;

namespace Crm.Host.Tests.Processes;

/// <summary><c>rules eval</c>, through the real process.</summary>
public sealed class RulesCommandTests
{
    private static readonly string Host = Path.Combine(AppContext.BaseDirectory, "Crm.Host.dll");

    [Fact]
    public async Task Every_line_is_answered_by_one_line_and_nothing_else_is_written()
    {
        var ended = await EvalAsync(
            """{"rule":{"+":[1,{"var":"x"}]},"data":{"x":2}}""",
            """{"rule":{"cat":["é",null,"😀"]}}""",
            "",
            "  \t\r",
            """ {"data":[3,4],"rule":{"val":1}}""",
            """{"rule":{"map":[{"var":""},{"now":[]}]},"data":[]}""",
            """{"rule":null,"data":{"unused":true}}""");

        ended.ShouldBe(new(0, """
            {"result":3}
            {"result":"é😀"}
            {"result":4}
            {"result":[]}
            {"result":null}

            """.ReplaceLineEndings("\n"), ""));
    }

    [Fact]
    public async Task Rule_that_ends_in_an_error_is_answered_with_it()
    {
        var ended = await EvalAsync(
            """{"rule":{"+":["a"]}}""",
            """{"rule":{"and":1}}""",
            """{"rule":{"throw":{"preserve":{"type":"mine","why":"so"}}}}""",
            """{"rule":{"nonsense":[1]}}""",
            """{"rule":{"a":1,"b":2}}""",
            """{"rule":{"if":[false,{"nonsense":1},"not evaluated"]}}""");

        ended.ShouldBe(new(0, """
            {"error":{"type":"NaN"}}
            {"error":{"type":"Invalid Arguments"}}
            {"error":{"type":"mine","why":"so"}}
            {"error":{"key":"nonsense","type":"Unknown Operator"}}
            {"error":{"key":"a","type":"Unknown Operator"}}
            {"result":"not evaluated"}

            """.ReplaceLineEndings("\n"), ""));
    }

    [Theory]
    [InlineData("{\"rule\":", "line 1")]
    [InlineData("not JSON", "line 1")]
    [InlineData("[1]", "a line is an object")]
    [InlineData("{\"data\":1}", "a line is an object")]
    [InlineData("""{"rule":1,"date":1}""", "'date' is neither rule nor data")]
    [InlineData("""{"rule":1,"rule":2}""", "the member 'rule' occurs twice")]
    [InlineData("""{"rule":1e400}""", "too large for a double")]
    public async Task Line_that_is_none_gets_an_error_and_the_next_is_read(string line, string told)
    {
        var ended = await EvalAsync(line, """{"rule":1}""");

        ended.ExitCode.ShouldBe(1);
        var answers = ended.Output.Split('\n');
        var error = JsonNode.Parse(answers[0])!["error"]!;
        error["type"]!.GetValue<string>().ShouldBe("Invalid Line");
        error["message"]!.GetValue<string>().ShouldContain(told);
        answers[1..].ShouldBe(["""{"result":1}""", ""]);
        ended.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Last_line_needs_no_end_and_a_long_one_is_not_kept()
    {
        var ended = await HostProcess.RunAsync($"{{\"rule\":\"{new string('a', 6_000_000)}\"}}\r\n{new string('[', 1 << 20)}\r\n{{\"rule\":2}}", Host, "Production", null, ["rules", "eval"]);

        ended.ExitCode.ShouldBe(1);
        var answers = ended.Output.Split('\n');
        answers[0].ShouldBe("""{"error":{"message":"The line is longer than 5 MB.","type":"Invalid Line"}}""");
        answers[1].ShouldContain("is nested deeper than 64 levels");
        answers[2..].ShouldBe(["""{"result":2}""", ""]);
    }

    [Fact]
    public async Task Who_asks_line_by_line_is_answered_at_once_and_may_interrupt() =>
        (await HostProcess.InterruptAsync("""{"rule":1}""", Host, "rules", "eval")).ShouldBe(new(130, """{"result":1}""", ""));

    [Fact]
    public async Task Bombs_are_answered_and_the_process_lives()
    {
        var ended = await EvalAsync([.. Bomb.All.Select(bomb => $$"""{"rule":{{bomb.Rule}},"data":{{bomb.Data}}}"""), """{"rule":"alive"}"""]);

        ended.ExitCode.ShouldBe(0);
        var answers = ended.Output.Split('\n');
        answers.Take(Bomb.All.Count).Select(answer => JsonNode.Parse(answer)!["error"]?["type"]?.GetValue<string>()).ShouldBe(Bomb.All.Select(bomb => bomb.Error));
        answers[Bomb.All.Count].ShouldBe("""{"result":"alive"}""");
    }

    private static Task<HostProcess.Ended> EvalAsync(params string[] lines) => HostProcess.RunAsync(string.Concat(lines.Select(line => line + "\n")), Host, "Production", null, ["rules", "eval"]);
}
