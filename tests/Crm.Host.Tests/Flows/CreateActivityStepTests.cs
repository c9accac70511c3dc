using System.Net;
using System.Text.Json.Nodes;
using Crm.Host.Tests.Http;

namespace Crm.Host.Tests.Flows;

/// <summary>What flows can say of an activity they create, and what comes of what they cannot.</summary>
public sealed class CreateActivityStepTests(CrmHost host) : IClassFixture<CrmHost>
{
    private static int _bundles;

    [Fact]
    public async Task Activity_has_what_the_flow_says()
    {
        var record = await host.Rep.RecordAsync();
        var activity = await CreatedAsync($$"""
            "kind": {{Literal("meeting")}}, "subject": {{Literal("Kick-off")}}, "body": {{Literal("Bring cake.")}}, "about": {{Literal($"opportunity/{record}")}}, "dueAt": {{Literal("2027-01-31T10:00:00+01:00")}}
            """);

        (activity["kind"].GetValue<string>(), activity["subject"].GetValue<string>(), activity["body"].GetValue<string>()).ShouldBe(("meeting", "Kick-off", "Bring cake."));
        activity["about"]["type"]!.GetValue<string>().ShouldBe("record");
        activity["about"]["id"]!.GetValue<string>().ShouldBe(record);
        activity["dueAt"].GetValue<DateTimeOffset>().ShouldBe(new DateTimeOffset(2027, 1, 31, 9, 0, 0, TimeSpan.Zero));
        activity.Json["assigneeId"].ShouldBeNull();
    }

    [Fact]
    public async Task Activity_may_be_about_nothing_and_without_a_date()
    {
        var activity = await CreatedAsync($$""" "kind": {{Literal("task")}}, "subject": {{Literal("Think")}} """);
        activity.Json["about"].ShouldBeNull();
        activity.Json["dueAt"].ShouldBeNull();
    }

    [Theory]
    [InlineData("""{"about": "deal"}""", "about is no record such as deal/01a1fc71-47f4-7392-9133-fafdbf924859: 'deal'")]
    [InlineData("""{"about": "deal/00000000-0000-7000-8000-0000000000ff"}""", "about/id: There is no such deal.")]
    [InlineData("""{"assigneeId": "00000000-0000-7000-8000-0000000000ff"}""", "assigneeId: There is no such user.")]
    [InlineData("""{"dueAt": "2027-01-31T09:00:00Z", "dueIn": "P1D"}""", "dueAt and dueIn are not given together")]
    [InlineData("""{"subject": ""}""", "subject: is not within what this field may hold")]
    public async Task What_cannot_be_created_faults_the_run_with_the_reason(string inputs, string error)
    {
        var members = new JsonObject { ["kind"] = "task", ["subject"] = "Think" };
        foreach (var (name, value) in JsonNode.Parse(inputs)!.AsObject()) members[name] = value!.GetValue<string>();
        var run = await RunAsync(string.Join(", ", members.Select(m => $"\"{m.Key}\": {Literal(m.Value!.GetValue<string>())}")));

        (run["status"]!.GetValue<string>(), run["error"]!.GetValue<string>()).ShouldBe(("faulted", error));
        run["errorActivity"]!.GetValue<string>().ShouldEndWith(":create");
    }

    [Theory]
    [InlineData("""{"kind": "party"}""", "/kind value")]
    [InlineData("""{"subject": null}""", "/subject required")]
    [InlineData("""{"dueIn": "tomorrow"}""", "/dueIn value")]
    [InlineData("""{"assigneeId": "Grace"}""", "/assigneeId value")]
    [InlineData("""{"asignee": "Grace"}""", "/asignee unknown-input")]
    public async Task What_can_be_known_beforehand_is_refused_when_it_is_published(string inputs, string fault)
    {
        var members = new JsonObject { ["kind"] = "task", ["subject"] = "Think" };
        foreach (var (name, value) in JsonNode.Parse(inputs)!.AsObject()) members[name] = value?.DeepClone();
        var (answer, flow) = await PublishAsync(string.Join(", ", members.Select(m => $"\"{m.Key}\": {(m.Value is null ? "null" : Literal(m.Value.GetValue<string>()))}")));

        answer.ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "invalid").Faults.ShouldBe([$"/automations/{flow}/flow/root/activities/1{fault}"]);
    }

    private static string Literal(string value) => new JsonObject { ["typeName"] = "String", ["expression"] = new JsonObject { ["type"] = "Literal", ["value"] = value } }.ToJsonString();

    private async Task<Answer> CreatedAsync(string inputs)
    {
        var run = await RunAsync(inputs);
        run["status"]!.GetValue<string>().ShouldBe("finished", run.ToJsonString());
        var journal = (await host.Admin.GetAsync($"/api/v1/runs/{run["id"]}"))["journal"].AsArray();
        return await host.Admin.GetAsync($"/api/v1/activities/{journal[1]!["outputs"]!["activityId"]}");
    }

    private async Task<JsonNode> RunAsync(string inputs)
    {
        var (published, flow) = await PublishAsync(inputs);
        published.Status.ShouldBe(HttpStatusCode.Created, published.Text);
        await host.Rep.DealAsync(new { name = flow });
        await host.QuietAsync();
        return (await host.Admin.GetAsync($"/api/v1/runs?flow={flow}.{flow}")).Items.ShouldHaveSingleItem();
    }

    /// <summary>Publishes a bundle whose flow creates an activity when a deal of the flow's own name is assigned.</summary>
    private async Task<(Answer Answer, string Flow)> PublishAsync(string inputs)
    {
        var key = $"create-{Interlocked.Increment(ref _bundles)}";
        return (await host.Admin.PostAsync("/api/v1/bundles", """
            {
              "apiVersion": "wfm/v1", "kind": "ProcessBundle", "bundle": {"key": "KEY", "version": "1.0.0"},
              "subjects": {"KEY": {"schema": {"type": "object"}}}, "projectTypes": {"KEY": {"workflow": "KEY", "subject": "KEY"}},
              "statuses": {"open": {"category": "open"}, "solved": {"category": "done"}},
              "workflows": {"KEY": {"steps": [{"status": "open", "initial": true}, {"status": "solved", "final": true}], "transitions": {"solve": {"from": ["open"], "to": "solved"}}}},
              "automations": {"KEY": {
                "on": ["crm.deal.assigned"], "when": {"==": [{"var": "event.data.name"}, "KEY"]}, "retry": {"max": 0},
                "flow": {"definitionId": "KEY", "root": {"type": "Elsa.Flowchart",
                  "activities": [
                    {"id": "assigned", "type": "Elsa.Event", "customProperties": {"canStartWorkflow": true}, "eventName": "crm/deal.assigned"},
                    {"id": "create", "type": "Crm.CreateActivity", INPUTS}],
                  "connections": [{"source": "assigned", "target": "create"}]}}}}
            }
            """.Replace("KEY", key).Replace("INPUTS", inputs)), key);
    }
}
