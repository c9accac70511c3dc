using System.Text.RegularExpressions;
using Crm.Entities;

namespace Crm.Host.Tests.Processes;

public sealed class CrmEventTests
{
    /// <summary>Who adds an event to the CRM declares it; those of records are made of nouns, and told by <c>NounEventTests</c>.</summary>
    [Fact]
    public void Every_type_the_sources_name_is_declared()
    {
        var sources = new[] { "Crm.Host", "Crm.Entities" }.SelectMany(p => Directory.EnumerateFiles(Path.Combine(Checkout.Root, "src", p), "*.cs", SearchOption.AllDirectories));
        var named = sources.SelectMany(file => Regex.Matches(File.ReadAllText(file), "\"(crm\\.[a-z-]+\\.[a-z-]+)\"").Select(m => m.Groups[1].Value)).ToHashSet();
        named.Count.ShouldBeGreaterThan(10);
        named.Except(CrmEvents.All).ShouldBeEmpty();
        var nouns = Directory.EnumerateFiles(Path.Combine(Checkout.Root, "src", "Crm.Entities"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => Regex.Matches(File.ReadAllText(file), "override string Noun => \"([a-z-]+)\"").Select(m => m.Groups[1].Value));
        nouns.SelectMany(noun => new[] { "created", "updated", "deleted", "restored" }.Select(what => $"crm.{noun}.{what}")).Except(CrmEvents.All).ShouldBeEmpty();
    }
}
