using System.Globalization;
using System.IO.Compression;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Crm.Entities.Migrations;
using Crm.Host.Tests.Processes;
using Crm.Testing;

namespace Crm.Host.Tests.Replay;

/// <summary>A database for the verb to work on, named in its settings.</summary>
public sealed class ReplayDatabase : TestDatabase
{
    protected override Task MigrateAsync(string owner, string application) => CrmMigration.MigrateAsync(owner, application, CancellationToken.None);
}

/// <summary>The verb <c>replay</c>, as a process, over the small log of the samples.</summary>
public sealed class ReplayTests(ReplayDatabase database) : IClassFixture<ReplayDatabase>, IDisposable
{
    private static readonly string Log = Path.Combine(Checkout.Root, "samples", "logs", "loan-applications.csv");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("crm-replay-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Sample_log_is_played_without_a_refusal_and_its_history_holds()
    {
        var expected = Cases(Log);

        var replay = await ReplayAsync(Log, Samples.Bundle("loan-application"));

        replay.ExitCode.ShouldBe(0, replay.Errors);
        var events = expected.Sum(c => c.Count);
        Line(replay, "cases").ShouldBe($"{expected.Count} by {expected.SelectMany(c => c).Select(e => e.Resource).Distinct().Count()} users");
        Line(replay, "moves").ShouldBe($"{events} ({expected.Count} starts, {events - expected.Count} transitions)");
        Line(replay, "refusals").ShouldBe("0 cases stopped");
        Line(replay, "would have refused").ShouldBe("0 past moves");
        Line(replay, "history").ShouldBe($"{events} rows of {expected.Count} projects: every chain holds, every state rebuilt equals the stored one");
        FinalSteps(replay).ShouldBe(LastSteps(expected));
    }

    [Fact]
    public async Task Standard_output_is_the_report_alone_and_neither_stream_has_colours_when_piped()
    {
        var replay = await ReplayAsync(Log, Samples.Bundle("loan-application"));

        replay.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldAllBe(line => Regex.IsMatch(line, "^(cases|moves|refusals|would have refused|projects per step|moves per second|history|  )"));
        replay.Output.ShouldNotContain('\u001b');
        replay.Errors.ShouldNotContain('\u001b');
    }

    [Fact]
    public async Task The_readmes_command_finds_files_from_where_it_is_typed_and_keeps_standard_output_clean()
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Name; // debug or release
        var replay = await HostProcess.RunAsync("run", "Development", start => start.WorkingDirectory = Checkout.Root,
            "--no-build", "-c", configuration, "--project", "src/Crm.Host", "--", "replay", "samples/logs/loan-applications.csv", "--bundle", "samples/workflows/loan-application.json",
            "--ConnectionStrings:Crm", database.Application, "--ConnectionStrings:CrmOwner", database.Owner);

        replay.ExitCode.ShouldBe(0, replay.Errors);
        replay.Output.ShouldStartWith("cases ");
    }

    [Fact]
    public async Task New_guard_tells_how_many_past_moves_it_would_have_refused_and_goes_on_as_the_log_did()
    {
        var expected = Cases(Log);
        var bundle = await BundleAsync(b => b["workflows"]!["loan-application"]!["transitions"]!["accepted-to-finalized"]!["conditions"] = JsonNode.Parse(
            """{ "small-enough": { "rule": { "<=": [{ "var": "entity.amount" }, 10000] }, "message": "At most 10,000." } }"""));

        var replay = await ReplayAsync(Log, bundle);

        replay.ExitCode.ShouldBe(0, replay.Errors);
        var refused = expected.Count(c => c[0].Amount > 10_000 && c.Any(e => e.Activity == "A_FINALIZED"));
        refused.ShouldBeGreaterThan(0);
        Line(replay, "would have refused").ShouldBe($"{refused} past moves");
        Regex.Match(replay.Output, @"^ +(\d+)  small-enough$", RegexOptions.Multiline).Groups[1].Value.ShouldBe($"{refused}");
        Line(replay, "refusals").ShouldBe("0 cases stopped");
        FinalSteps(replay).ShouldBe(LastSteps(expected));
    }

    [Fact]
    public async Task Missing_edge_stops_its_cases_counts_them_and_shows_examples()
    {
        var expected = Cases(Log);
        var bundle = await BundleAsync(b => b["workflows"]!["loan-application"]!["transitions"]!.AsObject().Remove("partlysubmitted-to-declined"));

        var replay = await ReplayAsync(Log, bundle);

        replay.ExitCode.ShouldBe(0, replay.Errors);
        var stopped = expected.Count(c => c.Count > 2 && c[2].Activity == "A_DECLINED");
        stopped.ShouldBeGreaterThan(5);
        Line(replay, "refusals").ShouldBe($"{stopped} cases stopped");
        Regex.Match(replay.Output, @"^ +(\d+)  no edge from partlysubmitted to A_DECLINED$", RegexOptions.Multiline).Groups[1].Value.ShouldBe($"{stopped}");
        Regex.Count(replay.Output, "case L-[0-9]+, event 3: no edge").ShouldBe(5);
        FinalSteps(replay).ShouldBe(LastSteps([.. expected.Select(c => c.Count > 2 && c[2].Activity == "A_DECLINED" ? c[..2] : c)]));
    }

