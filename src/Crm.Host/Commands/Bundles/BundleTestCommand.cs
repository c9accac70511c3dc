using System.CommandLine;

namespace Crm.Host.Commands;

/// <summary>Runs the tests of bundles, makes those they lack, or tells what they would not notice.</summary>
internal static class BundleTestCommand
{
    public static Command Create()
    {
        var files = BundleFiles.Argument();
        var generate = new Option<bool>("--generate") { Description = "Makes the tests a bundle lacks: every transition, both outcomes of every guard, both sides of every bound. They expect what the process does now: read them." };
        var write = new Option<bool>("--write") { Description = "With --generate: writes them into the files." };
        var output = new Option<string?>("--output", "-o") { Description = "With --generate and one bundle: the file to write, in place of standard output." };
        var mutants = new Option<bool>("--mutants") { Description = "Makes small mistakes in a bundle, one at a time, and tells those none of its tests notices." };
        var verb = new Verb(
            "test",
            "Runs the tests embedded in bundles. Exit 0: all passed; 2: a file was rewritten; 1: a fault, a failure, or with --mutants a mistake a test could notice.",
            "crm bundle test processes/",
            "crm bundle test processes/sales.json --json | jq '.[].tests'",
            "crm bundle test processes/ --generate --write           # before a change, to see what it changes",
            "crm bundle test processes/sales.json --mutants          # what could be wrong and nobody would notice") { files, generate, write, output, mutants };
        verb.Validators.Add(result =>
        {
            if (!result.GetValue(generate) && (result.GetValue(write) || result.GetValue(output) is not null)) result.AddError("--write and --output belong to --generate.");
            if (result.GetValue(generate) && result.GetValue(mutants)) result.AddError("--mutants tells of the tests there are; --generate makes others: leave one out.");
            if (result.GetValue(write) && result.GetValue(output) is not null) result.AddError("--write writes where it was read; leave out --output.");
            if (result.GetValue(output) is not null && BundleFiles.Expand(result.GetValue(files) ?? []).Skip(1).Any()) result.AddError("--output takes one bundle; --write rewrites each.");
        });
        verb.SetAction((parse, ct) =>
        {
            var (names, json) = (parse.GetValue(files)!, parse.GetValue(BundleCommand.Json));
            if (parse.GetValue(generate)) return new BundleGeneration(parse.GetValue(write), parse.GetValue(output), json).RunAsync(names, ct);
            return parse.GetValue(mutants) ? BundleMutants.RunAsync(names, json, ct) : BundleCheckCommand.CheckAsync(verb.Name, names, test: true, json, ct);
        });
        return verb;
    }
}
