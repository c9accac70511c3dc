using System.Text;
using Crm.Wfm;
using Crm.Wfm.Bundles;
using Crm.Wfm.Rules;

namespace Crm.Host.Commands;

/// <summary>Makes the tests bundles lack.</summary>
/// <param name="write">Whether to rewrite the files.</param>
/// <param name="output">The file to write to; <c>null</c> for standard output.</param>
/// <param name="json">Whether to report as JSON.</param>
internal sealed class BundleGeneration(bool write, string? output, bool json)
{
    private sealed record Report(string File, string? Bundle, string? Version, IReadOnlyList<Fault> Faults, IReadOnlyDictionary<string, Value> Tests, NearMissScore? Score);

    public async Task<int> RunAsync(string[] files, CancellationToken ct)
    {
        var (code, names) = (0, BundleFiles.Expand(files).ToList());
        var reports = await Progress.OverAsync("test --generate", names, async name =>
        {
            var (checkedFile, bundle) = BundleCheckCommand.Check(await BundleFiles.ReadAsync(name, ct), test: true);
            // A test that fails shows nothing; what is wrong has to be decided first.
            if (bundle is null || checkedFile.Faults.Count > 0)
            {
                code = 1;
                return new Report(name, checkedFile.Bundle, checkedFile.Version, checkedFile.Faults, new Dictionary<string, Value>(), null);
            }

            var made = ScenarioGenerator.Generate(bundle);
            if (await WriteAsync(name, made, ct) && code == 0) code = 2;
            return new Report(name, bundle.Key, bundle.Version, [], made.Tests, made.Score);
        });
        if (json) await Output.JsonAsync(reports);
        else foreach (var report in reports) await TellAsync(report);
        return code;
    }

    /// <returns>Whether a file was changed.</returns>
    private async Task<bool> WriteAsync(string name, GeneratedScenarios made, CancellationToken ct)
    {
        var file = output ?? (write && name != "-" ? name : null);
        var text = CanonicalJson.Indented(made.Document);
        if (file is null)
        {
            if (!json) await Console.Out.WriteAsync(text);
            return false;
        }

        if (made.Tests.Count == 0 && output is null) return false;
        if (File.Exists(file) && await File.ReadAllTextAsync(file, ct) == text) return false;
        await File.WriteAllTextAsync(file, text, new UTF8Encoding(false), ct);
        return true;
    }

    // Standard output may hold the bundle.
    private static async Task TellAsync(Report r)
    {
        foreach (var fault in r.Faults) await Console.Error.WriteLineAsync($"{r.File}: {Output.Line(fault)}");
        if (r.Score is not { } score) return;
        await Console.Error.WriteLineAsync($"{r.File}: {r.Bundle} {r.Version}, {r.Tests.Count} tests made; {BundleMutants.Words(score)}");
        foreach (var line in BundleMutants.Lines(score)) await Console.Error.WriteLineAsync(line);
    }
}
