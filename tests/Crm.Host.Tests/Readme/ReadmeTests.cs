using Crm.Host.Tests.Processes;

namespace Crm.Host.Tests.Readme;

/// <summary>What the pages show is what happens.</summary>
public sealed class ReadmeTests
{
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
        foreach (var page in Pages.Append(Sample)) await Transcript.Of(page).ShouldHappenAsync(host.Url.Replace("127.0.0.1", "localhost"), host.Key);
        (await host.InterruptAsync()).ShouldBe(0);
    }

    [Fact]
    public void Only_marked_fences_are_run() => Transcript.Of(Sample).Count.ShouldBe(3);

    [Theory]
    [InlineData("echo one", "text", "two")]
    [InlineData("""echo '{ "a": 1 }'""", "json", """{ "a": 2 }""")]
    [InlineData("false", "text", "")]
    public async Task Page_that_says_something_else_fails(string script, string language, string promised) =>
        await Assert.ThrowsAsync<ShouldAssertException>(() => Transcript.Of($"```bash\n# tested\n{script}\n```\n\n```{language}\n{promised}\n```\n").ShouldHappenAsync("http://localhost:1", ""));

    private static IEnumerable<string> Pages =>
        new[] { Directory.GetFiles(Checkout.Root, "README.md"), Directory.GetFiles(Path.Combine(Checkout.Root, "docs"), "*.md", SearchOption.AllDirectories) }
            .SelectMany(files => files.Order(StringComparer.Ordinal)).Select(File.ReadAllText);
}
