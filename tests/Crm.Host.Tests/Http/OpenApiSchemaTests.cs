using System.Text.Json.Nodes;

namespace Crm.Host.Tests.Http;

/// <summary>The description of the API is complete enough to generate a client from: every body and every answer says what it is made of.</summary>
public sealed class OpenApiSchemaTests(CrmHost host) : IClassFixture<CrmHost>
{
    // What these hold is described elsewhere: CloudEvents by their own specification, a bundle by bundle.schema.json.
    private static readonly string[] FreeForm = ["GET /api/v1/events/{id}", "GET /api/v1/bundles/{key}/{version}", "POST /api/v1/bundles"];

    // JSON of the workspace's own or of a process.
    private static readonly string[] AnyJson = ["Value", "JsonElement", "JsonNode", "JsonObject"];

    [Fact]
    public async Task Every_body_and_every_answer_has_members()
    {
        var api = await DocumentAsync();
        var contents = api.Operations.SelectMany(o => Contents(o.Operation["requestBody"]).Concat(o.Operation["responses"]!.AsObject().SelectMany(r => Contents(r.Value))).Select(schema => (o.Name, Schema: schema))).ToList();

        contents.Count.ShouldBeGreaterThan(100);
        contents.Where(c => !FreeForm.Contains(c.Name) && Members(api, c.Schema).Count == 0).Select(c => c.Name).ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_answer_but_an_empty_one_has_a_content()
    {
        foreach (var (name, operation) in (await DocumentAsync()).Operations)
        {
            foreach (var (status, response) in operation["responses"]!.AsObject().Where(r => r.Key != "204")) Contents(response).ShouldNotBeEmpty($"{name} {status}");
        }
    }

    [Fact]
    public async Task Every_member_has_one_type()
    {
        var api = await DocumentAsync();
        foreach (var (name, schema) in api.Schemas.Where(s => !AnyJson.Contains(s.Key)))
        {
            foreach (var (member, described) in schema!["properties"].ShouldNotBeNull(name).AsObject())
            {
                if (described!["$ref"] is not null || described["oneOf"] is not null) continue;
                var types = described["type"].ShouldNotBeNull($"{name}.{member}") is JsonArray several ? several.Select(t => t!.GetValue<string>()).ToList() : [described["type"]!.GetValue<string>()];
                types.Where(t => t != "null").ShouldHaveSingleItem($"{name}.{member}");
                if (types.Contains("array")) described["items"].ShouldNotBeNull($"{name}.{member}");
            }
        }
    }

    [Fact]
    public async Task Patch_has_the_members_of_what_it_changes_and_the_version_and_none_is_required()
    {
        var api = await DocumentAsync();
        var patches = api.Schemas.Where(s => s.Key.StartsWith("MergePatchOf", StringComparison.Ordinal)).ToList();

        patches.ShouldNotBeEmpty();
        foreach (var (name, patch) in patches)
        {
            patch!["required"].ShouldBeNull(name);
            var fields = api.Schemas[name["MergePatchOf".Length..]]!["properties"]!.AsObject();
            patch["properties"]!.AsObject().Select(p => p.Key).ShouldBe(fields.Select(p => p.Key).Append("version"), name);
            foreach (var (member, described) in fields) JsonNode.DeepEquals(patch["properties"]![member], described).ShouldBeTrue($"{name}.{member}");
        }
    }

    [Fact]
    public async Task Problem_describes_the_members_of_every_type_of_problem()
    {
        var api = await DocumentAsync();
        var problem = api.Schemas["ProblemDetails"]!;

        problem["required"]!.AsArray().Select(r => r!.GetValue<string>()).ShouldBe(["type", "title", "status"], ignoreOrder: true);
        problem["properties"]!.AsObject().Select(p => p.Key).ShouldBe(["type", "title", "status", "detail", "instance", "traceId", "faults", "reasons", "step", "version", "currentVersion"], ignoreOrder: true);
        problem["properties"]!["faults"]!["items"]!["$ref"]!.GetValue<string>().ShouldEndWith("/Fault");
        problem["properties"]!["reasons"]!["items"]!["$ref"]!.GetValue<string>().ShouldEndWith("/ReasonResponse");
    }

    [Theory]
    [InlineData("LeadFields", "authority", "decides influences none ")]
    [InlineData("LeadFields", "timeline", "this-quarter this-year later ")]
    [InlineData("ActivityFields", "kind", "task call meeting email note")]
    [InlineData("AboutFields", "type", "deal lead person organization record")]
    [InlineData("PublishBundleResponse", "outcome", "published would-publish unchanged")]
    public async Task Member_that_has_one_of_a_few_values_tells_them(string schema, string member, string values) =>
        string.Join(' ', (await DocumentAsync()).Schemas[schema]!["properties"]![member]!["enum"]!.AsArray().Select(v => v?.GetValue<string>())).ShouldBe(values);

    [Fact]
    public async Task Form_and_bounds_of_a_member_are_told()
    {
        var api = await DocumentAsync();

        Member("OrganizationFields", "country")["format"]!.GetValue<string>().ShouldBe("country-code");
        Member("PersonFields", "email")["format"]!.GetValue<string>().ShouldBe("email");
        Member("PersonFields", "name")["maxLength"]!.GetValue<int>().ShouldBe(200);
        Member("OrganizationFields", "employees")["minimum"]!.GetValue<int>().ShouldBe(0);
        Member("LeadFields", "budget").ToJsonString().ShouldBe("""{"maximum":1000000000000000,"minimum":0,"type":["null","number"],"format":"double"}""");

        JsonNode Member(string schema, string member) => api.Schemas[schema]!["properties"]![member]!;
    }

    [Fact]
    public async Task Headers_a_request_may_have_are_told_where_they_are_read()
    {
        var api = await DocumentAsync();
        foreach (var noun in new[] { "deals", "leads", "people", "organizations" })
        {
            Headers($"POST /api/v1/{noun}").ShouldBe(["Idempotency-Key"]);
            Headers($"GET /api/v1/{noun}/{{id}}").ShouldBeEmpty();
            Headers($"PATCH /api/v1/{noun}/{{id}}").ShouldBe(["If-Match"]);
            Headers($"DELETE /api/v1/{noun}/{{id}}").ShouldBe(["If-Match required"]);
            Headers($"POST /api/v1/{noun}/{{id}}/assign").ShouldBe(["If-Match", "Idempotency-Key"], ignoreOrder: true);
            Headers($"POST /api/v1/{noun}/{{id}}/restore").ShouldBe(["Idempotency-Key"]);
        }

        Headers("POST /api/v1/leads/{id}/moves").ShouldBe(["Idempotency-Key", "If-Match"], ignoreOrder: true);
        Headers("POST /api/v1/leads/{id}/conversion").ShouldBe(["Idempotency-Key"]);

        IEnumerable<string> Headers(string operation) => (api.Operations.Single(o => o.Name == operation).Operation["parameters"]?.AsArray() ?? [])
            .Where(p => p!["in"]!.GetValue<string>() == "header").Select(p => p!["name"]!.GetValue<string>() + (p["required"]?.GetValue<bool>() is true ? " required" : ""));
    }

    private async Task<(IReadOnlyList<(string Name, JsonNode Operation)> Operations, JsonObject Schemas)> DocumentAsync()
    {
        var document = (await host.As(null).GetAsync("/openapi/v1.json")).Json;
        var operations = from path in document["paths"]!.AsObject() from operation in path.Value!.AsObject() select ($"{operation.Key.ToUpperInvariant()} {path.Key}", operation.Value!);
        return ([.. operations], document["components"]!["schemas"]!.AsObject());
    }

    private static IEnumerable<JsonNode> Contents(JsonNode? described) => (described?["content"]?.AsObject() ?? []).Select(c => c.Value!["schema"]!);

    // Those of its items, if it is a list.
    private static JsonObject Members((IReadOnlyList<(string, JsonNode)>, JsonObject Schemas) api, JsonNode schema)
    {
        if (schema["$ref"] is { } reference) return Members(api, api.Schemas[reference.GetValue<string>().Split('/')[^1]]!);
        return schema["items"] is { } items ? Members(api, items) : schema["properties"]?.AsObject() ?? [];
    }
}
