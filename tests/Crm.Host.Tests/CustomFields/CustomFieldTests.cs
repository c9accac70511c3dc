using System.Net;

namespace Crm.Host.Tests.CustomFields;

/// <summary>What an admin says of the fields a workspace gives its records.</summary>
public sealed class CustomFieldTests(CrmHost host) : IClassFixture<CrmHost>
{
    private const string Path = "/api/v1/custom-fields";

    [Fact]
    public async Task Field_is_made_changed_and_read_in_the_readers_language()
    {
        var made = await host.FieldAsync("deal", "tier", "choice", new
        {
            title = new { en = "Tier", de = "Stufe" },
            options = new object[] { new { key = "gold", title = "Gold" }, new { key = "silver", title = new { en = "Silver", de = "Silber" } } },
        });

        var changed = await host.Admin.PatchAsync($"{Path}/{made["id"]}", new { title = new { fr = "Niveau" }, filterable = true }, ("If-Match", "\"1\""));
        var german = await host.Rep.GetAsync($"{Path}/{made["id"]}", ("Accept-Language", "de"));
        var listed = await host.Rep.GetAsync($"{Path}?recordType=deal", ("Accept-Language", "it"));

        made.Location.ShouldBe($"{Path}/{made["id"]}");
        changed.ETag.ShouldBe("\"2\"", changed.Text);
        german["label"].GetValue<string>().ShouldBe("Stufe");
        german["title"].AsObject().Select(t => t.Key).ShouldBe(["en", "de", "fr"], ignoreOrder: true);
        german["options"].AsArray().Select(o => o!["label"]!.GetValue<string>()).ShouldBe(["Gold", "Silber"]);
        german["filterable"].GetValue<bool>().ShouldBeTrue();
        listed.Json.AsArray().Single(f => f!["key"]!.GetValue<string>() == "tier")!["label"]!.GetValue<string>().ShouldBe("Tier");
        (await host.EventsAsync("custom-field", made)).ShouldBe(["crm.custom-field.created", "crm.custom-field.updated"]);
    }

    [Fact]
    public async Task Only_admins_change_fields()
    {
        var field = await host.FieldAsync("lead", "onlyAdmins", "text");
        var path = $"{Path}/{field["id"]}";

        (await host.Rep.PostAsync(Path, new { recordType = "lead", key = "mine", kind = "text", title = "Mine" })).ShouldBeProblem(HttpStatusCode.Forbidden, "not-allowed");
        (await host.Rep.PatchAsync(path, new { title = "Mine" }, ("If-Match", "\"1\""))).ShouldBeProblem(HttpStatusCode.Forbidden, "not-allowed");
        (await host.Rep.SendAsync(HttpMethod.Delete, path, null, ("If-Match", "\"1\""))).ShouldBeProblem(HttpStatusCode.Forbidden, "not-allowed");
        (await host.Rep.PostAsync($"{path}/restore", "")).ShouldBeProblem(HttpStatusCode.Forbidden, "not-allowed");
        (await host.Rep.GetAsync(path))["version"].GetValue<int>().ShouldBe(1);
    }

    [Fact]
    public async Task Another_workspaces_field_is_answered_like_one_that_does_not_exist_and_means_nothing_here()
    {
        var path = $"{Path}/{(await host.FieldAsync("deal", "ours", "text"))["id"]}";

        (await host.Stranger.GetAsync(path)).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        (await host.Stranger.PatchAsync(path, new { title = "Mine" }, ("If-Match", "\"1\""))).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        (await host.Stranger.SendAsync(HttpMethod.Delete, path, null, ("If-Match", "\"1\""))).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        (await host.Stranger.PostAsync($"{path}/restore", "")).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        (await host.Stranger.GetAsync(Path)).Text.ShouldNotContain("ours");
        (await host.Stranger.PostAsync("/api/v1/deals", new { name = "Acme", custom = new { ours = "x" } })).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe(["/custom/ours custom-field"]);
    }

