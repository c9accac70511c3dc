using System.Net;
using System.Text.Json.Nodes;

namespace Crm.Host.Tests.Activities;

/// <summary>What is to do about a record, from its creation until it is done.</summary>
public sealed class ActivityTests(CrmHost host) : IClassFixture<CrmHost>
{
    private const string Path = "/api/v1/activities";

    [Fact]
    public async Task New_activity_is_for_who_made_it_and_names_what_it_is_about()
    {
        var deal = await host.Rep.DealAsync(new { name = "Acme, 40 seats" });

        var activity = await CreateAsync(new { subject = "Ring Ada", kind = "call", dueAt = "2027-01-31T09:00:00+02:00", about = new { type = "deal", id = deal["id"] } });

        activity.ETag.ShouldBe("\"1\"");
        activity.Location.ShouldBe($"{Path}/{activity["id"]}");
        activity["kind"].GetValue<string>().ShouldBe("call");
        activity["assigneeName"].GetValue<string>().ShouldBe("sales-rep");
        activity["dueAt"].GetValue<DateTimeOffset>().ShouldBe(new(2027, 1, 31, 7, 0, 0, TimeSpan.Zero));
        activity["about"].ToJsonString().ShouldBe(new JsonObject { ["type"] = "deal", ["id"] = deal["id"].DeepClone(), ["name"] = "Acme, 40 seats" }.ToJsonString());
        activity["isSystem"].GetValue<bool>().ShouldBeFalse();
        (await host.Rep.GetAsync($"{Path}/{activity["id"]}")).Text.ShouldBe(activity.Text);
        (await host.EventsAsync("activity", activity)).ShouldBe(["crm.activity.created"]);
    }

    [Theory]
    [InlineData("deal")]
    [InlineData("lead")]
    [InlineData("person")]
    [InlineData("organization")]
    [InlineData("record")]
    public async Task Activity_is_about_any_record_of_its_own_workspace(string type)
    {
        var mine = await host.SomethingAsync(type);
        var theirs = await host.SomethingAsync(type, host.OtherWorkspace);

        var activity = await CreateAsync(new { subject = "Look into it", about = new { type, id = mine } });
        var before = await host.RowsAsync();
        var trespass = await host.Rep.PostAsync(Path, new { subject = "Look into it", about = new { type, id = theirs } });
        var moved = await host.Rep.PatchAsync($"{Path}/{activity["id"]}", new { about = new { id = theirs } }, ("If-Match", "\"1\""));

        activity["about"]["type"]!.GetValue<string>().ShouldBe(type);
        activity["about"]["id"]!.GetValue<Guid>().ShouldBe(mine);
        activity["about"]["name"]!.GetValue<string>().ShouldBe("Something");
        trespass.ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe(["/about/id not-found"]);
        moved.ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe(["/about/id not-found"]);
        (await host.RowsAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Patch_changes_what_is_sent_clears_what_is_null_and_keeps_the_rest()
    {
        var person = await host.PersonAsync();
        var activity = await CreateAsync(new { subject = "Ring Ada", body = "About the offer", dueAt = "2027-01-31T09:00:00Z", about = new { type = "person", id = person } });

        var changed = await host.Rep.PatchAsync($"{Path}/{activity["id"]}", new { subject = "Write to Ada", kind = "email", about = (object?)null }, ("If-Match", "\"1\""));

        changed.Status.ShouldBe(HttpStatusCode.OK, changed.Text);
        changed.ETag.ShouldBe("\"2\"");
        changed["subject"].GetValue<string>().ShouldBe("Write to Ada");
        changed["body"].GetValue<string>().ShouldBe("About the offer");
        changed["dueAt"].ToJsonString().ShouldBe(activity["dueAt"].ToJsonString());
        changed.Json["about"].ShouldBeNull();
        (await host.Rep.PatchAsync($"{Path}/{activity["id"]}", new { subject = "Late" }, ("If-Match", "\"1\""))).ShouldBeProblem(HttpStatusCode.Conflict, "stale-version")["currentVersion"].GetValue<int>().ShouldBe(2);
        (await host.EventsAsync("activity", activity)).ShouldBe(["crm.activity.created", "crm.activity.updated"]);
    }

    [Fact]
    public async Task Completed_activity_says_when_and_by_whom_and_completing_it_again_changes_nothing()
    {
        var activity = await CreateAsync(new { subject = "Meet Ada", kind = "meeting" });

        var done = await host.Admin.PostAsync($"{Path}/{activity["id"]}/complete", "");
        var again = await host.Rep.PostAsync($"{Path}/{activity["id"]}/complete", "");

        done.Status.ShouldBe(HttpStatusCode.OK, done.Text);
        done.ETag.ShouldBe("\"2\"");
        done["doneAt"].GetValue<DateTimeOffset>().ShouldBeInRange(activity["createdAt"].GetValue<DateTimeOffset>(), done["updatedAt"].GetValue<DateTimeOffset>());
        done["doneBy"].GetValue<Guid>().ShouldBe(done["updatedBy"].GetValue<Guid>());
        done["doneBy"].GetValue<Guid>().ShouldNotBe(activity["createdBy"].GetValue<Guid>());
        again.ShouldBe(done);
        (await host.EventsAsync("activity", activity)).ShouldBe(["crm.activity.created", "crm.activity.updated", "crm.activity.completed", "crm.meeting.completed"]);
    }

    [Fact]
    public async Task Of_many_who_complete_at_once_one_has_done_it_and_all_are_told_so()
    {
        var activity = await CreateAsync(new { subject = "Ring Ada" });

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => (i % 2 == 0 ? host.Admin : host.Rep).PostAsync($"{Path}/{activity["id"]}/complete", "")));

        answers.ShouldAllBe(a => a.Status == HttpStatusCode.OK);
        answers.Select(a => a.Text).Distinct().Count().ShouldBe(1);
        (await host.EventsAsync("activity", activity)).Count(e => e == "crm.activity.completed").ShouldBe(1);
    }