    [Fact]
    public async Task Gzipped_log_is_unpacked_on_the_way()
    {
        var packed = Path.Combine(_folder.FullName, "log.csv.gz");
        await using (var gzip = new GZipStream(File.Create(packed), CompressionMode.Compress)) await gzip.WriteAsync(await File.ReadAllBytesAsync(Log));

        var replay = await ReplayAsync(packed, Samples.Bundle("loan-application"), "--parallel", "1");

        replay.ExitCode.ShouldBe(0, replay.Errors);
        FinalSteps(replay).ShouldBe(LastSteps(Cases(Log)));
    }

    [Theory]
    [InlineData("log.csv", "", "empty")]
    [InlineData("log.csv", "case,activity,time\n1,A_SUBMITTED,2026-01-01\n", "lacks the column resource")]
    [InlineData("log.csv", "case,activity,time,resource\n1,A_SUBMITTED,yesterday,web\n", "line 2: 'yesterday' is no time")]
    [InlineData("log.csv", "case,activity,time,resource\n1,A_SUBMITTED,2026-01-01,web\n2,A_SUBMITTED,2026-01-01,web\n1,A_DECLINED,2026-01-02,web\n", "line 4: case 1 goes on after another one")]
    [InlineData("log.csv", "case,activity,time,resource\n1,A_SUBMITTED\n", "line 2")]
    [InlineData("log.csv.gz", "case,activity,time,resource\n", "log.csv.gz")]
    public async Task Broken_log_is_one_clear_line(string name, string text, string told)
    {
        var file = Path.Combine(_folder.FullName, name);
        await File.WriteAllTextAsync(file, text);

        var replay = await ReplayAsync(file, Samples.Bundle("loan-application"));

        replay.ExitCode.ShouldBe(1);
        replay.Output.ShouldBeEmpty();
        replay.Errors.Trim().ShouldNotContain('\n');
        replay.Errors.ShouldContain(told, Case.Insensitive);
        replay.Errors.ShouldContain(name);
    }

    [Fact]
    public async Task Missing_file_is_named()
    {
        var replay = await ReplayAsync(Path.Combine(_folder.FullName, "nowhere.csv"), Samples.Bundle("loan-application"));

        replay.ExitCode.ShouldBe(1);
        (replay.Output + replay.Errors).ShouldContain("nowhere.csv");
    }

    [Fact]
    public async Task Faulty_bundle_is_told_with_every_place()
    {
        var bundle = await BundleAsync(b =>
        {
            b["workflows"]!["loan-application"]!["transitions"]!["accepted-to-finalized"]!["to"] = "nowhere";
            b["surprise"] = 1;
        });

        var replay = await ReplayAsync(Log, bundle);

        replay.ExitCode.ShouldBe(1);
        replay.Errors.ShouldContain("/surprise");
        replay.Output.ShouldBeEmpty();
    }

    private sealed record Event(string Activity, double Amount, string Resource);

    /// <summary>Reads the log with nothing of ours.</summary>
    private static List<List<Event>> Cases(string file) =>
        [.. File.ReadLines(file).Skip(1).Select(l => l.Split(',')).GroupBy(c => c[0], c => new Event(c[2], double.Parse(c[1], CultureInfo.InvariantCulture), c[4])).Select(g => g.ToList())];

    private static SortedDictionary<string, int> LastSteps(List<List<Event>> cases) =>
        new(cases.GroupBy(c => c[^1].Activity).ToDictionary(g => g.Key[2..].ToLowerInvariant(), g => g.Count()));

    private static SortedDictionary<string, int> FinalSteps(HostProcess.Ended replay) => new(Regex.Matches(replay.Output.Split("projects per step")[1], @"^ +(\d+)  ([a-z]+)$", RegexOptions.Multiline)
        .ToDictionary(m => m.Groups[2].Value, m => int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture)));

    private static string Line(HostProcess.Ended replay, string name) => replay.Output.Split('\n').Single(l => l.StartsWith(name + "  ", StringComparison.Ordinal))[name.Length..].Trim();

    private async Task<string> BundleAsync(Action<JsonNode> change)
    {
        var bundle = JsonNode.Parse(await Samples.ReadAsync("loan-application"))!;
        bundle.AsObject().Remove("tests");
        change(bundle);
        var file = Path.Combine(_folder.FullName, "bundle.json");
        await File.WriteAllTextAsync(file, bundle.ToJsonString());
        return file;
    }

    private Task<HostProcess.Ended> ReplayAsync(string log, string bundle, params string[] more) => HostProcess.RunAsync(
        Path.Combine(AppContext.BaseDirectory, "Crm.Host.dll"), "Production", null, ["replay", log, "--bundle", bundle, .. more, $"--ConnectionStrings:Crm={database.Application}"]);
}
