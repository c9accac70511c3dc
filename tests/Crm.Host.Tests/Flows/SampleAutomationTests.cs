using System.Net;
using System.Text.Json.Nodes;
using Crm.Host.Tests.Http;

namespace Crm.Host.Tests.Flows;

/// <summary>The automations of the sales and lead samples, on a host whose clock is moved.</summary>
public sealed class SampleAutomationTests(ClockedHost host) : IClassFixture<ClockedHost>
{
    [Fact]
    public async Task Deal_that_is_won_is_handed_over_invoiced_followed_up_and_closed_in_the_forecast()
    {
        var deal = await WonAsync();
        var todo = await ActivitiesAsync($"deal/{deal["id"]}");
        todo.Select(a => $"{a["kind"]} {a["subject"]} {Days(a)}").Order(StringComparer.Ordinal).ShouldBe(
            ["meeting How does it go? Acme 14", "meeting What comes next? Acme 90", "task Hand over: Acme 1", "task Send the invoice: Acme, 5000 EUR 3"]);
        todo.Select(a => a["assigneeId"]!.GetValue<string>()).Distinct().ShouldBe([deal["ownerId"].GetValue<string>()]);
        (await host.Rep.GetAsync($"/api/v1/deals/{deal["id"]}"))["expectedCloseOn"].GetValue<string>().ShouldBe(todo[0]["createdAt"]!.GetValue<string>()[..10]);
    }

    [Fact]
    public async Task Lead_goes_to_the_team_the_decision_names_and_is_welcomed_by_its_member()
    {
        var (ann, bob) = (await host.UserAsync("Ann"), await host.UserAsync("Bob"));
        (await host.Admin.PostAsync("/api/v1/teams", new { name = "UK", members = new[] { ann, bob } })).Status.ShouldBe(HttpStatusCode.Created);
        var leads = new List<JsonNode>();
        for (var i = 0; i < 2; i++)
        {
            var made = await host.Rep.PostAsync("/api/v1/leads", new { name = $"Lead {i}", phone = "+44 20 7946 0000", ownerId = (string?)null });
            made.Status.ShouldBe(HttpStatusCode.Created, made.Text);
            await host.QuietAsync();
            leads.Add((await host.Rep.GetAsync($"/api/v1/leads/{made["id"]}")).Json);
        }

        leads.Select(l => l["ownerId"]!.GetValue<Guid>()).Order().ShouldBe(new[] { ann, bob }.Order());
        var welcome = (await ActivitiesAsync($"lead/{leads[0]["id"]}")).ShouldHaveSingleItem();
        (welcome["subject"]!.GetValue<string>(), welcome["assigneeId"]!.GetValue<Guid>()).ShouldBe(("Welcome Lead 0", leads[0]["ownerId"]!.GetValue<Guid>()));
    }

    [Fact]
    public async Task Lead_that_has_an_owner_keeps_them()
    {
        var owner = await host.UserAsync("Cy");
        var lead = await host.Rep.PostAsync("/api/v1/leads", new { name = "Owned", ownerId = owner });
        await host.QuietAsync();
        (await host.Rep.GetAsync($"/api/v1/leads/{lead["id"]}"))["ownerId"].GetValue<Guid>().ShouldBe(owner);
        (await ActivitiesAsync($"lead/{lead["id"]}")).ShouldHaveSingleItem()["assigneeId"]!.GetValue<Guid>().ShouldBe(owner);
    }

    [Fact]
    public async Task Meeting_is_followed_up_once()
    {
        var (deal, meeting) = await MeetingAsync("Demo");
        await CompleteAsync(meeting);
        (await ActivitiesAsync($"deal/{deal}")).Count(a => a["subject"]!.GetValue<string>() == "Follow up: Demo").ShouldBe(1);
    }

    [Fact]
    public async Task Meeting_somebody_has_written_about_since_is_not_followed_up()
    {
        var (deal, meeting) = await MeetingAsync("Demo");
        await using (await host.HoldStartsAsync())
        {
            await host.Rep.PostAsync($"/api/v1/activities/{meeting}/complete", "");
            await TodoAsync(deal, "email", "Thanks for your time");
        }

        await host.QuietAsync();
        (await ActivitiesAsync($"deal/{deal}")).Select(a => a["subject"]!.GetValue<string>()).Order().ShouldBe(["Demo", "Thanks for your time"]);
    }

