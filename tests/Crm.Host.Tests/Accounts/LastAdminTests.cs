using System.Net;
using Crm.Host.Tests.Http;

namespace Crm.Host.Tests.Accounts;

/// <summary>A workspace always has somebody who can administer it.</summary>
public sealed class LastAdminTests(CrmHost host) : IClassFixture<CrmHost>
{
    [Fact]
    public async Task Last_admin_keeps_the_role_and_stays()
    {
        var me = (await host.Admin.GetAsync("/api/v1/me"))["id"].GetValue<string>();
        // An admin who cannot come in is none to count on.
        await host.Admin.PostAsync("/api/v1/users/invite", new { email = Members.NewEmail(), roles = new[] { "admin" } });
        var gone = (await host.MemberAsync("admin")).Id;
        await host.Admin.PostAsync($"/api/v1/users/{gone}/deactivate", "");

        (await host.Admin.PatchAsync($"/api/v1/users/{me}", new { roles = Array.Empty<string>(), version = 1 })).ShouldBeProblem(HttpStatusCode.Conflict, "conflict");
        (await host.Admin.PostAsync($"/api/v1/users/{me}/deactivate", "")).ShouldBeProblem(HttpStatusCode.Conflict, "conflict");
        await host.Admin.PostAsync($"/api/v1/users/{gone}/reactivate", "");
        (await host.Admin.PatchAsync($"/api/v1/users/{me}", new { roles = Array.Empty<string>(), version = 1 })).Status.ShouldBe(HttpStatusCode.OK);
        (await host.Admin.PostAsync("/api/v1/teams", new { name = "Late" })).ShouldBeProblem(HttpStatusCode.Forbidden, "not-allowed");
    }

    [Theory]
    [InlineData("roles")]
    [InlineData("deactivate")]
    public async Task Of_two_admins_who_end_each_other_at_once_one_stays(string how)
    {
        var (one, two) = (host.Stranger, host.As(await host.KeyAsync(host.OtherWorkspace, "admin")));
        var (first, second) = (await IdAsync(one), await IdAsync(two));
        foreach (var user in (await one.GetAsync("/api/v1/users")).Items.Select(u => $"{u["id"]}").Where(id => id != first && id != second)) await one.PostAsync($"/api/v1/users/{user}/deactivate", "");
        for (var round = 0; round < 10; round++)
        {
            var answers = await Task.WhenAll(EndAsync(one, second), EndAsync(two, first));

            answers.Count(a => a.Status == HttpStatusCode.OK).ShouldBe(1, string.Join('\n', answers.Select(a => a.Text)));
            var stays = answers[0].Status == HttpStatusCode.OK ? one : two;
            await RestoreAsync(stays, answers[0].Status == HttpStatusCode.OK ? second : first);
        }

        static async Task<string> IdAsync(Api api) => (await api.GetAsync("/api/v1/me"))["id"].GetValue<string>();

        async Task<Answer> EndAsync(Api api, string id) => how == "roles"
            ? await api.PatchAsync($"/api/v1/users/{id}", new { roles = Array.Empty<string>(), version = (await api.GetAsync($"/api/v1/users/{id}"))["version"].GetValue<int>() })
            : await api.PostAsync($"/api/v1/users/{id}/deactivate", "");

        async Task RestoreAsync(Api api, string id)
        {
            var user = await api.PostAsync($"/api/v1/users/{id}/reactivate", "");
            user.Status.ShouldBe(HttpStatusCode.OK, user.Text);
            if (how == "roles") (await api.PatchAsync($"/api/v1/users/{id}", new { roles = new[] { "admin" }, version = user["version"].GetValue<int>() })).Status.ShouldBe(HttpStatusCode.OK);
        }
    }
}
