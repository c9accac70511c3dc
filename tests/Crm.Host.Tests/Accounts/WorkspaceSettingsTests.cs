using System.Net;

namespace Crm.Host.Tests.Accounts;

/// <summary>What a workspace says of itself.</summary>
public sealed class WorkspaceSettingsTests(CrmHost host) : IClassFixture<CrmHost>
{
    private const string Path = "/api/v1/workspace";

    [Fact]
    public async Task Admin_changes_what_is_sent_of_the_own_workspace_alone()
    {
        var before = await host.Rep.GetAsync(Path);
        (before["timeZone"].GetValue<string>(), before["currency"].GetValue<string>(), before["locale"].GetValue<string>()).ShouldBe(("UTC", "EUR", "en"));

        var changed = await host.Admin.PatchAsync(Path, new { timeZone = "Europe/Zurich", currency = "CHF", locale = "de-CH" }, ("If-Match", before.ETag!));

        changed.Status.ShouldBe(HttpStatusCode.OK, changed.Text);
        (changed.ETag, changed["name"].GetValue<string>(), changed["timeZone"].GetValue<string>(), changed["locale"].GetValue<string>()).ShouldBe(("\"2\"", "Test", "Europe/Zurich", "de-CH"));
        (await host.Rep.GetAsync(Path)).Text.ShouldBe(changed.Text);
        (await host.Stranger.GetAsync(Path))["currency"].GetValue<string>().ShouldBe("EUR");
        (await host.Rep.DealAsync())["currency"].GetValue<string>().ShouldBe("CHF");
        (await host.Stranger.DealAsync())["currency"].GetValue<string>().ShouldBe("EUR");
        (await host.Admin.PatchAsync(Path, new { name = "Late", version = 1 })).ShouldBeProblem(HttpStatusCode.Conflict, "stale-version")["currentVersion"].GetValue<int>().ShouldBe(2);
        (await host.Admin.GetAsync($"/api/v1/events?subject=workspace/{host.Workspace}")).Items.ShouldHaveSingleItem()["type"]!.GetValue<string>().ShouldBe("crm.workspace.updated");
    }

    [Theory]
    [InlineData("""{ "currency": "XYZ", "version": 1 }""", "/currency unknown-currency")]
    [InlineData("""{ "currency": "eur", "version": 1 }""", "/currency unknown-currency")]
    [InlineData("""{ "timeZone": "Europe/Atlantis", "version": 1 }""", "/timeZone unknown-time-zone")]
    [InlineData("""{ "timeZone": "../../etc/passwd", "version": 1 }""", "/timeZone unknown-time-zone")]
    [InlineData("""{ "locale": "german", "version": 1 }""", "/locale unknown-locale")]
    [InlineData("""{ "name": "", "version": 1 }""", "/name invalid")]
    [InlineData("""{ "name": "A" }""", "/version required")]
    [InlineData("""{ "id": "00000000-0000-7000-8000-0000000000ff", "version": 1 }""", "/id additional-property")]
    public async Task Wrong_values_are_refused_with_their_place_and_nothing_is_written(string body, string fault)
    {
        var before = await host.RowsAsync();

        (await host.Stranger.PatchAsync(Path, body)).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe([fault]);

        (await host.RowsAsync()).ShouldBe(before);
    }
}