    [Theory]
    [InlineData(false, "Nothing has moved for two weeks: Acme")]
    [InlineData(true, null)]
    public async Task Deal_that_has_not_moved_for_two_weeks_has_stalled(bool moves, string? task)
    {
        var deal = await host.Rep.DealAsync(new { name = "Acme" });
        await MoveAsync(deal, "contact", 1);
        await host.AdvanceAsync(TimeSpan.FromDays(8));
        if (moves) await MoveAsync(deal, "discover", 2);
        await host.AdvanceAsync(TimeSpan.FromDays(7));

        (await ActivitiesAsync($"deal/{deal["id"]}")).Select(a => a["subject"]!.GetValue<string>()).ShouldBe(task is null ? [] : [task]);
        (await TypesAsync($"deal/{deal["id"]}")).Count(t => t == "crm.deal.stalled").ShouldBe(task is null ? 0 : 1);
    }

    [Theory]
    [InlineData("nothing", 1)]
    [InlineData("complete", 0)]
    [InlineData("put off", 0)]
    public async Task Activity_that_is_not_done_when_it_is_due_is_told_of(string meanwhile, int told)
    {
        var made = await host.Rep.PostAsync("/api/v1/activities", new { kind = "task", subject = "Call back", dueAt = host.Now.AddDays(2) });
        made.Status.ShouldBe(HttpStatusCode.Created, made.Text);
        await host.AdvanceAsync(TimeSpan.FromDays(1));
        if (meanwhile == "complete") await CompleteAsync(made["id"].GetValue<string>());
        if (meanwhile == "put off") (await host.Rep.PatchAsync($"/api/v1/activities/{made["id"]}", new { version = 1, dueAt = host.Now.AddDays(5) })).Status.ShouldBe(HttpStatusCode.OK);
        await host.AdvanceAsync(TimeSpan.FromDays(2));
        (await TypesAsync($"activity/{made["id"]}")).Count(t => t == "crm.activity.overdue").ShouldBe(told);
        if (meanwhile != "put off") return;
        await host.AdvanceAsync(TimeSpan.FromDays(4));
        (await TypesAsync($"activity/{made["id"]}")).Count(t => t == "crm.activity.overdue").ShouldBe(1);
    }

    [Fact]
    public async Task Who_did_not_come_is_called_written_to_and_called_again()
    {
        var (deal, _) = await MeetingAsync("Kick-off", host.Now.AddHours(2));
        await host.AdvanceAsync(TimeSpan.FromHours(4));
        (await OthersAsync(deal)).ShouldBe(["call Missed: Kick-off"]);
        await host.AdvanceAsync(TimeSpan.FromDays(3));
        (await OthersAsync(deal)).ShouldBe(["call Missed: Kick-off", "email Offer new dates: Kick-off"]);
        await host.AdvanceAsync(TimeSpan.FromDays(7));
        (await OthersAsync(deal)).ShouldBe(["call Ask a last time: Kick-off", "call Missed: Kick-off", "email Offer new dates: Kick-off"]);
    }

    [Fact]
    public async Task Who_is_to_be_met_after_all_is_left_in_peace()
    {
        var (deal, _) = await MeetingAsync("Kick-off", host.Now.AddHours(2));
        await host.AdvanceAsync(TimeSpan.FromHours(4));
        await TodoAsync(deal, "meeting", "Kick-off, second try");
        await host.AdvanceAsync(TimeSpan.FromDays(12));
        (await OthersAsync(deal)).ShouldBe(["call Missed: Kick-off"]);
    }

