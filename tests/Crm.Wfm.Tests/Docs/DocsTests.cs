using System.Text.RegularExpressions;
using Crm.Wfm.Tests.Bundles;

namespace Crm.Wfm.Tests.Docs;

/// <summary>The pages against the sources.</summary>
public sealed class DocsTests
{
    private static readonly string Root = Path.GetFullPath(Path.Combine(Samples.Folder, "..", ".."));

    [Fact]
    public void Every_test_a_page_names_exists()
    {
        var tests = Directory.EnumerateFiles(Path.Combine(Root, "tests"), "*Tests.cs", SearchOption.AllDirectories).ToLookup(Path.GetFileNameWithoutExtension, File.ReadAllText);
        var named = Pages().SelectMany(page => Regex.Matches(File.ReadAllText(page), @"`(\w+Tests)\.(\w+)`").Select(m => (Class: m.Groups[1].Value, Method: m.Groups[2].Value))).ToList();
        named.Count.ShouldBeGreaterThan(30);
        named.Where(t => !tests[t.Class].Any(source => Regex.IsMatch(source, $@"\b{t.Method}\("))).ShouldBeEmpty();
    }

    [Fact]
    public void Every_link_of_a_page_leads_somewhere()
    {
        var dead = from page in Pages()
                   from Match link in Regex.Matches(File.ReadAllText(page), @"\]\((?!https?:)([^)#]+)")
                   where !Path.Exists(Path.Combine(Path.GetDirectoryName(page)!, link.Groups[1].Value))
                   select $"{Path.GetFileName(page)}: {link.Groups[1].Value}";
        dead.ShouldBeEmpty();
    }

    private static IEnumerable<string> Pages() => Directory.EnumerateFiles(Path.Combine(Root, "docs"), "*.md", SearchOption.AllDirectories).Append(Path.Combine(Root, "README.md"));
}
