using System.Net;
using Crm.Host.Tests.Http;

namespace Crm.Host.Tests.Leads;

/// <summary>Leads that are given to members of the team their process's tables name.</summary>
public sealed class AssignmentTests(LeadHost host) : IClassFixture<LeadHost>
{
    [Fact]
    public async Task Without_such_a_team_a_lead_stays_whose_it_is()
    {
        var lead = await ReadyAsync("+1 555 0100", "EUR", budget: 60000, need: "a migration");

        (await host.MoveAsync(lead, "qualify", 2)).Status.ShouldBe(HttpStatusCode.OK);

        (await OwnerAsync(lead)).ShouldBe(lead["ownerId"].GetValue<string>());
    }

    [Fact]
    public async Task Leads_are_given_out_in_turn_and_whoever_is_inactive_is_passed_over()
    {
        var (ann, bob, eve) = (await host.UserAsync("Ann", "sales-rep"), await host.UserAsync("Bob", "sales-rep"), await host.UserAsync("Eve", "sales-rep"));
        await TeamAsync("DACH", ann, bob, eve);
        string[] turns = [.. new[] { ann, bob, eve }.Select(id => $"{id}").Order(StringComparer.Ordinal)];

        (await GiveOutAsync(4)).ShouldBe([turns[0], turns[1], turns[2], turns[0]]);
        await host.ChangeAsync(host.Workspace, db => db.Users.Single(u => u.Id == Guid.Parse(turns[1])).IsActive = false);
        (await GiveOutAsync(2)).ShouldBe([turns[2], turns[0]]);

        async Task<List<string>> GiveOutAsync(int count)
        {
            var owners = new List<string>();
            for (var i = 0; i < count; i++)
            {
                var lead = await ReadyAsync("+41 44 000 00 00", "CHF");
                (await host.MoveAsync(lead, "qualify", 2)).Status.ShouldBe(HttpStatusCode.OK);
                owners.Add(await OwnerAsync(lead));
            }

            return owners;
        }
    }

    [Fact]
    public async Task Large_leads_go_to_who_has_the_least_to_do()
    {
        var (busy, free) = (await host.UserAsync("Busy", "sales-rep"), await host.UserAsync("Free", "sales-rep"));
        await TeamAsync("Enterprise", busy, free);
        (await host.Admin.PostAsync("/api/v1/deals", new { name = "Open", ownerId = busy })).Status.ShouldBe(HttpStatusCode.Created);
        var (first, second) = (await LargeAsync(), await LargeAsync());

        (await host.MoveAsync(first, "qualify", 2)).Status.ShouldBe(HttpStatusCode.OK);
        (await OwnerAsync(first)).ShouldBe($"{free}");

        // Now both have one; the lower id decides.
        (await host.MoveAsync(second, "qualify", 2)).Status.ShouldBe(HttpStatusCode.OK);
        (await OwnerAsync(second)).ShouldBe(new[] { $"{busy}", $"{free}" }.Min(StringComparer.Ordinal));

        Task<Answer> LargeAsync() => ReadyAsync("+1 555 0100", "EUR", budget: 60000, timeline: "this-quarter");
    }

    [Fact]
    public async Task An_assignment_is_told_and_who_had_it_before_is_kept()
    {
        var uma = await host.UserAsync("Uma", "sales-rep");
        await TeamAsync("UK", uma);
        var lead = await ReadyAsync("+44 20 7946 0000", "GBP");

        (await host.MoveAsync(lead, "qualify", 2)).Status.ShouldBe(HttpStatusCode.OK);

        var read = await host.Admin.GetAsync($"/api/v1/leads/{lead["id"]}");
        (read["ownerId"].GetValue<string>(), read["previousOwnerId"].GetValue<string>()).ShouldBe(($"{uma}", lead["ownerId"].GetValue<string>()));
        read["qualifiedAt"].ShouldNotBeNull();
        (await host.EventsAsync("lead", lead)).ShouldContain("crm.lead.assigned");
    }

    [Fact]
    public async Task Moves_at_once_take_turns_of_their_own()
    {
        var members = new List<Guid>();
        for (var i = 0; i < 8; i++) members.Add(await host.UserAsync($"Member {i}", "sales-rep"));
        await TeamAsync("Inside sales", [.. members]);
        var leads = new List<Answer>();
        for (var i = 0; i < 16; i++) leads.Add(await ReadyAsync("+1 555 0100", "EUR", budget: 100, timeline: "later"));

        var moves = await Task.WhenAll(leads.Select(lead => host.MoveAsync(lead, "qualify", 2)));

        moves.ShouldAllBe(move => move.Status == HttpStatusCode.OK);
        var owners = new List<string>();
        foreach (var lead in leads) owners.Add(await OwnerAsync(lead));
        owners.GroupBy(owner => owner).Select(turns => turns.Count()).ShouldBe(Enumerable.Repeat(2, 8));
    }

    private async Task<Answer> ReadyAsync(string phone, string currency, decimal budget = 500, string timeline = "this-year")
    {
        var lead = await host.Agent.PostAsync("/api/v1/leads", new { name = "Ada King", phone, budget, currency, authority = "decides", need = "To compute", timeline });
        lead.Status.ShouldBe(HttpStatusCode.Created, lead.Text);
        (await host.MoveAsync(lead, "contact", 1)).Status.ShouldBe(HttpStatusCode.OK);
        return lead;
    }

    private async Task<string> OwnerAsync(Answer lead) => (await host.Admin.GetAsync($"/api/v1/leads/{lead["id"]}"))["ownerId"].GetValue<string>();

    private async Task TeamAsync(string name, params Guid[] members) =>
        (await host.Admin.PostAsync("/api/v1/teams", new { name, members })).Status.ShouldBe(HttpStatusCode.Created);
}
