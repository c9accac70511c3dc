using System.Text.Json.Nodes;
using Crm.Host.Tests.Http;

namespace Crm.Host.Tests.Processes;

/// <summary>Tests that are made, and mistakes that are made on purpose, as a shell sees them.</summary>
public sealed class BundleTestCommandTests : IDisposable
{
    private static readonly string Host = Path.Combine(AppContext.BaseDirectory, "Crm.Host.dll");
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Tests_are_made_written_in_place_once_and_pass()
    {
        var file = await FileAsync(Bundles.Small("made"));

        var first = await RunAsync(null, file, "--generate", "--write");
        var again = await RunAsync(null, file, "--generate", "--write");
        var tested = await RunAsync(null, file);

        (first.ExitCode, again.ExitCode, tested.ExitCode).ShouldBe((2, 0, 0), first.Errors);
        (first.Output, again.Output).ShouldBe(("", ""));
        first.Errors.ShouldStartWith($"{file}: made 1.0.0, 1 tests made; 1 of 1 small mistakes are noticed\n");
        tested.Output.ShouldStartWith($"{file}: made 1.0.0 is sound, 1 tests run\n");
    }

    [Fact]
    public async Task Standard_input_comes_back_with_tests_as_canonical_text()
    {
        var ended = await RunAsync(Bundles.Small("piped"), "-", "--generate");
        var written = Path.Combine(_folder, "out.json");
        var file = await RunAsync(Bundles.Small("piped"), "-", "--generate", "-o", written);

        (ended.ExitCode, file.ExitCode, file.Output).ShouldBe((0, 2, ""));
        JsonNode.Parse(ended.Output)!["tests"]!["way-to-finish"]!["steps"]!.AsArray().Count.ShouldBe(1);
        (await File.ReadAllTextAsync(written)).ShouldBe(ended.Output);
    }

    [Fact]
    public async Task As_JSON_it_tells_the_tests_and_what_they_leave_open()
    {
        var ended = await RunAsync(null, await FileAsync(Bundles.Small("told", open: "\"initial\": true, \"wipLimit\": 2")), "--generate", "--json");

        ended.ExitCode.ShouldBe(0);
        var report = JsonNode.Parse(ended.Output)!.AsArray().Single()!;
        report["tests"]!.AsObject().ShouldHaveSingleItem().Key.ShouldBe("way-to-finish");
        report["score"]!["uncovered"]!.AsArray()[0]!["pointer"]!.GetValue<string>().ShouldBe("/workflows/told/steps/0/wipLimit");
    }

    [Fact]
    public async Task A_bundle_whose_tests_fail_is_left_as_it_is()
    {
        var file = await FileAsync(Bundles.Failing("left"));

        var ended = await RunAsync(null, file, "--generate", "--write");

        ended.ExitCode.ShouldBe(1);
        ended.Errors.ShouldContain("[test-failed]");
        (await File.ReadAllTextAsync(file)).ShouldBe(Bundles.Failing("left"));
    }

    [Fact]
    public async Task Mistakes_nobody_notices_are_named_and_exit_with_1_where_a_test_could()
    {
        var file = await FileAsync(Bundles.Small("scored"));

        var before = await RunAsync(null, file, "--mutants");
        await RunAsync(null, file, "--generate", "--write");
        var after = await RunAsync(null, file, "--mutants");

        (before.ExitCode, after.ExitCode).ShouldBe((1, 0));
        before.Output.ShouldBe($"{file}: scored 1.0.0: 0 of 1 small mistakes are noticed\n  /workflows/scored/transitions/finish/from: not from open (a test could notice it; --generate makes one)\n");
        after.Output.ShouldBe($"{file}: scored 1.0.0: 1 of 1 small mistakes are noticed\n");
    }

    [Theory]
    [InlineData("--write", "--write and --output belong to --generate.")]
    [InlineData("--generate --mutants", "leave one out")]
    [InlineData("--generate --write --output x.json", "leave out --output")]
    public async Task Options_that_do_not_go_together_are_told(string options, string told)
    {
        var ended = await RunAsync(null, [await FileAsync(Bundles.Small("options")), .. options.Split(' ')]);

        (ended.ExitCode, ended.Output).ShouldBe((1, ""));
        ended.Errors.ShouldContain(told);
    }

    private static Task<HostProcess.Ended> RunAsync(string? input, params string[] words) => HostProcess.RunAsync(input ?? "", Host, "Production", null, ["bundle", "test", .. words]);

    private async Task<string> FileAsync(string text)
    {
        var file = Path.Combine(_folder, $"{Path.GetRandomFileName()}.json");
        await File.WriteAllTextAsync(file, text);
        return file;
    }
}
