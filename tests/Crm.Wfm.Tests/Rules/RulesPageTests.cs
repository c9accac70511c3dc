using System.Text.RegularExpressions;
using Crm.Wfm.Rules;
using Crm.Wfm.Rules.Operators;
using Crm.Wfm.Tests.Bundles;

namespace Crm.Wfm.Tests.Rules;

/// <summary>docs/rules.md: a row tells an operator, its meaning, an example and what that gives; a row without an operator goes on with the one before.</summary>
public class RulesPageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Samples.Root, "docs", "rules.md"));
    private static readonly Value Facts = Value.Parse(Regex.Match(Page, "```json\n(.*?)```", RegexOptions.Singleline).Groups[1].Value);
    private static readonly string[][] Rows = [.. Page.Split('\n').Where(line => line.StartsWith('|')).Select(line => line.Split('|')[1..^1].Select(cell => cell.Trim()).ToArray())];
    private static readonly string[][] Examples = [.. Rows.Where(row => row is [_, _, ['`', '{', ..], _])];

    [Fact]
    public void Every_example_gives_what_the_page_says()
    {
        Examples.Length.ShouldBeGreaterThan(Operator.Names.Count);
        foreach (var example in Examples) Case.Gives(Value.Parse(Code(example[2])), Facts, example[3].StartsWith("error ", StringComparison.Ordinal) ? $"!{Code(example[3][6..])}" : Code(example[3]));
    }

    [Fact]
    public void Every_operator_has_a_row_with_an_example_of_its_own()
    {
        var rows = Examples.Where(row => row[0].Length > 0).ToList();
        rows.Select(row => Code(row[0])).Order().ShouldBe(Operator.Names.Order());
        foreach (var row in rows) row[2].ShouldContain($"\"{Code(row[0])}\":");
    }

    [Fact]
    public void Every_fault_and_every_error_is_told()
    {
        var code = string.Concat(Directory.GetFiles(Path.Combine(Samples.Root, "src", "Crm.Wfm", "Rules"), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText));
        var faults = Regex.Matches(code, "\"(rule-[a-z]+)\"").Select(match => match.Groups[1].Value).Distinct().ToList();
        faults.Count.ShouldBeGreaterThan(5);
        string[] errors = [RuleErrors.NaN, RuleErrors.InvalidArguments, RuleErrors.UnknownOperator, RuleErrors.TooComplex];
        foreach (var told in faults.Concat(errors)) Page.ShouldContain($"`{told}`");
    }

    private static string Code(string cell) => cell.Trim('`');
}
