using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Crm.Entities;
using Crm.Entities.Activities;
using Crm.Entities.Notes;
using Crm.Entities.Records;
using Crm.Host.Timeline;
using Crm.Testing;
using Crm.Wfm.Moves;
using Crm.Wfm.Persistence;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Crm.Host.Tests.Timeline;

/// <summary>What happened to a record: moves, activities and notes in one list.</summary>
public sealed class TimelineTests(CrmHost host) : IClassFixture<CrmHost>
{
    private static readonly DateTimeOffset At = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static TheoryData<string, string> Nouns => new() { { "deals", "deal" }, { "leads", "lead" }, { "people", "person" }, { "organizations", "organization" }, { "records", "record" } };

    [Fact]
    public async Task Moves_activities_and_notes_come_together_the_newest_first()
    {
        var deal = await host.Rep.DealAsync();
        var path = $"/api/v1/deals/{deal["id"]}";
        var about = new { type = "deal", id = deal["id"] };
        var activity = await host.Rep.PostAsync("/api/v1/activities", new { subject = "Ring Ada", body = "About the offer", kind = "call", dueAt = "2027-01-31T09:00:00Z", about });
        await host.Rep.PostAsync($"{path}/moves", new { transition = "contact", version = 1, reason = "She rang." });
        var note = await host.Admin.PostAsync("/api/v1/notes", new { body = "Wants it in green.", about });
        await host.Rep.PostAsync("/api/v1/activities", new { subject = "Something else" });

        var open = await host.Rep.GetAsync($"{path}/timeline");
        await host.Admin.PostAsync($"/api/v1/activities/{activity["id"]}/complete", "");
        var done = await host.Rep.GetAsync($"{path}/timeline");

        open.Items.Select(Kind).ShouldBe(["note", "move", "activity", "move"], open.Text);
        done.Items.Select(Kind).ShouldBe(["activity", "note", "move", "move"], done.Text);
        open.Json["next"].ShouldBeNull();
        var (call, words, contact, start) = (done.Items[0], done.Items[1], done.Items[2], done.Items[3]);
        (call["id"]!.GetValue<string>(), call["byName"]!.GetValue<string>()).ShouldBe((activity["id"].GetValue<string>(), "admin and sales-manager"));
        call["activity"]!["subject"]!.GetValue<string>().ShouldBe("Ring Ada");
        call["activity"]!["dueAt"]!.GetValue<DateTimeOffset>().ShouldBe(new(2027, 1, 31, 9, 0, 0, TimeSpan.Zero));
        call["activity"]!["doneAt"]!.ToJsonString().ShouldBe(call["at"]!.ToJsonString());
        (words["id"]!.GetValue<string>(), words["note"]!["body"]!.GetValue<string>()).ShouldBe((note["id"].GetValue<string>(), "Wants it in green."));
        contact["move"]!.ToJsonString().ShouldBe("""{"projectType":"sales-deal","version":2,"transition":"contact","from":"qualification","to":"initial-contact","reason":"She rang."}""");
        contact["byName"]!.GetValue<string>().ShouldBe("sales-rep");
        start["move"]!.ToJsonString().ShouldBe("""{"projectType":"sales-deal","version":1,"transition":null,"from":null,"to":"qualification","reason":null}""");
    }

    [Theory]
    [MemberData(nameof(Nouns))]
    public async Task Following_next_finds_all_that_happened_once_in_order_even_at_one_moment(string path, string noun)
    {
        var id = await host.SomethingAsync(noun);
        await HappenAsync(noun, id, activities: 7, notes: 7);
        var all = (await host.Rep.GetAsync($"/api/v1/{path}/{id}/timeline")).Items;

        foreach (var limit in new[] { 1, 2, 5, 13, 14, 200 })
        {
            var (found, after) = (new List<JsonNode>(), "");
            do
            {
                var page = await host.Rep.GetAsync($"/api/v1/{path}/{id}/timeline?limit={limit}{after}");
                page.Items.Count.ShouldBeLessThanOrEqualTo(limit, page.Text);
                found.AddRange(page.Items);
                after = page.Json["next"] is { } next ? $"&after={next}" : "";
            }
            while (after.Length > 0);

            found.Select(e => e.ToJsonString()).ShouldBe(all.Select(e => e.ToJsonString()), $"limit {limit}");
        }

        all.Count.ShouldBe(14);
        all.Select(e => e["id"]!.GetValue<Guid>()).Distinct().Count().ShouldBe(14);
        all.Select(e => e["at"]!.GetValue<DateTimeOffset>()).ShouldBe(all.Select(e => e["at"]!.GetValue<DateTimeOffset>()).OrderDescending());
    }

