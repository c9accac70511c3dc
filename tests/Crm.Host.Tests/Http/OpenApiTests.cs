using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Crm.Host.Tests.Http;

/// <summary>The description of the API is that of the API there is.</summary>
public sealed class OpenApiTests(CrmHost host) : IClassFixture<CrmHost>
{
    // What these are asked to do is all in their address.
    private static readonly string[] WithoutBody = ["restore", "complete", "reopen", "sign-out", "invite", "deactivate", "reactivate"];

    [Fact]
    public async Task Every_mapped_endpoint_is_described_and_nothing_else()
    {
        var mapped = host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.RoutePattern.RawText!.StartsWith("/api/", StringComparison.Ordinal))
            .SelectMany(e => e.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods.Select(m => $"{m} {e.RoutePattern.RawText!.Replace(":guid", "").TrimEnd('/')}"));

        var described = (await OperationsAsync()).Select(o => o.Name);

        described.Order().ShouldBe(mapped.Order());
    }

    [Fact]
    public async Task Document_is_OpenApi_3_1_with_the_way_to_sign_in()
    {
        var document = await DocumentAsync();

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
    public async Task Only_who_signs_in_need_not_be_signed_in()
    {
        var open = (await OperationsAsync()).Where(o => o.Operation["security"] is JsonArray { Count: 0 }).Select(o => o.Name);

        open.Order().ShouldBe(["POST /api/v1/invitations/accept", "POST /api/v1/refresh", "POST /api/v1/sign-in"]);
    }

    [Fact]
    public async Task Every_operation_has_an_id_a_summary_a_tag_and_its_problems()
    {
        var operations = await OperationsAsync();

        operations.Select(o => o.Operation["operationId"]!.GetValue<string>()).Distinct().Count().ShouldBe(operations.Count);
        foreach (var (name, operation) in operations)
        {
            operation["summary"].ShouldNotBeNull(name);
            operation["tags"].ShouldNotBeNull(name);
            var responses = operation["responses"]!.AsObject();
            responses.ShouldContain(r => r.Key.StartsWith('2'), name);
            foreach (var status in name.Contains("{id}") ? new[] { "400", "401", "404" } : ["400", "401"]) responses[status]?["content"]?["application/problem+json"].ShouldNotBeNull($"{name} {status}");
        }
    }

    [Fact]
    public async Task Every_body_has_a_schema_with_its_members()
    {
        var document = await DocumentAsync();
        foreach (var (name, operation) in (await OperationsAsync()).Where(o => o.Name.StartsWith('P')))
        {
            var schema = operation["requestBody"]?["content"]?["application/json"]?["schema"];
            if (schema is null && WithoutBody.Contains(name.Split('/')[^1])) continue;
            schema.ShouldNotBeNull(name);
            if (schema!["$ref"] is { } reference) schema = document["components"]!["schemas"]![reference.GetValue<string>().Split('/')[^1]];
            if (!name.EndsWith("/bundles", StringComparison.Ordinal)) schema!["properties"]!.AsObject().ShouldNotBeEmpty(name);
        }
    }

    [Fact]
    public async Task Every_POST_says_that_it_can_be_sent_again_but_those_that_read_or_hold_a_secret()
    {
        string[] without =
        [
            "activities/bulk-read", "api-keys", "deals/bulk-read", "invitations/accept", "leads/bulk-read", "me/password",
            "organizations/bulk-read", "people/bulk-read", "refresh", "sign-in", "sign-out", "users", "users/{id}/password", "users/invite", "users/{id}/invite",
        ];

        (await host.OperationsAsync()).Where(o => o.Method == "POST" && !o.Headers.Contains("Idempotency-Key")).Select(o => o.Path).Order().ShouldBe(without.Order());
    }

    [Fact]
    public async Task Every_reference_leads_somewhere()
    {
        var document = await DocumentAsync();
        foreach (var reference in References(document)) document["components"]!["schemas"]!.AsObject().ShouldContainKey(reference.Split('/')[^1]);
    }

    private async Task<JsonNode> DocumentAsync() => (await host.As(null).GetAsync("/openapi/v1.json")).Json;

    private async Task<IReadOnlyList<(string Name, JsonNode Operation)>> OperationsAsync() =>
        [.. from path in (await DocumentAsync())["paths"]!.AsObject() from operation in path.Value!.AsObject() select ($"{operation.Key.ToUpperInvariant()} {path.Key}", operation.Value!)];

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject o => o.SelectMany(m => m is { Key: "$ref", Value: JsonValue v } ? [v.GetValue<string>()] : References(m.Value)),
        JsonArray a => a.SelectMany(References),
        _ => [],
    };
}
