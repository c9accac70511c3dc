using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Crm.Host.Tests.OpenApi;

/// <summary>The description of the API is that of the API there is, operation by operation.</summary>
public sealed class OpenApiTests(CrmHost host) : IClassFixture<CrmHost>
{
    private static readonly string[] Strangers = ["POST /api/v1/invitations/accept", "POST /api/v1/refresh", "POST /api/v1/sign-in"];

    // What these are asked to do is all in their address.
    private static readonly string[] WithoutBody = ["restore", "complete", "reopen", "sign-out", "invite", "deactivate", "reactivate", "replay", "discard", "cancel", "publish", "retract"];

    [Fact]
    public async Task Every_mapped_endpoint_is_described_and_nothing_else()
    {
        var mapped = host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.RoutePattern.RawText!.StartsWith("/api/", StringComparison.Ordinal))
            .SelectMany(e => e.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods.Select(m => $"{m} {e.RoutePattern.RawText!.Replace(":guid", "").TrimEnd('/')}"));

        (await ApiAsync()).Operations.Select(o => o.Name).Order().ShouldBe(mapped.Order());
    }

    [Fact]
    public async Task Document_is_OpenApi_3_1_with_the_ways_to_sign_in()
    {
        var document = (await ApiAsync()).Document;

        document["openapi"]!.GetValue<string>().ShouldStartWith("3.1.");
        foreach (var name in new[] { "ApiKey", "AccessToken" })
        {
            var scheme = document["components"]!["securitySchemes"]![name]!;
            (scheme["type"]!.GetValue<string>(), scheme["scheme"]!.GetValue<string>()).ShouldBe(("http", "bearer"));
        }

        var cookie = document["components"]!["securitySchemes"]!["Cookie"]!;
        (cookie["type"]!.GetValue<string>(), cookie["in"]!.GetValue<string>(), cookie["name"]!.GetValue<string>()).ShouldBe(("apiKey", "cookie", "crm"));
        document["security"]!.AsArray().Select(s => s!.AsObject().Single().Key).ShouldBe(["ApiKey", "AccessToken", "Cookie"]);
    }

    [Fact]
    public async Task Only_who_signs_in_need_not_be_signed_in() =>
        (await ApiAsync()).Operations.Where(o => o.Described["security"] is JsonArray { Count: 0 }).Select(o => o.Name).Order().ShouldBe(Strangers);

    [Fact]
    public async Task Every_operation_has_a_name_for_programs_a_summary_and_a_tag()
    {
        var api = await ApiAsync();

        api.Operations.Select(o => o.Id).Distinct().Count().ShouldBe(api.Operations.Count);
        foreach (var operation in api.Operations)
        {
            Regex.IsMatch(operation.Id, "^[a-z]+([A-Z][a-z]+)+$").ShouldBeTrue($"{operation.Name} is {operation.Id}");
            operation.Described["summary"]!.GetValue<string>().ShouldNotBeEmpty(operation.Name);
            operation.Described["tags"]!.AsArray().Count.ShouldBe(1, operation.Name);
        }
    }

    [Fact]
    public async Task Every_operation_tells_all_it_may_answer()
    {
        foreach (var operation in (await ApiAsync()).Operations)
        {
            var statuses = operation.Responses.Select(r => r.Key).ToList();
            statuses.ShouldContain(s => s.StartsWith('2'), operation.Name);
            Expected(operation).Except(statuses).ShouldBeEmpty(operation.Name);
            foreach (var (status, response) in operation.Responses.Where(r => r.Key.StartsWith('4'))) response!["content"]?["application/problem+json"]?["schema"].ShouldNotBeNull($"{operation.Name} {status}");
        }
    }

    [Fact]
    public async Task Every_parameter_says_what_it_means_and_what_it_may_be()
    {
        foreach (var operation in (await ApiAsync()).Operations)
        {
            foreach (var parameter in operation.Parameters)
            {
                var name = $"{operation.Name} {parameter["name"]}";
                parameter["description"]!.GetValue<string>().ShouldNotBeEmpty(name);
                parameter["schema"]?["type"].ShouldNotBeNull(name);
                if (parameter["in"]!.GetValue<string>() == "path") parameter["required"]!.GetValue<bool>().ShouldBeTrue(name);
                if (parameter["name"]!.GetValue<string>() == "limit") new[] { "minimum", "maximum", "default" }.ShouldAllBe(b => parameter["schema"]![b] != null, name);
            }

            operation.Parameters.Select(p => $"{p["in"]} {p["name"]}").Distinct().Count().ShouldBe(operation.Parameters.Count, operation.Name);
            Regex.Matches(operation.Path, @"\{(\w+)\}").Select(m => m.Groups[1].Value).ShouldBe(operation.In("path").Select(p => p["name"]!.GetValue<string>()), operation.Name);
        }
    }

    [Fact]
    public async Task List_tells_each_of_its_filters_with_its_type()
    {
        var api = await ApiAsync();

        Schema("amount.gte").ShouldBe("""{"type":"number"}""");
        Schema("ownerId").ShouldBe("""{"minItems":1,"type":"array","items":{"type":"string","format":"uuid"}}""");
        Schema("expectedCloseOn.lt").ShouldBe("""{"type":"string","format":"date"}""");
        Schema("closedAt.null").ShouldBe("""{"type":"boolean"}""");
        Schema("limit").ShouldBe("""{"maximum":200,"minimum":1,"type":"integer","format":"int32","default":50}""");
        Schema("deleted").ShouldBe("""{"type":"boolean","default":false}""");
        var sort = JsonNode.Parse(Schema("sort"))!;
        sort["enum"]!.AsArray().Select(s => s!.GetValue<string>()).ShouldBe(["createdAt", "-createdAt", "updatedAt", "-updatedAt", "name", "-name", "stepEnteredAt", "-stepEnteredAt", "amount", "-amount", "expectedCloseOn", "-expectedCloseOn", "closedAt", "-closedAt"], ignoreOrder: true);
        sort["default"]!.GetValue<string>().ShouldBe("-createdAt");

        string Schema(string parameter) => api["GET /api/v1/deals"].In("query").Single(p => p["name"]!.GetValue<string>() == parameter)["schema"]!.ToJsonString();
    }

    [Fact]
    public async Task Headers_are_told_where_they_are_read_and_written()
    {
        var api = await ApiAsync();
        foreach (var noun in new[] { "deals", "leads", "people", "organizations" })
        {
            Headers($"POST /api/v1/{noun}").ShouldBe("Idempotency-Key → ETag Location");
            Headers($"GET /api/v1/{noun}/{{id}}").ShouldBe(" → ETag");
            Headers($"PATCH /api/v1/{noun}/{{id}}").ShouldBe("If-Match → ETag");
            Headers($"DELETE /api/v1/{noun}/{{id}}").ShouldBe("If-Match! → ");
            Headers($"POST /api/v1/{noun}/{{id}}/assign").ShouldBe("Idempotency-Key If-Match → ETag");
            Headers($"POST /api/v1/{noun}/{{id}}/restore").ShouldBe("Idempotency-Key → ETag");
        }

        Headers("POST /api/v1/leads/{id}/moves").ShouldBe("Idempotency-Key If-Match → ETag");
        Headers("POST /api/v1/leads/{id}/conversion").ShouldBe("Idempotency-Key → Location");
        Headers("DELETE /api/v1/views/{id}").ShouldBe("If-Match! → ");
        foreach (var operation in api.Operations) operation.Responses["429"]?["headers"]?["Retry-After"].ShouldNotBeNull(operation.Name);

        string Headers(string name) =>
            string.Join(' ', api[name].In("header").Select(p => p["name"]!.GetValue<string>() + (p["required"]?.GetValue<bool>() is true ? "!" : "")).Order()) + " → "
            + string.Join(' ', api[name].Responses.Where(r => r.Key[0] == '2').SelectMany(r => r.Value!["headers"]?.AsObject() ?? []).Select(h => h.Key).Distinct().Order());
    }

    [Fact]
    public async Task Every_POST_can_be_sent_again_under_a_key_but_those_that_read_or_hold_a_secret()
    {
        string[] without =
        [
            "activities/bulk-read", "api-keys", "deals/bulk-read", "decisions/{key}/evaluate", "invitations/accept", "leads/bulk-read", "me/password",
            "organizations/bulk-read", "people/bulk-read", "refresh", "sign-in", "sign-out", "users", "users/{id}/password", "users/invite", "users/{id}/invite",
        ];

        (await ApiAsync()).Operations.Where(o => o.Method == "POST" && o.In("header").All(h => h["name"]!.GetValue<string>() != "Idempotency-Key")).Select(o => o.Path["/api/v1/".Length..]).Order()
            .ShouldBe(without.Order());
    }

    // What is so of every endpoint that is made of these parts.
    private static IEnumerable<string> Expected(Operation operation)
    {
        yield return "400";
        yield return "401";
        yield return "403"; // the key that was sent may lack the scope
        if (Strangers.Contains(operation.Name)) yield return "429";
        if (operation.Path.Contains("{id}")) yield return "404";
        if (operation.In("header").Any(h => h["name"]!.GetValue<string>() == "If-Match")) yield return "409";
        if (operation.In("header").Any(h => h["name"]!.GetValue<string>() == "Idempotency-Key")) yield return "422";
        if (operation.Method is "POST" or "PATCH" && !WithoutBody.Contains(operation.Path.Split('/')[^1]) || operation.Name == "POST /api/v1/users/invite")
        {
            operation.Described["requestBody"].ShouldNotBeNull(operation.Name);
            yield return "413";
            yield return "415";
        }
    }

    private Task<ApiDescription> ApiAsync() => ApiDescription.ServedAsync(host.Admin.Client);
}
