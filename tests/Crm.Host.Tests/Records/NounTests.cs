using System.Net;
using System.Text.Json.Nodes;

namespace Crm.Host.Tests.Records;

/// <summary>What people, organizations, leads and deals have in common from their creation to their restoration.</summary>
public sealed class NounTests(CrmHost host) : IClassFixture<CrmHost>
{
    public static TheoryData<string> Nouns => Noun.Names;

    [Theory]
    [MemberData(nameof(Nouns))]
    public async Task New_record_belongs_to_who_made_it_unless_it_is_said_for_whom(string name)
    {
        var noun = Noun.Of(name);
        var grace = await host.UserAsync();

        var mine = await noun.CreateAsync(host.Rep);
        var theirs = await noun.CreateAsync(host.Rep, new { name = "Acme", ownerId = grace });

        mine.ETag.ShouldBe("\"1\"");
        mine.Location.ShouldBe(noun.At(mine));
        mine["ownerName"].GetValue<string>().ShouldBe("sales-rep");
        mine["createdBy"].ToJsonString().ShouldBe(mine["ownerId"].ToJsonString());
        theirs["ownerName"].GetValue<string>().ShouldBe("Grace");
        var read = await host.Rep.GetAsync(noun.At(mine));
        (read.Text, read.ETag).ShouldBe((mine.Text, mine.ETag));
    }

    [Theory]
    [MemberData(nameof(Nouns))]
    public async Task Patch_changes_what_is_sent_clears_what_is_null_keeps_the_rest_and_tells_of_that_alone(string name)
    {
        var noun = Noun.Of(name);
        foreach (var (key, kind) in new[] { ("colour", "text"), ("size", "number"), ("shape", "text") }) await host.HaveFieldAsync(name, key, kind);
        await host.HaveFieldAsync(name, "tags", "multi-choice", "a", "b");
        var made = await noun.CreateAsync(host.Rep, new { name = "Acme", custom = new { colour = "red", size = 1.50, tags = new[] { "a", "b" } } });

        var renamed = await host.Rep.PatchAsync(noun.At(made), new { name = "Acme Ltd" }, ("If-Match", "\"1\""));
        var merged = await host.Rep.PatchAsync(noun.At(made), new { version = 2, ownerId = (string?)null, custom = new { colour = (string?)null, shape = "round" } });

        renamed.Status.ShouldBe(HttpStatusCode.OK, renamed.Text);
        renamed.ETag.ShouldBe("\"2\"");
        renamed["custom"].ToJsonString().ShouldBe(made["custom"].ToJsonString());
        merged.Status.ShouldBe(HttpStatusCode.OK, merged.Text);
        merged["name"].GetValue<string>().ShouldBe("Acme Ltd");
        merged.Json["ownerId"].ShouldBeNull();
        merged["previousOwnerId"].ToJsonString().ShouldBe(made["ownerId"].ToJsonString());
        JsonNode.DeepEquals(merged["custom"], JsonNode.Parse("""{ "size": 1.5, "tags": ["a", "b"], "shape": "round" }""")).ShouldBeTrue(merged.Text);
        (await ChangedAsync(noun, made)).ShouldBe(["custom,ownerId", "name"]);
    }

