using System.CommandLine;

namespace Crm.Host.Commands;

/// <summary>Verbs about bundle files. None starts a database.</summary>
internal static class BundleCommand
{
    /// <summary>Asked for anywhere behind the word bundle, before the verb or after.</summary>
    public static Option<bool> Json { get; } = new("--json") { Description = "Writes JSON, and nothing else, on standard output.", Recursive = true };

    public static Command Create() => new Verb(
        "bundle",
        "Works on process bundles: import and export on a server, the others offline. Exit codes: 0 nothing changed or nothing wrong, 2 something changed, 1 a fault.",
        "crm bundle validate processes/                          # every fault in every bundle there",
        "crm bundle diff published.json processes/sales.json     # what changed, in words",
        "crm bundle import processes/ --dry-run                  # what a server would change",
        "crm bundle diff --help                                  # each verb has examples of its own")
    {
        Json,
        BundleCheckCommand.Validate(),
        BundleTestCommand.Create(),
        BundleDiffCommand.Create(),
        BundleMergeCommand.Create(),
        BundleTextCommand.Create(),
        BundleImportCommand.Create(),
        BundleExportCommand.Create(),
        BundleReferenceCommand.Create(),
    };
}
