using Crm.Wfm;
using Crm.Wfm.Bundles;

namespace Crm.Host.Commands;

/// <summary>Tells what the tests of bundles would not notice.</summary>
internal static class BundleMutants
{
    private sealed record Report(string File, string? Bundle, string? Version, IReadOnlyList<Fault> Faults, NearMissScore? Score);

    public static async Task<int> RunAsync(string[] files, bool json, CancellationToken ct)
    {
        var reports = await Progress.OverAsync("test --mutants", BundleFiles.Expand(files).ToList(), async name =>
        {
            var (checkedFile, bundle) = BundleCheckCommand.Check(await BundleFiles.ReadAsync(name, ct), test: true);
            var score = bundle is not null && checkedFile.Faults.Count == 0 ? ScenarioGenerator.Score(bundle) : null;
            return new Report(name, checkedFile.Bundle, checkedFile.Version, checkedFile.Faults, score);
        });
        if (json) await Output.JsonAsync(reports);
        else foreach (var report in reports) await WriteAsync(report);
        return reports.Any(r => r.Score is null || r.Score.Uncovered.Any(u => u.CouldBe)) ? 1 : 0;
    }

    public static string Words(NearMissScore score) =>
        $"{score.Noticed} of {score.NearMisses} small mistakes are noticed{(score.Equivalent.Count > 0 ? $", {score.Equivalent.Count} make no difference" : "")}";

    /// <summary>Tells what goes unnoticed, and why.</summary>
    public static IEnumerable<string> Lines(NearMissScore score) => score.Uncovered.Select(u => $"  {u.Pointer}: {u.What} ({u.Why})");

    private static async Task WriteAsync(Report r)
    {
        foreach (var fault in r.Faults) await Console.Out.WriteLineAsync($"{r.File}: {Output.Line(fault)}");
        if (r.Score is not { } score) return;
        await Console.Out.WriteLineAsync($"{r.File}: {r.Bundle} {r.Version}: {Words(score)}");
        foreach (var line in Lines(score)) await Console.Out.WriteLineAsync(line);
    }
}
