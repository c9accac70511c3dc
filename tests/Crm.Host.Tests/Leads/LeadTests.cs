using System.Net;
using System.Text.Json.Nodes;

namespace Crm.Host.Tests.Leads;

/// <summary>The way of a lead from its creation to its qualification.</summary>
public sealed class LeadTests(LeadHost host) : IClassFixture<LeadHost>
{
    [Fact]
    public async Task New_lead_has_all_that_was_said_and_its_project_has_started()
    {
        var lead = await host.LeadAsync();

        lead["company"].GetValue<string>().ShouldBe("Analytical Engines");
        lead["budget"].GetValue<decimal>().ShouldBe(24000.5m);
        lead["currency"].GetValue<string>().ShouldBe("GBP");
        lead["website"].GetValue<string>().ShouldBe("https://engines.test");
        lead["source"].GetValue<string>().ShouldBe("fair");
        lead["ownerName"].GetValue<string>().ShouldBe("lead-agent and sales-rep");
        (lead["step"].GetValue<string>(), lead["probability"].GetValue<double>(), lead["projectVersion"].GetValue<int>()).ShouldBe(("new", 0.05, 1));
        (await host.EventsAsync("lead", lead)).ShouldBe(["crm.lead.created", "crm.lead.assigned", "wfm.project.started"]);
    }

    [Fact]
    public async Task Currency_is_the_workspaces_unless_it_is_said()
    {
        var lead = await host.Agent.PostAsync("/api/v1/leads", new { name = "Ada" });

        lead["currency"].GetValue<string>().ShouldBe("EUR");
        var kept = await host.Agent.PatchAsync($"/api/v1/leads/{lead["id"]}", new { currency = (string?)null, budget = 5, version = 1 });
        (kept["currency"].GetValue<string>(), kept["budget"].GetValue<decimal>()).ShouldBe(("EUR", 5));
    }

    [Fact]
    public async Task Transitions_say_what_qualifying_asks_for_and_history_what_was_done()
    {
        var lead = await host.Agent.PostAsync("/api/v1/leads", new { name = "Ada", phone = "+44 20 7946 0000" });
        var path = $"/api/v1/leads/{lead["id"]}";
        (await host.MoveAsync(lead, "contact", 1)).Status.ShouldBe(HttpStatusCode.OK);

        var offers = (await host.Agent.GetAsync($"{path}/transitions"))["transitions"].AsArray();
        var history = (await host.Agent.GetAsync($"{path}/history")).Items;

        offers.Select(o => o!["key"]!.GetValue<string>()).ShouldBe(["qualify", "disqualify"]);
        offers[0]!["reasons"]!.AsArray().Select(r => r!["key"]!.GetValue<string>()).ShouldBe(["authority-known", "budget-known", "need-known", "timeline-known"], ignoreOrder: true);
        history.Select(h => h["to"]!.GetValue<string>()).ShouldBe(["new", "contacted"]);
    }

    [Fact]
    public async Task Qualified_lead_knows_since_when_and_is_told_of()
    {
        var lead = await host.QualifiedAsync();

        var now = await host.Agent.GetAsync($"/api/v1/leads/{lead["id"]}");
        now["step"].GetValue<string>().ShouldBe("qualified");
        now["qualifiedAt"].GetValue<DateTimeOffset>().ShouldBe(now["stepEnteredAt"].GetValue<DateTimeOffset>(), TimeSpan.FromMilliseconds(1));
        (await host.EventsAsync("lead", lead)).Count(t => t == "crm.lead.qualified").ShouldBe(1);
    }

