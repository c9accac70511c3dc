using System.Net;
using Crm.Entities.ApiKeys;

namespace Crm.Host.Tests.Http;

/// <summary>Who has no valid key learns nothing, not even why.</summary>
public sealed class AuthenticationTests(CrmHost host) : IClassFixture<CrmHost>
{
    [Fact]
    public async Task Missing_mistyped_unknown_forged_and_revoked_keys_get_the_same_401()
    {
        var good = await host.KeyAsync(host.Workspace, "admin");
        var revoked = await host.KeyAsync(host.Workspace, "admin");
        await host.ChangeAsync(host.Workspace, db => db.ApiKeys.Single(k => k.Id == ApiKeyText.Parse(revoked)!.Id).RevokedAt = TimeProvider.System.GetUtcNow());
        var forged = ApiKeyText.Create(TimeProvider.System.GetUtcNow()) with { Id = ApiKeyText.Parse(good)!.Id };
        string?[] keys = [null, "", "crm_", good[..^1] + (good[^1] == '0' ? '1' : '0'), ApiKeyText.Create(TimeProvider.System.GetUtcNow()).ToString(), forged.ToString(), revoked];

        var answers = new List<Answer>();
        foreach (var key in keys) answers.Add(await host.As(key).GetAsync("/api/v1/projects"));

        foreach (var answer in answers) answer.ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthorized");
        answers.Select(a => a.WithoutTrace).Distinct().ShouldHaveSingleItem();
        (await host.As(good).GetAsync("/api/v1/projects")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("POST", "/api/v1/records")]
    [InlineData("POST", "/api/v1/projects")]
    [InlineData("POST", "/api/v1/bundles")]
    [InlineData("GET", "/api/v1/events")]
    [InlineData("GET", "/api/v1/bundles/sales/1.0.0")]
    public async Task No_endpoint_answers_without_a_key(string method, string path) =>
        (await host.As(null).SendAsync(new(method), path, method == "POST" ? Api.Json("{}") : null)).ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthorized");

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/openapi/v1.json")]
    public async Task Health_and_documentation_are_open(string path) => (await host.As(null).GetAsync(path)).Status.ShouldBe(HttpStatusCode.OK);
}
