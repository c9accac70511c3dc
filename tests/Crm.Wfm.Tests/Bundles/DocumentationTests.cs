using System.Text;
using System.Text.RegularExpressions;
using Crm.Wfm.Bundles;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Tests.Bundles;

public class DocumentationTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Samples.Root, "docs", "bundles.md"));

    [Fact]
    public void Examples_are_JSON_and_whole_bundles_have_no_faults()
    {
        var examples = Regex.Matches(Page, "```json\n(.*?)```", RegexOptions.Singleline).Select(m => m.Groups[1].Value).ToList();
        examples.ShouldContain(e => e.Contains("\"apiVersion\"", StringComparison.Ordinal));
        foreach (var example in examples)
        {
            Should.NotThrow(() => Value.Parse(example));
            if (example.Contains("\"apiVersion\"", StringComparison.Ordinal)) BundleReader.Read(Encoding.UTF8.GetBytes(example)).Faults.ShouldBeEmpty();
        }
    }

    [Fact]
    public void Every_fault_key_in_the_code_is_documented()
    {
        var sources = new[] { "BundleChecks", "Proofs" }.SelectMany(room => Directory.GetFiles(Path.Combine(Samples.Root, "src", "Crm.Wfm", "Bundles", room), "*.cs")).Select(File.ReadAllText);
        foreach (Match key in sources.SelectMany(s => Regex.Matches(s, "(?:Refuse|Warn)\\([^\"]+, \"([a-z-]+)\""))) Page.ShouldContain($"`{key.Groups[1].Value}`");
    }

    [Fact]
    public void Every_sample_is_listed_with_its_key()
    {
        foreach (var file in Directory.GetFiles(Samples.Folder, "*.json").Select(file => Path.GetFileName(file)))
            Page.ShouldContain($"| `{file}` | `{Samples.Read(file).Key}`, ");
    }

    [Fact]
    public void Every_member_of_the_format_is_described()
    {
        foreach (var (name, member) in Properties(BundleReader.Schema.Source)) member["description"].AsText.ShouldNotBeNullOrEmpty(name);
    }

    private static IEnumerable<KeyValuePair<string, Value>> Properties(Value schema)
    {
        foreach (var (name, part) in schema.AsObject ?? FactObject.Empty)
        {
            if (name == "properties" && part.AsObject is { } members)
            {
                foreach (var member in members) yield return member;
            }

            foreach (var below in Properties(part)) yield return below;
        }

        foreach (var item in schema.AsList.ToArray().SelectMany(Properties)) yield return item;
    }
}
