using System.Net;
using System.Text.Json.Nodes;
using Crm.Host.Tests.Http;

namespace Crm.Host.Tests.Accounts;

/// <summary>The people of a workspace and their roles.</summary>
public sealed class UserTests(CrmHost host) : IClassFixture<CrmHost>
{
    private const string Path = "/api/v1/users";

    [Fact]
    public async Task Admin_makes_a_user_who_can_sign_in_and_is_told_of_without_address_or_secret()
    {
        var email = Members.NewEmail();

        var made = await host.Admin.PostAsync(Path, new { name = "Grace Hopper", email, password = Members.Password, roles = new[] { "sales-rep", "sales-rep" } });

        made.Status.ShouldBe(HttpStatusCode.Created, made.Text);
        made.Location.ShouldBe($"{Path}/{made["id"]}");
        made.ETag.ShouldBe("\"1\"");
        made["status"].GetValue<string>().ShouldBe("active");
        made["hasAccount"].GetValue<bool>().ShouldBeTrue();
        Roles(made).ShouldBe(["sales-rep"]);
        made.Text.ShouldNotContain("assword");
        (await host.Rep.GetAsync(made.Location!)).Text.ShouldBe(made.Text);
        (await host.SignInAsync(email)).Access.ShouldNotBeEmpty();
        var told = (await host.Admin.GetAsync($"/api/v1/events?subject=user/{made["id"]}")).Items.ShouldHaveSingleItem();
        told["type"]!.GetValue<string>().ShouldBe("crm.user.created");
        foreach (var secret in new[] { email, Members.Password, "Grace" }) told.ToJsonString().ShouldNotContain(secret);
    }

    [Theory]
    [InlineData("""{ "name": "A", "email": "{new}", "password": "short" }""", "/password password-length")]
    [InlineData("""{ "name": "A", "email": "{new}", "password": "Password1234" }""", "/password password-common")]
    [InlineData("""{ "name": "A", "email": "{new}", "password": "aaaaaaaaaaaaaaa" }""", "/password password-common")]
    [InlineData("""{ "name": "A", "email": "someone.long@crm.test", "password": "Someone.Long@crm.test" }""", "/password password-common")]
    [InlineData("""{ "name": "A", "email": "{new}" }""", "/password required")]
    [InlineData("""{ "name": "A", "password": "an old oak on a hill" }""", "/email required")]
    [InlineData("""{ "name": "A", "email": "nobody", "password": "an old oak on a hill" }""", "/email invalid")]
    [InlineData("""{ "name": "A", "email": "a b@crm.test", "password": "an old oak on a hill" }""", "/email invalid")]
    [InlineData("""{ "name": "A", "email": "a\u202Eb@crm.test", "password": "an old oak on a hill" }""", "/email invalid")]
    [InlineData("""{ "name": "A", "roles": ["sales-rep", "king"] }""", "/roles/1 unknown-role")]
    [InlineData("""{ "name": "A", "roles": [null] }""", "/roles/0 unknown-role")]
    [InlineData("""{ "name": "" }""", "/name invalid")]
    [InlineData("""{ "name": " " }""", "/name invalid")]
    [InlineData("""{ "roles": [] }""", "/name required")]
    [InlineData("""{ "name": "A", "id": "00000000-0000-7000-8000-0000000000ff" }""", "/id additional-property")]
    [InlineData("""{ "name": "A", "accountId": "00000000-0000-7000-8000-0000000000ff" }""", "/accountId additional-property")]
    [InlineData("""{ "name": "A", "workspaceId": "00000000-0000-7000-8000-0000000000ff" }""", "/workspaceId additional-property")]
    [InlineData("""{ "name": "A", "createdBy": null }""", "/createdBy additional-property")]
    [InlineData("""{ "name": "A", "isActive": true }""", "/isActive additional-property")]
    public async Task Wrong_values_are_refused_with_their_place_and_nothing_is_written(string body, string fault)
    {
        var before = await host.RowsAsync();

        (await host.Admin.PostAsync(Path, body.Replace("{new}", Members.NewEmail()))).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe([fault]);

        (await host.RowsAsync()).ShouldBe(before);
    }

    [Theory]
    [InlineData("مهندس بيانات")]
    [InlineData("👩‍🚀 Ünal 👨‍👩‍👧‍👦")]
    [InlineData("O'Brien; drop table crm.user --")]
    public async Task Names_are_kept_as_they_are(string name)
    {
        var made = await host.Admin.PostAsync(Path, new { name });

        made.Status.ShouldBe(HttpStatusCode.Created, made.Text);
        (await host.Admin.GetAsync(made.Location!))["name"].GetValue<string>().ShouldBe(name);
    }

