using System.Diagnostics;
using Crm.Wfm.Bundles;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Tests.Bundles;

public sealed class ScenarioGeneratorTests
{
    public static TheoryData<string> Files => SampleTests.Files;

    [Theory]
    [MemberData(nameof(Files))]
    public void Try(string file)
    {
        var bundle = Samples.Reading(System.Text.Json.Nodes.JsonNode.Parse(Samples.Bytes(file))!.AsObject().With("/tests", null), Samples.Actions).Bundle.ShouldNotBeNull();
        var watch = Stopwatch.StartNew();
        var made = ScenarioGenerator.Generate(bundle);
        var s = made.Score;
        File.WriteAllText("/tmp/gen-" + file, CanonicalJson.Indented(made.Document));
        File.WriteAllLines("/tmp/gen-" + file + ".txt", [$"{file}: {watch.ElapsedMilliseconds} ms, {made.Tests.Count} tests, {s.NearMisses} near misses, {s.Noticed} noticed, {s.Equivalent.Count} equivalent, {s.Uncovered.Count} uncovered",
            .. s.Uncovered.Select(u => $"UNC {u.Pointer}: {u.What} ({u.Why})"), .. s.Equivalent.Select(u => $"EQ {u.Pointer}: {u.What}")]);
    }
}
