using System.Net;
using Crm.Entities.ApiKeys;
using Crm.Host.Tests.Http;
using Crm.Testing;
using Crm.Wfm.Flows.Studio;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Crm.Host.Tests.Accounts;

/// <summary>Keys of programs: shown once, within their scopes, taken back at once.</summary>
public sealed class ApiKeyTests(CrmHost host) : IClassFixture<CrmHost>
{
    private const string Path = "/api/v1/api-keys";

    [Fact]
    public async Task Key_is_shown_once_acts_as_who_made_it_and_is_listed_without_its_secret()
    {
        var member = await host.MemberAsync("sales-rep");

        var made = await member.Api.PostAsync(Path, new { name = "Nightly import" });

        made.Status.ShouldBe(HttpStatusCode.Created, made.Text);
        var text = made["key"].GetValue<string>();
        var details = made["details"];
        made.Location.ShouldBe($"{Path}/{details["id"]}");
        (await host.As(text).GetAsync("/api/v1/me"))["id"].GetValue<string>().ShouldBe(member.Id);
        (await host.As(text).DealAsync())["ownerId"].GetValue<string>().ShouldBe(member.Id);
        var list = await member.Api.GetAsync(Path);
        list.Items.ShouldHaveSingleItem().ToJsonString().ShouldBe(details.ToJsonString());
        details["lastFour"]!.GetValue<string>().ShouldBe(text[^4..]);
        details["scopes"]!.AsArray().Select(s => s!.GetValue<string>()).ShouldBe(["read", "write"]);
        list.Text.ShouldNotContain(text[37..80]);
        (await host.AskAsync<long>($"select count(*) from crm.api_key k where k::text like '%{text[37..80]}%'")).ShouldBe(0);
        var told = (await host.Admin.GetAsync($"/api/v1/events?subject=api-key/{details["id"]}")).Items.ShouldHaveSingleItem();
        told["type"]!.GetValue<string>().ShouldBe("crm.api-key.created");
        told.ToJsonString().ShouldNotContain(text[37..80]);
    }

