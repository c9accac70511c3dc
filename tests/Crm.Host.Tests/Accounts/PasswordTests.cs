using System.Net;
using Crm.Host.Accounts;
using Crm.Host.Tests.Http;
using Crm.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Crm.Host.Tests.Accounts;

/// <summary>Changing passwords: by who knows the old one, or by an admin whose own the account is.</summary>
public sealed class PasswordTests(CrmHost host) : IClassFixture<CrmHost>
{
    private const string Next = "another oak on a hill";

    [Fact]
    public async Task Own_password_is_changed_by_who_knows_it_and_all_other_sessions_end_everywhere()
    {
        var member = await host.MemberAsync();
        await host.JoinOtherAsync(member.Email);
        var here = host.As(Tokens.Of(await host.As(null).SignInAsync(member.Email, workspace: host.Workspace)).Access);
        var there = host.As(Tokens.Of(await host.As(null).SignInAsync(member.Email, workspace: host.OtherWorkspace)).Access);
        (await here.GetAsync("/api/v1/me")).Status.ShouldBe(HttpStatusCode.OK);
        (await there.GetAsync("/api/v1/me")).Status.ShouldBe(HttpStatusCode.OK);

        (await ChangeAsync(member.Api, "a wrong password")).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe(["/currentPassword wrong-password"]);
        (await ChangeAsync(member.Api, Members.Password, "short")).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe(["/newPassword password-length"]);
        (await ChangeAsync(member.Api)).Status.ShouldBe(HttpStatusCode.NoContent);

        (await member.Api.GetAsync("/api/v1/me")).Status.ShouldBe(HttpStatusCode.OK);
        (await here.GetAsync("/api/v1/me")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await there.GetAsync("/api/v1/me")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await host.As(null).SignInAsync(member.Email, workspace: host.Workspace)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await host.As(null).SignInAsync(member.Email, Next, host.Workspace)).Status.ShouldBe(HttpStatusCode.OK);
        (await host.Admin.GetAsync($"/api/v1/events?subject=user/{member.Id}")).Items[0]["type"]!.GetValue<string>().ShouldBe("crm.user.password-changed");
    }

    [Fact]
    public async Task Open_session_is_no_way_to_guess_the_password_faster()
    {
        var member = await host.MemberAsync();
        await using var other = await OtherHost.StartAsync(host, new TestClock { Now = TimeProvider.System.GetUtcNow() }, s => s.Configure<SignInOptions>(o => o.FreeAttempts = 2));
        var api = other.As(member.Tokens.Access);
        for (var i = 0; i < 2; i++) (await ChangeAsync(api, "a wrong password")).Status.ShouldBe(HttpStatusCode.BadRequest);

        (await ChangeAsync(api)).ShouldBeProblem(HttpStatusCode.TooManyRequests, "too-many-requests");
        (await other.As(null).SignInAsync(member.Email)).ShouldBeProblem(HttpStatusCode.TooManyRequests, "too-many-requests");
    }

    [Fact]
    public async Task Of_two_changes_at_once_one_counts()
    {
        for (var round = 0; round < 5; round++)
        {
            var member = await host.MemberAsync();
            string[] wanted = ["the first of two oaks", "the second of two oaks"];

            var answers = await Task.WhenAll(wanted.Select(w => ChangeAsync(member.Api, Members.Password, w)));

            var won = answers.Index().Single(a => a.Item.Status == HttpStatusCode.NoContent).Index;
            answers[1 - won].Status.ShouldBeOneOf(HttpStatusCode.Conflict, HttpStatusCode.BadRequest);
            (await host.As(null).SignInAsync(member.Email, wanted[won])).Status.ShouldBe(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task Sign_in_with_the_old_password_does_not_outlive_its_change()
    {
        for (var round = 0; round < 10; round++)
        {
            var member = await host.MemberAsync();

            var racing = host.As(null).SignInAsync(member.Email);
            var changed = ChangeAsync(member.Api);
            await Task.WhenAll(racing, changed);

            (await changed).Status.ShouldBe(HttpStatusCode.NoContent);
            var signedIn = await racing;
            if (signedIn.Status == HttpStatusCode.OK) (await host.As(Tokens.Of(signedIn).Access).GetAsync("/api/v1/me")).Status.ShouldBe(HttpStatusCode.Unauthorized);
            else signedIn.ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthorized");
        }
    }

    [Fact]
    public async Task Admin_gives_another_password_where_the_account_is_the_workspaces_alone()
    {
        var (mine, shared, program) = (await host.MemberAsync(), await host.MemberAsync(), await host.UserAsync("Importer"));
        await host.JoinOtherAsync(shared.Email);

        (await ResetAsync(host.Admin, mine.Id)).Status.ShouldBe(HttpStatusCode.NoContent);

        (await mine.Api.GetAsync("/api/v1/me")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await host.As(null).SignInAsync(mine.Email, Next)).Status.ShouldBe(HttpStatusCode.OK);
        (await host.Admin.GetAsync($"/api/v1/events?subject=user/{mine.Id}")).Items[0]["type"]!.GetValue<string>().ShouldBe("crm.user.password-reset");
        (await ResetAsync(host.Admin, shared.Id)).ShouldBeProblem(HttpStatusCode.Conflict, "conflict");
        (await host.As(null).SignInAsync(shared.Email, workspace: host.Workspace)).Status.ShouldBe(HttpStatusCode.OK);
        (await ResetAsync(host.Admin, $"{program}")).ShouldBeProblem(HttpStatusCode.Conflict, "conflict");
        (await ResetAsync(host.Admin, mine.Id, "password1234")).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe(["/password password-common"]);
    }

    [Fact]
    public async Task Admin_cannot_pass_by_the_own_old_password()
    {
        var admin = await host.MemberAsync("admin");
        (await ResetAsync(admin.Api, admin.Id)).ShouldBeProblem(HttpStatusCode.Conflict, "conflict");
    }

    [Fact]
    public async Task Program_has_no_password() => (await ChangeAsync(host.Rep)).ShouldBeProblem(HttpStatusCode.Conflict, "conflict");

    private static Task<Answer> ChangeAsync(Api api, string currentPassword = Members.Password, string newPassword = Next) => api.PostAsync("/api/v1/me/password", new { currentPassword, newPassword });

    private static Task<Answer> ResetAsync(Api admin, string id, string password = Next) => admin.PostAsync($"/api/v1/users/{id}/password", new { password });
}
