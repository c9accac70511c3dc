using System.Net;
using Crm.Testing;

namespace Crm.Host.Tests.Activities;

/// <summary>Lists of activities and notes: what they can be asked for.</summary>
public sealed class ActivityListTests(CrmHost host) : IClassFixture<CrmHost>
{
    [Fact]
    public async Task Activities_are_found_by_what_they_are_about_by_whom_by_kind_and_by_what_is_due()
    {
        var (deal, grace) = ((await host.Rep.DealAsync())["id"].GetValue<Guid>(), await host.UserAsync());
        var about = new { type = "deal", id = deal };
        var late = await MakeAsync(new { subject = "late", kind = "call", dueAt = "2020-01-01T00:00:00Z", about });
        await MakeAsync(new { subject = "early", kind = "task", dueAt = "2090-01-01T00:00:00Z", about });
        await MakeAsync(new { subject = "someday", kind = "meeting", assigneeId = grace, about });
        var done = await MakeAsync(new { subject = "done", kind = "call", dueAt = "2020-01-01T00:00:00Z", about });
        await host.Rep.PostAsync($"/api/v1/activities/{done["id"]}/complete", "");
        await MakeAsync(new { subject = "elsewhere", kind = "call" });

        (await FindAsync($"dealId={deal}&sort=createdAt")).ShouldBe(["late", "early", "someday", "done"]);
        (await FindAsync($"dealId={deal}&sort=dueAt")).ShouldBe(["late", "done", "early", "someday"]);
        (await FindAsync($"dealId={deal}&done=false&dueAt.lt=2026-01-01T00:00:00Z")).ShouldBe(["late"]);
        (await FindAsync($"dealId={deal}&kind=call,meeting&done=false&sort=createdAt")).ShouldBe(["late", "someday"]);
        (await FindAsync($"dealId={deal}&done=true")).ShouldBe(["done"]);
        (await FindAsync($"assigneeId={grace}")).ShouldBe(["someday"]);
        (await FindAsync($"dealId={deal}&assigneeId={late["assigneeId"]}&dueAt.null=false&sort=-createdAt")).ShouldBe(["done", "early", "late"]);
        (await FindAsync("subject.contains=LATE")).ShouldBe(["late"]);
    }

    [Fact]
    public async Task Notes_are_found_by_what_they_are_about()
    {
        var (person, other) = (await host.PersonAsync(), await host.PersonAsync());
        foreach (var (body, id) in new[] { ("first", person), ("second", person), ("third", other) }) await host.Rep.PostAsync("/api/v1/notes", new { body, about = new { type = "person", id } });

        (await host.Rep.GetAsync($"/api/v1/notes?personId={person}")).Items.Select(n => n["body"]!.GetValue<string>()).ShouldBe(["second", "first"]);
        (await host.Rep.GetAsync($"/api/v1/notes?personId={person}&body.contains=FIR")).Items.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Ids_of_another_workspace_find_nothing()
    {
        var deal = (await host.Rep.DealAsync())["id"];
        var mine = await MakeAsync(new { subject = "mine", about = new { type = "deal", id = deal } });
        await host.Rep.PostAsync("/api/v1/notes", new { body = "mine", about = new { type = "deal", id = deal } });

        foreach (var query in new[] { $"activities?dealId={deal}", $"activities?assigneeId={mine["assigneeId"]}", $"notes?dealId={deal}", $"notes?createdBy={mine["createdBy"]}" })
        {
            (await host.Stranger.GetAsync($"/api/v1/{query}")).Text.ShouldBe("""{"items":[],"next":null}""");
        }
    }

    [Theory]
    [InlineData("activities?dealId=nobody", "?dealId parameter")]
    [InlineData("activities?kind.lt=a", "?kind.lt unknown-operator")]
    [InlineData("activities?about=deal", "?about unknown-parameter")]
    [InlineData("activities?done=yes", "?done parameter")]
    [InlineData("notes?sort=body", "?sort sort")]
    public async Task What_cannot_be_asked_is_a_fault(string query, string fault) =>
        (await host.Rep.GetAsync($"/api/v1/{query}")).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe([fault]);

    [Theory]
    [InlineData(1)]
    [InlineData(200)]
    public async Task A_page_with_the_names_of_what_they_are_about_is_one_statement_however_long_it_is(int limit)
    {
        for (var i = 0; i < 5; i++) await MakeAsync(new { subject = "A", about = new { type = "deal", id = (await host.Rep.DealAsync())["id"] } });
        using var sent = new SentStatements(host.Application);

        (await host.Rep.GetAsync($"/api/v1/activities?subject=A&limit={limit}")).Items.ShouldAllBe(a => a["about"]!["name"]!.GetValue<string>() == "Acme");

        sent.Texts.Count(t => t.Contains("crm.", StringComparison.Ordinal)).ShouldBe(1, string.Join("\n\n", sent.Texts));
    }

    private async Task<Http.Answer> MakeAsync(object body)
    {
        var answer = await host.Rep.PostAsync("/api/v1/activities", body);
        answer.Status.ShouldBe(HttpStatusCode.Created, answer.Text);
        return answer;
    }

    private async Task<IEnumerable<string>> FindAsync(string query) => (await host.Rep.GetAsync($"/api/v1/activities?{query}")).Items.Select(a => a["subject"]!.GetValue<string>());
}