    [Fact]
    public async Task Key_without_write_changes_nothing_on_any_route_there_is()
    {
        var api = host.As(await KeyAsync(await host.MemberAsync("admin"), "read"));
        var before = await host.RowsAsync();
        var routes = host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Where(e => e.Metadata.GetMetadata<ReadingPost>() is null)
            .SelectMany(e => (e.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? []).Select(m => (Method: m, Path: "/" + e.RoutePattern.RawText!.TrimStart('/'))))
            .Where(r => r.Method is not ("GET" or "HEAD")).ToList();

        routes.Count.ShouldBeGreaterThan(25);
        foreach (var (method, path) in routes)
        {
            var answer = await api.SendAsync(new(method), path.Replace("{id:guid}", $"{Guid.Empty}"), Api.Json("{}"));
            answer.ShouldBeProblem(HttpStatusCode.Forbidden, "not-allowed");
        }

        (await host.RowsAsync()).ShouldBe(before);
        (await api.GetAsync("/api/v1/users")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Key_without_read_reads_nothing()
    {
        var api = host.As(await KeyAsync(await host.MemberAsync("sales-rep"), "write"));

        (await api.PostAsync("/api/v1/deals", new { name = "Acme" })).Status.ShouldBe(HttpStatusCode.Created);
        foreach (var path in new[] { "/api/v1/me", "/api/v1/deals", "/api/v1/events", "/api/v1/bundles" }) (await api.GetAsync(path)).ShouldBeProblem(HttpStatusCode.Forbidden, "not-allowed");
    }

    [Fact]
    public async Task Revoked_key_is_refused_at_once_and_on_other_hosts_within_30_seconds()
    {
        var member = await host.MemberAsync();
        var text = await KeyAsync(member);
        var clock = new TestClock { Now = TimeProvider.System.GetUtcNow() };
        await using var other = await OtherHost.StartAsync(host, clock);
        foreach (var api in new[] { host.As(text), other.As(text) }) (await api.GetAsync("/api/v1/me")).Status.ShouldBe(HttpStatusCode.OK);
        var path = $"{Path}/{ApiKeyText.Parse(text)!.Id}";

        (await member.Api.SendAsync(HttpMethod.Delete, path, null)).Status.ShouldBe(HttpStatusCode.NoContent);

        (await host.As(text).GetAsync("/api/v1/me")).ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthorized");
        (await other.As(text).GetAsync("/api/v1/me")).Status.ShouldBe(HttpStatusCode.OK);
        clock.Now += TimeSpan.FromSeconds(30);
        (await other.As(text).GetAsync("/api/v1/me")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await member.Api.SendAsync(HttpMethod.Delete, path, null)).Status.ShouldBe(HttpStatusCode.NoContent);
        (await host.Admin.GetAsync($"/api/v1/events?subject=api-key/{path.Split('/')[^1]}")).Items.Select(e => e["type"]!.GetValue<string>()).ShouldBe(["crm.api-key.revoked", "crm.api-key.created"]);
    }

    [Fact]
    public async Task Expired_key_is_refused_on_the_second_even_where_it_was_just_used()
    {
        var clock = new TestClock { Now = TimeProvider.System.GetUtcNow() };
        await using var other = await OtherHost.StartAsync(host, clock);
        var made = await (await host.MemberAsync()).Api.PostAsync(Path, new { name = "Brief", expiresAt = clock.Now.AddSeconds(40) });
        var api = other.As(made["key"].GetValue<string>());
        clock.Now += TimeSpan.FromSeconds(39);
        (await api.GetAsync("/api/v1/me")).Status.ShouldBe(HttpStatusCode.OK);

        clock.Now += TimeSpan.FromSeconds(1);

        (await api.GetAsync("/api/v1/me")).ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthorized");
    }

    [Fact]
    public async Task Key_stops_with_its_user_and_goes_on_with_them()
    {
        var member = await host.MemberAsync();
        var api = host.As(await KeyAsync(member));

        await host.Admin.PostAsync($"/api/v1/users/{member.Id}/deactivate", "");
        (await api.GetAsync("/api/v1/me")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        await host.Admin.PostAsync($"/api/v1/users/{member.Id}/reactivate", "");
        (await api.GetAsync("/api/v1/me")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Key_cannot_make_keys() => (await host.Admin.PostAsync(Path, new { name = "Another" })).ShouldBeProblem(HttpStatusCode.Forbidden, "not-allowed");

    [Fact]
    public async Task Others_keys_are_the_admins_business_alone()
    {
        var (member, colleague, admin) = (await host.MemberAsync(), await host.MemberAsync(), await host.MemberAsync("admin"));
        var id = ApiKeyText.Parse(await KeyAsync(member))!.Id;

        (await colleague.Api.GetAsync(Path)).Items.ShouldBeEmpty();
        (await colleague.Api.SendAsync(HttpMethod.Delete, $"{Path}/{id}", null)).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        (await host.Stranger.SendAsync(HttpMethod.Delete, $"{Path}/{id}", null)).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        (await host.Stranger.GetAsync($"{Path}?limit=200")).Text.ShouldNotContain($"{id}");
        (await admin.Api.GetAsync($"{Path}?limit=200")).Items.ShouldContain(k => k["id"]!.GetValue<Guid>() == id);
        (await admin.Api.SendAsync(HttpMethod.Delete, $"{Path}/{id}", null)).Status.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Admin_makes_keys_for_programs_and_nobody_makes_them_for_people()
    {
        var (admin, member) = (await host.MemberAsync("admin"), await host.MemberAsync());
        var program = (await admin.Api.PostAsync("/api/v1/users", new { name = "Importer", roles = new[] { "sales-rep" } }))["id"].GetValue<string>();

        var made = await admin.Api.PostAsync(Path, new { name = "Importer", userId = program });

        (await host.As(made["key"].GetValue<string>()).GetAsync("/api/v1/me"))["id"].GetValue<string>().ShouldBe(program);
        made["details"]["createdBy"]!.GetValue<string>().ShouldBe(admin.Id);
        (await admin.Api.PostAsync(Path, new { name = "Spy", userId = member.Id })).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe(["/userId not-found"]);
        (await member.Api.PostAsync(Path, new { name = "Spy", userId = program })).ShouldBeProblem(HttpStatusCode.Forbidden, "not-allowed");
    }

    [Theory]
    [InlineData("{}", "/name required")]
    [InlineData("""{ "name": " " }""", "/name invalid")]
    [InlineData("""{ "name": "A", "scopes": [] }""", "/scopes required")]
    [InlineData("""{ "name": "A", "scopes": ["read", "everything"] }""", "/scopes/1 unknown-scope")]
    [InlineData("""{ "name": "A", "expiresAt": "2020-01-01T00:00:00Z" }""", "/expiresAt past")]
    [InlineData("""{ "name": "A", "expiresAt": "soon" }""", "/expiresAt body")]
    [InlineData("""{ "name": "A", "userId": "00000000-0000-7000-8000-0000000000ff" }""", "/userId not-found")]
    [InlineData("""{ "name": "A", "secretHash": "AAAA" }""", "/secretHash additional-property")]
    [InlineData("""{ "name": "A", "createdBy": null }""", "/createdBy additional-property")]
    public async Task Wrong_values_are_refused_with_their_place_and_nothing_is_written(string body, string fault)
    {
        var admin = await host.MemberAsync("admin");
        var before = await host.RowsAsync();

        (await admin.Api.PostAsync(Path, body)).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe([fault]);

        (await host.RowsAsync()).ShouldBe(before);
    }

    private static async Task<string> KeyAsync(Member member, params string[] scopes)
    {
        var made = await member.Api.PostAsync(Path, new { name = "Key", scopes = scopes.Length > 0 ? scopes : null });
        made.Status.ShouldBe(HttpStatusCode.Created, made.Text);
        return made["key"].GetValue<string>();
    }
}
