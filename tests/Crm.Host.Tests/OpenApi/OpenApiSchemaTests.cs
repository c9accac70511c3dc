using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Crm.Host.Tests.OpenApi;

/// <summary>The description of the API is complete enough to generate a client from: every body and every answer says what it is made of.</summary>
public sealed class OpenApiSchemaTests(CrmHost host) : IClassFixture<CrmHost>
{
    // A bundle is described by bundle.schema.json.
    private static readonly string[] Bundles = ["GET /api/v1/bundles/{key}/{version}", "POST /api/v1/bundles"];

    // Reviewed: truly any JSON, of the workspace's own, a process or a rule.
    private static readonly string[] AnyJson = ["ApprovalResponse.payload", "BundleChange.old", "BundleChange.new", "CloudEventResponse.data", "CompleteTaskRequest.result", "DecisionRowResponse.cell", "ProposedChange.from", "ProposedChange.suggestion"];

    private static readonly string[] AnyMembers =
    [
        "*.custom", "*.fields", "CreateFlowRequest.definition", "CreateRecordRequest.fields", "DeadLetterState.variables", "DecisionFieldResponse.schema", "EvaluateDecisionRequest.entity", "EvaluateDecisionRequest.inputs",
        "EvaluateDecisionResponse.inputs", "EvaluateDecisionResponse.outputs", "GetDecisionResponse.definition", "Fault.example", "Fix.schema", "FlowDocumentResponse.definition", "HistoryResponse.details", "JournalResponse.inputs", "JournalResponse.outputs", "MoveProjectRequest.changes", "MoveProjectRequest.input",
        "ProposedChange.schema", "ReasonResponse.error", "ReasonResponse.trace", "ReasonResponse.values", "RunJournalResponse.output", "SaveFlowRequest.definition", "SignalRunRequest.payload", "StartRunRequest.input",
        "TransitionResponse.input",
    ];

