using System.Net;
using System.Text.Json.Nodes;
using Crm.Host.Tests.Http;

namespace Crm.Host.Tests.Leads;

/// <summary>Conversions that may not be, or cannot: each is told why, and nothing is made.</summary>
public sealed class ConversionRefusalTests(LeadHost host) : IClassFixture<LeadHost>
{
    [Fact]
    public async Task Lead_that_is_not_qualified_is_refused_with_the_gates_reasons()
    {
        var lead = await host.LeadAsync();
        var before = await host.RowsAsync();

        var refused = (await host.ConvertAsync(lead)).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "refused");

        refused["reasons"].AsArray().Select(r => r!["key"]!.GetValue<string>()).ShouldBe(["no-edge"]);
        refused["step"].GetValue<string>().ShouldBe("new");
        (await host.RowsAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Who_may_not_move_the_lead_may_not_convert_it()
    {
        var lead = await host.QualifiedAsync();
        var before = await host.RowsAsync();

        (await host.Rep.PostAsync($"/api/v1/leads/{lead["id"]}/conversion", new { })).ShouldBeProblem(HttpStatusCode.Forbidden, "not-allowed");

        (await host.RowsAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Lead_of_nobody_or_of_another_workspace_is_not_found()
    {
        var lead = await host.QualifiedAsync();

        (await host.Stranger.PostAsync($"/api/v1/leads/{lead["id"]}/conversion", new { })).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        (await host.Agent.PostAsync($"/api/v1/leads/{Guid.Empty}/conversion", new { })).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task Person_and_organization_of_another_workspace_or_deleted_are_refused_together()
    {
        var lead = await host.QualifiedAsync();
        var (person, organization) = (await host.PersonAsync(), await host.SomethingAsync("organization"));
        await host.Agent.SendAsync(HttpMethod.Delete, $"/api/v1/people/{person}", null, ("If-Match", "\"1\""));
        await host.Agent.SendAsync(HttpMethod.Delete, $"/api/v1/organizations/{organization}", null, ("If-Match", "\"1\""));
        var (theirPerson, theirOrganization) = (await host.PersonAsync(host.OtherWorkspace), await host.SomethingAsync("organization", host.OtherWorkspace));
        var before = await host.RowsAsync();

        foreach (var options in new[] { new { personId = person, organizationId = organization }, new { personId = theirPerson, organizationId = theirOrganization }, new { personId = Guid.Empty, organizationId = Guid.Empty } })
        {
            (await host.ConvertAsync(lead, options)).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe(["/personId not-found", "/organizationId not-found"]);
            (await host.MoveAsync(lead, "convert", 3, options)).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe(["/input/personId not-found", "/input/organizationId not-found"]);
        }

        (await host.RowsAsync()).ShouldBe(before);
    }

    [Theory]
    [InlineData("""{ "dealName": "" }""", "/dealName invalid")]
    [InlineData("""{ "amount": -1 }""", "/amount invalid")]
    [InlineData("""{ "amount": "many" }""", "/amount body")]
    [InlineData("""{ "amount": 1, "currency": "XYZ" }""", "/currency unknown-currency")]
    [InlineData("""{ "currency": "EUR" }""", "/amount required")]
    [InlineData("""{ "currency": "euros" }""", "/currency invalid")]
    [InlineData("""{ "personId": "Ada" }""", "/personId body")]
    [InlineData("""{ "transition": "" }""", "/transition invalid")]
    [InlineData("""{ "ownerId": null }""", "/ownerId additional-property")]
    [InlineData("[]", " type")]
    public async Task Wrong_option_is_refused_with_its_place(string body, string fault)
    {
        var lead = await host.QualifiedAsync();
        var before = await host.RowsAsync();

        (await host.ConvertAsync(lead, body)).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe([fault]);

        (await host.RowsAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Lead_without_a_process_says_so()
    {
        var lead = await host.SomethingAsync("lead");

        (await host.Agent.PostAsync($"/api/v1/leads/{lead}/conversion", new { })).ShouldBeProblem(HttpStatusCode.Conflict, "conflict")["detail"].GetValue<string>().ShouldContain("no process");
    }

    [Fact]
    public async Task Transition_that_converts_nothing_is_undone()
    {
        var lead = await host.QualifiedAsync();
        var before = await host.RowsAsync();

        (await host.ConvertAsync(lead, new { transition = "requalify" })).ShouldBeProblem(HttpStatusCode.Conflict, "conflict")["detail"].GetValue<string>().ShouldContain("requalify");

        (await host.RowsAsync()).ShouldBe(before);
        (await host.Agent.GetAsync($"/api/v1/leads/{lead["id"]}"))["step"].GetValue<string>().ShouldBe("qualified");
    }

    [Fact]
    public async Task Deal_that_may_not_start_keeps_the_lead_from_being_converted()
    {
        var (manager, lead) = await ElsewhereAsync("sales-pipeline", bundle => bundle["workflows"]!["sales-pipeline"]!["steps"]![0]!["wipLimit"] = 1);
        await manager.DealAsync();
        var before = await host.RowsAsync();

        var refused = (await manager.PostAsync($"/api/v1/leads/{lead["id"]}/conversion", new { })).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "refused");

        refused["reasons"].AsArray().Select(r => r!["key"]!.GetValue<string>()).ShouldBe(["wip-limit"]);
        (refused["step"].GetValue<string>(), refused["version"].GetValue<int>()).ShouldBe(("qualified", 3));
        (await host.RowsAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Process_that_lets_anything_pass_as_input_does_not_get_past_the_conversion()
    {
        var (manager, lead) = await ElsewhereAsync("lead-qualification", bundle => bundle["workflows"]!["lead-qualification"]!["transitions"]!["convert"]!["input"] = new JsonObject { ["type"] = "object" });
        var before = await host.RowsAsync();

        foreach (var (input, fault) in new[] { ("""{ "amount": "many" }""", "/input/amount type"), ("""{ "dealName": "" }""", "/input/dealName out-of-range"), ("""{ "amount": -1 }""", "/input/amount out-of-range"), ("""{ "amount": 1e300 }""", "/input/amount type") })
        {
            var answer = await manager.PostAsync($"/api/v1/leads/{lead["id"]}/moves", $$"""{ "transition": "convert", "version": 3, "input": {{input}} }""");
            answer.ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe([fault]);
        }

        (await host.RowsAsync()).ShouldBe(before);
        (await manager.PostAsync($"/api/v1/leads/{lead["id"]}/moves", """{ "transition": "convert", "version": 3, "input": { "note": "with a member of its own" } }""")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Process_of_other_records_that_names_the_conversion_says_so()
    {
        var bundle = Bundles.Small("parcel", transitions: """ "finish": { "from": ["open"], "to": "done", "postActions": [{ "do": "convertLead" }] } """);
        (await host.Admin.PostAsync("/api/v1/bundles", bundle)).Status.ShouldBe(HttpStatusCode.Created);
        var parcel = await host.Admin.PostAsync("/api/v1/records", new { type = "parcel", name = "A parcel", fields = new { } });
        var project = await host.Admin.PostAsync("/api/v1/projects", new { subject = new { type = "parcel", id = parcel["id"] } });

        (await host.Admin.MoveAsync($"{project["id"]}", "finish", 1)).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe(["/transition no-lead"]);
    }

    // A workspace of its own, where a sample is published once more with a change; and a qualified lead in it.
    private async Task<(Api Manager, Answer Lead)> ElsewhereAsync(string sample, Action<JsonNode> change)
    {
        var workspace = await host.WorkspaceAsync();
        var manager = host.As(await host.KeyAsync(workspace, "admin", "sales-manager", "lead-manager"));
        var bundle = JsonNode.Parse(await Samples.ReadAsync(sample))!;
        bundle["bundle"]!["version"] = "9.0.0";
        bundle.AsObject().Remove("tests");
        change(bundle);
        (await manager.PostAsync("/api/v1/bundles", bundle.ToJsonString())).Status.ShouldBe(HttpStatusCode.Created);
        var lead = await manager.PostAsync("/api/v1/leads", new { name = "Ada", email = "ada@engines.test", budget = 5, authority = "decides", need = "To compute", timeline = "this-year" });
        foreach (var (transition, version) in new[] { ("contact", 1), ("qualify", 2) })
        {
            (await manager.PostAsync($"/api/v1/leads/{lead["id"]}/moves", new { transition, version })).Status.ShouldBe(HttpStatusCode.OK);
        }

        return (manager, lead);
    }
}
