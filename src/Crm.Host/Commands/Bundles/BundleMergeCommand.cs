using System.CommandLine;
using System.Text;
using Crm.Entities;
using Crm.Wfm;
using Crm.Wfm.Bundles;
using Crm.Wfm.Rules;

namespace Crm.Host.Commands;

/// <summary>Merges three versions of a bundle, as a merge driver of git or by hand.</summary>
internal static class BundleMergeCommand
{
    /// <param name="Outcome"><c>merged</c>, <c>conflicts</c>, <c>faulty</c> (merged, but no sound bundle) or <c>refused</c> (nothing was written).</param>
    private sealed record Report(string File, string Outcome, IReadOnlyList<MergeConflict> Conflicts, IReadOnlyList<Fault> Faults, IReadOnlyList<string> Notes);

    public static Command Create()
    {
        Argument<string> origin = new("BASE") { Description = "What both started from; an empty file, or /dev/null, is none." }, ours = new("OURS") { Description = "Our version; becomes the merged one." };
        Argument<string> theirs = new("THEIRS") { Description = "Their version." }, path = new("PATH") { Description = "What the bundle is called in messages.", Arity = ArgumentArity.ZeroOrOne };
        foreach (var argument in new[] { origin, ours, theirs, path }) argument.Validators.Add(BundleFiles.RefuseOptions);
        var output = new Option<string?>("--output") { Description = "Where the merged bundle goes instead of OURS; - is standard output." };
        var verb = new Verb(
            "merge",
            "Merges by key what two people made of a bundle. Exit 0: merged; 1: conflicts, which the bundle then holds at /x-merge-conflicts, or faults.",
            "crm bundle merge base.json ours.json theirs.json",
            "crm bundle merge base.json ours.json theirs.json --output - > merged.json",
            "crm bundle merge %O %A %B %P            # as git's merge driver: git config merge.bundle.driver '…'") { origin, ours, theirs, path, output };
        verb.SetAction(async (parse, ct) =>
        {
            var json = parse.GetValue(BundleCommand.Json);
            var target = parse.GetValue(output) ?? parse.GetValue(ours)!;
            if (json && target == "-") throw new CannotStartException("Standard output holds the report with --json, and the bundle with --output -: name a file for one of them.");
            var files = new List<BundleFile>();
            foreach (var name in new[] { origin, ours, theirs }) files.Add(await BundleFiles.ReadAsync(parse.GetValue(name)!, ct));
            var (report, merged) = Merge(files[0], files[1], files[2], parse.GetValue(path) ?? parse.GetValue(ours)!);
            if (merged is not null) await WriteAsync(target, merged, ct);
            if (json) await Output.JsonAsync(report);
            await TellAsync(report);
            return report.Outcome == "merged" ? 0 : 1;
        });
        return verb;
    }

    private static (Report, byte[]?) Merge(BundleFile origin, BundleFile ours, BundleFile theirs, string name)
    {
        var faults = new List<Fault>();
        // Git gives an empty file where both sides added one of the same name.
        var documents = new[] { origin.Bytes.Length == 0 && origin.Fault?.Key != "unreadable" ? Value.Null : Read(origin, faults), Read(ours, faults), Read(theirs, faults) };
        var keys = documents.Where(d => d is { IsNull: false }).Select(d => d!.Value["bundle"]["key"].AsText).Distinct().ToList();
        if (faults.Count == 0 && keys.Count > 1) faults.Add(new("/bundle/key", "other-bundle", $"these are different bundles: {string.Join(", ", keys)}"));
        if (faults.Count > 0) return (new(name, "refused", [], faults, []), null);
        var (a, b) = (documents[1]!.Value, documents[2]!.Value);
        var result = BundleMerge.Of(documents[0]!.Value, a, b);
        faults.AddRange(BundleReader.Read(Encoding.UTF8.GetBytes(CanonicalJson.Text(result.Document)), CrmServices.PostActions, CrmApplication.AutomationCheck(), CrmEvents.All).Faults);
        var outcome = result.Conflicts.Count > 0 ? "conflicts" : faults.Count > 0 ? "faulty" : "merged";
        return (new(name, outcome, result.Conflicts, faults, result.Notes), Text(result, (a, ours.Bytes), (b, theirs.Bytes)));
    }

    private static Value? Read(BundleFile file, List<Fault> faults)
    {
        var found = new List<Fault>();
        var document = file.Document(found);
        if (document?.AsObject?.Has(BundleMerge.ConflictsMember) == true)
            found.Add(new("/" + BundleMerge.ConflictsMember, "unresolved-conflict", "has conflicts of an earlier merge, which another one would forget: decide them first"));
        faults.AddRange(found.Select(f => f with { Message = $"{file.Name}: {f.Message}" }));
        return document;
    }

    /// <summary>Keeps the text of a side that is the result as it is; else the canonical one.</summary>
    private static byte[] Text(MergeResult result, params (Value Document, byte[] Bytes)[] sides)
    {
        foreach (var side in sides)
        {
            if (result.Conflicts.Count == 0 && side.Document == result.Document) return side.Bytes;
        }

        return Encoding.UTF8.GetBytes(CanonicalJson.Indented(BundleMerge.WithConflicts(result.Document, result.Conflicts)));
    }

    private static async Task WriteAsync(string target, byte[] merged, CancellationToken ct)
    {
        if (target != "-")
        {
            await File.WriteAllBytesAsync(target, merged, ct);
            return;
        }

        await using var output = Console.OpenStandardOutput();
        await output.WriteAsync(merged, ct);
    }

    private static async Task TellAsync(Report report)
    {
        foreach (var note in report.Notes) await Console.Error.WriteLineAsync($"{report.File}: {note}");
        foreach (var c in report.Conflicts) await Console.Error.WriteLineAsync($"{report.File}: conflict at {c.Pointer}: {c.Message}\n  base   {Shown(c.Base)}\n  ours   {Shown(c.Ours)}\n  theirs {Shown(c.Theirs)}");
        foreach (var f in report.Faults) await Console.Error.WriteLineAsync($"{report.File}: {Output.Line(f)}");
        if (report.Outcome == "conflicts") await Console.Error.WriteLineAsync($"{report.File}: merged but for {report.Conflicts.Count} conflict(s), where ours stays: decide there, then remove {BundleMerge.ConflictsMember}, which holds all three.");
        if (report.Outcome == "faulty") await Console.Error.WriteLineAsync($"{report.File}: merged without a conflict, but the result is no sound bundle: each side is right alone, the two together are not.");
        if (report.Outcome == "refused") await Console.Error.WriteLineAsync($"{report.File}: nothing was merged; ours is as it was.");
    }

    private static string Shown(Value? value) => value is null ? "(not there)" : value.ToString() is { Length: > 300 } text ? text[..300] + "…" : value.ToString()!;
}