    [Fact]
    public async Task Record_with_moves_of_several_projects_at_one_moment_is_paged_without_loss()
    {
        var record = await host.Rep.RecordAsync();
        foreach (var _ in Enumerable.Range(0, 2))
        {
            var project = await host.Rep.PostAsync("/api/v1/projects", new { subject = new { type = "opportunity", id = record } });
            await host.Rep.MoveAsync(project["id"].GetValue<string>(), "lose", 1, input: new { lostReason = "price" });
        }

        await using var owner = NpgsqlDataSource.Create(host.Owner);
        await using (var same = owner.CreateCommand($"update wfm.history set at = '2026-03-01Z' where project_id in (select id from wfm.project where subject_id = '{record}')")) await same.ExecuteNonQueryAsync();

        var all = (await host.Rep.GetAsync($"/api/v1/records/{record}/timeline")).Items;
        var (found, after) = (new List<string>(), "");
        for (var i = 0; i < 4; i++)
        {
            var page = await host.Rep.GetAsync($"/api/v1/records/{record}/timeline?limit=1{after}");
            found.Add(page.Items.Single().ToJsonString());
            after = $"&after={page.Json["next"]}";
        }

        after.ShouldBe("&after=");
        found.ShouldBe(all.Select(e => e.ToJsonString()));
        all.Select(e => e["move"]!["version"]!.GetValue<int>()).ShouldBe([2, 1, 2, 1]);
    }

    [Theory]
    [MemberData(nameof(Nouns))]
    public async Task Record_to_which_nothing_happened_has_an_empty_timeline_and_another_workspaces_none(string path, string noun)
    {
        var (mine, theirs) = (await host.SomethingAsync(noun), await host.SomethingAsync(noun, host.OtherWorkspace));

        (await host.Rep.GetAsync($"/api/v1/{path}/{mine}/timeline")).Text.ShouldBe("""{"items":[],"next":null}""");
        var trespass = await host.Rep.GetAsync($"/api/v1/{path}/{theirs}/timeline");
        trespass.ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        trespass.WithoutTrace.ShouldBe((await host.Rep.GetAsync($"/api/v1/{path}/{Guid.CreateVersion7()}/timeline")).WithoutTrace);
    }

