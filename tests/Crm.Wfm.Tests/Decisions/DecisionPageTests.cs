using System.Text.RegularExpressions;
using Crm.Wfm.Rules;
using Crm.Wfm.Tests.Bundles;

namespace Crm.Wfm.Tests.Decisions;

/// <summary>The examples of the page about decisions.</summary>
public sealed class DecisionPageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Samples.Root, "docs", "decision-tables.md"));

    [Fact]
    public void Decisions_on_the_page_have_no_faults_and_leave_nothing_open()
    {
        Examples().Count.ShouldBe(2);
        foreach (var example in Examples())
        {
            var reading = DecisionBundle.Reading(example);
            reading.Faults.ShouldBeEmpty();
            reading.Warnings.ShouldBeEmpty();
        }
    }

    [Fact]
    public void The_scorecard_scores_what_the_page_says()
    {
        var facts = DecisionBundle.Facts("""{"budget": 60000, "source": "referral"}""");
        var trace = DecisionBundle.Read(Examples()[1]).Explain(facts);

        trace.Result.Outputs.ToString().ShouldBe("""{"grade":"a","score":65}""");
        trace.Hits.ShouldBe(["budget/large", "source/referral", "bands/high"]);
        Page.ShouldContain("10 + 2 × 20 + 15 = 65");
    }

    [Fact]
    public void The_pages_cells_are_cells()
    {
        var cells = Regex.Matches(Page, "^\\| (`.*?`) \\| ", RegexOptions.Multiline).SelectMany(row => Regex.Matches(row.Groups[1].Value, "`([^`]*)`").Select(m => m.Groups[1].Value))
            .Where(cell => cell.StartsWith('{')).ToList();
        cells.Count.ShouldBeGreaterThan(5);
        foreach (var cell in cells)
        {
            var table = DecisionBundle.Column("{}", "first", $$$"""{"key": "row", "when": {"a": {{{cell}}} }, "then": {"out": 1}}""").Replace("\"key\": \"a\"", "\"key\": \"amount\"", StringComparison.Ordinal)
                .Replace("\"when\": {\"a\"", "\"when\": {\"amount\"", StringComparison.Ordinal);
            DecisionBundle.Reading(table).Faults.ShouldBeEmpty(cell);
        }
    }

    [Fact]
    public void Every_other_example_is_JSON() => Regex.Matches(Page, "```json\n(.*?)```", RegexOptions.Singleline).Select(m => Value.Parse(m.Groups[1].Value)).Count().ShouldBe(2);

    private static List<string> Examples() => [.. Regex.Matches(Page, "```json decision\n(.*?)```", RegexOptions.Singleline).Select(m => m.Groups[1].Value)];
}
