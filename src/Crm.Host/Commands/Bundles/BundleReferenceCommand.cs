using System.CommandLine;
using Crm.Wfm.Bundles;

namespace Crm.Host.Commands;

/// <summary>Writes the format's reference, which nobody has to keep by hand.</summary>
internal static class BundleReferenceCommand
{
    private const string Begin = "<!-- reference: written by `bundle reference --into` -->\n";
    private const string End = "<!-- end of reference -->\n";

    public static Command Create()
    {
        var into = new Option<string?>("--into") { Description = "A page that holds the reference already, which is replaced there." };
        var verb = new Verb(
            "reference",
            "Writes the reference of the bundle format as Markdown. Exit 0: written, or was up to date; 2: the page was changed; 1: a fault.",
            "crm bundle reference | less",
            "crm bundle reference --into docs/bundles.md") { into };
        verb.SetAction(async (parse, ct) =>
        {
            if (parse.GetValue(into) is { } page) return await ReplaceAsync(page, ct);
            await Console.Out.WriteAsync(BundleReference.Markdown());
            return 0;
        });
        return verb;
    }

    private static async Task<int> ReplaceAsync(string page, CancellationToken ct)
    {
        if (!File.Exists(page)) throw new CannotStartException($"There is no page {page}.");
        var text = await File.ReadAllTextAsync(page, ct);
        var (from, to) = (text.IndexOf(Begin, StringComparison.Ordinal), text.IndexOf(End, StringComparison.Ordinal));
        if (from < 0 || to < from) throw new CannotStartException($"{page} has no place for the reference: it is the lines between {Begin.Trim()} and {End.Trim()}.");
        var changed = $"{text[..from]}{Begin}\n{BundleReference.Markdown()}\n{text[to..]}";
        if (changed == text) return 0;
        await File.WriteAllTextAsync(page, changed, ct);
        return 2;
    }
}
