using System.CommandLine;
using System.Text;
using Crm.Wfm;
using Crm.Wfm.Rules;

namespace Crm.Host.Commands;

/// <summary>Verbs about rules. They work offline: no database is started.</summary>
internal static class RulesCommand
{
    private const int Interrupted = 130;

    public static Command Create()
    {
        var eval = new Command("eval", """
            Evaluates rules: reads lines {"rule":…,"data":…} from standard input and writes one line for each, {"result":…} or {"error":…}.
            A line that is none gets an error too, and the next one is read. Exit 0: every line was one; 1: some were not; 130: interrupted.
            """);
        eval.SetAction(async (_, ct) =>
        {
            await using var input = Console.OpenStandardInput();
            await using var output = Console.OpenStandardOutput();
            try
            {
                return await EvaluateAsync(input, output, ct) ? 0 : 1;
            }
            catch (OperationCanceledException)
            {
                return Interrupted;
            }
        });
        return new("rules", "Works on rules, offline.") { eval };
    }

    /// <returns>Whether every line was one.</returns>
    private static async Task<bool> EvaluateAsync(Stream input, Stream output, CancellationToken ct)
    {
        var sound = true;
        await using var answers = new StreamWriter(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 1 << 16) { NewLine = "\n" };
        await foreach (var lines in new JsonLines(input).ReadAsync(ct))
        {
            foreach (var line in lines)
            {
                var answer = Answer(line, out var isSound);
                sound &= isSound;
                await answers.WriteLineAsync(answer.AsMemory(), ct);
            }

            await answers.FlushAsync(ct); // whoever asks line by line waits for it
        }

        return sound;
    }

    private static string Answer(byte[]? line, out bool isSound)
    {
        var faults = new List<Fault>();
        var outcome = line is null ? Broken($"The line is longer than {JsonLines.MaxBytes / 1024 / 1024} MB.") : Evaluate(line, faults) ?? Broken(Text(faults));
        isSound = faults.Count == 0 && line is not null;
        var answer = new FactObjectBuilder { [outcome.IsError ? "error" : "result"] = outcome.IsError ? outcome.Error : outcome.Value };
        return CanonicalJson.Text(Value.From(answer.Build()));
    }

    private static Outcome? Evaluate(byte[] line, List<Fault> faults)
    {
        if (StrictJson.Read(line, faults) is not { } request) return null;
        if (request.AsObject is not { } members || !members.Has("rule")) faults.Add(new("", "required", "a line is an object {\"rule\":…,\"data\":…}"));
        else faults.AddRange(members.Where(m => m.Key is not ("rule" or "data")).Select(m => new Fault("", "additional-property", $"'{m.Key}' is neither rule nor data")));
        return faults.Count > 0 ? null : Rule.CompileLeniently(request["rule"]).Evaluate(request["data"]);
    }

    private static Outcome Broken(string message) =>
        new(Value.Null, Value.From(new FactObjectBuilder { ["type"] = Value.From("Invalid Line"), ["message"] = Value.From(message) }.Build()), 0);

    private static string Text(List<Fault> faults) => string.Join("; ", faults.Take(10).Select(f => f.Pointer.Length > 0 ? $"{f.Pointer}: {f.Message}" : f.Message));
}
