using System.Net;
using System.Text.Json.Nodes;
using Crm.Host.Tests.Http;

namespace Crm.Host.Tests.Decisions;

/// <summary>Published decisions over HTTP.</summary>
public sealed class DecisionTests(CrmHost host) : IClassFixture<CrmHost>
{
    private const string Path = "/api/v1/decisions";

    [Fact]
    public async Task Decisions_are_listed_with_the_schemas_of_what_goes_in_and_comes_out()
    {
        await PublishAsync("listed");

        var listed = (await host.Rep.GetAsync(Path)).Json.AsArray().Single(d => d!["key"]!.GetValue<string>() == "listed-size")!;

        listed.ToJsonString().ShouldBe(
            """{"key":"listed-size","title":"Size","kind":"table","bundle":"listed","version":"1.0.0","inputs":[{"key":"amount","title":"amount","schema":{"minimum":0,"type":["number","null"]}}],"outputs":[{"key":"size","title":"size","schema":{"type":"string"}}]}""");
        (await host.Rep.GetAsync($"{Path}/listed-size"))["definition"]["hitPolicy"]!.GetValue<string>().ShouldBe("first");
        (await host.Stranger.GetAsync(Path)).Text.ShouldNotContain("listed-size");
        (await host.Stranger.GetAsync($"{Path}/listed-size")).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task Evaluating_tells_the_outputs_what_hit_and_why_the_rest_did_not()
    {
        await PublishAsync("asked");
        var before = await host.RowsAsync();

        var answer = await host.Rep.PostAsync($"{Path}/asked-size/evaluate", new { entity = new { amount = 12 } });

        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
        JsonNode.DeepEquals(answer.Json, JsonNode.Parse("""
            {
              "decision": "asked-size", "outputs": {"size": "large"}, "inputs": {"amount": 12}, "hits": ["large"],
              "tables": [{"part": null, "points": null, "rows": [
                {"row": "small", "hit": false, "failedInput": "amount", "cell": {"<": 10}},
                {"row": "large", "hit": true, "failedInput": null, "cell": null}]}]
            }
            """)).ShouldBeTrue(answer.Text);
        (await host.Rep.PostAsync($"{Path}/asked-size/evaluate", new { inputs = new { amount = 3 } }))["outputs"]["size"]!.GetValue<string>().ShouldBe("small");
        (await host.Rep.PostAsync($"{Path}/asked-size/evaluate", new { })).Json["outputs"].ShouldBeNull();
        (await host.RowsAsync()).ShouldBe(before);
    }

    [Theory]
    [InlineData("""{"inputs": {"amount": "12"}}""", "/inputs/amount type")]
    [InlineData("""{"inputs": {"amount": -1}}""", "/inputs/amount minimum")]
    [InlineData("""{"inputs": {"amuont": 1}}""", "/inputs/amuont unknown-input")]
    [InlineData("""{"entity": {}, "project": "018f4e2a-7c31-7000-8000-000000000000"}""", "/entity not-allowed-here")]
    [InlineData("""{"entity": 5}""", "/entity body")]
    [InlineData("""{"facts": {}}""", "/facts additional-property")]
    public async Task A_question_that_makes_no_sense_names_the_place(string body, string fault)
    {
        await PublishAsync("faulty");

        (await host.Rep.PostAsync($"{Path}/faulty-size/evaluate", JsonNode.Parse(body)!)).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe([fault]);
    }

    [Fact]
    public async Task What_there_is_not_is_not_found()
    {
        await PublishAsync("missing");

        (await host.Rep.PostAsync($"{Path}/missing-sice/evaluate", new { })).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        (await host.Rep.PostAsync($"{Path}/missing-size/evaluate", new { project = Guid.CreateVersion7() })).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task A_decision_that_ends_in_an_error_says_so()
    {
        await PublishAsync("failing", rows: """{"key": "a", "then": {"size": {"rule": {"throw": "no-size"}}}}""");

        (await host.Rep.PostAsync($"{Path}/failing-size/evaluate", new { })).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "invalid").Faults.ShouldBe([" decision-error"]);
    }

    [Fact]
    public async Task A_project_is_decided_about_by_the_version_it_follows()
    {
        await PublishAsync("versioned");
        var record = await host.Admin.PostAsync("/api/v1/records", new { type = "versioned", name = "One", fields = new { amount = 50 } });
        record.Status.ShouldBe(HttpStatusCode.Created, record.Text);
        var project = (await host.Admin.PostAsync("/api/v1/projects", new { subject = new { type = "versioned", id = record["id"].GetValue<string>() } }))["id"].GetValue<string>();
        await PublishAsync("versioned", "1.1.0", """{"key": "any", "then": {"size": "any"}}""");

        (await AskAsync(new { project })).ShouldBe("large");
        (await AskAsync(new { entity = new { amount = 50 } })).ShouldBe("any");

        async Task<string> AskAsync(object body) => (await host.Admin.PostAsync($"{Path}/versioned-size/evaluate", body))["outputs"]["size"]!.GetValue<string>();
    }

    [Fact]
    public async Task A_decision_belongs_to_one_bundle()
    {
        await PublishAsync("owner");

        var refused = await host.Admin.PostAsync("/api/v1/bundles", Bundle("thief", "1.0.0", Rows).Replace("\"thief-size\"", "\"owner-size\"", StringComparison.Ordinal));

        refused.ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "invalid").Faults.ShouldBe(["/decisions/owner-size key-taken"]);
    }

    private const string Rows = """
        {"key": "small", "when": {"amount": {"<": 10}}, "then": {"size": "small"}}, {"key": "large", "when": {"amount": {">=": 10}}, "then": {"size": "large"}}
        """;

    private async Task PublishAsync(string key, string version = "1.0.0", string rows = Rows)
    {
        var answer = await host.Admin.PostAsync("/api/v1/bundles", Bundle(key, version, rows));
        answer.Status.ShouldBeOneOf([HttpStatusCode.Created, HttpStatusCode.OK], answer.Text);
    }

    private static string Bundle(string key, string version, string rows)
    {
        var bundle = JsonNode.Parse(Bundles.Small(key, version, transitions: $$$"""
            "finish": {"from": ["open"], "to": "done", "conditions": {"sized": {"rule": {"decide": "{{{key}}}-size"}, "message": "Has no size."} }}
            """, schema: """ "type": "object", "properties": {"amount": {"type": "number"}} """))!;
        bundle["decisions"] = JsonNode.Parse($$$"""
            {"{{{key}}}-size": {
              "kind": "table", "title": "Size", "hitPolicy": "first",
              "inputs": [{"key": "amount", "value": {"var": "entity.amount"}, "schema": {"type": ["number", "null"], "minimum": 0}}],
              "outputs": [{"key": "size", "schema": {"type": "string"}}], "rows": [{{{rows}}}]}}
            """);
        return bundle.ToJsonString();
    }
}
