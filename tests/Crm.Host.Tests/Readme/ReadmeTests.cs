using Crm.Host.Tests.Processes;

namespace Crm.Host.Tests.Readme;

/// <summary>What the pages show is what happens.</summary>
public sealed class ReadmeTests
{
    /// <summary>Fences no shell runs, and the test that proves those of a page.</summary>
    private static readonly Dictionary<string, string> Elsewhere = new()
    {
        ["README.md csharp"] = "Crm.Wfm.Embedding.Tests: ReadmeTests.The_front_page_shows_lines_of_this_program",
        ["api.md sh"] = nameof(OpenApi.OpenApiClientTests),
        ["architecture.md text"] = "a drawing: it says nothing that could be run",
        ["backup.md sql"] = nameof(DatabasePageTests),
        ["bundles.md json"] = "Crm.Wfm.Tests: DocumentationTests.Examples_are_JSON_and_whole_bundles_have_no_faults",
        ["configuration.md sql"] = nameof(DatabasePageTests),
        ["decision-tables.md json"] = "Crm.Wfm.Tests: DecisionPageTests",
        ["events.md csharp"] = "Crm.Wfm.Embedding.Tests: WorkerTests.The_page_shows_this_consumer",
        ["events.md js"] = nameof(Realtime.PageClientTests),
        ["flows.md js"] = "Crm.Wfm.Flows.Tests: ScriptTests.The_scripts_of_the_page_give_what_it_says",
        ["flows.md csharp"] = "Crm.Wfm.Flows.Tests: DocumentationTests.The_pages_show_the_code_that_is_compiled_here",
        ["flows.md json"] = "Crm.Wfm.Flows.Tests: DocumentationTests.The_program_starts_on_an_empty_database_and_runs_the_automation_of_the_page",
        ["git.md bash"] = nameof(Processes.BundleMergeDriverTests),
        ["git.md text"] = nameof(Processes.BundleMergeDriverTests),
        ["rules.md json"] = "Crm.Wfm.Tests: RulesPageTests.Every_example_gives_what_the_page_says",
    };

    private const string Sample = """
        # A page

        ```bash
        not run: it has no mark
        ```

        ```bash
        # tested
        ID=$(curl -s $URL/api/v1/records -H "Authorization: Bearer $KEY" --json '{ "type": "loan-application", "name": "Acme", "fields": {} }' | grep -o '"id":"[^"]*' | cut -d'"' -f4)
        ```

        Words between fences part them.

        ```bash
        # tested
        curl -s localhost:$PORT/api/v1/records/$ID -H "Authorization: Bearer $KEY"
        ```

        ```json
        {
          "id": "00000000-0000-0000-0000-000000000000", "type": "loan-application", "name": "Acme", "ownerId": "00000000-0000-0000-0000-000000000000",
          "fields": {}, "projectId": null, "step": null, "stepEnteredAt": null, "version": 1, "createdAt": "2026-01-01T00:00:00Z", "updatedAt": "2026-01-01T00:00:00.123+00:00"
        }
        ```

        ```bash
        # tested
        echo "$URL"
        ```

        ```text
        http://localhost:5080
        ```
        """;

    [Fact]
    public async Task Every_tested_fence_prints_what_the_page_says()
    {
        await using var checkout = new TemporaryCheckout();
        using var host = await HostProcess.ServeAsync(checkout.Host, null, "--Crm:Demo=true");
        foreach (var page in Files.Select(File.ReadAllText).Append(Sample)) await Transcript.Of(page).ShouldHappenAsync(host.Url.Replace("127.0.0.1", "localhost"), host.Key);
        (await host.InterruptAsync()).ShouldBe(0);
    }

    [Fact]
    public void Every_fence_that_says_what_it_is_is_run_or_proven_elsewhere()
    {
        var untried = from file in Files
                      let page = Transcript.Of(File.ReadAllText(file))
                      from language in page.Untried
                      let fence = $"{Path.GetFileName(file)} {language}"
                      where !Elsewhere.ContainsKey(fence)
                      select fence;
        untried.ShouldBeEmpty();
    }

    [Fact]
    public void Only_marked_fences_are_run() => Transcript.Of(Sample).Count.ShouldBe(3);

    [Theory]
    [InlineData("echo one", "text", "two")]
    [InlineData("""echo '{ "a": 1 }'""", "json", """{ "a": 2 }""")]
    [InlineData("false", "text", "")]
    public async Task Page_that_says_something_else_fails(string script, string language, string promised) =>
        await Assert.ThrowsAsync<ShouldAssertException>(() => Transcript.Of($"```bash\n# tested\n{script}\n```\n\n```{language}\n{promised}\n```\n").ShouldHappenAsync("http://localhost:1", ""));

    private static IEnumerable<string> Files =>
        new[] { Directory.GetFiles(Checkout.Root, "README.md"), Directory.GetFiles(Path.Combine(Checkout.Root, "docs"), "*.md", SearchOption.AllDirectories) }
            .SelectMany(files => files.Order(StringComparer.Ordinal));
}