    [Theory]
    [MemberData(nameof(Nouns))]
    public async Task Patch_that_changes_nothing_is_no_change(string name)
    {
        var noun = Noun.Of(name);
        await host.HaveFieldAsync(name, "size", "number");
        await host.HaveFieldAsync(name, "colour");
        var made = await noun.CreateAsync(host.Rep, new { name = "Acme", custom = new { size = 1.50, colour = "red" } });

        var same = await host.Rep.PatchAsync(noun.At(made), new { name = "Acme", custom = new { size = 1.5 } }, ("If-Match", "\"1\""));

        (same.Status, same.ETag).ShouldBe((HttpStatusCode.OK, "\"1\""));
        (await ChangedAsync(noun, made)).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Nouns))]
    public async Task Assignment_keeps_the_previous_owner_and_is_told(string name)
    {
        var noun = Noun.Of(name);
        var made = await noun.CreateAsync(host.Rep);
        var grace = await host.UserAsync();

        var assigned = await host.Rep.PostAsync($"{noun.At(made)}/assign", new { ownerId = grace, version = 1 });
        var again = await host.Rep.PostAsync($"{noun.At(made)}/assign", new { ownerId = grace, version = 2 });

        assigned.Status.ShouldBe(HttpStatusCode.OK, assigned.Text);
        assigned["ownerId"].GetValue<Guid>().ShouldBe(grace);
        assigned["previousOwnerId"].ToJsonString().ShouldBe(made["ownerId"].ToJsonString());
        again.Text.ShouldBe(assigned.Text);
        (await host.EventsAsync(name, made)).Where(t => t.StartsWith("crm.")).ShouldBe(
            [$"crm.{name}.created", $"crm.{name}.assigned", $"crm.{name}.updated", $"crm.{name}.assigned"]);
    }

    [Theory]
    [MemberData(nameof(Nouns))]
    public async Task Deleted_record_is_gone_for_everything_until_it_is_restored(string name)
    {
        var noun = Noun.Of(name);
        var made = await noun.CreateAsync(host.Rep);
        var path = noun.At(made);

        (await host.Rep.SendAsync(HttpMethod.Delete, path, null, ("If-Match", "\"1\""))).Status.ShouldBe(HttpStatusCode.NoContent);

        (await host.Rep.GetAsync(path)).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        (await host.Rep.PatchAsync(path, new { name = "Late", version = 2 })).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        (await host.Rep.PostAsync($"{path}/assign", new { ownerId = made["ownerId"], version = 2 })).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        (await host.Rep.SendAsync(HttpMethod.Delete, path, null, ("If-Match", "\"2\""))).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        var restored = await host.Rep.SendAsync(HttpMethod.Post, $"{path}/restore", null);
        restored.Status.ShouldBe(HttpStatusCode.OK, restored.Text);
        restored.ETag.ShouldBe("\"3\"");
        (await host.Rep.GetAsync(path)).Text.ShouldBe(restored.Text);
        (await host.Rep.SendAsync(HttpMethod.Post, $"{path}/restore", null)).ShouldBeProblem(HttpStatusCode.Conflict, "conflict");
        (await host.EventsAsync(name, made)).TakeLast(2).ShouldBe([$"crm.{name}.deleted", $"crm.{name}.restored"]);
    }

    [Theory]
    [MemberData(nameof(Nouns))]
    public async Task Change_of_a_version_nobody_has_seen_is_refused_and_writes_nothing(string name)
    {
        var noun = Noun.Of(name);
        var made = await noun.CreateAsync(host.Rep);
        await host.Rep.PatchAsync(noun.At(made), new { name = "First", version = 1 });
        var before = await host.RowsAsync();

        foreach (var late in new[]
        {
            await host.Rep.PatchAsync(noun.At(made), new { name = "Late", version = 1 }),
            await host.Rep.PatchAsync(noun.At(made), new { name = "Late" }, ("If-Match", "\"1\"")),
            await host.Rep.PostAsync($"{noun.At(made)}/assign", new { ownerId = made["ownerId"], version = 1 }),
            await host.Rep.SendAsync(HttpMethod.Delete, noun.At(made), null, ("If-Match", "\"1\"")),
        })
        {
            late.ShouldBeProblem(HttpStatusCode.Conflict, "stale-version")["currentVersion"].GetValue<int>().ShouldBe(2);
        }

        (await host.Rep.PatchAsync(noun.At(made), new { name = "Blind" })).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe(["/version required"]);
        (await host.Rep.SendAsync(HttpMethod.Delete, noun.At(made), null)).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe(["/version required"]);
        (await host.Rep.PatchAsync(noun.At(made), new { name = "Both", version = 2 }, ("If-Match", "\"2\""))).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe(["/version ambiguous"]);
        (await host.Rep.PatchAsync(noun.At(made), new { name = "Any" }, ("If-Match", "*"))).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe([" if-match"]);
        (await host.RowsAsync()).ShouldBe(before);
    }

    [Theory]
    [MemberData(nameof(Nouns))]
    public async Task Of_two_changes_at_once_one_is_made_and_the_other_is_told(string name)
    {
        var noun = Noun.Of(name);
        for (var round = 0; round < 10; round++)
        {
            var made = await noun.CreateAsync(host.Rep);

            var answers = await Task.WhenAll(host.Rep.PatchAsync(noun.At(made), new { name = "One", version = 1 }), host.Admin.PatchAsync(noun.At(made), new { name = "Two", version = 1 }));

            answers.Select(a => a.Status).ShouldBe([HttpStatusCode.OK, HttpStatusCode.Conflict], ignoreOrder: true);
            (await host.Rep.GetAsync(noun.At(made)))["version"].GetValue<int>().ShouldBe(2);
        }
    }

    [Theory]
    [MemberData(nameof(Nouns))]
    public async Task Repeated_request_under_a_key_has_one_effect_and_one_answer(string name)
    {
        var noun = Noun.Of(name);
        var key = ("Idempotency-Key", $"{name} {Path.GetRandomFileName()}");
        var created = await host.Rep.PostAsync(noun.Path, new { name = "Once" }, key);
        await host.Rep.SendAsync(HttpMethod.Delete, noun.At(created), null, ("If-Match", "\"1\""));
        var restored = await host.Rep.SendAsync(HttpMethod.Post, $"{noun.At(created)}/restore", null, key);
        var assigned = await host.Rep.PostAsync($"{noun.At(created)}/assign", new { ownerId = await host.UserAsync(), version = 3 }, key);
        var rows = await host.RowsAsync();

        (created.Status, restored.Status, assigned.Status).ShouldBe((HttpStatusCode.Created, HttpStatusCode.OK, HttpStatusCode.OK));
        (await host.Rep.PostAsync(noun.Path, new { name = "Once" }, key)).ShouldBe(created);
        (await host.Rep.SendAsync(HttpMethod.Post, $"{noun.At(created)}/restore", null, key)).ShouldBe(restored);
        (await host.Rep.PostAsync($"{noun.At(created)}/assign", new { ownerId = assigned["ownerId"], version = 3 }, key)).ShouldBe(assigned);
        (await host.RowsAsync()).ShouldBe(rows);
    }

    // The fields each crm.….updated tells of, the newest first.
    private async Task<IReadOnlyList<string>> ChangedAsync(Noun noun, Http.Answer record) =>
        [.. (await host.Admin.GetAsync($"/api/v1/events?subject={noun.Name}/{record["id"]}&type=crm.{noun.Name}.updated")).Items
            .Select(e => string.Join(',', e["data"]!["changed"]!.AsArray().Select(f => f!.GetValue<string>())))];
}