    [Fact]
    public async Task Message_is_told_of_and_answered_by_the_owner_of_the_senders_newest_deal()
    {
        var ada = await host.Rep.PostAsync("/api/v1/people", new { name = "Ada", email = "ada@customer.example" });
        var deal = await host.Rep.DealAsync(new { name = "Acme", personId = ada["id"].GetValue<string>() });
        var answer = await host.Rep.PostAsync("/workflows/messages", new { from = "ada@customer.example", subject = "How much?", text = "For 40 seats." });
        answer.Status.ShouldBe(HttpStatusCode.Accepted, answer.Text);
        var reply = await host.Rep.GetAsync($"/api/v1/activities/{answer["activityId"]}");
        (reply["kind"].GetValue<string>(), reply["subject"].GetValue<string>(), reply["body"].GetValue<string>()).ShouldBe(("email", "Reply: How much?", "For 40 seats."));
        (reply["about"]["id"]!.GetValue<string>(), reply["assigneeId"].GetValue<string>()).ShouldBe((deal["id"].GetValue<string>(), deal["ownerId"].GetValue<string>()));
    }

    [Theory]
    [InlineData("""{"from": "nobody@customer.example", "subject": "Hello"}""", HttpStatusCode.NotFound)]
    [InlineData("""{"from": 7}""", HttpStatusCode.BadRequest)]
    [InlineData("""[]""", HttpStatusCode.BadRequest)]
    public async Task Message_of_nobody_is_refused(string body, HttpStatusCode status) => (await host.Rep.PostAsync("/workflows/messages", body)).Status.ShouldBe(status);

    private static int Days(JsonNode activity) => (int)Math.Round((activity["dueAt"]!.GetValue<DateTimeOffset>() - activity["createdAt"]!.GetValue<DateTimeOffset>()).TotalDays);

    private async Task<Answer> WonAsync()
    {
        var person = await host.PersonAsync();
        var deal = await host.Admin.DealAsync(new { name = "Acme", amount = 5000, currency = "EUR", personId = person, discount = 0 });
        var version = 1;
        foreach (var transition in new[] { "contact", "discover", "propose", "negotiate", "win" }) await MoveAsync(deal, transition, version++);
        await host.QuietAsync();
        return deal;
    }

    private async Task MoveAsync(Answer deal, string transition, int version)
    {
        var moved = await host.Admin.PostAsync($"/api/v1/deals/{deal["id"]}/moves", new { transition, version });
        moved.Status.ShouldBe(HttpStatusCode.OK, moved.Text);
    }

    private async Task<(string Deal, string Meeting)> MeetingAsync(string subject, DateTimeOffset? ends = null)
    {
        var deal = (await host.Rep.DealAsync(new { name = "Acme" }))["id"].GetValue<string>();
        return (deal, await TodoAsync(deal, "meeting", subject, ends));
    }

    private async Task<string> TodoAsync(string deal, string kind, string subject, DateTimeOffset? ends = null)
    {
        var made = await host.Rep.PostAsync("/api/v1/activities", new { kind, subject, about = new { type = "deal", id = deal }, startsAt = ends?.AddHours(-1), endsAt = ends });
        made.Status.ShouldBe(HttpStatusCode.Created, made.Text);
        return made["id"].GetValue<string>();
    }

    private async Task CompleteAsync(string activity)
    {
        var done = await host.Rep.PostAsync($"/api/v1/activities/{activity}/complete", "");
        done.Status.ShouldBe(HttpStatusCode.OK, done.Text);
        await host.QuietAsync();
    }

    private async Task<IReadOnlyList<string>> OthersAsync(string deal) =>
        [.. (await ActivitiesAsync($"deal/{deal}")).Where(a => a["kind"]!.GetValue<string>() != "meeting").Select(a => $"{a["kind"]} {a["subject"]}").Order(StringComparer.Ordinal)];

    private async Task<IReadOnlyList<JsonNode>> ActivitiesAsync(string about)
    {
        await host.QuietAsync();
        var (type, id) = (about.Split('/')[0], about.Split('/')[1]);
        return (await host.Rep.GetAsync($"/api/v1/activities?{type}Id={id}&limit=200")).Items;
    }

    private async Task<IReadOnlyList<string>> TypesAsync(string subject) => [.. (await host.Admin.GetAsync($"/api/v1/events?subject={subject}")).Items.Select(e => e["type"]!.GetValue<string>())];
}
