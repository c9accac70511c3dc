using System.CommandLine;
using System.Globalization;
using System.Text;
using Crm.Wfm;
using Crm.Wfm.Flows.Testing;
using Crm.Wfm.Rules;

namespace Crm.Host.Commands;

/// <summary>Verbs about flows. They work offline: no database is started.</summary>
internal static class FlowsCommand
{
    private const int Finished = 0;
    private const int Faulted = 1;
    private const int Suspended = 3;

    public static Command Create() => new("flows", "Works on flows, offline.") { Run() };

    private static Verb Run()
    {
        var file = new Argument<FileInfo>("file") { Description = "The flow to run: an Elsa 3 workflow definition." };
        var with = new Option<FileInfo[]>("--with") { Description = "A flow it uses; may be given several times.", AllowMultipleArgumentsPerToken = true };
        var input = new Option<string?>("--input") { Description = "The flow's inputs: a JSON object." };
        var until = new Option<string?>("--until") { Description = "How long to let the simulated clock run, such as P3D, or until when; without it, as long as something waits for a time within a year." };
        var run = new Verb("run", """
            Publishes flows into memory, runs the first on a simulated clock, and prints what its WriteLine activities write, one line each.
            Outputs, status and everything else go to standard error. Exit 0: finished; 3: suspended, for it waits for something else than a time; 1: faulted or refused.
            """,
            "crm flows run hello.json                                   # what it writes",
            "crm flows run parent.json --with child.json --input '{\"a\": 1}'",
            "crm flows run reminder.json --until P2D                    # what it does within two days")
        { file, with, input, until };
        run.SetAction((parse, ct) => RunAsync([parse.GetRequiredValue(file), .. parse.GetValue(with) ?? []], parse.GetValue(input), parse.GetValue(until), ct));
        return run;
    }

    private static async Task<int> RunAsync(IReadOnlyList<FileInfo> files, string? input, string? until, CancellationToken ct)
    {
        using var flows = new FlowHarness();
        if (Inputs(input) is not { } inputs || Until(until, flows.Now) is not { } end) return Faulted;
        var definitions = new List<Value>();
        foreach (var file in files)
        {
            var faults = new List<Fault>();
            if (StrictJson.Read(WithoutMark(await File.ReadAllBytesAsync(file.FullName, ct)), faults) is { } read) definitions.Add(read);
            foreach (var fault in faults) await Console.Error.WriteLineAsync($"{file.Name}{Output.Line(fault)}");
            if (faults.Count > 0) return Faulted;
        }

        try
        {
            foreach (var fault in flows.Include(definitions[1..])) await Console.Error.WriteLineAsync(Output.Line(fault));
            var run = await flows.StartAsync(flows.Publish(definitions[0]), inputs, ct: ct);
            if (run.Status == "suspended") await flows.AdvanceToAsync(end, ct);
            return await TellAsync(run, flows);
        }
        catch (FlowRefusedException refused)
        {
            foreach (var fault in refused.Faults) await Console.Error.WriteLineAsync(Output.Line(fault));
            return Faulted;
        }
    }

    private static async Task<int> TellAsync(HarnessRun run, FlowHarness flows)
    {
        foreach (var line in run.Lines) await Console.Out.WriteLineAsync(line);
        foreach (var (name, value) in run.Output) await Console.Error.WriteLineAsync($"output {name}: {value}");
        foreach (var incident in flows.Runs.SelectMany(r => r.Incidents)) await Console.Error.WriteLineAsync($"incident {incident}");
        foreach (var signal in run.Waits) await Console.Error.WriteLineAsync($"waits for {signal}");
        if (flows.NextDue is { } due) await Console.Error.WriteLineAsync($"waits until {due.ToString("O", CultureInfo.InvariantCulture)}");
        await Console.Error.WriteLineAsync(run.Status);
        return run.Status switch { "finished" => Finished, "suspended" => Suspended, _ => Faulted };
    }

    private static Value? Inputs(string? input)
    {
        if (input is null) return Value.From(FactObject.Empty);
        var faults = new List<Fault>();
        var read = StrictJson.Read(Encoding.UTF8.GetBytes(input), faults);
        if (read is { AsObject: not null }) return read;
        Console.Error.WriteLine($"--input is no JSON object{string.Concat(faults.Select(f => $": {f.Message}"))}");
        return null;
    }

    private static DateTimeOffset? Until(string? until, DateTimeOffset now)
    {
        if (until is null) return now.AddYears(1);
        if (IsoDuration.Parse(until) is { } duration) return now + duration;
        if (DateTimeOffset.TryParse(until, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)) return time;
        Console.Error.WriteLine($"--until is neither a duration such as P3D nor a time: '{until}'");
        return null;
    }

    private static ReadOnlySpan<byte> WithoutMark(byte[] utf8) => utf8.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? utf8.AsSpan(Encoding.UTF8.Preamble.Length) : utf8;
}
