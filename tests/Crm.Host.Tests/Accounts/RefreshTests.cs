using System.Net;
using Crm.Testing;

namespace Crm.Host.Tests.Accounts;

/// <summary>Refresh tokens are good once; one that comes twice was stolen.</summary>
public sealed class RefreshTests(CrmHost host) : IClassFixture<CrmHost>
{
    [Fact]
    public async Task Refresh_gives_new_tokens_again_and_again()
    {
        var tokens = (await host.MemberAsync()).Tokens;
        for (var i = 0; i < 3; i++)
        {
            var next = Tokens.Of(await host.As(null).RefreshAsync(tokens));
            next.Refresh.ShouldNotBe(tokens.Refresh);
            tokens = next;
        }

        (await host.As(tokens.Access).GetAsync("/api/v1/me")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Stolen_refresh_token_ends_the_session_of_thief_and_owner_alike()
    {
        var member = await host.MemberAsync();
        var elsewhere = await host.SignInAsync(member.Email);
        var thief = Tokens.Of(await host.As(null).RefreshAsync(member.Tokens));

        (await host.As(null).RefreshAsync(member.Tokens)).ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthorized");

        foreach (var tokens in new[] { thief, member.Tokens })
        {
            (await host.As(tokens.Access).GetAsync("/api/v1/me")).ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthorized");
            (await host.As(null).RefreshAsync(tokens)).ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthorized");
        }

        (await host.As(elsewhere.Access).GetAsync("/api/v1/me")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Of_two_refreshes_at_once_one_gets_tokens_and_the_session_ends()
    {
        for (var round = 0; round < 10; round++)
        {
            var member = await host.MemberAsync();

            var answers = await Task.WhenAll(host.As(null).RefreshAsync(member.Tokens), host.As(null).RefreshAsync(member.Tokens));

            answers.Select(a => a.Status).ShouldBe([HttpStatusCode.OK, HttpStatusCode.Unauthorized], ignoreOrder: true);
            var won = Tokens.Of(answers.Single(a => a.Status == HttpStatusCode.OK));
            (await host.As(won.Access).GetAsync("/api/v1/me")).Status.ShouldBe(HttpStatusCode.Unauthorized);
            (await host.As(null).RefreshAsync(won)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        }
    }

    [Fact]
    public async Task Access_token_lasts_an_hour_and_a_session_two_weeks_after_its_last_refresh()
    {
        var member = await host.MemberAsync();
        var clock = new TestClock();
        await using var other = await OtherHost.StartAsync(host, clock);
        var tokens = Tokens.Of(await other.As(null).SignInAsync(member.Email));
        clock.Now += TimeSpan.FromMinutes(59);
        (await other.As(tokens.Access).GetAsync("/api/v1/me")).Status.ShouldBe(HttpStatusCode.OK);
        clock.Now += TimeSpan.FromMinutes(2);
        (await other.As(tokens.Access).GetAsync("/api/v1/me")).Status.ShouldBe(HttpStatusCode.Unauthorized);

        clock.Now += TimeSpan.FromDays(13);
        tokens = Tokens.Of(await other.As(null).RefreshAsync(tokens));
        clock.Now += TimeSpan.FromDays(13);
        tokens = Tokens.Of(await other.As(null).RefreshAsync(tokens));
        clock.Now += TimeSpan.FromDays(14);

        (await other.As(null).RefreshAsync(tokens)).ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthorized");
    }

    [Fact]
    public async Task What_is_no_refresh_token_is_401()
    {
        var member = await host.MemberAsync();

        foreach (var wrong in new[] { member.Tokens.Access, "garbage", member.Tokens.Refresh[..^3] + "AAA" })
        {
            (await host.As(null).RefreshAsync(new("", wrong))).ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthorized");
        }

        (await host.As(member.Tokens.Refresh).GetAsync("/api/v1/me")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await host.As(null).PostAsync("/api/v1/refresh", new { refreshToken = new string('x', 5000) })).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid");
        Tokens.Of(await host.As(null).RefreshAsync(member.Tokens)).Access.ShouldNotBeEmpty();
    }
}
