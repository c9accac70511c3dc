using System.CommandLine;
using System.Text.Json.Serialization;
using Crm.Wfm;
using Crm.Wfm.Bundles;
using Crm.Wfm.Rules;

namespace Crm.Host.Commands;

/// <summary>Tells what is different.</summary>
internal static class BundleDiffCommand
{
    private sealed record Side(string File, string Key, string? Version, [property: JsonIgnore] Value Document);

    /// <param name="Outcome"><c>unchanged</c>, <c>layout</c> (nothing else differs), <c>changed</c>, <c>added</c> or <c>removed</c>.</param>
    private sealed record Report(string Bundle, string Outcome, Side? Before, Side? After, bool Compatible, IReadOnlyList<BundleChange> Changes)
    {
        [JsonIgnore]
        public bool IsChange => Outcome is not ("unchanged" or "layout");
    }

    public static Command Create()
    {
        Argument<string> before = new("BEFORE") { Description = "The older bundle, or a folder of bundles; - is standard input, /dev/null none." }, after = new("AFTER") { Description = "The newer one, or a folder." };
        before.Validators.Add(BundleFiles.RefuseOptions);
        after.Validators.Add(BundleFiles.RefuseOptions);
        var verb = new Verb(
            "diff",
            "Tells in words what changed between two versions of a bundle. Exit 0: the same content, if not the same layout; 2: other content; 1: a fault.",
            "crm bundle diff published.json processes/sales.json",
            "crm bundle diff old/ new/                       # bundles are paired by their keys",
            "crm bundle diff a.json b.json --json | jq -r '.[].changes[] | select(.hint) | .sentence'") { before, after };
        verb.SetAction(async (parse, ct) =>
        {
            var (old, young) = (await ReadAsync(parse.GetValue(before)!, ct), await ReadAsync(parse.GetValue(after)!, ct));
            if (old is null || young is null || !await PairsAsync(old, young)) return 1;
            var reports = old.Keys.Union(young.Keys).Order(StringComparer.Ordinal).Select(key => Compare(key, old.GetValueOrDefault(key), young.GetValueOrDefault(key))).ToList();
            if (parse.GetValue(BundleCommand.Json)) await Output.JsonAsync(reports);
            else foreach (var report in reports) await WriteAsync(report);
            return reports.Exists(r => r.IsChange) ? 2 : 0;
        });
        return verb;
    }

    /// <summary>Reads the bundles of one side by their keys; <c>null</c> when one is none, which is told.</summary>
    private static async Task<Dictionary<string, Side>?> ReadAsync(string name, CancellationToken ct)
    {
        var (sides, faults) = (new Dictionary<string, Side>(StringComparer.Ordinal), new List<Fault>());
        // What git compares a file with that is new, or gone.
        foreach (var file in name == "/dev/null" ? [] : BundleFiles.Expand([name]))
        {
            var found = new List<Fault>();
            if ((await BundleFiles.ReadAsync(file, ct)).Document(found) is { } document)
            {
                var side = new Side(file, document["bundle"]["key"].AsText!, document["bundle"]["version"].AsText, document);
                if (!sides.TryAdd(side.Key, side)) found.Add(new("/bundle/key", "duplicate-key", $"is a second bundle {side.Key}; {sides[side.Key].File} is one already"));
            }

            foreach (var fault in found) await Console.Error.WriteLineAsync($"{file}: {Output.Line(fault)}");
            faults.AddRange(found);
        }

        return faults.Count == 0 ? sides : null;
    }

    private static async Task<bool> PairsAsync(Dictionary<string, Side> old, Dictionary<string, Side> young)
    {
        if (old.Count != 1 || young.Count != 1 || old.Keys.Single() == young.Keys.Single()) return true;
        await Console.Error.WriteLineAsync($"{old.Values.Single().File} is the bundle {old.Keys.Single()}, {young.Values.Single().File} the bundle {young.Keys.Single()}: versions of one bundle are compared.");
        return false;
    }

    private static Report Compare(string key, Side? before, Side? after)
    {
        if (after is null) return new(key, "removed", before, null, false, []);
        var diff = BundleDiff.Between(before?.Document ?? Value.Null, after.Document);
        var outcome = before is null ? "added" : !diff.SameContent ? "changed" : diff.Changes.Count > 0 ? "layout" : "unchanged";
        return new(key, outcome, before, after, diff.IsCompatible, diff.Changes);
    }

    private static async Task WriteAsync(Report report)
    {
        var versions = report.Before?.Version is { } old && report.After?.Version is { } young && old != young ? $"{old} → {young}" : (report.After ?? report.Before)!.Version;
        await Console.Out.WriteLineAsync($"{report.Bundle} {versions}: {report.Outcome switch { "unchanged" => "no change", "layout" => "only the layout differs", "changed" => Count(report.Changes.Count), var other => other }}");
        await ChangeLines.WriteAsync(report.Changes);
        if (report is { Outcome: "changed", Compatible: false }) await Console.Out.WriteLineAsync("Running projects stay on their version; to take them along, see to what is marked with !.");
    }

    private static string Count(int changes) => changes == 1 ? "1 change" : $"{changes} changes";
}

/// <summary>Changes, a line each.</summary>
internal static class ChangeLines
{
    public static async Task WriteAsync(IReadOnlyList<BundleChange> changes)
    {
        foreach (var change in changes)
        {
            await Console.Out.WriteLineAsync($"  {Sign(change.Kind)} {change.Sentence}");
            if (change.Hint is { } hint) await Console.Out.WriteLineAsync($"    ! {hint}");
        }
    }

    private static char Sign(ChangeKind kind) => kind switch { ChangeKind.Added => '+', ChangeKind.Removed => '-', _ => '~' };
}