    [Fact]
    public async Task What_is_deleted_is_left_out_and_a_deleted_record_has_none()
    {
        var deal = await host.Rep.DealAsync();
        var path = $"/api/v1/deals/{deal["id"]}";
        var about = new { type = "deal", id = deal["id"] };
        var activity = await host.Rep.PostAsync("/api/v1/activities", new { subject = "Ring Ada", about });
        var note = await host.Rep.PostAsync("/api/v1/notes", new { body = "Wants it in green.", about });

        foreach (var gone in new[] { $"/api/v1/activities/{activity["id"]}", $"/api/v1/notes/{note["id"]}" }) await host.Rep.SendAsync(HttpMethod.Delete, gone, null, ("If-Match", "\"1\""));

        (await host.Rep.GetAsync($"{path}/timeline")).Items.Select(Kind).ShouldBe(["move"]);
        await host.Rep.SendAsync(HttpMethod.Delete, path, null, ("If-Match", "\"1\""));
        (await host.Rep.GetAsync($"{path}/timeline")).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task Cursor_of_another_query_is_a_fault()
    {
        var (deal, person) = (await host.SomethingAsync("deal"), await host.SomethingAsync("person"));
        foreach (var (noun, id) in new[] { ("deal", deal), ("person", person) }) await HappenAsync(noun, id, activities: 2, notes: 0);
        var next = (await host.Rep.GetAsync($"/api/v1/deals/{deal}/timeline?limit=1"))["next"].GetValue<string>();
        var listed = (await host.Rep.GetAsync("/api/v1/activities?limit=1"))["next"].GetValue<string>();

        foreach (var wrong in new[] { $"people/{person}/timeline?after={next}", $"activities?after={next}", $"deals/{deal}/timeline?after={listed}", $"deals/{deal}/timeline?after={next}x", $"deals/{deal}/timeline?after=" + "7" })
        {
            (await host.Rep.GetAsync($"/api/v1/{wrong}")).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.Single().ShouldEndWith(" cursor");
        }

        (await host.Rep.GetAsync($"/api/v1/deals/{deal}/timeline?limit=0")).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid");
        (await host.Rep.GetAsync($"/api/v1/deals/{deal}/timeline?limit=201")).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid");
    }

    [Fact]
    public async Task A_page_is_one_statement_and_reads_no_more_than_itself_however_long_the_history()
    {
        const int Long = 3_000;
        var (deal, id) = (await host.Rep.DealAsync(), Guid.Empty);
        id = deal["id"].GetValue<Guid>();
        await HappenAsync("deal", id, activities: 300, notes: 300);
        await using var owner = NpgsqlDataSource.Create(host.Owner);
        await using (var command = owner.CreateCommand($"""
            insert into wfm.history (workspace_id, project_id, version, transition, from_step, to_step, actor_id, at, workflow_version_id, body, prev, hash)
              select h.workspace_id, h.project_id, 1 + n, 'again', h.to_step, h.to_step, h.actor_id, h.at + n * interval '1 second', h.workflow_version_id, '', '', ''
              from wfm.history h cross join generate_series(1, {Long}) n where h.project_id = '{deal["projectId"]}';
            analyze wfm.project; analyze wfm.history; analyze crm.activity; analyze crm.note; analyze crm.deal
            """)) await command.ExecuteNonQueryAsync();
        var first = await host.Rep.GetAsync($"/api/v1/deals/{id}/timeline?limit=10");
        using (var sent = new SentStatements(host.Application))
        {
            (await host.Rep.GetAsync($"/api/v1/deals/{id}/timeline?limit=10&after={first["next"]}")).Items.Count.ShouldBe(10);
            sent.Texts.Count(t => t.Contains("crm.", StringComparison.Ordinal)).ShouldBe(1, string.Join("\n\n", sent.Texts));
        }

        var statement = Regex.Replace(TimelineSql.ByNoun["deal"], @"\{(\d)\}", m => $"${int.Parse(m.Groups[1].Value) + 1}");
        var end = At.AddYears(1);
        var reads = await host.ReadsOfAsync(statement, id, end, "", Guid.Empty, 0, 11);
        // An incremental sort takes 32 rows at once.
        foreach (var index in new[] { "ix_history_at", "ix_activity_deal", "ix_note_deal" }) reads[index].Rows.ShouldBeInRange(1, 11 + 32, index);
        reads.Keys.Where(r => r.StartsWith("all of", StringComparison.Ordinal)).ShouldNotContain(r => r.EndsWith("history") || r.EndsWith("activity") || r.EndsWith("note"));
    }

    private static string Kind(JsonNode entry) => entry["kind"]!.GetValue<string>();

    // All at one moment, so that only kind and id part them.
    private async Task HappenAsync(string noun, Guid id, int activities, int notes)
    {
        await using var scope = host.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<Wfm.CurrentWorkspace>().Id = host.Workspace;
        var db = scope.ServiceProvider.GetRequiredService<CrmDbContext>();
        await using var transaction = await db.Database.BeginWorkspaceAsync(host.Workspace);
        for (var i = 0; i < activities + notes; i++)
        {
            CrmRecord made = i < activities
                ? new Activity { WorkspaceId = host.Workspace, Id = Guid.CreateVersion7(), Kind = "task", Subject = $"Task {i}" }
                : new Note { WorkspaceId = host.Workspace, Id = Guid.CreateVersion7(), Body = $"Note {i}" };
            About.Set((IAbout)made, new(noun, id));
            db.Add(made);
        }

        (await scope.ServiceProvider.GetRequiredService<RecordWriter>().SaveAsync(new(Actor.System, Past: At), default)).ShouldBeOfType<SaveResult.Saved>();
        await transaction.CommitAsync();
    }
}
