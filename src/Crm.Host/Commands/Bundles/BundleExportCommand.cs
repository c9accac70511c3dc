using System.CommandLine;
using Crm.Wfm;

namespace Crm.Host.Commands;

internal static class BundleExportCommand
{
    public static Command Create()
    {
        var key = new Argument<string>("BUNDLE") { Description = "Key of the bundle, such as sales." };
        var version = new Option<string?>("--version") { Description = "The version; the one published last unless named." };
        var output = new Option<string?>("--output") { Description = "File to write; standard output unless named." };
        var server = new ServerOptions();
        var verb = new Verb(
            "export",
            "Reads a published bundle from a server, as canonical text. Exit 0: written; 1: there is none.",
            "crm bundle export sales                                # the newest, on standard output",
            "crm bundle export sales --version 1.1.0 --output processes/sales.json",
            "crm bundle export sales | crm bundle diff - processes/sales.json") { key, version, output };
        server.AddTo(verb);
        verb.SetAction(async (parse, ct) =>
        {
            using var host = server.Open(parse);
            var answer = await ReadAsync(host, parse.GetValue(key)!, parse.GetValue(version), ct);
            if (!answer.IsSuccess)
            {
                await Console.Error.WriteLineAsync(answer.Json?["detail"]?.GetValue<string>() ?? answer.Text);
                return 1;
            }

            if (parse.GetValue(output) is { } file) await File.WriteAllTextAsync(file, answer.Text, ct);
            else await Console.Out.WriteAsync(answer.Text);
            return 0;
        });
        return verb;
    }

    private static async Task<BundleServer.Answer> ReadAsync(BundleServer host, string key, string? version, CancellationToken ct)
    {
        if (version is not null) return await host.ReadAsync(key, version, ct);
        var published = await host.ListAsync(ct);
        if (!published.IsSuccess) return published;
        var latest = published.Json!.AsArray().FirstOrDefault(b => b!["key"]!.GetValue<string>() == key);
        var known = published.Json.AsArray().Select(b => b!["key"]!.GetValue<string>());
        return latest is null ? new(false, $"There is no bundle {key} on the server{Closest.Hint(key, known)}") : await host.ReadAsync(key, latest["version"]!.GetValue<string>(), ct);
    }
}
