using System.Net;
using System.Text.Json.Nodes;
using Crm.Host.Tests.Http;

namespace Crm.Host.Tests.Leads;

/// <summary>A lead becomes a deal, a person and an organization: what they are made of, and what is told.</summary>
public sealed class ConversionTests(LeadHost host) : IClassFixture<LeadHost>
{
    [Fact]
    public async Task Qualified_lead_becomes_a_deal_a_person_and_an_organization_with_what_it_says()
    {
        var lead = await host.QualifiedAsync();

        var converted = await host.ConvertAsync(lead);

        converted.Status.ShouldBe(HttpStatusCode.Created, converted.Text);
        converted.Location.ShouldBe($"/api/v1/deals/{converted["dealId"]}");
        var (deal, person, organization) = await BecameAsync(converted);
        deal["name"].GetValue<string>().ShouldBe("Analytical Engines");
        (deal["amount"].GetValue<decimal>(), deal["currency"].GetValue<string>()).ShouldBe((24000.5m, "GBP"));
        (deal["step"].GetValue<string>(), deal["probability"].GetValue<double>(), deal["projectVersion"].GetValue<int>()).ShouldBe(("qualification", 0.1, 1));
        deal["leadId"].ToJsonString().ShouldBe(lead["id"].ToJsonString());
        (deal["personName"].GetValue<string>(), deal["organizationName"].GetValue<string>()).ShouldBe(("Ada King", "Analytical Engines"));
        (person["email"].GetValue<string>(), person["phone"].GetValue<string>(), person["jobTitle"].GetValue<string>()).ShouldBe(("ada@engines.test", "+44 20 7946 0000", "Countess"));
        person["organizationName"].GetValue<string>().ShouldBe("Analytical Engines");
        organization["website"].GetValue<string>().ShouldBe("https://engines.test");
        foreach (var made in new[] { deal, person, organization }) made["ownerId"].ToJsonString().ShouldBe(lead["ownerId"].ToJsonString());
        await ShouldHaveBecomeAsync(lead, converted);
    }

    [Fact]
    public async Task Move_of_the_process_converts_the_same_way_and_asks_for_the_same()
    {
        var lead = await host.QualifiedAsync();
        var offered = (await host.Agent.GetAsync($"/api/v1/leads/{lead["id"]}/transitions"))["transitions"].AsArray().Single(t => t!["key"]!.GetValue<string>() == "convert");

        var moved = await host.MoveAsync(lead, "convert", 3, new { dealName = "First engine", amount = 17.25 });

        offered!["input"]!["properties"]!.AsObject().Select(p => p.Key).ShouldBe(["amount", "currency", "dealName", "organizationId", "personId"], ignoreOrder: true);
        moved.Status.ShouldBe(HttpStatusCode.OK, moved.Text);
        var answer = await host.ConvertAsync(lead, new { dealName = "Second engine" });
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
        var (deal, _, _) = await BecameAsync(answer);
        (deal["name"].GetValue<string>(), deal["amount"].GetValue<decimal>()).ShouldBe(("First engine", 17.25m));
        (await host.Agent.GetAsync($"/api/v1/leads/{lead["id"]}"))["version"].GetValue<int>().ShouldBe(moved["recordVersion"].GetValue<int>());
        await ShouldHaveBecomeAsync(lead, answer);
    }

    [Fact]
    public async Task Everything_is_told_once_and_traced_back_to_the_move()
    {
        var lead = await host.QualifiedAsync();

        var converted = await host.ConvertAsync(lead);

        var moved = await EventAsync($"lead/{lead["id"]}", "wfm.project.moved");
        var told = (await host.Admin.GetAsync("/api/v1/events?limit=200")).Items.Where(e => e["correlationid"]!.GetValue<string>() == moved["correlationid"]!.GetValue<string>()).Reverse().ToList();
        told.Select(e => $"{e["type"]} {e["subject"]}").ShouldBe(
        [
            $"crm.organization.created organization/{converted["organizationId"]}", $"crm.organization.assigned organization/{converted["organizationId"]}",
            $"crm.person.created person/{converted["personId"]}", $"crm.person.assigned person/{converted["personId"]}",
            $"crm.deal.created deal/{converted["dealId"]}", $"crm.deal.assigned deal/{converted["dealId"]}",
            $"crm.lead.updated lead/{lead["id"]}", $"crm.lead.converted lead/{lead["id"]}",
            $"wfm.project.started deal/{converted["dealId"]}",
            $"wfm.project.moved lead/{lead["id"]}", $"wfm.project.completed lead/{lead["id"]}",
        ]);
        foreach (var effect in told.SkipLast(2)) (effect["causationid"]!.GetValue<string>(), effect["depth"]!.GetValue<int>()).ShouldBe((moved["id"]!.GetValue<string>(), 1));
        var data = told.Single(e => e["type"]!.GetValue<string>() == "crm.lead.converted")["data"]!;
        foreach (var member in new[] { "dealId", "personId", "organizationId" }) data[member]!.ToJsonString().ShouldBe(converted[member].ToJsonString());
    }

