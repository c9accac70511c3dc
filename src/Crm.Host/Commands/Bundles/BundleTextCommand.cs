using System.CommandLine;
using System.Text;
using Crm.Wfm;
using Crm.Wfm.Bundles;
using Crm.Wfm.Rules;

namespace Crm.Host.Commands;

/// <summary>Writes a bundle the one way there is.</summary>
internal static class BundleTextCommand
{
    public static Command Create()
    {
        var files = BundleFiles.Argument();
        var write = new Option<bool>("--write") { Description = "Rewrites the files in place." };
        var content = new Option<bool>("--without-layout") { Description = "Leaves out where designers draw things." };
        var verb = new Verb(
            "text",
            "Writes bundles as canonical text: members in order, two spaces of indent. Exit 0: written, or was canonical; 2: a file was rewritten; 1: a fault.",
            "crm bundle text sales.json                              # on standard output",
            "crm bundle text processes/ --write                      # before a commit",
            "crm bundle text --without-layout sales.json             # as git's textconv") { files, write, content };
        verb.Validators.Add(result =>
        {
            if (result.GetValue(write) && result.GetValue(content)) result.AddError("--write keeps the layout: leave out --without-layout.");
        });
        verb.SetAction(async (parse, ct) =>
        {
            var code = 0;
            foreach (var name in BundleFiles.Expand(parse.GetValue(files)!))
            {
                var (file, faults) = (await BundleFiles.ReadAsync(name, ct), new List<Fault>());
                if (file.Document(faults) is not { } document)
                {
                    foreach (var fault in faults) await Console.Error.WriteLineAsync($"{name}: {Output.Line(fault)}");
                    code = 1;
                    continue;
                }

                var text = CanonicalJson.Indented(parse.GetValue(content) ? Bundle.WithoutLayout(document) : document);
                if (!parse.GetValue(write) || name == "-") await Console.Out.WriteAsync(text);
                else if (await RewriteAsync(file, text, ct) && code == 0) code = 2;
            }

            return code;
        });
        return verb;
    }

    private static async Task<bool> RewriteAsync(BundleFile file, string text, CancellationToken ct)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        if (file.Bytes.AsSpan().SequenceEqual(bytes)) return false;
        await File.WriteAllBytesAsync(file.Name, bytes, ct);
        await Console.Out.WriteLineAsync($"{file.Name}: rewritten");
        return true;
    }
}
