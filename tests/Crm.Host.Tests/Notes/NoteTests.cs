using System.Net;

namespace Crm.Host.Tests.Notes;

/// <summary>What is written down about a record.</summary>
public sealed class NoteTests(CrmHost host) : IClassFixture<CrmHost>
{
    private const string Path = "/api/v1/notes";

    [Theory]
    [InlineData("deal")]
    [InlineData("lead")]
    [InlineData("person")]
    [InlineData("organization")]
    [InlineData("record")]
    public async Task Note_is_about_any_record_of_its_own_workspace(string type)
    {
        var mine = await host.SomethingAsync(type);
        var theirs = await host.SomethingAsync(type, host.OtherWorkspace);

        var note = await host.Rep.PostAsync(Path, new { body = "Wants it in green.", about = new { type, id = mine } });
        var before = await host.RowsAsync();
        var trespass = await host.Rep.PostAsync(Path, new { body = "Wants it in green.", about = new { type, id = theirs } });
        var moved = await host.Rep.PatchAsync($"{Path}/{note["id"]}", new { about = new { id = theirs } }, ("If-Match", "\"1\""));

        note.Status.ShouldBe(HttpStatusCode.Created, note.Text);
        note["about"]["id"]!.GetValue<Guid>().ShouldBe(mine);
        note["about"]["name"]!.GetValue<string>().ShouldBe("Something");
        (await host.Rep.GetAsync($"{Path}/{note["id"]}")).Text.ShouldBe(note.Text);
        trespass.ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe(["/about/id not-found"]);
        moved.ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe(["/about/id not-found"]);
        (await host.RowsAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Note_is_changed_deleted_and_restored_and_each_is_told()
    {
        var note = await host.Rep.PostAsync(Path, new { body = "Wants it in green.", about = new { type = "person", id = await host.PersonAsync() } });
        var path = $"{Path}/{note["id"]}";

        var changed = await host.Rep.PatchAsync(path, new { body = "Wants it in blue. 🟦" }, ("If-Match", note.ETag!));
        (await host.Rep.PatchAsync(path, new { body = "Late" }, ("If-Match", note.ETag!))).ShouldBeProblem(HttpStatusCode.Conflict, "stale-version");
        (await host.Rep.SendAsync(HttpMethod.Delete, path, null, ("If-Match", changed.ETag!))).Status.ShouldBe(HttpStatusCode.NoContent);
        (await host.Rep.GetAsync(path)).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        var restored = await host.Rep.PostAsync($"{path}/restore", "");

        changed["about"].ToJsonString().ShouldBe(note["about"].ToJsonString());
        restored["body"].GetValue<string>().ShouldBe("Wants it in blue. 🟦");
        (await host.EventsAsync("note", note)).ShouldBe(["crm.note.created", "crm.note.updated", "crm.note.deleted", "crm.note.restored"]);
    }

    [Fact]
    public async Task Another_workspaces_note_is_answered_like_one_that_does_not_exist()
    {
        var note = await host.Rep.PostAsync(Path, new { body = "Wants it in green.", about = new { type = "person", id = await host.PersonAsync() } });

        foreach (var (method, below, body) in new[] { (HttpMethod.Get, "", null), (HttpMethod.Patch, "", """{ "body": "Mine" }"""), (HttpMethod.Post, "/restore", null), (HttpMethod.Delete, "", null) })
        {
            var theirs = await host.Stranger.SendAsync(method, $"{Path}/{note["id"]}{below}", body is null ? null : Http.Api.Json(body), ("If-Match", "\"1\""));
            theirs.ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        }
    }

    [Theory]
    [InlineData("""{ "body": "A" }""", "/about required")]
    [InlineData("""{ "about": { "type": "deal", "id": "00000000-0000-7000-8000-0000000000ff" } }""", "/body required")]
    [InlineData("""{ "body": "", "about": { "type": "deal", "id": "00000000-0000-7000-8000-0000000000ff" } }""", "/body invalid")]
    [InlineData("""{ "body": "A", "about": { "type": "deal", "id": "00000000-0000-7000-8000-0000000000ff" } }""", "/about/id not-found")]
    [InlineData("""{ "body": "A", "about": { "type": "note", "id": "00000000-0000-7000-8000-0000000000ff" } }""", "/about/type invalid")]
    [InlineData("""{ "body": "A", "about": null }""", "/about body")]
    [InlineData("""{ "body": "A", "about": { "type": "deal", "id": "00000000-0000-7000-8000-0000000000ff" }, "createdBy": "00000000-0000-7000-8000-0000000000ff" }""", "/createdBy additional-property")]
    public async Task Wrong_values_are_refused_with_their_place_and_nothing_is_written(string body, string fault)
    {
        var before = await host.RowsAsync();

        (await host.Rep.PostAsync(Path, body)).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe([fault]);

        (await host.RowsAsync()).ShouldBe(before);
    }
}
