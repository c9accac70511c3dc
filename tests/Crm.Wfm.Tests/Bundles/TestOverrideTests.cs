using System.Text.Json.Nodes;
using Crm.Wfm.Bundles;
using Crm.Wfm.Moves;
using Crm.Wfm.Tests.Moves;

namespace Crm.Wfm.Tests.Bundles;

/// <summary>A bundle whose own tests fail is published only by somebody who says why, and that stays.</summary>
public sealed class TestOverrideTests(Desk desk) : IClassFixture<Desk>
{
    private const string Kept = "select despite_failing_tests::text || ' ' || published_by from wfm.bundle where workspace_id = $1";

    private readonly Guid _workspace = Guid.CreateVersion7(desk.Clock.Now);

    [Fact]
    public async Task Failing_tests_are_overridden_with_a_reason_that_is_kept_with_who_and_which()
    {
        var before = await desk.EverythingAsync();
        (await desk.PublishAsync(Failing(), _workspace)).ShouldBeOfType<PublishResult.Faulty>().Faults.ShouldAllBe(f => f.Key == "test-failed");
        (await desk.EverythingAsync()).ShouldBe(before);

        var published = (await desk.PublishAsync(Failing(), _workspace, despite: "The limit moved today.")).ShouldBeOfType<PublishResult.Published>();

        published.DespiteFailingTests.ShouldNotBeNull().Tests.ShouldBe(["finishes"]);
        published.Warnings.ShouldContain(w => w.Pointer == "/tests/finishes/steps/0/expect/step" && w.Key == "test-failed");
        (await desk.AskAsync<string>(Kept, _workspace)).ShouldBe($$"""{"tests": ["finishes"], "reason": "The limit moved today."} {{Actor.System.Id}}""");
    }

    [Fact]
    public async Task What_was_published_despite_its_tests_is_published_whoever_asks_again()
    {
        await desk.PublishAsync(Failing(), _workspace, despite: "First.");

        (await desk.PublishAsync(Failing(), _workspace)).ShouldBeOfType<PublishResult.Unchanged>().Warnings.ShouldContain(w => w.Key == "test-failed");
        (await desk.PublishAsync(Failing(), _workspace, despite: "Second.")).ShouldBeOfType<PublishResult.Unchanged>();

        (await desk.AskAsync<string>(Kept, _workspace)).ShouldContain("First.");
    }

    [Fact]
    public async Task The_next_version_needs_a_reason_of_its_own()
    {
        await desk.PublishAsync(Failing(), _workspace, despite: "First.");

        (await desk.PublishAsync(Failing().With("/bundle/version", "\"1.1.0\""), _workspace)).ShouldBeOfType<PublishResult.Faulty>();
    }

    [Fact]
    public async Task A_reason_where_no_test_fails_is_not_kept()
    {
        (await desk.PublishAsync(Samples.Small(), _workspace, despite: "To be sure.")).ShouldBeOfType<PublishResult.Published>().DespiteFailingTests.ShouldBeNull();

        (await desk.AskAsync<long>("select count(*) from wfm.bundle where workspace_id = $1 and despite_failing_tests is not null", _workspace)).ShouldBe(0);
    }

    [Fact]
    public async Task A_reason_overrides_tests_and_nothing_else()
    {
        await desk.PublishAsync(Samples.Small(), _workspace);

        (await desk.PublishAsync(Failing(), _workspace, despite: "Now.")).ShouldBeOfType<PublishResult.Faulty>().Faults.ShouldHaveSingleItem().Key.ShouldBe("version-taken");
        (await desk.PublishAsync(Failing().With("/workflows/flow/transitions/finish/to", "\"nowhere\""), _workspace, despite: "Now.")).ShouldBeOfType<PublishResult.Faulty>()
            .Faults.ShouldContain(f => f.Key == "unknown-reference");
    }

    [Fact]
    public async Task A_dry_run_with_a_reason_tells_what_would_be_overridden_and_stores_nothing()
    {
        var before = await desk.EverythingAsync();

        (await desk.PublishAsync(Failing(), _workspace, dryRun: true, "Would I?")).ShouldBeOfType<PublishResult.Published>().DespiteFailingTests.ShouldNotBeNull().Tests.ShouldBe(["finishes"]);

        (await desk.EverythingAsync()).ShouldBe(before);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  \n")]
    [InlineData("a\0b")]
    public async Task A_reason_that_says_nothing_is_refused(string reason) =>
        await Should.ThrowAsync<ArgumentException>(() => desk.PublishAsync(Failing(), _workspace, despite: reason));

    [Fact]
    public async Task The_application_cannot_forget_an_override()
    {
        await desk.PublishAsync(Failing(), _workspace, despite: "Forget me.");

        (await desk.TryAsync(_workspace, "update wfm.bundle set despite_failing_tests = null")).ShouldBe("42501");
    }

    private static JsonObject Failing() => Samples.Small().With("/tests/finishes/steps/0/expect/step", "\"open\"");
}
