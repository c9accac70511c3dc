using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Crm.Host.Tests.Http;

namespace Crm.Host.Tests.Processes;

/// <summary>The verbs about bundle files as a shell sees them: what they print where, and their exit codes. No database is there, and none is missed.</summary>
public sealed class BundleCommandTests : IDisposable
{
    private static readonly string Host = Path.Combine(AppContext.BaseDirectory, "Crm.Host.dll");
    private static readonly string Sales = Samples.Bundle("sales-pipeline");

    private static readonly JsonNode Bundle = JsonNode.Parse(File.ReadAllText(Sales))!;
    private static readonly int Tests = Bundle["tests"]!.AsObject().Count;
    private static readonly string Version = Bundle["bundle"]!["version"]!.GetValue<string>();

    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Diff_tells_in_words_what_changed_and_exits_with_2()
    {
        var newer = await FileAsync("newer.json", (await File.ReadAllTextAsync(Sales)).Replace("\"default\": 0.15", "\"default\": 0.1").Replace($"\"version\": \"{Version}\"", "\"version\": \"99.0.0\""));

        var ended = await RunAsync("diff", Sales, newer);

        ended.ShouldBe(new(2, $"sales {Version} → 99.0.0: 2 changes\n  ~ bundle version is \"99.0.0\", was \"{Version}\"\n  ~ param *max-discount*: default is 0.10, was 0.15\n", ""));
    }

    [Fact]
    public async Task Diff_of_the_same_content_exits_with_0_and_says_when_the_layout_differs()
    {
        var drawn = await FileAsync("drawn.json", (await File.ReadAllTextAsync(Sales)).Replace("        1100,\n", "        1200,\n"));

        (await RunAsync("diff", Sales, Sales)).ShouldBe(new(0, $"sales {Version}: no change\n", ""));
        (await RunAsync("diff", Sales, drawn)).ShouldBe(new(0, $"sales {Version}: only the layout differs\n  ~ layout of *sales-pipeline* changed\n", ""));
    }

    [Fact]
    public async Task Diff_as_JSON_is_nothing_but_JSON_with_pointers_values_and_hints()
    {
        var newer = await FileAsync("newer.json", Bundles.Small("small", "1.1.0", transitions: """ "end": { "from": ["open"], "to": "done", "title": "End" } """));

        var ended = await RunAsync("diff", await FileAsync("older.json", Bundles.Small("small")), newer, "--json");

        (ended.ExitCode, ended.Errors).ShouldBe((2, ""));
        var report = JsonNode.Parse(ended.Output)!.AsArray().Single()!;
        (report["bundle"]!.GetValue<string>(), report["outcome"]!.GetValue<string>(), report["compatible"]!.GetValue<bool>()).ShouldBe(("small", "changed", false));
        var removed = report["changes"]!.AsArray().Single(c => c!["kind"]!.GetValue<string>() == "removed")!;
        removed["concerns"]!.GetValue<string>().ShouldBe("transition");
        removed["pointer"]!.GetValue<string>().ShouldBe("/workflows/small/transitions/finish");
        removed["old"]!["to"]!.GetValue<string>().ShouldBe("done");
        removed.AsObject().ContainsKey("new").ShouldBeFalse();
        removed["hint"]!.GetValue<string>().ShouldContain("no longer finds it");
    }

    [Fact]
    public async Task Folders_are_paired_by_the_keys_of_their_bundles()
    {
        await FileAsync("old/first.json", Bundles.Small("kept"));
        await FileAsync("old/gone.json", Bundles.Small("gone"));
        await FileAsync("new/sub/renamed.json", Bundles.Small("kept"));
        await FileAsync("new/made.json", Bundles.Small("made"));

        var ended = await RunAsync("diff", At("old"), At("new"));

        ended.ExitCode.ShouldBe(2);
        ended.Output.Split('\n').Where(line => !line.StartsWith(' ') && line.Length > 0).ShouldBe(["gone 1.0.0: removed", "kept 1.0.0: no change", "made 1.0.0: added"]);
    }