    [Fact]
    public async Task Options_take_the_place_of_what_the_lead_says()
    {
        var lead = await host.QualifiedAsync();
        var (person, organization) = (await host.PersonAsync(), await host.SomethingAsync("organization"));
        var before = await host.MadeAsync();

        var converted = await host.ConvertAsync(lead, new { dealName = "👑 First engine", amount = 99.5, currency = "JPY", personId = person, organizationId = organization });

        converted.Status.ShouldBe(HttpStatusCode.Created, converted.Text);
        (converted["personId"].GetValue<Guid>(), converted["organizationId"].GetValue<Guid>()).ShouldBe((person, organization));
        var (deal, _, _) = await BecameAsync(converted);
        (deal["name"].GetValue<string>(), deal["amount"].GetValue<decimal>(), deal["currency"].GetValue<string>()).ShouldBe(("👑 First engine", 99.5m, "JPY"));
        var after = await host.MadeAsync();
        (after.Organizations, after.People, after.Deals).ShouldBe((before.Organizations, before.People, before.Deals + 1));
    }

    [Fact]
    public async Task Person_who_works_somewhere_brings_that_organization_along()
    {
        var organization = await host.SomethingAsync("organization", name: "Lovelace & Co");
        var ada = await host.Agent.PostAsync("/api/v1/people", new { name = "Ada", organizationId = organization });

        var converted = await host.ConvertAsync(await host.QualifiedAsync(), new { personId = ada["id"] });
        var elsewhere = await host.ConvertAsync(await host.QualifiedAsync(), new { personId = await host.PersonAsync() });

        converted["organizationId"].GetValue<Guid>().ShouldBe(organization);
        (await BecameAsync(elsewhere)).Organization["name"].GetValue<string>().ShouldBe("Analytical Engines");
    }

    [Fact]
    public async Task Lead_without_a_company_makes_no_organization()
    {
        var lead = await host.QualifiedAsync(company: null);
        var before = await host.MadeAsync();

        var converted = await host.ConvertAsync(lead);

        converted.Status.ShouldBe(HttpStatusCode.Created, converted.Text);
        converted.Json["organizationId"].ShouldBeNull();
        (await host.Agent.GetAsync($"/api/v1/deals/{converted["dealId"]}"))["name"].GetValue<string>().ShouldBe("Ada King");
        (await host.MadeAsync()).Organizations.ShouldBe(before.Organizations);
    }

    [Fact]
    public async Task Converted_lead_answers_what_it_became_though_some_of_it_was_deleted()
    {
        var lead = await host.QualifiedAsync();
        var converted = await host.ConvertAsync(lead);
        await host.Agent.SendAsync(HttpMethod.Delete, $"/api/v1/people/{converted["personId"]}", null, ("If-Match", "\"1\""));
        await host.Agent.SendAsync(HttpMethod.Delete, $"/api/v1/deals/{converted["dealId"]}", null, ("If-Match", "\"1\""));

        var again = await host.ConvertAsync(lead);

        again.Status.ShouldBe(HttpStatusCode.OK);
        again.Text.ShouldBe(converted.Text);
    }

    private async Task<(Answer Deal, Answer Person, Answer Organization)> BecameAsync(Answer converted) => (
        await host.Agent.GetAsync($"/api/v1/deals/{converted["dealId"]}"), await host.Agent.GetAsync($"/api/v1/people/{converted["personId"]}"),
        await host.Agent.GetAsync($"/api/v1/organizations/{converted["organizationId"]}"));

    private async Task ShouldHaveBecomeAsync(Answer lead, Answer converted)
    {
        var now = await host.Agent.GetAsync($"/api/v1/leads/{lead["id"]}");
        now["step"].GetValue<string>().ShouldBe("converted");
        (now["convertedDealId"].ToJsonString(), now["convertedPersonId"].ToJsonString(), now["convertedOrganizationId"].ToJsonString(), now["convertedAt"].ToJsonString())
            .ShouldBe((converted["dealId"].ToJsonString(), converted["personId"].ToJsonString(), converted["organizationId"].ToJsonString(), converted["convertedAt"].ToJsonString()));
        converted["leadId"].ToJsonString().ShouldBe(lead["id"].ToJsonString());
    }

    // The newest one.
    private async Task<JsonNode> EventAsync(string subject, string type) => (await host.Admin.GetAsync($"/api/v1/events?subject={subject}&type={type}&limit=1")).Items[0];
}
