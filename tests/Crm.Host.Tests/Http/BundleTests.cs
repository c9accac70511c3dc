using System.Net;
using System.Text.Json.Nodes;

namespace Crm.Host.Tests.Http;

/// <summary>Publishing and exporting processes over HTTP.</summary>
public sealed class BundleTests(CrmHost host) : IClassFixture<CrmHost>
{
    [Fact]
    public async Task Export_is_byte_for_byte_what_publishing_it_again_exports()
    {
        var location = (await host.Admin.PostAsync("/api/v1/bundles", await SampleAsync("loan-application"))).Location!;
        var exported = await host.Admin.GetAsync(location);

        (await host.Stranger.PostAsync("/api/v1/bundles", exported.Text))["outcome"].GetValue<string>().ShouldBe("published");

        exported.MediaType.ShouldBe("application/json");
        exported.Text.ShouldBe(await SampleAsync("loan-application"));
        (await host.Stranger.GetAsync(location)).Text.ShouldBe(exported.Text);
    }

    [Fact]
    public async Task Publishing_the_same_content_again_changes_nothing()
    {
        var (before, published) = (await host.RowsAsync(), System.Text.Encoding.UTF8.GetString(await Samples.WithAsync("sales-pipeline", "review-new-assignment")));

        var answer = await host.Admin.PostAsync("/api/v1/bundles", published);

        answer.Status.ShouldBe(HttpStatusCode.OK);
        answer["outcome"].GetValue<string>().ShouldBe("unchanged");
        (await host.RowsAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Published_bundles_are_listed_with_version_and_hash()
    {
        var published = await host.Admin.PostAsync("/api/v1/bundles", Bundles.Small("listed"));

        var listed = (await host.Admin.GetAsync("/api/v1/bundles")).Json.AsArray().Single(b => b!["key"]!.GetValue<string>() == "listed")!;

        published.Location.ShouldBe("/api/v1/bundles/listed/1.0.0");
        listed["version"]!.GetValue<string>().ShouldBe("1.0.0");
        listed["contentHash"]!.GetValue<string>().ShouldBe(published["contentHash"].GetValue<string>());
        (await host.Stranger.GetAsync("/api/v1/bundles")).Text.ShouldNotContain("listed");
    }

    [Fact]
    public async Task Bundle_whose_tests_fail_is_published_for_a_reason_that_is_listed_with_it()
    {
        (await host.Admin.PostAsync("/api/v1/bundles", Bundles.Failing("failing"))).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "invalid")
            .Faults.ShouldBe(["/tests/stays-open/steps/0/expect/step test-failed"]);

        var published = await host.Admin.PostAsync("/api/v1/bundles?despiteFailingTests=We%20fix%20the%20test%20next.", Bundles.Failing("failing"));
        await host.Admin.PostAsync("/api/v1/bundles", Bundles.Small("passing"));

        published.Status.ShouldBe(HttpStatusCode.Created, published.Text);
        published["warnings"].AsArray().ShouldHaveSingleItem()!["key"]!.GetValue<string>().ShouldBe("test-failed");
        var listed = (await host.Admin.GetAsync("/api/v1/bundles")).Json.AsArray().ToLookup(b => b!["key"]!.GetValue<string>(), b => b!.AsObject());
        listed["failing"].Single()["despiteFailingTests"]!.ToJsonString().ShouldBe("""{"reason":"We fix the test next.","tests":["stays-open"]}""");
        listed["failing"].Single()["publishedBy"]!.GetValue<Guid>().ShouldNotBe(Guid.Empty);
        listed["passing"].Single().ContainsKey("despiteFailingTests").ShouldBeFalse();
    }

    [Theory]
    [InlineData("", "required")]
    [InlineData("%20", "required")]
    [InlineData("a%00b", "nul-character")]
    public async Task Reason_that_says_nothing_overrides_nothing(string reason, string key)
    {
        (await host.Admin.PostAsync($"/api/v1/bundles?despiteFailingTests={reason}", Bundles.Failing("unsaid"))).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid")
            .Faults.ShouldBe([$"?despiteFailingTests {key}"]);
        (await host.Admin.GetAsync("/api/v1/bundles/unsaid/1.0.0")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Dry_run_says_what_would_be_published_and_stores_nothing()
    {
        var before = await host.RowsAsync();

        var answer = await host.Admin.PostAsync("/api/v1/bundles?dryRun=true", Bundles.Small("dry"));

        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
        answer["outcome"].GetValue<string>().ShouldBe("would-publish");
        (await host.RowsAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Dry_run_says_what_would_change_against_the_newest_published_version()
    {
        await host.Admin.PostAsync("/api/v1/bundles", Bundles.Small("growing"));
        await host.Admin.PostAsync("/api/v1/bundles", Bundles.Small("growing", "1.1.0", open: "\"initial\": true, \"wipLimit\": 3"));
        var before = await host.RowsAsync();

        var answer = await host.Admin.PostAsync("/api/v1/bundles?dryRun=true", Bundles.Small("growing", "1.2.0", transitions: """ "end": { "from": ["open"], "to": "done" } """));

        (answer["against"].GetValue<string>(), answer["compatible"].GetValue<bool>()).ShouldBe(("1.1.0", false));
        answer["changes"].AsArray().Select(c => $"{c!["kind"]} {c["pointer"]}: {c["sentence"]}").ShouldBe([
            "changed /bundle/version: bundle version is \"1.2.0\", was \"1.1.0\"",
            "removed /workflows/growing/steps/0/wipLimit: step *open*: wip limit is no longer set, was 3",
            "renamed /workflows/growing/transitions/end: transition *end* was called *finish*"], ignoreOrder: true);
        (await host.RowsAsync()).ShouldBe(before);
        (await host.Admin.PostAsync("/api/v1/bundles?dryRun=true", Bundles.Small("growing", "1.1.0"))).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "invalid");
    }

    [Fact]
    public async Task Publishing_needs_the_role_admin()
    {
        var before = await host.RowsAsync();

        (await host.Rep.PostAsync("/api/v1/bundles", Bundles.Small("not-mine"))).ShouldBeProblem(HttpStatusCode.Forbidden, "not-allowed");

        (await host.RowsAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Other_content_under_a_published_version_is_refused()
    {
        await host.Admin.PostAsync("/api/v1/bundles", Bundles.Small("taken"));

        (await host.Admin.PostAsync("/api/v1/bundles", Bundles.Small("taken").Replace("Done", "Ended")))
            .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "invalid").Faults.ShouldBe(["/bundle/version version-taken"]);
    }

    [Fact]
    public async Task Running_project_stays_on_its_version_and_new_ones_take_the_new()
    {
        await host.Admin.PostAsync("/api/v1/bundles", Bundles.Small("evolving"));
        var old = await StartAsync();
        var changed = Bundles.Small("evolving", "1.1.0", transitions: """ "end": { "from": ["open"], "to": "done" } """);
        (await host.Admin.PostAsync("/api/v1/bundles", changed)).Status.ShouldBe(HttpStatusCode.Created);

        (await TransitionsAsync(old)).ShouldBe(["finish"]);
        (await TransitionsAsync(await StartAsync())).ShouldBe(["end"]);

        async Task<JsonNode> StartAsync()
        {
            var record = await host.Admin.PostAsync("/api/v1/records", new { type = "evolving", name = "One", fields = new { } });
            return (await host.Admin.PostAsync("/api/v1/projects", new { subject = new { type = "evolving", id = record["id"].GetValue<string>() } }))["id"];
        }

        async Task<IEnumerable<string>> TransitionsAsync(JsonNode project) =>
            (await host.Admin.GetAsync($"/api/v1/projects/{project}/transitions"))["transitions"].AsArray().Select(t => t!["key"]!.GetValue<string>());
    }

    private static Task<string> SampleAsync(string name) => File.ReadAllTextAsync(Samples.Bundle(name));
}
