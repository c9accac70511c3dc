using System.CommandLine;
using System.Text.Json;
using Crm.Entities;
using Crm.Wfm;
using Crm.Wfm.Bundles;

namespace Crm.Host.Commands;

/// <summary>Verbs about bundle files. None starts a database.</summary>
internal static class BundleCommand
{
    private sealed record Report(string File, string? Bundle, string? Version, IReadOnlyList<Fault> Faults, IReadOnlyList<Fault> Warnings, int Tests);

    public static Command Create() => new("bundle", "Works on process bundles: import and export on a server, the others offline.")
    {
        Verb("validate", "Tells every fault in bundles. Exit 0: none; 1: some.", reading => Read(reading, test: false)),
        Verb("test", "Runs the tests embedded in bundles. Exit 0: all passed; 1: a fault or a failure.", reading => Read(reading, test: true)),
        BundleImportCommand.Create(),
        BundleExportCommand.Create(),
    };

    private static Command Verb(string name, string description, Func<(string File, byte[] Bytes), Report> report)
    {
        var files = new Argument<string[]>("FILE") { Description = "Bundle files; - is standard input.", Arity = ArgumentArity.OneOrMore };
        var json = new Option<bool>("--json") { Description = "Writes one JSON array instead of lines." };
        var command = new Command(name, description) { files, json };
        command.SetAction(async (parse, ct) =>
        {
            var reports = new List<Report>();
            foreach (var file in parse.GetValue(files)!)
            {
                if (await BundleFiles.ReadAsync(file, ct) is not { } bytes) return 1;
                reports.Add(report((file, bytes)));
            }

            await WriteAsync(reports, parse.GetValue(json));
            return reports.Any(r => r.Faults.Count > 0) ? 1 : 0;
        });
        return command;
    }

    private static Report Read((string File, byte[] Bytes) input, bool test)
    {
        var reading = BundleReader.Read(input.Bytes, CrmServices.PostActions, CrmApplication.AutomationCheck());
        if (reading.Bundle is not { } bundle) return new(input.File, null, null, reading.Faults, reading.Warnings, 0);
        var results = test ? ScenarioRunner.RunAll(bundle) : [];
        var failures = results.SelectMany(r => r.Failures.Select(f => f.Below($"/tests/{r.Scenario}"))).ToList();
        return new(input.File, bundle.Key, bundle.Version, failures, reading.Warnings, results.Count);
    }

    private static async Task WriteAsync(IReadOnlyList<Report> reports, bool json)
    {
        if (json)
        {
            await Console.Out.WriteLineAsync(JsonSerializer.Serialize(reports, JsonSerializerOptions.Web));
            return;
        }

        foreach (var r in reports)
        {
            await Console.Out.WriteLineAsync($"{r.File}: {(r.Faults.Count == 0 ? $"{r.Bundle} {r.Version} is sound" : $"{r.Faults.Count} fault(s)")}{(r.Tests > 0 ? $", {r.Tests} tests run" : "")}");
            foreach (var f in r.Faults) await Console.Out.WriteLineAsync($"  {f.Pointer}: {f.Message} [{f.Key}]");
            foreach (var f in r.Warnings) await Console.Out.WriteLineAsync($"  warning {f.Pointer}: {f.Message} [{f.Key}]");
        }
    }
}
