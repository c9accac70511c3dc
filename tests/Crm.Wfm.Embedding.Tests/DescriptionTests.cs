using System.Text.Json.Nodes;
using Crm.Wfm.Http;
using Crm.Wfm.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Shop;

namespace Crm.Wfm.Embedding.Tests;

/// <summary>What an embedder's OpenAPI document tells of the package's endpoints.</summary>
public sealed class DescriptionTests(ShopFixture shop) : IClassFixture<ShopFixture>
{
    [Fact]
    public async Task What_the_package_maps_is_described_with_its_problems_headers_and_pages()
    {
        var document = await DocumentAsync();
        var move = document["paths"]!["/wfm/projects/{id}/moves"]!["post"]!;

        move["operationId"]!.GetValue<string>().ShouldBe("moveProject");
        Parameters(move).ShouldBe(["path id", "header Idempotency-Key", "header If-Match"]);
        move["responses"]!.AsObject().Select(r => r.Key).ShouldBe(["200", "400", "401", "403", "404", "409", "413", "415", "422"], ignoreOrder: true);
        move["responses"]!["200"]!["headers"]!["ETag"].ShouldNotBeNull();
        move["responses"]!["422"]!["content"]!["application/problem+json"]!["schema"]!["anyOf"]!.AsArray().Select(Reference).ShouldBe(["RefusedProblem", "InvalidProblem"]);
        var projects = document["paths"]!["/wfm/projects"]!["get"]!;
        Parameters(projects).ShouldBe(["query subjectType", "query subjectId", "query projectType", "query after", "query limit"]);
        Reference(projects["responses"]!["200"]!["content"]!["application/json"]!["schema"]).ShouldBe("ProjectPage");
        Parameters(document["paths"]!["/orders/{id}/moves"]!["post"]!).ShouldBe(["path id", "header Idempotency-Key", "header If-Match"]);
    }

    [Fact]
    public async Task Every_parameter_and_every_schema_says_what_it_is()
    {
        var document = await DocumentAsync();
        foreach (var (path, operation) in from path in document["paths"]!.AsObject() from operation in path.Value!.AsObject() select (path.Key, operation.Value!))
        {
            foreach (var parameter in operation["parameters"]?.AsArray() ?? []) parameter!["description"].ShouldNotBeNull($"{path} {parameter["name"]}");
        }

        foreach (var (name, schema) in document["components"]!["schemas"]!.AsObject().Where(s => s.Value!["enum"] is null)) schema!["properties"].ShouldNotBeNull(name);
    }

    private static IEnumerable<string> Parameters(JsonNode operation) => operation["parameters"]!.AsArray().Select(p => $"{p!["in"]} {p["name"]}");

    private static string Reference(JsonNode? schema) => schema!["$ref"]!.GetValue<string>().Split('/')[^1];

    private async Task<JsonNode> DocumentAsync()
    {
        var builder = WebApplication.CreateBuilder(["--urls=http://127.0.0.1:0"]);
        builder.Services.AddDbContext<ShopContext>(o => o.UseNpgsql(shop.Application));
        builder.Services.AddAuthorization();
        builder.Services.AddWfm<ShopContext>(_ => { });
        builder.Services.AddOpenApi(o => o.AddWfm());
        await using var app = builder.Build();
        app.MapWfm();
        app.MapGroup("/orders").WithTags("Orders").MapMovesOf("order");
        app.MapOpenApi();
        await app.StartAsync();
        using var client = new HttpClient { BaseAddress = new(app.Urls.Single()) };
        return JsonNode.Parse(await client.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative)))!;
    }
}
