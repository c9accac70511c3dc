using System.Net;
using Crm.Entities.Users;
using Crm.Host.Tests.Http;
using Crm.Testing;

namespace Crm.Host.Tests.Accounts;

/// <summary>The way in by invitation.</summary>
public sealed class InvitationTests(CrmHost host) : IClassFixture<CrmHost>
{
    [Fact]
    public async Task Invited_person_sets_name_and_password_once_and_is_in()
    {
        var email = Members.NewEmail();
        var invited = await InviteAsync(email, "sales-rep");
        invited["user"]["status"]!.GetValue<string>().ShouldBe("invited");
        var id = invited["user"]["id"]!.GetValue<string>();

        var accepted = await AcceptAsync(invited, name: "Katherine Johnson");

        accepted.Status.ShouldBe(HttpStatusCode.OK, accepted.Text);
        (accepted["user"].GetValue<string>(), accepted["email"].GetValue<string>(), accepted["workspace"].GetValue<Guid>()).ShouldBe((id, email, host.Workspace));
        var me = await host.As((await host.SignInAsync(email)).Access).GetAsync("/api/v1/me");
        (me["id"].GetValue<string>(), me["name"].GetValue<string>()).ShouldBe((id, "Katherine Johnson"));
        (await host.Admin.GetAsync($"/api/v1/users/{id}"))["status"].GetValue<string>().ShouldBe("active");
        (await AcceptAsync(invited)).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        var told = (await host.Admin.GetAsync($"/api/v1/events?subject=user/{id}")).Items;
        told.Select(e => e["type"]!.GetValue<string>()).ShouldBe(["crm.user.joined", "crm.user.invited"]);
        foreach (var secret in new[] { email, invited["token"].GetValue<string>() }) told.ShouldAllBe(e => !e.ToJsonString().Contains(secret));
    }

    [Fact]
    public async Task Of_two_who_accept_at_once_one_is_in()
    {
        for (var round = 0; round < 10; round++)
        {
            var email = Members.NewEmail();
            var invited = await InviteAsync(email);
            string[] passwords = ["the first of two oaks", "the second of two oaks"];

            var answers = await Task.WhenAll(passwords.Select(p => AcceptAsync(invited, p)));

            answers.Select(a => a.Status).ShouldBe([HttpStatusCode.OK, HttpStatusCode.NotFound], ignoreOrder: true);
            var won = answers[0].Status == HttpStatusCode.OK ? 0 : 1;
            (await host.As(null).SignInAsync(email, passwords[won])).Status.ShouldBe(HttpStatusCode.OK);
            (await host.As(null).SignInAsync(email, passwords[1 - won])).Status.ShouldBe(HttpStatusCode.Unauthorized);
        }
    }

    [Fact]
    public async Task Invitation_lasts_seven_days_and_another_one_takes_its_place()
    {
        var email = Members.NewEmail();
        var invited = await InviteAsync(email);
        var clock = new TestClock { Now = TimeProvider.System.GetUtcNow().AddDays(7).AddMinutes(1) };
        await using var later = await OtherHost.StartAsync(host, clock);
        (await later.As(null).PostAsync("/api/v1/invitations/accept", Body(invited))).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");

        var again = await host.Admin.PostAsync($"/api/v1/users/{invited["user"]["id"]}/invite", "");

        again.Status.ShouldBe(HttpStatusCode.OK, again.Text);
        (await AcceptAsync(invited)).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        (await AcceptAsync(again)).Status.ShouldBe(HttpStatusCode.OK);
        (await host.Admin.PostAsync($"/api/v1/users/{invited["user"]["id"]}/invite", "")).ShouldBeProblem(HttpStatusCode.Conflict, "conflict");
    }

    [Fact]
    public async Task Who_has_an_account_shows_it_by_its_password_and_keeps_it()
    {
        var member = await host.MemberAsync();
        var invited = await host.Stranger.PostAsync("/api/v1/users/invite", new { email = member.Email.ToUpperInvariant() });

        (await AcceptAsync(invited, "a strangers password")).ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthorized");
        (await AcceptAsync(invited)).Status.ShouldBe(HttpStatusCode.OK);

        (await host.As(null).SignInAsync(member.Email, workspace: host.OtherWorkspace)).Status.ShouldBe(HttpStatusCode.OK);
        (await host.As(null).SignInAsync(member.Email, "a strangers password", host.OtherWorkspace)).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Refused_password_leaves_the_invitation_as_it_was()
    {
        var invited = await InviteAsync(Members.NewEmail());
        var before = await host.RowsAsync();

        (await AcceptAsync(invited, "short")).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe(["/password password-length"]);

        (await host.RowsAsync()).ShouldBe(before);
        (await AcceptAsync(invited)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Token_that_is_none_or_anothers_or_of_somebody_deactivated_finds_no_invitation()
    {
        var invited = await InviteAsync(Members.NewEmail());
        var (token, other) = (InvitationToken.Parse(invited["token"].GetValue<string>())!, InvitationToken.Create(host.Workspace, Guid.CreateVersion7()));
        var deactivated = await InviteAsync(Members.NewEmail());
        await host.Admin.PostAsync($"/api/v1/users/{deactivated["user"]["id"]}/deactivate", "");

        foreach (var wrong in new[] { "garbage", "", $"{token with { Secret = other.Secret }}", $"{token with { UserId = other.UserId }}", $"{token with { WorkspaceId = host.OtherWorkspace }}", deactivated["token"].GetValue<string>() })
        {
            var answer = await host.As(null).PostAsync("/api/v1/invitations/accept", new { token = wrong, password = Members.Password });
            if (wrong.Length > 0) answer.ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
            else answer.ShouldBeProblem(HttpStatusCode.BadRequest, "invalid");
        }

        (await AcceptAsync(invited)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Only_a_hash_of_the_token_is_stored()
    {
        var token = InvitationToken.Parse((await InviteAsync(Members.NewEmail()))["token"].GetValue<string>())!;

        (await host.AskAsync<byte[]>($"select secret_hash from crm.invitation where user_id = '{token.UserId}'")).ShouldBe(token.SecretHash);
    }

    [Theory]
    [InlineData("{}", "/email required")]
    [InlineData("""{ "email": "nobody" }""", "/email invalid")]
    [InlineData("""{ "email": "a@crm.test", "roles": ["king"] }""", "/roles/0 unknown-role")]
    [InlineData("""{ "email": "a@crm.test", "password": "an old oak on a hill" }""", "/password additional-property")]
    [InlineData("""{ "email": "a@crm.test", "expiresAt": "2099-01-01T00:00:00Z" }""", "/expiresAt additional-property")]
    public async Task Wrong_values_are_refused_with_their_place_and_nothing_is_written(string body, string fault)
    {
        var before = await host.RowsAsync();

        (await host.Admin.PostAsync("/api/v1/users/invite", body)).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe([fault]);

        (await host.RowsAsync()).ShouldBe(before);
    }

    private async Task<Answer> InviteAsync(string email, params string[] roles)
    {
        var invited = await host.Admin.PostAsync("/api/v1/users/invite", new { email, roles });
        invited.Status.ShouldBe(HttpStatusCode.Created, invited.Text);
        return invited;
    }

    private Task<Answer> AcceptAsync(Answer invited, string password = Members.Password, string? name = null) => host.As(null).PostAsync("/api/v1/invitations/accept", Body(invited, password, name));

    private static object Body(Answer invited, string password = Members.Password, string? name = null) => new { token = invited["token"].GetValue<string>(), password, name };
}