    [Fact]
    public async Task Reopened_activity_is_to_do_again_and_is_told_when_it_is_done_once_more()
    {
        var activity = await CreateAsync(new { subject = "Ring Ada" });
        await host.Rep.PostAsync($"{Path}/{activity["id"]}/complete", "");

        var open = await host.Rep.PostAsync($"{Path}/{activity["id"]}/reopen", "");
        var again = await host.Rep.PostAsync($"{Path}/{activity["id"]}/reopen", "");
        await host.Rep.PostAsync($"{Path}/{activity["id"]}/complete", "");

        open.Json["doneAt"].ShouldBeNull(open.Text);
        open.Json["doneBy"].ShouldBeNull();
        again.ShouldBe(open);
        (await host.EventsAsync("activity", activity)).Count(e => e == "crm.activity.completed").ShouldBe(2);
    }

    [Fact]
    public async Task Deleted_activity_is_gone_until_it_is_restored()
    {
        var activity = await CreateAsync(new { subject = "Ring Ada" });
        var path = $"{Path}/{activity["id"]}";

        (await host.Rep.SendAsync(HttpMethod.Delete, path, null)).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe(["/version required"]);
        (await host.Rep.SendAsync(HttpMethod.Delete, path, null, ("If-Match", "\"7\""))).ShouldBeProblem(HttpStatusCode.Conflict, "stale-version");
        (await host.Rep.SendAsync(HttpMethod.Delete, path, null, ("If-Match", "\"1\""))).Status.ShouldBe(HttpStatusCode.NoContent);

        (await host.Rep.GetAsync(path)).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        (await host.Rep.PostAsync($"{path}/complete", "")).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        (await host.Rep.PostAsync($"{path}/restore", "")).Status.ShouldBe(HttpStatusCode.OK);
        (await host.Rep.PostAsync($"{path}/restore", "")).ShouldBeProblem(HttpStatusCode.Conflict, "conflict");
        (await host.Rep.GetAsync(path))["version"].GetValue<int>().ShouldBe(3);
        (await host.EventsAsync("activity", activity)).ShouldBe(["crm.activity.created", "crm.activity.deleted", "crm.activity.restored"]);
    }