    [Fact]
    public async Task Name_of_5000_characters_is_a_fault_wherever_one_is_given()
    {
        var (name, member) = (new string('x', 5000), await host.MemberAsync());
        var invited = await host.Admin.PostAsync($"{Path}/invite", new { email = Members.NewEmail() });
        var answers = new[]
        {
            await host.Admin.PostAsync(Path, new { name }),
            await host.Admin.PatchAsync($"{Path}/{member.Id}", new { name, version = 1 }),
            await host.Admin.PostAsync($"{Path}/invite", new { email = Members.NewEmail(), name }),
            await host.As(null).PostAsync("/api/v1/invitations/accept", new { token = invited["token"].GetValue<string>(), password = Members.Password, name }),
            await host.Admin.PostAsync("/api/v1/teams", new { name }),
            await member.Api.PostAsync("/api/v1/api-keys", new { name }),
            await host.Admin.PatchAsync("/api/v1/workspace", new { name, version = 1 }),
        };

        foreach (var answer in answers) answer.ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe(["/name invalid"]);
    }

    [Fact]
    public async Task Address_of_a_member_or_of_somebodys_account_is_taken()
    {
        var member = await host.MemberAsync();
        var before = await host.RowsAsync();

        foreach (var email in new[] { member.Email, member.Email.ToUpperInvariant() })
        {
            (await host.Admin.PostAsync(Path, new { name = "Twin", email, password = Members.Password })).ShouldBeProblem(HttpStatusCode.Conflict, "conflict");
            (await host.Admin.PostAsync($"{Path}/invite", new { email })).ShouldBeProblem(HttpStatusCode.Conflict, "conflict");
            // Nobody makes somebody else's account their own by giving it another password.
            (await host.Stranger.PostAsync(Path, new { name = "Mine", email, password = "a strangers password" })).ShouldBeProblem(HttpStatusCode.Conflict, "conflict");
        }

        (await host.RowsAsync()).ShouldBe(before);
        (await host.SignInAsync(member.Email)).Access.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Of_two_who_make_the_same_address_at_once_one_does()
    {
        for (var round = 0; round < 5; round++)
        {
            var body = new { name = "Twin", email = Members.NewEmail(), password = Members.Password };

            var answers = await Task.WhenAll(host.Admin.PostAsync(Path, body), host.Stranger.PostAsync(Path, body));

            answers.Select(a => a.Status).ShouldBe([HttpStatusCode.Created, HttpStatusCode.Conflict], ignoreOrder: true);
        }
    }

    [Fact]
    public async Task Change_needs_the_version_seen_and_is_told_with_what_changed()
    {
        var id = (await host.Admin.PostAsync(Path, new { name = "Grace" }))["id"].GetValue<string>();

        var changed = await host.Admin.PatchAsync($"{Path}/{id}", new { name = "Grace Hopper", roles = new[] { "admin", "sales-rep" } }, ("If-Match", "\"1\""));

        changed.Status.ShouldBe(HttpStatusCode.OK, changed.Text);
        (changed.ETag, changed["name"].GetValue<string>()).ShouldBe(("\"2\"", "Grace Hopper"));
        Roles(changed).ShouldBe(["admin", "sales-rep"]);
        (await host.Admin.PatchAsync($"{Path}/{id}", new { name = "Late", version = 1 })).ShouldBeProblem(HttpStatusCode.Conflict, "stale-version")["currentVersion"].GetValue<int>().ShouldBe(2);
        (await host.Admin.PatchAsync($"{Path}/{id}", new { name = "Blind" })).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe(["/version required"]);
        (await host.Admin.PatchAsync($"{Path}/{id}", new { email = "else@crm.test", version = 2 })).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe(["/email additional-property"]);
        (await host.Admin.PatchAsync($"{Path}/{id}", new { name = "Grace Hopper", version = 2 })).ETag.ShouldBe("\"2\"");
        var told = (await host.Admin.GetAsync($"/api/v1/events?subject=user/{id}")).Items;
        told.Select(e => e["type"]!.GetValue<string>()).ShouldBe(["crm.user.updated", "crm.user.created"]);
        told[0]["data"]!["changed"]!.AsArray().Select(c => c!.GetValue<string>()).ShouldBe(["name", "roles"]);
    }

    [Fact]
    public async Task Who_is_no_admin_changes_their_own_name_and_nothing_else()
    {
        var (member, colleague) = (await host.MemberAsync("sales-rep"), await host.MemberAsync());

        (await member.Api.PatchAsync($"{Path}/{member.Id}", new { name = "Ada Lovelace", version = 1 }))["name"].GetValue<string>().ShouldBe("Ada Lovelace");
        (await member.Api.PatchAsync($"{Path}/{member.Id}", new { roles = new[] { "admin" }, version = 2 })).ShouldBeProblem(HttpStatusCode.Forbidden, "not-allowed");
        (await member.Api.PatchAsync($"{Path}/{colleague.Id}", new { name = "Mine", version = 1 })).ShouldBeProblem(HttpStatusCode.Forbidden, "not-allowed");
    }

    [Theory]
    [InlineData("POST", "users", """{ "name": "A" }""")]
    [InlineData("POST", "users/invite", """{ "email": "a@crm.test" }""")]
    [InlineData("POST", "users/{id}/invite", "")]
    [InlineData("POST", "users/{id}/deactivate", "")]
    [InlineData("POST", "users/{id}/reactivate", "")]
    [InlineData("POST", "users/{id}/password", """{ "password": "another oak on a hill" }""")]
    [InlineData("POST", "teams", """{ "name": "A" }""")]
    [InlineData("PATCH", "teams/{id}", """{ "name": "A", "version": 1 }""")]
    [InlineData("DELETE", "teams/{id}", "")]
    [InlineData("PATCH", "workspace", """{ "name": "A", "version": 1 }""")]
    public async Task Administration_needs_the_role_admin(string method, string path, string body)
    {
        var member = await host.MemberAsync("sales-manager");
        var before = await host.RowsAsync();

        (await member.Api.SendAsync(new(method), $"/api/v1/{path.Replace("{id}", member.Id)}", Api.Json(body))).ShouldBeProblem(HttpStatusCode.Forbidden, "not-allowed");

        (await host.RowsAsync()).ShouldBe(before);
    }

    [Theory]
    [InlineData("GET", "users/{user}", "")]
    [InlineData("PATCH", "users/{user}", """{ "name": "Mine", "version": 1 }""")]
    [InlineData("POST", "users/{user}/invite", "")]
    [InlineData("POST", "users/{user}/deactivate", "")]
    [InlineData("POST", "users/{user}/reactivate", "")]
    [InlineData("POST", "users/{user}/password", """{ "password": "another oak on a hill" }""")]
    [InlineData("GET", "teams/{team}", "")]
    [InlineData("PATCH", "teams/{team}", """{ "name": "Mine", "version": 1 }""")]
    [InlineData("DELETE", "teams/{team}", "")]
    public async Task Id_of_another_workspace_is_answered_like_one_that_does_not_exist(string method, string path, string body)
    {
        var user = (await host.MemberAsync()).Id;
        var team = (await host.Admin.PostAsync("/api/v1/teams", new { name = "Theirs" }))["id"].GetValue<string>();
        var before = await host.RowsAsync();

        var theirs = await AskAsync(user, team);
        var missing = await AskAsync($"{Guid.Empty}", $"{Guid.Empty}");

        theirs.ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        theirs.WithoutTrace.ShouldBe(missing.WithoutTrace);
        (await host.RowsAsync()).ShouldBe(before);

        Task<Answer> AskAsync(string u, string t) => host.Stranger.SendAsync(new(method), $"/api/v1/{path.Replace("{user}", u).Replace("{team}", t)}", Api.Json(body), method == "DELETE" ? [("If-Match", "\"1\"")] : []);
    }

    [Theory]
    [InlineData("/api/v1/users")]
    [InlineData("/api/v1/teams")]
    [InlineData("/api/v1/api-keys")]
    public async Task Lists_are_paged_by_key_and_hold_nothing_of_another_workspace(string path)
    {
        var admin = await host.MemberAsync("admin");
        for (var i = 0; i < 3; i++)
        {
            await host.Admin.PostAsync("/api/v1/teams", new { name = "Team" });
            await admin.Api.PostAsync("/api/v1/api-keys", new { name = "Key" });
        }

        var all = Ids(await host.Admin.GetAsync($"{path}?limit=200"));
        var (found, next) = (new List<string>(), "");
        do
        {
            var page = await host.Admin.GetAsync($"{path}?limit=2{next}");
            found.AddRange(Ids(page));
            next = page.Json["next"] is { } more ? $"&after={more}" : null;
        }
        while (next is not null);

        found.ShouldBe(all);
        all.Count.ShouldBeGreaterThan(2);
        Ids(await host.Stranger.GetAsync($"{path}?limit=200")).Intersect(all).ShouldBeEmpty();
        (await host.Admin.GetAsync($"{path}?limit=201")).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe(["?limit limit"]);
        (await host.Admin.GetAsync($"{path}?after=yesterday")).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe(["?after parameter"]);

        static List<string> Ids(Answer answer) => [.. answer.Items.Select(i => i["id"]!.GetValue<string>())];
    }

    [Fact]
    public async Task Roles_are_those_of_the_bundles_and_admin_in_the_language_asked_for()
    {
        var roles = (await host.Rep.GetAsync("/api/v1/roles", ("Accept-Language", "de"))).Json.AsArray();

        roles[0]!["key"]!.GetValue<string>().ShouldBe("admin");
        roles.Select(r => r!["key"]!.GetValue<string>()).ShouldContain("sales-rep");
        foreach (var role in roles) role!["title"]!.GetValue<string>().ShouldNotBeEmpty();
    }

    private static IEnumerable<string> Roles(Answer user) => user["roles"].AsArray().Select(r => ((JsonValue)r!).GetValue<string>());
}