    [Theory]
    [InlineData("""{ "key": "a", "kind": "text", "title": "A" }""", "/recordType required")]
    [InlineData("""{ "recordType": "note", "key": "a", "kind": "text", "title": "A" }""", "/recordType invalid")]
    [InlineData("""{ "recordType": "deal", "key": "A", "kind": "text", "title": "A" }""", "/key invalid")]
    [InlineData("""{ "recordType": "deal", "key": "a-b", "kind": "text", "title": "A" }""", "/key invalid")]
    [InlineData("""{ "recordType": "deal", "key": "a\n", "kind": "text", "title": "A" }""", "/key invalid")]
    [InlineData("""{ "recordType": "deal", "key": "a", "kind": "money", "title": "A" }""", "/kind invalid")]
    [InlineData("""{ "recordType": "deal", "key": "a", "kind": "text", "title": "" }""", "/title invalid")]
    [InlineData("""{ "recordType": "deal", "key": "a", "kind": "text", "title": {} }""", "/title invalid")]
    [InlineData("""{ "recordType": "deal", "key": "a", "kind": "text", "title": { "en": 7 } }""", "/title invalid")]
    [InlineData("""{ "recordType": "deal", "key": "a", "kind": "text", "title": "A", "options": [] }""", "/options invalid")]
    [InlineData("""{ "recordType": "deal", "key": "a", "kind": "choice", "title": "A" }""", "/options invalid")]
    [InlineData("""{ "recordType": "deal", "key": "a", "kind": "choice", "title": "A", "options": [{ "key": "x", "title": "X" }, { "key": "x", "title": "X" }] }""", "/options/1/key invalid")]
    [InlineData("""{ "recordType": "deal", "key": "a", "kind": "choice", "title": "A", "options": [{ "key": "X Y", "title": "X" }] }""", "/options/0/key invalid")]
    [InlineData("""{ "recordType": "deal", "key": "a", "kind": "choice", "title": "A", "options": [{ "key": "x" }] }""", "/options/0 body")]
    [InlineData("""{ "recordType": "deal", "key": "a", "kind": "long-text", "title": "A", "filterable": true }""", "/filterable invalid")]
    [InlineData("""{ "recordType": "deal", "key": "taken", "kind": "text", "title": "A" }""", "/key taken")]
    [InlineData("""{ "recordType": "deal", "key": "a", "kind": "text", "title": "A", "archivedAt": null }""", "/archivedAt additional-property")]
    public async Task Wrong_definition_is_refused_with_its_place_and_nothing_is_written(string body, string fault)
    {
        if (fault == "/key taken") await host.FieldAsync("deal", "taken", "text");
        var before = await host.RowsAsync();

        (await host.Admin.PostAsync(Path, body)).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe([fault]);

        (await host.RowsAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task What_rules_and_values_rely_on_stays()
    {
        var field = await host.FieldAsync("deal", "fixed", "text");

        var answer = await host.Admin.PatchAsync($"{Path}/{field["id"]}", new { recordType = "lead", key = "other", kind = "number" }, ("If-Match", "\"1\""));

        answer.ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe(["/recordType read-only", "/key read-only", "/kind read-only"]);
        (await host.Admin.PatchAsync($"{Path}/{field["id"]}", new { title = "Late" }, ("If-Match", "\"7\""))).ShouldBeProblem(HttpStatusCode.Conflict, "stale-version");
    }

    [Fact]
    public async Task Unused_field_is_deleted_and_its_key_is_free_for_another_kind()
    {
        var field = await host.FieldAsync("deal", "unused", "text");

        (await host.Admin.SendAsync(HttpMethod.Delete, $"{Path}/{field["id"]}", null, ("If-Match", "\"1\""))).Status.ShouldBe(HttpStatusCode.NoContent);

        (await host.Admin.GetAsync($"{Path}/{field["id"]}")).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        (await host.FieldAsync("deal", "unused", "number"))["kind"].GetValue<string>().ShouldBe("number");
        (await host.EventsAsync("custom-field", field)).ShouldBe(["crm.custom-field.created", "crm.custom-field.deleted"]);
    }

    [Fact]
    public async Task Used_field_is_archived_values_stay_new_ones_are_refused_and_restoring_it_takes_them_again()
    {
        var field = await host.FieldAsync("deal", "used", "text");
        var deal = $"/api/v1/deals/{(await host.Rep.DealAsync(new { name = "Acme", custom = new { used = "once" } }))["id"]}";

        var archived = await host.Admin.SendAsync(HttpMethod.Delete, $"{Path}/{field["id"]}", null, ("If-Match", "\"1\""));

        archived.Status.ShouldBe(HttpStatusCode.OK, archived.Text);
        archived["archivedAt"].ShouldNotBeNull();
        (await host.Admin.GetAsync($"{Path}?archived=true")).Json.AsArray().Select(f => f!["key"]!.GetValue<string>()).ShouldBe(["used"]);
        (await host.Admin.GetAsync(Path)).Text.ShouldNotContain("\"used\"");
        (await host.Admin.PostAsync(Path, new { recordType = "deal", key = "used", kind = "number", title = "Used" })).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe(["/key taken"]);
        var renamed = await host.Rep.PatchAsync(deal, new { name = "Acme Ltd" }, ("If-Match", "\"1\""));
        renamed["custom"].ToJsonString().ShouldBe("""{"used":"once"}""");
        (await host.Rep.PatchAsync(deal, new { custom = new { used = "twice" } }, ("If-Match", "\"2\""))).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe(["/custom/used custom-field"]);
        (await host.Admin.PostAsync($"{Path}/{field["id"]}/restore", "")).Status.ShouldBe(HttpStatusCode.OK);
        (await host.Rep.PatchAsync(deal, new { custom = new { used = "twice" } }, ("If-Match", "\"2\""))).Status.ShouldBe(HttpStatusCode.OK);
        (await host.EventsAsync("custom-field", field)).ShouldBe(["crm.custom-field.created", "crm.custom-field.deleted", "crm.custom-field.restored"]);
    }
}
