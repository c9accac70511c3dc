using System.CommandLine;
using Crm.Entities;
using Crm.Wfm;
using Crm.Wfm.Bundles;

namespace Crm.Host.Commands;

/// <summary>Looks for what is wrong with bundles.</summary>
internal static class BundleCheckCommand
{
    internal sealed record Report(string File, string? Bundle, string? Version, IReadOnlyList<Fault> Faults, IReadOnlyList<Fault> Warnings, int Tests);

    public static Command Validate()
    {
        var files = BundleFiles.Argument();
        var verb = new Verb(
            "validate",
            "Tells every fault in bundles. Exit 0: none; 1: some.",
            "crm bundle validate processes/sales.json",
            "crm bundle validate processes/ --json | jq '.[].faults[]'",
            "git show main:processes/sales.json | crm bundle validate -  # what another branch has") { files };
        verb.SetAction((parse, ct) => CheckAsync(verb.Name, parse.GetValue(files)!, test: false, parse.GetValue(BundleCommand.Json), ct));
        return verb;
    }

    /// <summary>Tells what is wrong with bundles, and with what their tests find where they are run.</summary>
    public static async Task<int> CheckAsync(string verb, string[] files, bool test, bool json, CancellationToken ct)
    {
        var names = BundleFiles.Expand(files).ToList();
        var reports = await Progress.OverAsync(verb, names, async name => Check(await BundleFiles.ReadAsync(name, ct), test).Report);
        if (json) await Output.JsonAsync(reports);
        else foreach (var report in reports) await WriteAsync(report);
        return reports.Any(r => r.Faults.Count > 0) ? 1 : 0;
    }

    /// <summary>Reads a bundle, and runs its tests; a bundle without faults comes along.</summary>
    public static (Report Report, Bundle? Bundle) Check(BundleFile file, bool test)
    {
        if (file.Fault is { } fault) return (new(file.Name, null, null, [fault], [], 0), null);
        var reading = BundleReader.Read(file.Bytes, CrmServices.PostActions, CrmApplication.AutomationCheck(), CrmEvents.All);
        if (reading.Bundle is not { } bundle) return (new(file.Name, null, null, reading.Faults, reading.Warnings, 0), null);
        var results = test ? ScenarioRunner.RunAll(bundle) : [];
        var failures = results.SelectMany(r => r.Failures.Select(f => f.Below($"/tests/{r.Scenario}"))).ToList();
        return (new(file.Name, bundle.Key, bundle.Version, failures, reading.Warnings, results.Count), bundle);
    }

    private static async Task WriteAsync(string before, Fault fault)
    {
        await Console.Out.WriteLineAsync(before + Output.Line(fault));
        if (ExampleWords.Of(fault.Example) is { } example) await Console.Out.WriteLineAsync("    " + example);
    }

    public static async Task WriteAsync(Report r)
    {
        await Console.Out.WriteLineAsync($"{r.File}: {(r.Faults.Count == 0 ? $"{r.Bundle} {r.Version} is sound" : $"{r.Faults.Count} fault(s)")}{(r.Tests > 0 ? $", {r.Tests} tests run" : "")}");
        foreach (var f in r.Faults) await WriteAsync("  ", f);
        foreach (var f in r.Warnings) await WriteAsync("  warning ", f);
    }
}
