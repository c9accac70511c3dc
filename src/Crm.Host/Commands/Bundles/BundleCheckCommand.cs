using System.CommandLine;
using Crm.Entities;
using Crm.Wfm;
using Crm.Wfm.Bundles;

namespace Crm.Host.Commands;

/// <summary>Looks for what is wrong with bundles.</summary>
internal static class BundleCheckCommand
{
    private sealed record Report(string File, string? Bundle, string? Version, IReadOnlyList<Fault> Faults, IReadOnlyList<Fault> Warnings, int Tests);

    public static Command Validate() => Create(test: false, new Verb(
        "validate",
        "Tells every fault in bundles. Exit 0: none; 1: some.",
        "crm bundle validate processes/sales.json",
        "crm bundle validate processes/ --json | jq '.[].faults[]'",
        "git show main:processes/sales.json | crm bundle validate -  # what another branch has"));

    public static Command Test() => Create(test: true, new Verb(
        "test",
        "Runs the tests embedded in bundles. Exit 0: all passed; 1: a fault or a failure.",
        "crm bundle test processes/",
        "crm bundle test processes/sales.json --json | jq '.[].tests'"));

    private static Verb Create(bool test, Verb verb)
    {
        var files = BundleFiles.Argument();
        verb.Add(files);
        verb.SetAction(async (parse, ct) =>
        {
            var names = BundleFiles.Expand(parse.GetValue(files)!).ToList();
            var reports = await Progress.OverAsync(verb.Name, names, async name => Check(await BundleFiles.ReadAsync(name, ct), test));
            if (parse.GetValue(BundleCommand.Json)) await Output.JsonAsync(reports);
            else foreach (var report in reports) await WriteAsync(report);
            return reports.Any(r => r.Faults.Count > 0) ? 1 : 0;
        });
        return verb;
    }

    private static Report Check(BundleFile file, bool test)
    {
        if (file.Fault is { } fault) return new(file.Name, null, null, [fault], [], 0);
        var reading = BundleReader.Read(file.Bytes, CrmServices.PostActions, CrmApplication.AutomationCheck(), CrmEvents.All);
        if (reading.Bundle is not { } bundle) return new(file.Name, null, null, reading.Faults, reading.Warnings, 0);
        var results = test ? ScenarioRunner.RunAll(bundle) : [];
        var failures = results.SelectMany(r => r.Failures.Select(f => f.Below($"/tests/{r.Scenario}"))).ToList();
        return new(file.Name, bundle.Key, bundle.Version, failures, reading.Warnings, results.Count);
    }

    private static async Task WriteAsync(string before, Fault fault)
    {
        await Console.Out.WriteLineAsync(before + Output.Line(fault));
        if (ExampleWords.Of(fault.Example) is { } example) await Console.Out.WriteLineAsync("    " + example);
    }

    private static async Task WriteAsync(Report r)
    {
        await Console.Out.WriteLineAsync($"{r.File}: {(r.Faults.Count == 0 ? $"{r.Bundle} {r.Version} is sound" : $"{r.Faults.Count} fault(s)")}{(r.Tests > 0 ? $", {r.Tests} tests run" : "")}");
        foreach (var f in r.Faults) await WriteAsync("  ", f);
        foreach (var f in r.Warnings) await WriteAsync("  warning ", f);
    }
}
