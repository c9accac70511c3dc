using System.Text.Json.Nodes;
using Crm.Wfm.Bundles;

namespace Crm.Wfm.Tests.Bundles.Mutating;

/// <summary>What the tests that are made are good for: rules changed by chance are noticed.</summary>
public sealed class MutationTests
{
    private const int PerSample = 50;

    [Fact]
    public void Tests_that_are_made_notice_nine_of_ten_rules_changed_by_chance()
    {
        var survivors = new List<string>();
        var all = 0;
        foreach (var file in Directory.GetFiles(Samples.Folder, "*.json").Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal).Where(f => f != "loan-application.json"))
        {
            var bare = JsonNode.Parse(Samples.Bytes(file))!.AsObject().With("/tests", null);
            var made = ScenarioGenerator.Generate(Samples.Reading(bare, Samples.Actions).Bundle.ShouldNotBeNull());
            foreach (var mutant in Mutants(bare, made.Document["tests"].ToString()))
            {
                all++;
                    if (ScenarioRunner.RunAll(mutant.Bundle).All(r => r.Passed)) survivors.Add($"{file} {mutant.Pointer}: {mutant.Words}");
            }
        }

        (all - survivors.Count).ShouldBeGreaterThanOrEqualTo(all * 9 / 10, $"{survivors.Count} of {all} go unnoticed:\n{string.Join('\n', survivors)}");
        all.ShouldBe(7 * PerSample);
    }

    private static IEnumerable<(string Pointer, string Words, Bundle Bundle)> Mutants(JsonObject bare, string tests)
    {
        var mutator = new RuleMutator(bare, seed: 20260731);
        var seen = new HashSet<(string, string)>();
        for (var tries = 0; seen.Count < PerSample; tries++)
        {
            tries.ShouldBeLessThan(100 * PerSample);
            if (mutator.Next() is not { } mutant || seen.Contains((mutant.Pointer, mutant.Words))) continue;
            // What an import refuses needs no test.
            if (Samples.Reading(mutant.Bundle.With("/tests", tests), Samples.Actions).Bundle is not { } bundle) continue;
            seen.Add((mutant.Pointer, mutant.Words));
            yield return (mutant.Pointer, mutant.Words, bundle);
        }
    }
}
