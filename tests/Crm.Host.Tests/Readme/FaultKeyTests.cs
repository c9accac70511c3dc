using System.Text.RegularExpressions;

namespace Crm.Host.Tests.Readme;

/// <summary>Fault keys are API: every one the code has is on a page.</summary>
public sealed partial class FaultKeyTests
{
    [Fact]
    public void Every_fault_key_in_the_code_is_on_a_page()
    {
        var pages = string.Concat(new[] { "errors", "bundles", "flows" }.Select(p => File.ReadAllText(Path.Combine(Checkout.Root, "docs", p + ".md"))));
        var keys = new[] { "Crm.Wfm", "Crm.Wfm.Flows", "Crm.Entities", "Crm.Host" }
            .SelectMany(room => Directory.EnumerateFiles(Path.Combine(Checkout.Root, "src", room), "*.cs", SearchOption.AllDirectories)).Select(File.ReadAllText)
            .SelectMany(source => Key().Matches(source).Select(m => m.Groups["key"].Value)).Except(["removed"]).Distinct().ToList(); // what a diff says of a bundle

        keys.Count.ShouldBeGreaterThan(40);
        // Families of keys, such as min-length, are told by their first and last.
        keys.Where(key => !pages.Contains($"`{key}`", StringComparison.Ordinal) && !key.StartsWith("min-", StringComparison.Ordinal) && !key.StartsWith("max-", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    // A fault is made of its place, its key and its words; what has code for the third is a function of scripts.
    [GeneratedRegex("""(?:Fault|new)\(\s*(?:\$?"[^"]*"|[\w.]+(?:\([^()]*\))?)(?: \+ [^,"]+)?\s*,\s*"(?<key>[a-z][a-z0-9-]+)"\s*,(?!\s*\()""")]
    private static partial Regex Key();
}
