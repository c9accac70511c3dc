using System.Net;
using Crm.Host.Tests.Http;

namespace Crm.Host.Tests.Accounts;

/// <summary>The browser's cookie, and what keeps other sites from using it.</summary>
public sealed class CookieTests(CrmHost host) : IClassFixture<CrmHost>
{
    [Theory]
    [InlineData("/api/v1/sign-in?cookie=true", """{ "email": "{email}", "password": "{password}" }""")]
    [InlineData("/api/v1/sign-in", """{ "email": "{email}", "password": "{password}", "cookie": true }""")]
    public async Task Cookie_signs_in_and_scripts_and_other_sites_cannot_reach_it(string path, string body)
    {
        var member = await host.MemberAsync();
        using var response = await host.As(null).Client.PostAsync(path, Api.Json(body.Replace("{email}", member.Email).Replace("{password}", Members.Password)));

        response.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        var cookie = response.Headers.GetValues("Set-Cookie").Single();
        cookie.ShouldStartWith("crm=");
        foreach (var attribute in new[] { "; httponly", "; samesite=strict", "; path=/" }) cookie.ShouldContain(attribute, Case.Insensitive);
        (await Browser(cookie).GetAsync("/api/v1/me")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "same-origin", true)]
    [InlineData("Origin", "{own}", true)]
    [InlineData("Sec-Fetch-Site", "cross-site", false)]
    [InlineData("Sec-Fetch-Site", "same-site", false)]
    [InlineData("Sec-Fetch-Site", "none", false)]
    [InlineData("Origin", "https://evil.test", false)]
    [InlineData("Origin", "null", false)]
    [InlineData("X-Nothing", "at all", false)]
    public async Task What_changes_anything_has_to_come_from_a_page_of_the_same_origin(string header, string value, bool passes)
    {
        var browser = Browser(await CookieAsync((await host.MemberAsync("admin")).Email));
        var own = host.As(null).Client.BaseAddress!.GetLeftPart(UriPartial.Authority);

        foreach (var path in new[] { "/api/v1/teams", "/api/v1/records" })
        {
            var answer = await browser.PostAsync(path, path.EndsWith("teams") ? new { name = "Mine" } : new { type = "opportunity", name = "Acme", fields = new { } }, (header, value.Replace("{own}", own)));
            if (passes) answer.Status.ShouldBe(HttpStatusCode.Created, answer.Text);
            else answer.ShouldBeProblem(HttpStatusCode.Forbidden, "not-allowed");
        }

        (await browser.GetAsync("/api/v1/me", (header, value))).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Another_site_cannot_sign_its_own_account_in()
    {
        var member = await host.MemberAsync();
        var body = new { email = member.Email, password = Members.Password, cookie = true };
        (await host.As(null).PostAsync("/api/v1/sign-in", body, ("Origin", "https://evil.test"), ("Sec-Fetch-Site", "cross-site"))).ShouldBeProblem(HttpStatusCode.Forbidden, "not-allowed");
    }

    [Fact]
    public async Task Sign_out_takes_the_cookie_away_and_ends_its_session()
    {
        var cookie = await CookieAsync((await host.MemberAsync()).Email);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/sign-out");
        request.Headers.Add("Cookie", cookie);
        request.Headers.Add("Sec-Fetch-Site", "same-origin");

        using var response = await host.As(null).Client.SendAsync(request);

        response.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        response.Headers.GetValues("Set-Cookie").Single().ShouldStartWith("crm=;");
        (await Browser(cookie).GetAsync("/api/v1/me")).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Header_goes_before_the_cookie()
    {
        var (member, other) = (await host.MemberAsync(), await host.MemberAsync());
        var cookie = ("Cookie", (await CookieAsync(member.Email)).Split(';')[0]);

        (await other.Api.GetAsync("/api/v1/me", cookie))["id"].GetValue<string>().ShouldBe(other.Id);
        (await host.As("garbage").GetAsync("/api/v1/me", cookie)).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    private async Task<string> CookieAsync(string email)
    {
        using var response = await host.As(null).Client.PostAsync("/api/v1/sign-in?cookie=true", Api.Json(new { email, password = Members.Password }));
        return response.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
    }

    private CookieApi Browser(string cookie) => new(host.As(null), cookie.Split(';')[0]);

    private sealed class CookieApi(Api api, string cookie)
    {
        public Task<Answer> GetAsync(string path, params (string, string)[] headers) => api.GetAsync(path, [("Cookie", cookie), .. headers]);

        public Task<Answer> PostAsync(string path, object body, params (string, string)[] headers) => api.PostAsync(path, body, [("Cookie", cookie), .. headers]);
    }
}
