using System.Net;

namespace Crm.Host.Tests.Deals;

/// <summary>The way of a deal from its creation to its close.</summary>
public sealed class DealTests(CrmHost host) : IClassFixture<CrmHost>
{
    [Fact]
    public async Task New_deal_belongs_to_who_made_it_and_its_project_has_started()
    {
        var deal = await host.Rep.PostAsync("/api/v1/deals", new { name = "Acme, 40 seats", amount = 24000.5, currency = "USD", expectedCloseOn = "2027-01-31", discount = 0.05 });

        deal.Status.ShouldBe(HttpStatusCode.Created, deal.Text);
        deal.ETag.ShouldBe("\"1\"");
        deal.Location.ShouldBe($"/api/v1/deals/{deal["id"]}");
        deal["amount"].GetValue<decimal>().ShouldBe(24000.5m);
        deal["currency"].GetValue<string>().ShouldBe("USD");
        deal["expectedCloseOn"].GetValue<string>().ShouldBe("2027-01-31");
        deal["ownerName"].GetValue<string>().ShouldBe("sales-rep");
        deal["step"].GetValue<string>().ShouldBe("qualification");
        deal["probability"].GetValue<double>().ShouldBe(0.1);
        deal["projectVersion"].GetValue<int>().ShouldBe(1);
        (await host.Rep.GetAsync($"/api/v1/deals/{deal["id"]}")).Text.ShouldBe(deal.Text);
        (await host.EventsAsync("deal", deal)).ShouldBe(["crm.deal.created", "crm.deal.assigned", "wfm.project.started"]);
    }

    [Fact]
    public async Task Amounts_are_written_as_they_were_sent_the_second_time_too()
    {
        var body = new { name = "Acme", amount = 24000, discount = 0.1 };

        var first = await host.Rep.PostAsync("/api/v1/deals", body, ("Idempotency-Key", "amounts"));
        var second = await host.Rep.PostAsync("/api/v1/deals", body, ("Idempotency-Key", "amounts"));

        first.Text.ShouldContain("\"amount\":24000,");
        first.Text.ShouldContain("\"discount\":0.1,");
        second.ToString().ShouldBe(first.ToString());
    }

    [Fact]
    public async Task Move_mirrors_step_and_probability_in_the_deal_and_leaves_its_version()
    {
        var deal = await host.Rep.DealAsync();

        var moved = await host.Rep.PostAsync($"/api/v1/deals/{deal["id"]}/moves", new { transition = "contact", version = 1 });

        moved.Status.ShouldBe(HttpStatusCode.OK, moved.Text);
        var now = await host.Rep.GetAsync($"/api/v1/deals/{deal["id"]}");
        now["step"].GetValue<string>().ShouldBe("initial-contact");
        now["probability"].GetValue<double>().ShouldBe(0.2);
        now["projectVersion"].GetValue<int>().ShouldBe(2);
        now["version"].GetValue<int>().ShouldBe(1);
        (await host.EventsAsync("deal", deal)).TakeLast(2).ShouldBe(["wfm.project.moved", "crm.deal.stage-changed"]);
    }

    [Fact]
    public async Task Blocked_move_says_what_is_missing_and_takes_it_along()
    {
        var deal = await host.Rep.DealAsync();
        var path = $"/api/v1/deals/{deal["id"]}";
        await host.Rep.PostAsync($"{path}/moves", new { transition = "contact", version = 1 });
        await host.Rep.PostAsync($"{path}/moves", new { transition = "discover", version = 2 });

        var refused = (await host.Rep.PostAsync($"{path}/moves", new { transition = "propose", version = 3 })).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "refused");
        var nobody = await host.Rep.PostAsync($"{path}/moves", new { transition = "propose", version = 3, changes = new { amount = 100, personId = Guid.CreateVersion7() } });
        var wrong = await host.Rep.PostAsync($"{path}/moves", new { transition = "propose", version = 3, changes = new { amount = 100, currency = "XYZ" } });
        var moved = await host.Rep.PostAsync($"{path}/moves", new { transition = "propose", version = 3, changes = new { amount = 100, personId = await host.PersonAsync() } });

