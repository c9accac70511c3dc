using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Wfm.Bundles;

namespace Crm.Host.Commands;

internal static class BundleImportCommand
{
    public static Command Create()
    {
        var files = BundleFiles.Argument();
        var dryRun = new Option<bool>("--dry-run") { Description = "Says what would change against what is published, after the same checks, and publishes nothing." };
        var despite = new Option<string?>("--despite-tests") { Description = "Publishes although tests of the bundle fail, for this reason, which is kept with the version: who, why, which tests.", HelpName = "REASON" };
        var server = new ServerOptions();
        var verb = new Verb(
            "import",
            "Publishes bundles on a server. Exit 0: nothing changed; 2: published, or would be; 1: a fault, and what follows it is left.",
            "crm bundle import processes/ --dry-run                 # CRM_SERVER and CRM_KEY say where and as whom",
            "crm bundle import processes/sales.json --server https://crm.example",
            "crm bundle import processes/ --dry-run --json | jq -r '.[].changes[]?.sentence'",
            "crm bundle import processes/sales.json --despite-tests 'the limit is raised today, its test next week'") { files, dryRun, despite };
        server.AddTo(verb);
        verb.SetAction(async (parse, ct) =>
        {
            using var host = server.Open(parse);
            var (json, reports) = (parse.GetValue(BundleCommand.Json), new List<JsonObject>());
            var names = BundleFiles.Expand(parse.GetValue(files)!).ToList();
            await Progress.OverAsync(verb.Name, names, async name =>
            {
                if (reports.Exists(IsFaulty)) return;
                var report = await ImportAsync(host, await BundleFiles.ReadAsync(name, ct), parse.GetValue(dryRun), parse.GetValue(despite), ct);
                reports.Add(report);
                if (!json) await WriteAsync(report);
            });
            if (json) await Output.JsonAsync(reports);
            return reports.Exists(IsFaulty) ? 1 : reports.Exists(r => Text(r, "outcome") != "unchanged") ? 2 : 0;
        });
        return verb;
    }

    private static bool IsFaulty(JsonObject report) => Text(report, "outcome") == "refused";

    private static async Task<JsonObject> ImportAsync(BundleServer host, BundleFile file, bool dryRun, string? despite, CancellationToken ct)
    {
        if (file.Fault is { } fault) return new() { ["file"] = file.Name, ["outcome"] = "refused", ["detail"] = fault.Message };
        var answer = await host.PublishAsync(file.Bytes, dryRun, despite, ct);
        var report = answer.Json as JsonObject ?? new JsonObject { ["detail"] = answer.Text };
        if (!answer.IsSuccess) report["outcome"] = "refused";
        report.Insert(0, "file", file.Name);
        return report;
    }

    private static async Task WriteAsync(JsonObject report)
    {
        if (IsFaulty(report)) await Console.Error.WriteLineAsync($"{report["file"]}: {Text(report, "detail")}");
        else await Console.Out.WriteLineAsync($"{report["file"]}: {report["key"]} {report["version"]} {report["outcome"]}{(report["against"] is { } old ? $", after {old}" : "")}");
        foreach (var f in report["faults"]?.AsArray() ?? []) await Console.Error.WriteLineAsync($"  {f!["pointer"]}: {f["message"]} [{f["key"]}]");
        await ChangeLines.WriteAsync(report["changes"].Deserialize<BundleChange[]>(JsonSerializerOptions.Web) ?? []);
        foreach (var w in report["warnings"]?.AsArray() ?? []) await Console.Out.WriteLineAsync($"  warning {w!["pointer"]}: {w["message"]} [{w["key"]}]");
    }

    private static string? Text(JsonObject report, string member) => report[member]?.GetValue<string>();
}
