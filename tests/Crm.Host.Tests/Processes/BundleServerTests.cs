using System.Text.Json.Nodes;
using Crm.Host.Tests.Http;

namespace Crm.Host.Tests.Processes;

/// <summary>Bundles go to a server and come back, by the command line.</summary>
public sealed class BundleServerTests(CrmHost host) : IClassFixture<CrmHost>, IDisposable
{
    private static readonly string Host = Path.Combine(AppContext.BaseDirectory, "Crm.Host.dll");
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Import_publishes_once_says_what_it_did_and_export_gives_it_back()
    {
        var key = await host.KeyAsync(host.Workspace, "admin");
        var file = await FileAsync(Bundles.Small("shipped"));

        var dry = await RunAsync(key, "import", file, "--dry-run");
        var first = await RunAsync(key, "import", file);
        var again = await RunAsync(key, "import", file, "--json");
        var exported = await RunAsync(key, "export", "shipped");
        var back = await RunAsync(key, "import", await FileAsync(exported.Output));
        var written = Path.Combine(_folder, "out.json");
        (await RunAsync(key, "export", "shipped", "--version", "1.0.0", "--output", written)).ExitCode.ShouldBe(0);

        (dry.ExitCode, first.ExitCode, again.ExitCode, exported.ExitCode, back.ExitCode).ShouldBe((2, 2, 0, 0, 0), dry.Errors + first.Errors + again.Errors + exported.Errors + back.Errors);
        dry.Output.ShouldStartWith($"{file}: shipped 1.0.0 would-publish\n");
        dry.Output.ShouldContain("  + workflow *shipped* added\n");
        first.Output.ShouldBe($"{file}: shipped 1.0.0 published\n");
        JsonNode.Parse(again.Output)![0]!["outcome"]!.GetValue<string>().ShouldBe("unchanged");
        (await File.ReadAllTextAsync(written)).ShouldBe(exported.Output);
    }

    [Fact]
    public async Task Faulty_bundle_is_told_with_its_places_and_ends_the_import()
    {
        var key = await host.KeyAsync(host.Workspace, "admin");
        var after = await FileAsync(Bundles.Small("never"));

        var ended = await RunAsync(key, "import", await FileAsync(Bundles.Small("broken", transitions: """ "finish": { "from": ["nowhere"], "to": "done" } """)), after);

        ended.ExitCode.ShouldBe(1);
        ended.Errors.ShouldContain("/workflows/broken/transitions/finish/from/0");
        (await RunAsync(key, "export", "never")).ExitCode.ShouldBe(1);
    }

    [Fact]
    public async Task Bundle_whose_tests_fail_is_imported_for_a_reason_and_not_without()
    {
        var key = await host.KeyAsync(host.Workspace, "admin");
        var file = await FileAsync(Bundles.Failing("overridden"));

        var refused = await RunAsync(key, "import", file);
        var dry = await RunAsync(key, "import", file, "--dry-run", "--despite-tests", "What & why?");
        var published = await RunAsync(key, "import", file, "--despite-tests", "What & why?");

        (refused.ExitCode, dry.ExitCode, published.ExitCode).ShouldBe((1, 2, 2), refused.Errors + dry.Errors + published.Errors);
        refused.Errors.ShouldContain("/tests/stays-open/steps/0/expect/step: Expected step open, is done. [test-failed]");
        published.Output.ShouldContain("overridden 1.0.0 published\n  warning /tests/stays-open/steps/0/expect/step: Expected step open, is done. [test-failed]\n");
        (await host.Admin.GetAsync("/api/v1/bundles")).Json.AsArray().Single(b => b!["key"]!.GetValue<string>() == "overridden")!["despiteFailingTests"]!["reason"]!.GetValue<string>().ShouldBe("What & why?");
        (await RunAsync(key, "import", file)).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Dry_run_of_a_folder_tells_what_would_change_and_publishes_nothing()
    {
        var key = await host.KeyAsync(host.Workspace, "admin");
        (await RunAsync(key, "import", await FileAsync(Bundles.Small("planned")))).ExitCode.ShouldBe(2);
        var folder = Directory.CreateDirectory(Path.Combine(_folder, "next")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "planned.json"), Bundles.Small("planned", "1.1.0", open: "\"initial\": true, \"wipLimit\": 3"));
        var before = await host.RowsAsync();

        var words = await RunAsync(key, "import", folder, "--dry-run");
        var json = await RunAsync(key, "import", folder, "--dry-run", "--json");
        var exported = await RunAsync(key, "export", "planed");

        (words.ExitCode, json.ExitCode, json.Errors).ShouldBe((2, 2, ""));
        words.Output.ShouldContain("planned 1.1.0 would-publish, after 1.0.0\n");
        words.Output.ShouldContain("  + step *open*: wip limit is 3, was not set\n");
        JsonNode.Parse(json.Output)![0]!["changes"]!.AsArray().Select(c => c!["pointer"]!.GetValue<string>()).ShouldBe(["/bundle/version", "/workflows/planned/steps/0/wipLimit"]);
        (await host.RowsAsync()).ShouldBe(before);
        exported.Errors.ShouldContain("did you mean 'planned'?");
    }

    [Fact]
    public async Task Who_may_not_publish_and_who_is_unknown_are_told()
    {
        var file = await FileAsync(Bundles.Small("mine"));

        var rep = await RunAsync(await host.KeyAsync(host.Workspace, "sales-rep"), "import", file);
        var nobody = await RunAsync("crm_nobody", "export", "sales");

        (rep.ExitCode, nobody.ExitCode).ShouldBe((1, 1));
        rep.Errors.ShouldContain("admin");
        nobody.Errors.ShouldBe("The server lets nobody in with this API key; name another: --key or CRM_KEY.\n");
        (await RunAsync("", "export", "sales")).Errors.ShouldBe("Name the API key: --key or CRM_KEY.\n");
    }

    [Theory]
    [InlineData("export sales --key k", "--server")]
    [InlineData("export sales --server http://localhost:1", "--key")]
    [InlineData("export sales --server nowhere --key k", "'nowhere'")]
    [InlineData("export sales --server http://127.0.0.1:1 --key k", "cannot be reached")]
    public async Task Server_that_is_not_named_or_not_there_is_one_line(string words, string told)
    {
        var ended = await HostProcess.RunAsync(Host, "Production", null, ["bundle", .. words.Split(' ')]);

        ended.ExitCode.ShouldBe(1);
        ended.Errors.ShouldContain(told);
        ended.Errors.ShouldNotContain("   at ");
    }

    // By the environment, as a pipeline would: a key on the command line is in everybody's process list.
    private Task<HostProcess.Ended> RunAsync(string key, params string[] words) => HostProcess.RunAsync(Host, "Production",
        start => (start.Environment["CRM_SERVER"], start.Environment["CRM_KEY"]) = (host.Admin.Client.BaseAddress!.ToString(), key), ["bundle", .. words]);

    private async Task<string> FileAsync(string text)
    {
        var file = Path.Combine(_folder, Path.GetRandomFileName());
        await File.WriteAllTextAsync(file, text);
        return file;
    }
}
