using System.Net;

namespace Crm.Host.Tests.Http;

/// <summary>The way of a deal, as its user goes it.</summary>
public sealed class ProjectTests(CrmHost host) : IClassFixture<CrmHost>
{
    private const string Person = "11111111-1111-1111-1111-111111111111";

    [Fact]
    public async Task Blocked_transition_is_listed_with_every_reason_its_values_fixes_and_the_fields_schema()
    {
        var answer = await host.Admin.GetAsync($"/api/v1/projects/{await host.Admin.InDiscoveryAsync(new { amount = 0 })}/transitions");

        answer.Status.ShouldBe(HttpStatusCode.OK);
        answer.ETag.ShouldBe("\"3\"");
        answer["step"].GetValue<string>().ShouldBe("discovery");
        var propose = answer["transitions"].AsArray().Single(t => t!["key"]!.GetValue<string>() == "propose")!;
        propose["available"]!.GetValue<bool>().ShouldBeFalse();
        propose["reasons"]!.AsArray().Select(r => r!["key"]!.GetValue<string>()).ShouldBe(["has-amount", "has-contact"]);
        var amount = propose["reasons"]![0]!;
        amount["message"]!.GetValue<string>().ShouldBe("Enter the deal amount.");
        amount["values"]!["entity.amount"]!.GetValue<double>().ShouldBe(0);
        amount["fixes"]![0]!["pointer"]!.GetValue<string>().ShouldBe("/entity/amount");
        amount["fixes"]![0]!["schema"]!["type"]!.GetValue<string>().ShouldBe("number");
        propose["warnings"]!.AsArray().Select(r => r!["key"]!.GetValue<string>()).ShouldBe(["has-organization"]);
        var lose = answer["transitions"].AsArray().Single(t => t!["key"]!.GetValue<string>() == "lose")!;
        lose["available"]!.GetValue<bool>().ShouldBeTrue();
        lose["input"]!["required"]![0]!.GetValue<string>().ShouldBe("lostReason");
    }

    [Fact]
    public async Task Refused_move_tells_all_reasons_and_writes_nothing()
    {
        var project = await host.Admin.InDiscoveryAsync();
        var before = await host.RowsAsync();

        var refused = (await host.Admin.MoveAsync(project, "propose", 3)).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "refused");

