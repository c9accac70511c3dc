using System.Net;
using System.Text.Json.Nodes;
using Crm.Host.Activities;
using Crm.Testing;

namespace Crm.Host.Tests.Activities;

/// <summary>What one has to do, by the workspace's days.</summary>
public sealed class AgendaTests(CrmHost host) : IClassFixture<CrmHost>
{
    [Fact]
    public async Task Own_open_activities_are_overdue_due_today_or_upcoming_by_the_workspaces_days()
    {
        var now = DateTimeOffset.UnixEpoch + TimeSpan.FromSeconds((await NowAsync()).ToUnixTimeSeconds());
        // Where it is noon, give or take half an hour: today ends in twelve hours.
        var hours = 12 - now.Hour;
        await ZoneAsync($"Etc/GMT{(hours > 0 ? "-" : "+")}{Math.Abs(hours)}");
        var grace = await host.UserAsync();
        foreach (var (subject, due) in new[] { ("long ago", -1000.0), ("just now", -0.1), ("tonight", 8), ("tomorrow", 25), ("in five days", 5 * 24), ("in nine days", 9 * 24) })
        {
            await host.Rep.PostAsync("/api/v1/activities", new { subject, dueAt = now.AddHours(due) });
            await host.Rep.PostAsync("/api/v1/activities", new { subject = "Grace's", assigneeId = grace, dueAt = now.AddHours(due) });
        }

        await host.Rep.PostAsync("/api/v1/activities", new { subject = "someday" });
        var done = await host.Rep.PostAsync("/api/v1/activities", new { subject = "done", dueAt = now });
        await host.Rep.PostAsync($"/api/v1/activities/{done["id"]}/complete", "");

        using var sent = new SentStatements(host.Application);
        var agenda = await host.Rep.GetAsync("/api/v1/me/agenda");

        agenda["date"].GetValue<string>().ShouldBe($"{now.AddHours(hours):yyyy-MM-dd}", agenda.Text);
        Subjects(agenda, "overdue").ShouldBe(["long ago", "just now"]);
        Subjects(agenda, "today").ShouldBe(["tonight"]);
        Subjects(agenda, "upcoming").ShouldBe(["tomorrow", "in five days"]);
        Subjects(await host.Rep.GetAsync("/api/v1/me/agenda?days=10"), "upcoming").ShouldBe(["tomorrow", "in five days", "in nine days"]);
        (await host.Rep.GetAsync("/api/v1/me/agenda?days=0")).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe(["?days parameter"]);
        Subjects(await host.Stranger.GetAsync("/api/v1/me/agenda"), "overdue").ShouldBeEmpty();
        sent.Texts.Count(t => t.Contains("FROM crm.activity", StringComparison.Ordinal)).ShouldBe(3); // one for each agenda there was
    }

    [Fact]
    public async Task Each_part_ends_after_fifty_and_says_so()
    {
        var key = await host.KeyAsync(host.Workspace, "sales-rep");
        var busy = host.As(key);
        for (var i = 0; i < 51; i++) await busy.PostAsync("/api/v1/activities", new { subject = $"{i}", dueAt = DateTimeOffset.UnixEpoch.AddDays(i) });

        var agenda = await busy.GetAsync("/api/v1/me/agenda");

        Subjects(agenda, "overdue").ShouldBe(Enumerable.Range(0, 50).Select(i => $"{i}"));
        agenda["overdue"]["hasMore"]!.GetValue<bool>().ShouldBeTrue();
        agenda["today"]["hasMore"]!.GetValue<bool>().ShouldBeFalse();
    }

    [Theory]
    [InlineData("2027-01-31", "Europe/Berlin", "2027-01-30T23:00:00Z")]
    [InlineData("2027-07-01", "Europe/Berlin", "2027-06-30T22:00:00Z")]
    [InlineData("2027-01-31", "UTC", "2027-01-31T00:00:00Z")]
    [InlineData("2027-01-31", "Asia/Kathmandu", "2027-01-30T18:15:00Z")]
    [InlineData("2018-11-04", "America/Sao_Paulo", "2018-11-04T03:00:00Z")] // clocks went from 00:00 to 01:00: the day began at one
    [InlineData("2018-02-18", "America/Sao_Paulo", "2018-02-18T03:00:00Z")] // clocks had gone back from 00:00 to 23:00: one midnight was yesterday's
    [InlineData("2016-11-06", "America/Havana", "2016-11-06T04:00:00Z")] // clocks went back from 01:00 to 00:00: two midnights, the day began with the first
    public void A_day_begins_at_its_first_moment(string date, string zone, string start) =>
        LocalDay.Start(DateOnly.Parse(date), TimeZoneInfo.FindSystemTimeZoneById(zone)).ShouldBe(DateTimeOffset.Parse(start));

    private static IEnumerable<string> Subjects(Http.Answer agenda, string part) => agenda[part]["items"]!.AsArray().Select(a => a!["subject"]!.GetValue<string>());

    private async Task<DateTimeOffset> NowAsync() => (await host.Rep.PostAsync("/api/v1/activities", new { subject = "now" }))["createdAt"].GetValue<DateTimeOffset>();

    private async Task ZoneAsync(string zone)
    {
        var workspace = await host.Admin.GetAsync("/api/v1/workspace");
        var changed = await host.Admin.PatchAsync("/api/v1/workspace", new JsonObject { ["timeZone"] = zone, ["version"] = workspace["version"].DeepClone() });
        changed.Status.ShouldBe(HttpStatusCode.OK, changed.Text);
    }
}