        refused["reasons"].AsArray().Select(r => r!["key"]!.GetValue<string>()).ShouldBe(["has-amount", "has-contact"]);
        nobody.ShouldBeProblem(HttpStatusCode.BadRequest, "invalid");
        wrong.ShouldBeProblem(HttpStatusCode.BadRequest, "invalid");
        moved.Status.ShouldBe(HttpStatusCode.OK, moved.Text);
        var now = await host.Rep.GetAsync(path);
        now["amount"].GetValue<decimal>().ShouldBe(100);
        now["personName"].GetValue<string>().ShouldBe("Ada");
        now["version"].GetValue<int>().ShouldBe(2);
    }

    [Fact]
    public async Task Patch_changes_what_is_sent_clears_what_is_null_and_keeps_the_rest()
    {
        var deal = await host.Rep.DealAsync(new { name = "Acme", amount = 5, discount = 0.1 });

        var changed = await host.Rep.PatchAsync($"/api/v1/deals/{deal["id"]}", new { name = "Acme Ltd", discount = (double?)null }, ("If-Match", "\"1\""));

        changed.Status.ShouldBe(HttpStatusCode.OK, changed.Text);
        changed.ETag.ShouldBe("\"2\"");
        changed["name"].GetValue<string>().ShouldBe("Acme Ltd");
        changed.Json["discount"].ShouldBeNull();
        changed["amount"].GetValue<decimal>().ShouldBe(5);
        (await host.Rep.PatchAsync($"/api/v1/deals/{deal["id"]}", new { name = "Late" }, ("If-Match", "\"1\""))).ShouldBeProblem(HttpStatusCode.Conflict, "stale-version")["currentVersion"].GetValue<int>().ShouldBe(2);
    }

    [Fact]
    public async Task Assignment_keeps_the_previous_owner_and_is_told()
    {
        var deal = await host.Rep.DealAsync();
        var to = await host.UserAsync();

        var assigned = await host.Rep.PostAsync($"/api/v1/deals/{deal["id"]}/assign", new { ownerId = to, version = 1 });

        assigned.Status.ShouldBe(HttpStatusCode.OK, assigned.Text);
        assigned["ownerId"].GetValue<Guid>().ShouldBe(to);
        assigned["previousOwnerId"].GetValue<Guid>().ShouldBe(deal["ownerId"].GetValue<Guid>());
        (await host.EventsAsync("deal", deal)).TakeLast(2).ShouldBe(["crm.deal.updated", "crm.deal.assigned"]);
    }

    [Fact]
    public async Task Deleted_deal_is_gone_until_it_is_restored_and_goes_on_where_it_was()
    {
        var deal = await host.Rep.DealAsync();
        var path = $"/api/v1/deals/{deal["id"]}";

        (await host.Rep.SendAsync(HttpMethod.Delete, path, null, ("If-Match", "\"1\""))).Status.ShouldBe(HttpStatusCode.NoContent);

        (await host.Rep.GetAsync(path)).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        (await host.Rep.PostAsync($"{path}/moves", new { transition = "contact", version = 1 })).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        (await host.Rep.GetAsync($"{path}/transitions")).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        (await host.Rep.PostAsync($"{path}/restore", new { })).Status.ShouldBe(HttpStatusCode.OK);
        (await host.Rep.PostAsync($"{path}/moves", new { transition = "contact", version = 1 })).Status.ShouldBe(HttpStatusCode.OK);
        (await host.EventsAsync("deal", deal)).ShouldContain("crm.deal.restored");
    }

    [Theory]
    [InlineData("""{ "name": "A", "currency": "XYZ" }""", "/currency unknown-currency")]
    [InlineData("""{ "name": "A", "currency": "euro" }""", "/currency invalid")]
    [InlineData("""{ "name": "A", "amount": -1 }""", "/amount invalid")]
    [InlineData("""{ "name": "A", "amount": 1e400 }""", "/amount number-range")]
    [InlineData("""{ "name": "A", "discount": 1.5 }""", "/discount invalid")]
    [InlineData("""{ "name": "" }""", "/name invalid")]
    [InlineData("""{ "name": "A", "personId": "00000000-0000-7000-8000-0000000000ff" }""", "/personId not-found")]
    [InlineData("""{ "name": "A", "ownerId": "00000000-0000-7000-8000-0000000000ff" }""", "/ownerId not-found")]
    [InlineData("""{ "name": "A", "step": "closed-won" }""", "/step additional-property")]
    [InlineData("""{ "name": "A", "closedAt": "2026-01-01T00:00:00Z" }""", "/closedAt additional-property")]
    [InlineData("""{ "name": "A", "previousOwnerId": null }""", "/previousOwnerId additional-property")]
    [InlineData("""{ "name": "A", "workspaceId": "00000000-0000-7000-8000-0000000000ff" }""", "/workspaceId additional-property")]
    public async Task Wrong_values_are_refused_with_their_place_and_nothing_is_written(string body, string fault)
    {
        var before = await host.RowsAsync();

        var answer = (await host.Rep.PostAsync("/api/v1/deals", body)).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid");

        answer.Faults.ShouldBe([fault]);
        (await host.RowsAsync()).ShouldBe(before);
    }
}
