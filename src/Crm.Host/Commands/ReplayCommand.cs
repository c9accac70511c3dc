using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Crm.Entities;
using Crm.Entities.Migrations;
using Crm.Host.Configuration;
using Crm.Host.Replay;
using Crm.Wfm.Bundles;
using Spectre.Console;

namespace Crm.Host.Commands;

internal static class ReplayCommand
{
    public static Command Create(string[] settings)
    {
        var file = new Argument<FileInfo>("FILE") { Description = "Event log: CSV with the columns case, activity, time, resource; may be gzipped." };
        var bundle = new Option<FileInfo>("--bundle") { Description = "The process to play it through.", Required = true };
        // Far more than processors: a case mostly waits, and commits that wait together share one flush of the log.
        var parallel = new Option<int>("--parallel") { Description = "How many cases are played at once.", DefaultValueFactory = _ => Math.Min(Environment.ProcessorCount * 8, 64) };
        parallel.Validators.Add(r =>
        {
            if (r.GetValueOrDefault<int>() is < 1 or > 64) r.AddError("--parallel is 1 to 64.");
        });
        var command = new Command("replay", "Plays an event log through the engine, in a workspace of its own, and verifies the history it makes.") { file.AcceptExistingOnly(), bundle.AcceptExistingOnly(), parallel };
        command.SetAction((parse, ct) => ReplayAsync(settings, parse.GetValue(file)!, parse.GetValue(bundle)!, parse.GetValue(parallel), ct));
        return command;
    }

    private static async Task<int> ReplayAsync(string[] settings, FileInfo file, FileInfo bundleFile, int parallel, CancellationToken ct)
    {
        var bytes = await File.ReadAllBytesAsync(bundleFile.FullName, ct);
        var reading = BundleReader.Read(bytes, CrmServices.PostActions, events: CrmEvents.All);
        if (reading.Bundle is not { } bundle) throw new InvalidDataException(string.Join(Environment.NewLine, reading.Faults.Select(f => $"{f.Pointer}: {f.Message}")));
        var mapping = LogMapping.Of(bundle);
        var cases = CaseLog.Read(file.FullName);

        await using var database = await HostConfiguration.OpenDatabaseAsync(settings, ct);
        if (database.IsEmbedded) await CrmMigration.MigrateAsync(database.Owner, database.Application, ct);
        await using var services = CrmApplication.Services(database);
        var counts = new ReplayCounts(cases.Count);
        var replayer = new Replayer(services, mapping, counts);
        await replayer.PrepareAsync($"Replay of {file.Name}", bytes, cases, ct);
        var watch = Stopwatch.StartNew();
        await ShowProgressAsync(counts, () => replayer.PlayAsync(cases, parallel, ct));
        watch.Stop();
        var report = await replayer.VerifyAsync(ct);
        await ReplayReport.WriteAsync(Console.Out, counts, watch.Elapsed, await replayer.FinalStepsAsync(ct), report);
        return report.Holds ? 0 : 1;
    }

    // On standard error: what is printed at the end can be piped.
    private static Task ShowProgressAsync(ReplayCounts counts, Func<Task> play)
    {
        var console = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(Console.Error), Ansi = Console.IsErrorRedirected ? AnsiSupport.No : AnsiSupport.Detect });
        return console.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn()).StartAsync(async context =>
        {
            var bar = context.AddTask("cases", maxValue: counts.Total);
            var playing = play();
            while (await Task.WhenAny(playing, Task.Delay(TimeSpan.FromMilliseconds(200))) != playing)
            {
                bar.Value = counts.Cases;
                bar.Description = string.Create(CultureInfo.InvariantCulture, $"{counts.Starts + counts.Moves:N0} moves");
            }

            bar.Value = counts.Cases;
            await playing;
        });
    }
}
