using System.Net;
using System.Text.Json.Nodes;

namespace Crm.Host.Tests.CustomFields;

/// <summary>A process asks for a workspace's own field, names it as the fix, and a move brings it along.</summary>
public sealed class CustomRuleTests(CrmHost host) : IClassFixture<CrmHost>
{
    [Fact]
    public async Task Guard_on_a_custom_field_blocks_names_its_fix_and_is_met_by_set_and_move()
    {
        await host.FieldAsync("deal", "seats", "number", new { title = "Seats", filterable = true });
        (await host.Admin.PostAsync("/api/v1/bundles", await AskingForSeatsAsync())).Status.ShouldBe(HttpStatusCode.Created);
        var deal = await host.Rep.DealAsync();
        var path = $"/api/v1/deals/{deal["id"]}";

        var blocked = await host.Rep.PostAsync($"{path}/moves", new { transition = "contact", version = 1 });
        var wrong = await host.Rep.PostAsync($"{path}/moves", new { transition = "contact", version = 1, changes = new { custom = new { seats = "many" } } });
        var unknown = await host.Rep.PostAsync($"{path}/moves", new { transition = "contact", version = 1, changes = new { custom = new { chairs = 5 } } });
        var few = await host.Rep.PostAsync($"{path}/moves", new { transition = "contact", version = 1, changes = new { custom = new { seats = 9 } } });
        var moved = await host.Rep.PostAsync($"{path}/moves", new { transition = "contact", version = 1, changes = new { custom = new { seats = 10 } } });

        var reason = blocked.ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "refused")["reasons"].AsArray().Single()!;
        reason["key"]!.GetValue<string>().ShouldBe("enough-seats");
        reason["fixes"]!.AsArray().Single()!.ToJsonString().ShouldContain("/entity/custom/seats");
        wrong.ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe(["/changes/custom/seats custom-field"]);
        unknown.ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe(["/changes/custom/chairs custom-field"]);
        few.ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "refused");
        moved.Status.ShouldBe(HttpStatusCode.OK, moved.Text);
        (await host.Rep.GetAsync(path))["custom"].ToJsonString().ShouldBe("""{"seats":10}""");
    }

    [Fact]
    public async Task Fault_of_a_link_names_the_changed_field_as_a_form_does()
    {
        var deal = await host.Rep.DealAsync();

        var answer = await host.Rep.PostAsync($"/api/v1/deals/{deal["id"]}/moves", new { transition = "contact", version = 1, changes = new { personId = await host.PersonAsync(host.OtherWorkspace) } });

        answer.ShouldBeProblem(HttpStatusCode.BadRequest, "invalid").Faults.ShouldBe(["/changes/personId not-found"]);
    }

    private static async Task<string> AskingForSeatsAsync()
    {
        var bundle = JsonNode.Parse(await Samples.ReadAsync("sales-pipeline"))!;
        bundle["bundle"]!["version"] = "99.0.0";
        bundle["workflows"]!["sales-pipeline"]!["transitions"]!["contact"]!["conditions"] = JsonNode.Parse("""
            { "enough-seats": { "rule": { ">=": [{ "var": "entity.custom.seats" }, 10] }, "message": "We sell ten seats or more.", "fixes": ["/entity/custom/seats"] } }
            """);
        bundle["subjects"]!["deal"]!["schema"]!["properties"]!["custom"] = JsonNode.Parse("""{ "type": "object", "properties": { "seats": { "type": "number", "title": "Seats" } } }""");
        bundle.AsObject().Remove("tests");
        return bundle.ToJsonString();
    }
}
