using System.Net;
using Crm.Host.Tests.Http;

namespace Crm.Host.Tests.Accounts;

/// <summary>Teams and who is in them.</summary>
public sealed class TeamTests(CrmHost host) : IClassFixture<CrmHost>
{
    private const string Path = "/api/v1/teams";

    [Fact]
    public async Task Team_is_made_changed_and_deleted_with_its_members()
    {
        string[] users = [$"{await host.UserAsync()}", $"{await host.UserAsync()}", $"{await host.UserAsync()}"];
        var made = await host.Admin.PostAsync(Path, new { name = "فريق 🚀", members = new[] { users[0], users[1], users[0] } });
        made.Status.ShouldBe(HttpStatusCode.Created, made.Text);
        var path = made.Location!;
        Members(made).ShouldBe([users[0], users[1]], ignoreOrder: true);
        (await host.Rep.GetAsync(path)).Text.ShouldBe(made.Text);

        var changed = await host.Admin.PatchAsync(path, new { members = new[] { users[1], users[2] } }, ("If-Match", made.ETag!));

        (changed.Status, changed.ETag, changed["name"].GetValue<string>()).ShouldBe((HttpStatusCode.OK, "\"2\"", "فريق 🚀"));
        Members(changed).ShouldBe([users[1], users[2]], ignoreOrder: true);
        (await host.Admin.PatchAsync(path, new { name = "Late", version = 1 })).ShouldBeProblem(HttpStatusCode.Conflict, "stale-version")["currentVersion"].GetValue<int>().ShouldBe(2);
        (await host.Admin.SendAsync(HttpMethod.Delete, path, null)).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid");
        (await host.Admin.SendAsync(HttpMethod.Delete, path, null, ("If-Match", "\"1\""))).ShouldBeProblem(HttpStatusCode.Conflict, "stale-version");
        (await host.Admin.SendAsync(HttpMethod.Delete, path, null, ("If-Match", "\"2\""))).Status.ShouldBe(HttpStatusCode.NoContent);
        (await host.Admin.GetAsync(path)).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        (await host.Admin.GetAsync($"/api/v1/users/{users[2]}")).Status.ShouldBe(HttpStatusCode.OK);
        (await host.EventsAsync("team", made)).ShouldBe(["crm.team.created", "crm.team.updated", "crm.team.deleted"]);
    }

    [Fact]
    public async Task Users_of_another_workspace_are_no_members()
    {
        var (ours, theirs) = (await host.UserAsync(), (await host.Stranger.GetAsync("/api/v1/me"))["id"].GetValue<string>());
        var team = await host.Admin.PostAsync(Path, new { name = "Ours", members = new[] { ours } });
        var before = await host.RowsAsync();

        (await host.Admin.PostAsync(Path, new { name = "Mixed", members = new[] { $"{ours}", theirs } })).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe(["/members/1 not-found"]);
        (await host.Admin.PatchAsync(team.Location!, new { members = new[] { theirs }, version = 1 })).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe(["/members/0 not-found"]);

        (await host.RowsAsync()).ShouldBe(before);
        Members(await host.Admin.GetAsync(team.Location!)).ShouldBe([$"{ours}"]);
    }

    [Fact]
    public async Task Of_two_changes_at_once_one_counts()
    {
        for (var round = 0; round < 5; round++)
        {
            var team = await host.Admin.PostAsync(Path, new { name = "Raced" });

            var answers = await Task.WhenAll(new[] { "One", "Two" }.Select(name => host.Admin.PatchAsync(team.Location!, new { name, version = 1 })));

            answers.Select(a => a.Status).ShouldBe([HttpStatusCode.OK, HttpStatusCode.Conflict], ignoreOrder: true);
        }
    }

    [Fact]
    public async Task Repeated_request_makes_one_team()
    {
        var (body, key) = (new { name = "Once" }, ("Idempotency-Key", $"{Guid.CreateVersion7()}"));

        var first = await host.Admin.PostAsync(Path, body, key);

        (await host.Admin.PostAsync(Path, body, key)).ShouldBe(first);
    }

    [Theory]
    [InlineData("""{ "name": " " }""", "/name invalid")]
    [InlineData("""{ "name": "A", "members": ["nobody"] }""", "/members/0 body")]
    [InlineData("""{ "name": "A", "version": 7 }""", "/version additional-property")]
    [InlineData("""{ "name": "A", "createdAt": "2020-01-01T00:00:00Z" }""", "/createdAt additional-property")]
    public async Task Wrong_values_are_refused_with_their_place(string body, string fault) =>
        (await host.Admin.PostAsync(Path, body)).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe([fault]);

    private static IEnumerable<string> Members(Answer team) => team["members"].AsArray().Select(m => m!.GetValue<string>());
}
