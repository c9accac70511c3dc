using System.CommandLine;

namespace Crm.Host.Commands;

internal static class BundleImportCommand
{
    public static Command Create()
    {
        var files = new Argument<string[]>("FILE") { Description = "Bundle files; - is standard input.", Arity = ArgumentArity.OneOrMore };
        var dryRun = new Option<bool>("--dry-run") { Description = "Says what would happen and publishes nothing." };
        var json = new Option<bool>("--json") { Description = "Writes the server's answers as JSON, one per line." };
        var server = new ServerOptions();
        var command = new Command("import", "Publishes bundles on a server. Exit 0: nothing changed; 2: published, or would be; 1: a fault, and what follows it is left.") { files, dryRun, json };
        server.AddTo(command);
        command.SetAction(async (parse, ct) =>
        {
            using var host = server.Open(parse);
            var changed = false;
            foreach (var file in parse.GetValue(files)!)
            {
                if (await BundleFiles.ReadAsync(file, ct) is not { } bytes) return 1;
                var answer = await host.PublishAsync(bytes, parse.GetValue(dryRun), ct);
                await WriteAsync(file, answer, parse.GetValue(json));
                if (!answer.IsSuccess) return 1;
                changed |= answer.Json?["outcome"]?.GetValue<string>() != "unchanged";
            }

            return changed ? 2 : 0;
        });
        return command;
    }

    private static async Task WriteAsync(string file, BundleServer.Answer answer, bool json)
    {
        if (json)
        {
            await Console.Out.WriteLineAsync(answer.Json?.ToJsonString() ?? answer.Text);
            return;
        }

        if (answer.IsSuccess) await Console.Out.WriteLineAsync($"{file}: {answer.Json!["key"]} {answer.Json["version"]} {answer.Json["outcome"]}");
        else await Console.Error.WriteLineAsync($"{file}: {answer.Json?["detail"]?.GetValue<string>() ?? answer.Text}");
        var faults = answer.Json?["faults"]?.AsArray() ?? [];
        foreach (var f in faults) await Console.Error.WriteLineAsync($"  {f!["pointer"]}: {f["message"]} [{f["key"]}]");
        foreach (var w in answer.Json?["warnings"]?.AsArray() ?? []) await Console.Out.WriteLineAsync($"  warning {w!["pointer"]}: {w["message"]} [{w["key"]}]");
    }
}