    [Fact]
    public async Task Moves_take_along_what_is_missing()
    {
        var lead = await host.Agent.PostAsync("/api/v1/leads", new { name = "Ada", phone = "+44 20 7946 0000" });
        await host.MoveAsync(lead, "contact", 1);
        var path = $"/api/v1/leads/{lead["id"]}/moves";
        var changes = new { budget = 100, currency = "CHF", authority = "influences", need = "Some", timeline = "later" };

        (await host.Agent.PostAsync(path, new { transition = "qualify", version = 2, changes = changes with { authority = "boss" } })).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid");
        (await host.Agent.PostAsync(path, new { transition = "qualify", version = 2, changes = changes with { currency = "XYZ" } })).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid");
        var moved = await host.Agent.PostAsync(path, new { transition = "qualify", version = 2, changes });

        moved.Status.ShouldBe(HttpStatusCode.OK, moved.Text);
        moved["warnings"].AsArray().Select(w => w!["key"]!.GetValue<string>()).ShouldBe(["timeline-near"]);
        var now = await host.Agent.GetAsync($"/api/v1/leads/{lead["id"]}");
        (now["authority"].GetValue<string>(), now["timeline"].GetValue<string>(), now["currency"].GetValue<string>()).ShouldBe(("influences", "later", "CHF"));
    }

    [Fact]
    public async Task Deleted_lead_does_not_move_and_goes_on_where_it_was_when_it_is_restored()
    {
        var lead = await host.LeadAsync();
        var path = $"/api/v1/leads/{lead["id"]}";
        (await host.Agent.SendAsync(HttpMethod.Delete, path, null, ("If-Match", "\"1\""))).Status.ShouldBe(HttpStatusCode.NoContent);

        (await host.MoveAsync(lead, "contact", 1)).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        (await host.Agent.GetAsync($"{path}/transitions")).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        (await host.ConvertAsync(lead)).ShouldBeProblem(HttpStatusCode.NotFound, "not-found");
        (await host.Agent.SendAsync(HttpMethod.Post, $"{path}/restore", null)).Status.ShouldBe(HttpStatusCode.OK);
        (await host.MoveAsync(lead, "contact", 1)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("company", "\"\"", "invalid")]
    [InlineData("email", "\"ada\"", "invalid")]
    [InlineData("phone", "\"none\"", "invalid")]
    [InlineData("website", "\"engines\"", "invalid")]
    [InlineData("budget", "-1", "invalid")]
    [InlineData("budget", "1000000000000001", "invalid")]
    [InlineData("budget", "\"100\"", "body")]
    [InlineData("currency", "\"XYZ\"", "unknown-currency")]
    [InlineData("currency", "\"gbp\"", "unknown-currency")]
    [InlineData("currency", "\"pounds\"", "invalid")]
    [InlineData("authority", "\"boss\"", "invalid")]
    [InlineData("timeline", "\"someday\"", "invalid")]
    [InlineData("timeline", "7", "body")]
    public async Task Wrong_value_is_refused_with_its_place_and_nothing_is_written(string member, string value, string key)
    {
        var lead = await host.LeadAsync();
        var before = await host.RowsAsync();

        (await host.Agent.PostAsync("/api/v1/leads", $$"""{ "name": "Ada", "{{member}}": {{value}} }""")).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe([$"/{member} {key}"]);
        (await host.Agent.PatchAsync($"/api/v1/leads/{lead["id"]}", $$"""{ "{{member}}": {{value}}, "version": 1 }""")).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe([$"/{member} {key}"]);

        (await host.RowsAsync()).ShouldBe(before);
    }

    [Theory]
    [InlineData("company", 200)]
    [InlineData("jobTitle", 200)]
    [InlineData("source", 100)]
    [InlineData("need", 2000)]
    public async Task Text_has_a_length(string member, int most)
    {
        (await host.Agent.PostAsync("/api/v1/leads", new JsonObject { ["name"] = "Ada", [member] = new string('ä', most) }.ToJsonString())).Status.ShouldBe(HttpStatusCode.Created);
        foreach (var length in new[] { most + 1, 5000 })
        {
            (await host.Agent.PostAsync("/api/v1/leads", new JsonObject { ["name"] = "Ada", [member] = new string('ä', length) }.ToJsonString()))
                .ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe([$"/{member} invalid"]);
        }
    }
}