    [Fact]
    public async Task Another_workspaces_activity_is_answered_like_one_that_does_not_exist()
    {
        var path = $"{Path}/{(await CreateAsync(new { subject = "Ring Ada" }))["id"]}";
        var nowhere = $"{Path}/{Guid.CreateVersion7()}";

        foreach (var (method, below, body) in new[]
        {
            (HttpMethod.Get, "", null), (HttpMethod.Patch, "", """{ "subject": "Mine" }"""), (HttpMethod.Post, "/complete", null), (HttpMethod.Post, "/reopen", null),
            (HttpMethod.Post, "/restore", null), (HttpMethod.Delete, "", null),
        })
        {
            var theirs = await host.Stranger.SendAsync(method, path + below, body is null ? null : Http.Api.Json(body), ("If-Match", "\"1\""));
            theirs.ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
            theirs.WithoutTrace.ShouldBe((await host.Stranger.SendAsync(method, nowhere + below, body is null ? null : Http.Api.Json(body), ("If-Match", "\"1\""))).WithoutTrace);
        }
    }

    [Theory]
    [InlineData("""{ }""", "/subject required")]
    [InlineData("""{ "subject": "" }""", "/subject invalid")]
    [InlineData("""{ "subject": "A", "kind": "fax" }""", "/kind invalid")]
    [InlineData("""{ "subject": "A", "dueAt": "tomorrow" }""", "/dueAt body")]
    [InlineData("""{ "subject": "A", "dueAt": "2027-01-31T09:00:00" }""", "/dueAt body")]
    [InlineData("""{ "subject": "A", "dueAt": "2027-02-30T09:00:00Z" }""", "/dueAt body")]
    [InlineData("""{ "subject": "A", "startsAt": "2027-01-31T10:00:00Z", "endsAt": "2027-01-31T09:00:00Z" }""", "/endsAt out-of-range")]
    [InlineData("""{ "subject": "A", "assigneeId": "00000000-0000-7000-8000-0000000000ff" }""", "/assigneeId not-found")]
    [InlineData("""{ "subject": "A", "about": { "type": "invoice", "id": "00000000-0000-7000-8000-0000000000ff" } }""", "/about/type invalid")]
    [InlineData("""{ "subject": "A", "about": { "type": "deal", "id": "00000000-0000-7000-8000-0000000000ff" } }""", "/about/id not-found")]
    [InlineData("""{ "subject": "A", "about": { "type": "deal" } }""", "/about/id required")]
    [InlineData("""{ "subject": "A", "about": 7 }""", "/about type")]
    [InlineData("""{ "subject": "A", "doneAt": "2026-01-01T00:00:00Z" }""", "/doneAt additional-property")]
    [InlineData("""{ "subject": "A", "doneBy": null }""", "/doneBy additional-property")]
    [InlineData("""{ "subject": "A", "isSystem": true }""", "/isSystem additional-property")]
    [InlineData("""{ "subject": "A", "causeEventId": "00000000-0000-7000-8000-0000000000ff" }""", "/causeEventId additional-property")]
    [InlineData("""{ "subject": "A", "createdBy": "00000000-0000-7000-8000-0000000000ff" }""", "/createdBy additional-property")]
    public async Task Wrong_values_are_refused_with_their_place_and_nothing_is_written(string body, string fault)
    {
        var before = await host.RowsAsync();

        (await host.Rep.PostAsync(Path, body)).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe([fault]);

        (await host.RowsAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Texts_are_kept_to_the_letter_and_too_long_ones_refused()
    {
        const string Text = "مكالمة مع آدا 📞 — \"quoted\" \\ 'single' <b>";

        var activity = await CreateAsync(new { subject = Text, body = new string('ß', 20_000), about = (object?)null });

        activity["subject"].GetValue<string>().ShouldBe(Text);
        activity["body"].GetValue<string>().Length.ShouldBe(20_000);
        (await host.Rep.PostAsync(Path, new { subject = new string('x', 5_000), body = new string('x', 20_001) })).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid")
            .Faults.ShouldBe(["/subject invalid", "/body invalid"], ignoreOrder: true);
    }

    private async Task<Http.Answer> CreateAsync(object body)
    {
        var answer = await host.Rep.PostAsync(Path, body);
        answer.Status.ShouldBe(HttpStatusCode.Created, answer.Text);
        return answer;
    }
}