    [Fact]
    public async Task Bundles_of_different_keys_are_not_compared()
    {
        var ended = await RunAsync("diff", Sales, Samples.Bundle("lead-qualification"));

        (ended.ExitCode, ended.Output).ShouldBe((1, ""));
        ended.Errors.ShouldContain("the bundle sales");
        ended.Errors.ShouldContain("the bundle leads");
    }

    [Theory]
    [InlineData("validate", false)]
    [InlineData("test", true)]
    public async Task Standard_input_is_a_file_called_dash(string verb, bool runs)
    {
        var ended = await HostProcess.RunAsync(await File.ReadAllTextAsync(Sales), Host, "Production", null, ["bundle", verb, "-"]);

        ended.ExitCode.ShouldBe(0);
        ended.Output.ShouldContain($"-: sales {Version} is sound{(runs ? $", {Tests} tests run" : "")}\n");
    }

    [Fact]
    public async Task Every_file_of_every_folder_is_told_though_one_is_broken()
    {
        await FileAsync("a/good.json", Bundles.Small("good"));
        await FileAsync("a/notes.txt", "not looked at");
        await FileAsync("b/broken.json", "{");

        var ended = await RunAsync("validate", At("a"), At("b"), At("missing.json"), "--json");

        ended.ExitCode.ShouldBe(1);
        JsonNode.Parse(ended.Output)!.AsArray().Select(r => (Path.GetFileName(r!["file"]!.GetValue<string>()), r["faults"]!.AsArray().FirstOrDefault()?["key"]?.GetValue<string>()))
            .ShouldBe([("good.json", null), ("broken.json", "malformed-json"), ("missing.json", "unreadable")]);
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("\u0000\u0001\u0002", "is binary; a bundle is JSON text in UTF-8")]
    [InlineData("{\"a\":1,\"a\":2}", "/a: the member 'a' occurs twice")]
    [InlineData("{\"name\":\"package\"}", "/kind: is required")]
    [InlineData("[]", "must be an object")]
    public async Task What_is_no_bundle_is_told_by_what_it_is(string text, string told)
    {
        var ended = await RunAsync("validate", await FileAsync("input.json", text));

        ended.ExitCode.ShouldBe(1);
        ended.Output.ShouldContain(told);
        ended.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Files_that_cannot_be_read_as_text_are_told_by_why()
    {
        await File.WriteAllBytesAsync(At("large.json"), Enumerable.Repeat((byte)'1', 20_000_000).ToArray());
        await File.WriteAllBytesAsync(At("utf16.json"), Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes("{}")).ToArray());
        await File.WriteAllTextAsync(At("mark.json"), Bundles.Small("mark"), new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        Directory.CreateDirectory(At("empty"));

        var ended = await RunAsync("validate", At("large.json"), At("utf16.json"), At("mark.json"), At("empty"), At("larg.json"), "/dev/zero", "/proc/self/mem");

        ended.ExitCode.ShouldBe(1);
        foreach (var told in new[] { "larger than 5 MB", "is UTF-16", "mark 1.0.0 is sound", "a folder without *.json files", "did you mean 'large.json'?", "/dev/zero: 1 fault(s)\n  is larger", "/proc/self/mem: 1 fault(s)\n  cannot be read" })
            ended.Output.ShouldContain(told);
    }

    [Theory]
    [InlineData("bundle validat x.json", "validate")]
    [InlineData("bundel validate", "bundle")]
    [InlineData("bundle validate --jsno x.json", "did you mean '--json'?")]
    [InlineData("bundle diff --jsno a b", "did you mean '--json'?")]
    [InlineData("bundle diff one", "Required argument 'AFTER' missing")]
    [InlineData("bundle import x.json --dryrun", "did you mean '--dry-run'?")]
    public async Task Mistyped_words_are_guessed_and_standard_output_stays_empty(string words, string told)
    {
        var ended = await HostProcess.RunAsync(Host, "Production", null, words.Split(' '));

        (ended.ExitCode, ended.Output).ShouldBe((1, ""));
        ended.Errors.ShouldContain(told);
    }

    [Fact]
    public async Task Json_may_be_asked_for_before_the_verb()
    {
        var ended = await HostProcess.RunAsync(Host, "Production", null, "bundle", "--json", "test", Sales);

        ended.ExitCode.ShouldBe(0, ended.Errors);
        JsonNode.Parse(ended.Output)!.AsArray().Single()!["tests"]!.GetValue<int>().ShouldBe(Tests);
    }

    [Theory]
    [InlineData("bundle")]
    [InlineData("bundle validate")]
    [InlineData("bundle test")]
    [InlineData("bundle diff")]
    [InlineData("bundle merge")]
    [InlineData("bundle text")]
    [InlineData("bundle import")]
    [InlineData("bundle export")]
    [InlineData("bundle reference")]
    public async Task Help_shows_examples_and_exit_codes(string verb)
    {
        var ended = await HostProcess.RunAsync(Host, "Production", null, [.. verb.Split(' '), "--help"]);

        ended.ExitCode.ShouldBe(0);
        ended.Output.ShouldContain("Exit");
        ended.Output.ShouldContain("Examples, where crm is this program:\n  crm bundle ");
    }

    [Fact]
    public async Task Text_is_canonical_and_rewrites_only_what_is_not()
    {
        var file = await FileAsync("messy.json", JsonNode.Parse(await File.ReadAllTextAsync(Sales))!.ToJsonString());

        (await RunAsync("text", file)).ShouldBe(new(0, await File.ReadAllTextAsync(Sales), ""));
        (await RunAsync("text", "--write", file)).ShouldBe(new(2, $"{file}: rewritten\n", ""));
        (await RunAsync("text", "--write", file)).ShouldBe(new(0, "", ""));
        (await File.ReadAllTextAsync(file)).ShouldBe(await File.ReadAllTextAsync(Sales));
        (await RunAsync("text", "--without-layout", file)).Output.ShouldNotContain("\"layout\"");
        (await RunAsync("text", "--write", "--without-layout", file)).ExitCode.ShouldBe(1);
    }

    [Fact]
    public async Task Reader_that_closes_the_pipe_early_is_no_fault()
    {
        var start = new ProcessStartInfo("bash", ["-c", $"'{Environment.ProcessPath}' '{Host}' bundle text '{Path.GetDirectoryName(Sales)}' | head -1; echo ${{PIPESTATUS[0]}}"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var bash = Process.Start(start)!;
        var errors = bash.StandardError.ReadToEndAsync();

        (await bash.StandardOutput.ReadToEndAsync()).ShouldBe("{\n0\n");
        (await errors).ShouldBeEmpty();
    }

    [Fact]
    public async Task Reference_on_the_page_is_the_schemas()
    {
        var page = await FileAsync("page.md", await File.ReadAllTextAsync(Path.Combine(Checkout.Root, "docs", "bundles.md")));

        var ended = await RunAsync("reference", "--into", page);

        ended.ExitCode.ShouldBe(0, "docs/bundles.md is stale: run `bundle reference --into docs/bundles.md`");
        await File.WriteAllTextAsync(page, (await File.ReadAllTextAsync(page)).Replace("| `apiVersion` |", "| `api` |"));
        (await RunAsync("reference", "--into", page)).ExitCode.ShouldBe(2);
        (await File.ReadAllTextAsync(page)).ShouldContain("| `apiVersion` |");
        (await RunAsync("reference", "--into", Sales)).ExitCode.ShouldBe(1);
    }

    private static Task<HostProcess.Ended> RunAsync(params string[] words) => HostProcess.RunAsync(Host, "Production", null, ["bundle", .. words]);

    private string At(string name) => Path.Combine(_folder, name);

    private async Task<string> FileAsync(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(name))!);
        await File.WriteAllTextAsync(At(name), text);
        return At(name);
    }
}
