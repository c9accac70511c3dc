using System.Net;
using System.Text.Json.Nodes;
using Crm.Host.Tests.Http;
using Crm.Wfm.Bundles;

namespace Crm.Host.Tests.Flows;

/// <summary>The automation of the sales bundle: whoever is given a deal by somebody else reviews it within a day.</summary>
public sealed class ReviewNewAssignmentTests(CrmHost host) : IClassFixture<CrmHost>
{
    [Fact]
    public async Task New_owner_gets_one_task_by_the_system_user_about_the_deal_due_in_a_day()
    {
        var deal = await host.Rep.DealAsync(new { name = "Müller & Söhne <GmbH>" });
        var grace = await host.UserAsync();

        var assigned = await host.Rep.PostAsync($"/api/v1/deals/{deal["id"]}/assign", new { ownerId = grace, version = 1 });

        assigned.Status.ShouldBe(HttpStatusCode.OK, assigned.Text);
        var task = (await TasksAsync(deal)).ShouldHaveSingleItem();
        task["kind"]!.GetValue<string>().ShouldBe("task");
        task["subject"]!.GetValue<string>().ShouldBe("Review new deal assignment: Müller & Söhne <GmbH>");
        task["assigneeId"]!.GetValue<Guid>().ShouldBe(grace);
        task["isSystem"]!.GetValue<bool>().ShouldBeTrue();
        task["createdBy"]!.GetValue<Guid>().ShouldBe(Guid.Empty);
        task["doneAt"].ShouldBeNull();
        (task["dueAt"]!.GetValue<DateTimeOffset>() - task["createdAt"]!.GetValue<DateTimeOffset>()).ShouldBe(TimeSpan.FromDays(1), TimeSpan.FromMinutes(2));
    }

    [Fact]
    public async Task What_was_done_is_traced_back_to_the_assignment_and_kept_in_the_runs_journal()
    {
        var deal = await host.Rep.DealAsync();
        await host.Rep.PostAsync($"/api/v1/deals/{deal["id"]}/assign", new { ownerId = await host.UserAsync(), version = 1 });

        var task = (await TasksAsync(deal)).ShouldHaveSingleItem();
        var assignment = (await host.Admin.GetAsync($"/api/v1/events?subject=deal/{deal["id"]}&type=crm.deal.assigned")).Items[0];
        var created = (await host.Admin.GetAsync($"/api/v1/events?subject=activity/{task["id"]}")).Items.ShouldHaveSingleItem();
        var run = (await host.Admin.GetAsync($"/api/v1/runs?event={assignment["id"]}")).Items.ShouldHaveSingleItem();
        var journal = (await host.Admin.GetAsync($"/api/v1/runs/{run["id"]}"))["journal"].AsArray();

        task["causeEventId"]!.GetValue<string>().ShouldBe(assignment["id"]!.GetValue<string>());
        created["causationid"]!.GetValue<string>().ShouldBe(assignment["id"]!.GetValue<string>());
        created["correlationid"]!.GetValue<string>().ShouldBe(assignment["correlationid"]!.GetValue<string>());
        created["depth"]!.GetValue<int>().ShouldBe(assignment["depth"]!.GetValue<int>() + 1);
        created["actorid"]!.GetValue<Guid>().ShouldBe(Guid.Empty);
        (run["flow"]!.GetValue<string>(), run["status"]!.GetValue<string>(), run["incidents"]!.GetValue<int>()).ShouldBe(("sales.review-new-assignment", "finished", 0));
        run["subject"]!.GetValue<string>().ShouldBe($"deal/{deal["id"]}");
        journal.Select(j => $"{j!["type"]} {j["outcomes"]![0]}").ShouldBe(["Elsa.Event Done", "Elsa.FlowDecision True", "Crm.CreateActivity Done", "Elsa.Flowchart Done", "Elsa.Workflow Done"]);
        journal[2]!["outputs"]!["activityId"]!.GetValue<string>().ShouldBe(task["id"]!.GetValue<string>());
    }

    [Fact]
    public async Task Taking_a_deal_oneself_makes_no_task()
    {
        var deal = await host.Admin.DealAsync();
        var me = deal["ownerId"].GetValue<Guid>();
        await host.Admin.PostAsync($"/api/v1/deals/{deal["id"]}/assign", new { ownerId = await host.UserAsync(), version = 1 });
        (await host.Admin.PostAsync($"/api/v1/deals/{deal["id"]}/assign", new { ownerId = me, version = 2 })).Status.ShouldBe(HttpStatusCode.OK);

        (await TasksAsync(deal)).ShouldHaveSingleItem()["assigneeId"]!.GetValue<Guid>().ShouldNotBe(me);
        var own = (await host.Admin.GetAsync($"/api/v1/events?subject=deal/{deal["id"]}&type=crm.deal.assigned")).Items[0];
        var run = (await host.Admin.GetAsync($"/api/v1/runs?event={own["id"]}")).Items.ShouldHaveSingleItem();
        (await host.Admin.GetAsync($"/api/v1/runs/{run["id"]}"))["journal"].AsArray().Select(j => $"{j!["outcomes"]![0]}").ShouldBe(["Done", "False", "Done", "Done"]);
    }

    [Fact]
    public async Task Each_assignment_is_reviewed_once_however_often_the_deal_changes_hands()
    {
        var deal = await host.Rep.DealAsync(new { name = "Acme", ownerId = await host.UserAsync("First") });
        for (var version = 1; version <= 3; version++) await host.Rep.PostAsync($"/api/v1/deals/{deal["id"]}/assign", new { ownerId = await host.UserAsync($"Next {version}"), version });

        (await TasksAsync(deal)).Select(t => t["assigneeName"]!.GetValue<string>()).ShouldBe(["First", "Next 1", "Next 2", "Next 3"], ignoreOrder: true);
    }

    [Fact]
    public async Task Another_workspaces_runs_are_not_seen()
    {
        var deal = await host.Rep.DealAsync(new { name = "Acme", ownerId = await host.UserAsync() });
        await host.QuietAsync();
        var run = (await host.Rep.GetAsync("/api/v1/runs?flow=sales.review-new-assignment&status=finished&limit=1")).Items.ShouldHaveSingleItem();

        (await host.Stranger.GetAsync("/api/v1/runs")).Items.ShouldBeEmpty();
        (await host.Stranger.GetAsync($"/api/v1/runs?event={run["event"]}")).Items.ShouldBeEmpty();
        (await host.Stranger.GetAsync($"/api/v1/runs/{run["id"]}")).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        (await host.Stranger.GetAsync($"/api/v1/deals/{deal["id"]}")).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task Offline_the_bundle_is_checked_against_the_same_activities()
    {
        var reading = BundleReader.Read(await Samples.ReadAsync("sales-pipeline"), automations: CrmApplication.AutomationCheck());
        reading.Faults.ShouldBeEmpty();
        reading.Warnings.Where(w => w.Pointer.StartsWith("/automations", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    private async Task<IReadOnlyList<JsonNode>> TasksAsync(Answer deal)
    {
        await host.QuietAsync();
        var ids = await host.AskAsync<Guid[]>("select coalesce(array_agg(id), '{}') from crm.activity where deal_id = $1", deal["id"].GetValue<Guid>());
        var tasks = new List<JsonNode>();
        foreach (var id in ids) tasks.Add((await host.Rep.GetAsync($"/api/v1/activities/{id}")).Json);
        return tasks;
    }
}