        refused["reasons"].AsArray().Select(r => r!["key"]!.GetValue<string>()).ShouldBe(["has-amount", "has-contact"]);
        refused["step"].GetValue<string>().ShouldBe("discovery");
        refused["version"].GetValue<int>().ShouldBe(3);
        (await host.RowsAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Refused_and_listed_moves_propose_the_same_fix_and_it_moves()
    {
        var project = await host.Admin.InDiscoveryAsync(new { amount = 0 });

        var refused = (await host.Admin.MoveAsync(project, "propose", 3)).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "refused");
        var offers = (await host.Admin.GetAsync($"/api/v1/projects/{project}/transitions"))["transitions"].AsArray();

        var fix = refused["fix"].AsArray();
        fix.Select(f => f!["path"]!.GetValue<string>()).ShouldBe(["/entity/amount", "/entity/personId"]);
        fix[0]!.AsObject().ShouldSatisfyAllConditions(
            f => f["schema"]!["type"]!.GetValue<string>().ShouldBe("number"), f => f["from"]!.GetValue<double>().ShouldBe(0), f => f["suggestion"]!.GetValue<double>().ShouldBe(1),
            f => f["bounds"]!.GetValue<string>().ShouldBe("more than 0"));
        fix[1]!.AsObject().ShouldSatisfyAllConditions(
            f => f["from"].ShouldBeNull(), f => f.ContainsKey("suggestion").ShouldBeFalse(), f => f["bounds"]!.GetValue<string>().ShouldBe("anything but empty"));
        offers.Single(t => t!["key"]!.GetValue<string>() == "propose")!["fix"]!.ToJsonString().ShouldBe(fix.ToJsonString());
        offers.Single(t => t!["key"]!.GetValue<string>() == "lose")!["fix"].ShouldBeNull();
        (await host.Admin.MoveAsync(project, "propose", 3, changes: new { amount = 1, personId = Person })).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Setting_what_is_missing_along_with_the_move_moves()
    {
        var project = await host.Admin.InDiscoveryAsync();

        var moved = await host.Admin.MoveAsync(project, "propose", 3, changes: new { amount = 1200.5, personId = Person });

        moved.Status.ShouldBe(HttpStatusCode.OK, moved.Text);
        moved.ETag.ShouldBe("\"4\"");
        moved["from"].GetValue<string>().ShouldBe("discovery");
        moved["step"].GetValue<string>().ShouldBe("proposal");
        moved["recordVersion"].GetValue<int>().ShouldBe(2);
        moved["warnings"][0]!["key"]!.GetValue<string>().ShouldBe("has-organization");
        var shown = await host.Admin.GetAsync($"/api/v1/projects/{project}");
        shown.ETag.ShouldBe("\"4\"");
        shown["step"].GetValue<string>().ShouldBe("proposal");
        var record = await host.Admin.GetAsync($"/api/v1/records/{shown["subjectId"]}");
        record["fields"]["amount"]!.GetValue<double>().ShouldBe(1200.5);
        record.ETag.ShouldBe("\"2\"");
    }

    [Fact]
    public async Task History_tells_every_move_in_order_with_facts_and_chained_hashes()
    {
        var project = await host.Admin.InDiscoveryAsync(new { amount = 7 });
        await host.Admin.PostAsync($"/api/v1/projects/{project}/moves", new { transition = "lose", version = 3, input = new { lostReason = "price" }, reason = "Too dear." });

        var history = await host.Admin.GetAsync($"/api/v1/projects/{project}/history");

        history.Items.Select(i => i["to"]!.GetValue<string>()).ShouldBe(["qualification", "initial-contact", "discovery", "closed-lost"]);
        history.Items.Select(i => i["version"]!.GetValue<int>()).ShouldBe([1, 2, 3, 4]);
        history.Items.Select(i => i["hash"]!.GetValue<string>()).Distinct().Count().ShouldBe(4);
        history.Items[0]["transition"].ShouldBeNull();
        history.Items[3]["details"]!["reason"]!.GetValue<string>().ShouldBe("Too dear.");
        history.Items[3]["details"]!["input"]!["lostReason"]!.GetValue<string>().ShouldBe("price");
        history.Items[3]["details"]!["facts"]!["entity"]!["amount"]!.GetValue<double>().ShouldBe(7);
        (await host.Admin.GetAsync($"/api/v1/projects/{project}"))["completedAt"].ShouldNotBeNull();
    }

    [Fact]
    public async Task Events_are_cloud_events_the_newest_first()
    {
        var project = await host.Admin.ProjectAsync();
        await host.Admin.MoveAsync(project, "lose", 1, input: new { lostReason = "timing" });
        var subject = (await host.Admin.GetAsync($"/api/v1/projects/{project}"))["subjectId"].GetValue<string>();

        var events = (await host.Admin.GetAsync($"/api/v1/events?subject=opportunity/{subject}")).Items;

        events.Select(e => e["type"]!.GetValue<string>()).ShouldBe(["crm.deal.lost", "wfm.project.completed", "wfm.project.moved", "wfm.project.started"], ignoreOrder: true);
        events[^1]["type"]!.GetValue<string>().ShouldBe("wfm.project.started");
        foreach (var e in events)
        {
            e["specversion"]!.GetValue<string>().ShouldBe("1.0");
            e["source"]!.GetValue<string>().ShouldBe($"/workspaces/{host.Workspace}");
            e["subject"]!.GetValue<string>().ShouldBe($"opportunity/{subject}");
            e["datacontenttype"]!.GetValue<string>().ShouldBe("application/json");
            Guid.TryParse(e["id"]!.GetValue<string>(), out _).ShouldBeTrue();
            DateTimeOffset.TryParse(e["time"]!.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture, out _).ShouldBeTrue();
            e["data"].ShouldNotBeNull();
        }
    }

    [Fact]
    public async Task Version_comes_as_IfMatch_or_in_the_body_and_not_as_both_nor_neither()
    {
        var project = await host.Admin.ProjectAsync();
        var path = $"/api/v1/projects/{project}/moves";

        (await host.Admin.PostAsync(path, new { transition = "contact", version = 1 }, ("If-Match", "\"1\""))).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe(["/version ambiguous"]);
        (await host.Admin.PostAsync(path, new { transition = "contact" })).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe(["/version required"]);
        (await host.Admin.PostAsync(path, new { transition = "contact" }, ("If-Match", "seven"))).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe([" if-match"]);
        (await host.Admin.PostAsync(path, new { transition = "contact" }, ("If-Match", "\"1\""))).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Stale_version_is_409_with_the_current_one()
    {
        var project = await host.Admin.InDiscoveryAsync();
        var record = await host.Admin.RecordAsync();
        await host.Admin.PatchAsync($"/api/v1/records/{record}", new { name = "Better", version = 1 });

        (await host.Admin.MoveAsync(project, "lose", 1)).ShouldBeProblem(HttpStatusCode.Conflict, "stale-version")["currentVersion"].GetValue<int>().ShouldBe(3);
        (await host.Admin.PatchAsync($"/api/v1/records/{record}", new { name = "Best", version = 1 })).ShouldBeProblem(HttpStatusCode.Conflict, "stale-version")["currentVersion"].GetValue<int>().ShouldBe(2);
    }

    [Fact]
    public async Task Second_project_of_the_same_deal_is_a_conflict()
    {
        var project = await host.Admin.ProjectAsync();
        var subject = (await host.Admin.GetAsync($"/api/v1/projects/{project}"))["subjectId"].GetValue<string>();

        (await host.Admin.PostAsync("/api/v1/projects", new { subject = new { type = "opportunity", id = subject } })).ShouldBeProblem(HttpStatusCode.Conflict, "conflict");
    }

    [Fact]
    public async Task Messages_and_titles_are_in_the_language_asked_for()
    {
        var project = await host.Admin.InDiscoveryAsync();

        var german = await host.Admin.GetAsync($"/api/v1/projects/{project}/transitions", ("Accept-Language", "fr;q=0.9, de-DE;q=0.8"));
        var refused = await host.Admin.PostAsync($"/api/v1/projects/{project}/moves", new { transition = "propose", version = 3 }, ("Accept-Language", "de"));

        var propose = german["transitions"].AsArray().Single(t => t!["key"]!.GetValue<string>() == "propose")!;
        propose["title"]!.GetValue<string>().ShouldBe("Angebot senden");
        propose["reasons"]![0]!["message"]!.GetValue<string>().ShouldBe("Den Betrag eintragen.");
        refused["reasons"][0]!["message"]!.GetValue<string>().ShouldBe("Den Betrag eintragen.");
    }

    [Fact]
    public async Task Who_may_not_take_a_transition_gets_403_without_values_and_does_not_see_it_listed()
    {
        var project = await host.Admin.InDiscoveryAsync(new { amount = 4711 });

        var forbidden = (await host.Rep.MoveAsync(project, "propose", 3)).ShouldBeProblem(HttpStatusCode.Forbidden, "not-allowed");

        forbidden.Text.ShouldNotContain("4711");
        forbidden.Json["reasons"].ShouldBeNull();
        (await host.Rep.GetAsync($"/api/v1/projects/{project}/transitions"))["transitions"].AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task Closed_project_says_that_it_is_closed()
    {
        var project = await host.Admin.ProjectAsync();
        await host.Admin.MoveAsync(project, "lose", 1, input: new { lostReason = "price" });

        (await host.Admin.MoveAsync(project, "contact", 2)).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "refused")["reasons"][0]!["key"]!.GetValue<string>().ShouldBe("closed");
    }
}