    [Fact]
    public async Task Every_body_and_every_answer_has_members()
    {
        var api = await ApiAsync();
        var contents = api.Operations.SelectMany(o => o.Contents.Select(schema => (o.Name, Schema: schema))).ToList();

        contents.Count.ShouldBeGreaterThan(500);
        contents.Where(c => !Bundles.Contains(c.Name) && !HasMembers(api, c.Schema)).Select(c => c.Name).ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_answer_but_an_empty_one_has_a_content()
    {
        foreach (var operation in (await ApiAsync()).Operations)
        {
            foreach (var (status, response) in operation.Responses.Where(r => r.Key != "204")) Operation.Content(response).ShouldNotBeEmpty($"{operation.Name} {status}");
        }
    }

    [Fact]
    public async Task Every_member_has_one_type_and_what_may_hold_any_JSON_was_reviewed()
    {
        var (api, any, open) = (await ApiAsync(), new List<string>(), new List<string>());
        foreach (var (name, schema) in api.Schemas.Where(s => s.Value!["enum"] is null))
        {
            foreach (var (member, described) in schema!["properties"].ShouldNotBeNull(name).AsObject())
            {
                if (described!["$ref"] is not null || described["oneOf"] is not null) continue;
                var types = described["type"] is JsonArray several ? several.Select(t => t!.GetValue<string>()).ToList() : described["type"] is { } one ? [one.GetValue<string>()] : [];
                if (types.Count == 0) any.Add($"{name}.{member}");
                else if (described["additionalProperties"] is { } additional && additional["type"] is null) open.Add(member is "custom" or "fields" ? $"*.{member}" : $"{name}.{member}");
                else types.Where(t => t != "null").ShouldHaveSingleItem($"{name}.{member}");
                if (types.Contains("array")) described["items"].ShouldNotBeNull($"{name}.{member}");
                if (types.Contains("object")) (described["properties"] ?? described["additionalProperties"]).ShouldNotBeNull($"{name}.{member}");
            }
        }

        any.ShouldBe(AnyJson, ignoreOrder: true);
        open.Distinct().Except(AnyMembers).ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_reference_leads_somewhere_and_every_schema_is_led_to()
    {
        var api = await ApiAsync();

        References(api.Document).Distinct().Order().ShouldBe(api.Schemas.Select(s => $"#/components/schemas/{s.Key}").Order());
    }

    [Fact]
    public async Task Schemas_are_named_in_the_words_of_the_API()
    {
        var names = (await ApiAsync()).Schemas.Select(s => s.Key).ToList();

        names.ShouldAllBe(n => Regex.IsMatch(n, "^([A-Z][a-z]+)+$"));
        names.ShouldNotContain(n => n.Contains("Json") || n.Contains("PageOf") || n.EndsWith("Value"));
        new[] { "DealResponse", "DealFields", "DealPatch", "DealPage", "DealBoard", "DealColumn", "DealBulkRead" }.Except(names).ShouldBeEmpty();
    }

    [Fact]
    public async Task Patch_has_the_members_of_what_it_changes_and_the_version_and_none_is_required_or_has_a_default()
    {
        var api = await ApiAsync();
        var patches = api.Schemas.Where(s => s.Key.EndsWith("Patch", StringComparison.Ordinal)).ToList();

        patches.Count.ShouldBe(8);
        foreach (var (name, patch) in patches)
        {
            patch!["required"].ShouldBeNull(name);
            if (api.Schemas[name[..^"Patch".Length] + "Fields"]?["properties"]?.AsObject() is not { } fields) continue;
            patch["properties"]!.AsObject().Select(p => p.Key).ShouldBe(fields.Select(p => p.Key).Append("version"), name);
            foreach (var (member, described) in fields)
            {
                var expected = described!.DeepClone().AsObject();
                expected.Remove("default");
                JsonNode.DeepEquals(patch["properties"]![member], expected).ShouldBeTrue($"{name}.{member}");
            }
        }
    }

    [Theory]
    [InlineData("Problem", "")]
    [InlineData("InvalidProblem", "faults")]
    [InlineData("RefusedProblem", "reasons fix whyNoFix step version")]
    [InlineData("StaleVersionProblem", "currentVersion")]
    [InlineData("ChooseWorkspaceProblem", "workspaces")]
    public async Task Every_kind_of_problem_has_its_members_and_is_told_from_others_by_its_type(string name, string members)
    {
        var api = await ApiAsync();
        var problem = api.Schemas[name]!;

        var own = members.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        problem["properties"]!.AsObject().Select(p => p.Key).ShouldBe(["type", "title", "status", "detail", "traceId", .. own]);
        problem["required"]!.AsArray().Select(r => r!.GetValue<string>()).ShouldBe(["type", "title", "status", .. own], ignoreOrder: true);
        var types = Types(problem);
        api.Schemas.Where(s => s.Key.EndsWith("Problem", StringComparison.Ordinal) && s.Key != name).SelectMany(s => Types(s.Value!)).ShouldNotContain(t => types.Contains(t));

        static IReadOnlyList<string> Types(JsonNode problem) => [.. problem["properties"]!["type"]!["enum"]!.AsArray().Select(t => t!.GetValue<string>())];
    }

    [Theory]
    [InlineData("POST /api/v1/deals/{id}/moves", 422, "RefusedProblem InvalidProblem")]
    [InlineData("POST /api/v1/deals/{id}/moves", 409, "StaleVersionProblem Problem")]
    [InlineData("POST /api/v1/projects", 422, "RefusedProblem InvalidProblem")]
    [InlineData("POST /api/v1/leads/{id}/conversion", 422, "RefusedProblem InvalidProblem")]
    [InlineData("POST /api/v1/people", 422, "InvalidProblem")]
    [InlineData("POST /api/v1/people", 400, "InvalidProblem Problem")]
    [InlineData("POST /api/v1/sign-in", 409, "ChooseWorkspaceProblem")]
    [InlineData("GET /api/v1/deals/{id}", 404, "Problem")]
    public async Task Status_tells_which_problems_it_may_be(string operation, int status, string problems)
    {
        var schema = (await ApiAsync())[operation].Responses[$"{status}"]!["content"]!["application/problem+json"]!["schema"]!;

        string.Join(' ', References(schema).Select(r => r.Split('/')[^1])).ShouldBe(problems);
    }

    [Theory]
    [InlineData("LeadFields", "authority", "decides influences none ")]
    [InlineData("LeadResponse", "timeline", "this-quarter this-year later ")]
    [InlineData("ActivityFields", "kind", "task call meeting email note")]
    [InlineData("ActivityResponse", "kind", "task call meeting email note")]
    [InlineData("AboutFields", "type", "deal lead person organization record")]
    [InlineData("CustomFieldResponse", "kind", "text long-text number boolean date date-time choice multi-choice user url email")]
    [InlineData("DealColumn", "category", "open waiting won lost cancelled done ")]
    [InlineData("TimelineEntry", "kind", "move activity note")]
    [InlineData("RunResponse", "status", "pending waiting suspended finished faulted cancelled discarded")]
    [InlineData("UserResponse", "status", "active invited deactivated")]
    [InlineData("PublishBundleResponse", "outcome", "published would-publish unchanged")]
    public async Task Member_that_has_one_of_a_few_values_tells_them(string schema, string member, string values) =>
        string.Join(' ', (await ApiAsync()).Schemas[schema]!["properties"]![member]!["enum"]!.AsArray().Select(v => v?.GetValue<string>())).ShouldBe(values);

    [Theory]
    [InlineData("OrganizationFields", "country", """{"type":["null","string"],"format":"country-code"}""")]
    [InlineData("PersonFields", "email", """{"type":["null","string"],"format":"email"}""")]
    [InlineData("CreateUserRequest", "email", """{"maxLength":254,"type":["null","string"],"format":"email"}""")]
    [InlineData("CreateUserRequest", "password", """{"maxLength":200,"minLength":12,"type":["null","string"],"format":"password"}""")]
    [InlineData("PersonFields", "name", """{"maxLength":200,"minLength":1,"type":"string"}""")]
    [InlineData("OrganizationFields", "employees", """{"maximum":2147483647,"minimum":0,"type":["null","integer"],"format":"int32"}""")]
    [InlineData("LeadFields", "budget", """{"maximum":1000000000000000,"minimum":0,"type":["null","number"],"format":"double"}""")]
    [InlineData("DealFields", "expectedCloseOn", """{"type":["null","string"],"format":"date"}""")]
    [InlineData("DealResponse", "id", """{"type":"string","format":"uuid"}""")]
    [InlineData("DealResponse", "custom", """{"type":"object","additionalProperties":{"description":"Any JSON."}}""")]
    [InlineData("BulkReadRequest", "ids", """{"maxItems":200,"minItems":1,"type":"array","items":{"type":"string","format":"uuid"}}""")]
    [InlineData("ApiKeyResponse", "scopes", """{"type":"array","items":{"enum":["read","write"],"type":"string"}}""")]
    public async Task Form_and_bounds_of_a_member_are_told(string schema, string member, string described) =>
        (await ApiAsync()).Schemas[schema]!["properties"]![member]!.ToJsonString().ShouldBe(described);

    private Task<ApiDescription> ApiAsync() => ApiDescription.ServedAsync(host.Admin.Client);

    // Those of its items, if it is a list; of each, if it is one of several.
    private static bool HasMembers(ApiDescription api, JsonNode schema)
    {
        var resolved = api.Resolve(schema);
        if (resolved["anyOf"] is JsonArray kinds) return kinds.All(k => HasMembers(api, k!));
        return resolved["items"] is { } items ? HasMembers(api, items) : resolved["properties"] is JsonObject { Count: > 0 };
    }

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject o => o.SelectMany(m => m is { Key: "$ref", Value: JsonValue v } ? [v.GetValue<string>()] : References(m.Value)),
        JsonArray a => a.SelectMany(References),
        _ => [],
    };
}
