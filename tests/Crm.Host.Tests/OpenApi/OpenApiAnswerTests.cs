using System.Net;
using System.Text.Json.Nodes;
using Crm.Host.Tests.Accounts;
using Crm.Host.Tests.Http;
using Crm.Host.Tests.Leads;

namespace Crm.Host.Tests.OpenApi;

/// <summary>The description does not lie: every operation is asked for real, and what goes over the wire is what it says (<see cref="ExchangeCheck"/>, which watches all other tests as well).</summary>
public sealed class OpenApiAnswerTests(LeadHost host) : IClassFixture<LeadHost>
{
    private const string V1 = "/api/v1";

    [Fact]
    public async Task Every_operation_answers_as_it_is_described()
    {
        var member = await host.MemberAsync("admin");
        Api[] callers = [host.Admin, host.Rep, host.Agent, host.As(null), member.Api];
        var deal = await DealsAsync();
        await LeadsAsync();
        await ContactsAsync("people", new { name = "Ada", firstName = "Ada", lastName = "King", email = "ada@engines.test", phone = "+44 20 7946 0000", jobTitle = "Countess" });
        await ContactsAsync("organizations", new { name = "Engines", domain = "engines.test", website = "https://engines.test", employees = 3, city = "London", country = "GB" });
        await RecordsAsync();
        await ActivitiesAsync(deal);
        await NotesAsync(deal);
        await ViewsAsync();
        await CustomFieldsAsync();
        await ProcessesAsync();
        await EventsAndRunsAsync();
        await DeadLettersAsync();
        await FlowsAsync();
        await UsersAsync();
        await AccountsAsync(callers[3], member);
        foreach (var path in new[] { "me", "roles", "workspace", "search?q=ada", "me/agenda?days=3" }) await GetAsync(path);
        await SaveAsync(HttpMethod.Patch, "workspace", new { name = "Engines", version = 1 });

        var all = (await ApiDescription.ServedAsync(host.Admin.Client)).Operations.Select(o => o.Id);

        all.Except(callers.SelectMany(c => c.Succeeded)).ShouldBeEmpty();
    }

    [Fact]
    public void What_is_not_as_described_is_found()
    {
        var schema = JsonNode.Parse("""
            {
              "type": "object", "required": ["id", "kind"], "properties": {
                "id": { "type": "string", "format": "uuid" }, "kind": { "type": "string", "enum": ["a", "b"] }, "at": { "type": ["null", "string"], "format": "date-time" },
                "count": { "type": "integer", "minimum": 1 }, "names": { "type": "array", "items": { "type": "string", "maxLength": 3 } }, "custom": { "type": "object", "additionalProperties": {} }
              }
            }
            """)!;
        var api = ApiDescription.Of("""{ "paths": {} }""");

        Faults("""{ "id": "00000000-0000-0000-0000-00000000000a", "kind": "a", "at": "2027-01-31T09:00:00Z", "count": 1, "names": ["abc"], "custom": { "x": [1, {}] } }""").ShouldBeEmpty();
        Faults("""{ "id": "1", "kind": "c", "at": "31.1.2027", "count": 0.5, "names": ["abcd", 1], "custom": null, "more": 1 }""").Count().ShouldBe(8);
        Faults("[]").ShouldBe([" is array, not \"object\""]);
        Faults("{}").ShouldBe(["/id is missing", "/kind is missing"]);

        IEnumerable<string> Faults(string json) => api.Faults(schema, JsonNode.Parse(json));
    }

    private async Task<Answer> DealsAsync()
    {
        var deal = await SaveAsync(HttpMethod.Post, "deals", new { name = "Engines", amount = 1200.5, currency = "GBP", discount = 0.1, expectedCloseOn = "2027-01-31", custom = new { } });
        await RecordOfAnyNounAsync("deals", deal, 1);
        foreach (var path in new[] { "transitions", "history", "timeline" }) await GetAsync($"deals/{deal["id"]}/{path}");
        await GetAsync("deals/board?limit=3");
        await GetAsync("deals/board/qualification?amount.gte=1");
        await SaveAsync(HttpMethod.Post, $"deals/{deal["id"]}/moves", new { transition = "contact", version = 1, reason = "They called" });
        return deal;
    }

    private async Task LeadsAsync()
    {
        var lead = await host.QualifiedAsync(by: host.Agent);
        (await host.ConvertAsync(lead)).Status.ShouldBe(HttpStatusCode.Created);
        (await host.ConvertAsync(lead)).Status.ShouldBe(HttpStatusCode.OK);
        foreach (var path in new[] { "transitions", "history", "timeline" }) await GetAsync($"leads/{lead["id"]}/{path}");
        await GetAsync("leads/board");
        await GetAsync("leads/board/new");
        await RecordOfAnyNounAsync("leads", await SaveAsync(HttpMethod.Post, "leads", new { name = "Grace", budget = 7.25, timeline = "later" }), 1);
    }

    private async Task ContactsAsync(string noun, object fields)
    {
        var made = await SaveAsync(HttpMethod.Post, noun, fields);
        await GetAsync($"{noun}/{made["id"]}/timeline");
        await RecordOfAnyNounAsync(noun, made, 1);
    }

    private async Task RecordOfAnyNounAsync(string noun, Answer made, int version)
    {
        var path = $"{noun}/{made["id"]}";
        await GetAsync(path);
        await GetAsync($"{noun}?limit=2&sort=-createdAt");
        await SaveAsync(HttpMethod.Post, $"{noun}/bulk-read", new { ids = new[] { made["id"], Guid.Empty.ToString() } });
        await SaveAsync(HttpMethod.Patch, path, new { name = "Another", version });
        await SaveAsync(HttpMethod.Post, $"{path}/assign", new { ownerId = await host.UserAsync(), version = version + 1 });
        await DeleteAsync(path, version + 2);
        await SaveAsync(HttpMethod.Post, $"{path}/restore");
    }

    private async Task RecordsAsync()
    {
        var record = await SaveAsync(HttpMethod.Post, "records", new { type = "opportunity", name = "Engines", fields = new { amount = 3 } });
        await GetAsync($"records/{record["id"]}");
        await GetAsync("records?type=opportunity");
        await SaveAsync(HttpMethod.Patch, $"records/{record["id"]}", new { name = "More engines", version = 1 });
        var project = await SaveAsync(HttpMethod.Post, "projects", new { subject = new { type = "opportunity", id = record["id"] } });
        await GetAsync("projects?subjectType=opportunity");
        foreach (var path in new[] { "", "/transitions", "/history" }) await GetAsync($"projects/{project["id"]}{path}");
        await SaveAsync(HttpMethod.Post, $"projects/{project["id"]}/moves", new { transition = "contact", version = 1 });
        await GetAsync("records/board?type=opportunity");
        await GetAsync("records/board/initial-contact?type=opportunity");
        await GetAsync($"records/{record["id"]}/timeline");
    }

    private async Task ActivitiesAsync(Answer deal)
    {
        var activity = await SaveAsync(HttpMethod.Post, "activities", new { subject = "Ring Ada", kind = "call", dueAt = "2027-01-31T09:00:00+02:00", about = new { type = "deal", id = deal["id"] } });
        var path = $"activities/{activity["id"]}";
        await GetAsync(path);
        await GetAsync("activities?done=false");
        await SaveAsync(HttpMethod.Post, "activities/bulk-read", new { ids = new[] { activity["id"] } });
        await SaveAsync(HttpMethod.Patch, path, new { subject = "Write to Ada", body = "Soon", version = 1 });
        foreach (var what in new[] { "complete", "reopen" }) await SaveAsync(HttpMethod.Post, $"{path}/{what}");
        await DeleteAsync(path, 4);
        await SaveAsync(HttpMethod.Post, $"{path}/restore");
        await GetAsync($"deals/{deal["id"]}/timeline");
    }

    private async Task NotesAsync(Answer deal)
    {
        var note = await SaveAsync(HttpMethod.Post, "notes", new { body = "She asked for a discount", about = new { type = "deal", id = deal["id"] } });
        await GetAsync($"notes/{note["id"]}");
        await GetAsync("notes?body.contains=discount");
        await SaveAsync(HttpMethod.Patch, $"notes/{note["id"]}", new { body = "She asked for none", version = 1 });
        await DeleteAsync($"notes/{note["id"]}", 2);
        await SaveAsync(HttpMethod.Post, $"notes/{note["id"]}/restore");
    }

    private async Task ViewsAsync()
    {
        var view = await SaveAsync(HttpMethod.Post, "views", new { name = "Big ones", recordType = "deal", query = "amount.gte=1000", columns = new[] { "name" } });
        await GetAsync($"views/{view["id"]}");
        await GetAsync("views?recordType=deal");
        await SaveAsync(HttpMethod.Patch, $"views/{view["id"]}", new { isShared = true, version = 1 });
        await DeleteAsync($"views/{view["id"]}", 2);
    }

    private async Task CustomFieldsAsync()
    {
        var field = await SaveAsync(HttpMethod.Post, "custom-fields", new
        {
            recordType = "deal", key = "tier", kind = "choice", title = new { en = "Tier", de = "Stufe" }, options = new[] { new { key = "gold", title = "Gold" } }, filterable = true,
        });
        await GetAsync($"custom-fields/{field["id"]}");
        await GetAsync("custom-fields?recordType=deal");
        await SaveAsync(HttpMethod.Patch, $"custom-fields/{field["id"]}", new { title = "Level", version = 1 });
        (await SaveAsync(HttpMethod.Post, "deals", new { name = "Golden", custom = new { tier = "gold" } }))["custom"]["tier"]!.GetValue<string>().ShouldBe("gold");
        (await GetAsync("deals?custom.tier=gold")).Items.Count.ShouldBe(1);
        (await DeleteAsync($"custom-fields/{field["id"]}", 2)).Status.ShouldBe(HttpStatusCode.OK); // archived, for it is used
        await SaveAsync(HttpMethod.Post, $"custom-fields/{field["id"]}/restore");
    }

    private async Task ProcessesAsync()
    {
        var bundle = (await GetAsync("bundles")).Json[0]!;
        var text = (await GetAsync($"bundles/{bundle["key"]}/{bundle["version"]}")).Text;
        await SaveAsync(HttpMethod.Post, "bundles?dryRun=true", text);
        var decision = (await GetAsync("decisions")).Json[0]!["key"];
        await GetAsync($"decisions/{decision}");
        await SaveAsync(HttpMethod.Post, $"decisions/{decision}/evaluate", new { entity = new { amount = 5 } });
    }

    private async Task EventsAndRunsAsync()
    {
        await host.QuietAsync();
        var happened = (await GetAsync("events?limit=3")).Items[0];
        await GetAsync("events?after=0");
        await GetAsync($"events/{happened["id"]}");
        await host.AskAsync<long>("with parked as (insert into wfm.parked_event select $1, max(position), 'mail', 10, 'wrong', null from wfm.feed where workspace_id = $1 returning 1) select count(*) from parked", host.Workspace);
        (await GetAsync("events/parked")).Items.Count.ShouldBe(1);
        await SaveAsync(HttpMethod.Post, "events/parked/retries", new { consumer = "mail" });
        var run = (await GetAsync("runs?status=finished")).Items[0];
        await GetAsync($"runs/{run["id"]}");
    }

    private async Task DeadLettersAsync()
    {
        await SaveAsync(HttpMethod.Post, "bundles", JsonNode.Parse("""
            {
              "apiVersion": "wfm/v1", "kind": "ProcessBundle", "bundle": {"key": "failing", "version": "1.0.0"},
              "subjects": {"failing": {"schema": {"type": "object"}}}, "projectTypes": {"failing": {"workflow": "failing", "subject": "failing"}},
              "statuses": {"open": {"category": "open"}, "solved": {"category": "done"}},
              "workflows": {"failing": {"steps": [{"status": "open", "initial": true}, {"status": "solved", "final": true}], "transitions": {"solve": {"from": ["open"], "to": "solved"}}}},
              "automations": {
                "fails": {"on": ["crm.deal.assigned"], "when": {"==": [{"var": "event.data.name"}, "Failing"]}, "retry": {"max": 0}, "flow": {"definitionId": "fails", "root": {"id": "fail", "type": "Elsa.Fault"}}},
                "waits": {"on": ["crm.deal.assigned"], "when": {"==": [{"var": "event.data.name"}, "Failing"]}, "flow": {"definitionId": "waits", "root": {"id": "wait", "type": "Elsa.Delay", "timeSpan": "1.00:00:00"}}}
              }
            }
            """));
        for (var i = 0; i < 3; i++) await SaveAsync(HttpMethod.Post, "deals", new { name = "Failing" });
        await host.QuietAsync();
        var letters = (await GetAsync("dead-letters?flow=failing.fails")).Items;
        letters.Count.ShouldBe(3);
        var run = letters[0]["run"];
        await GetAsync($"dead-letters/{run}");
        await SaveAsync(HttpMethod.Post, $"dead-letters/{run}/replay");
        await host.QuietAsync();
        await SaveAsync(HttpMethod.Post, $"runs/{run}/rerun", new { activity = "fail" });
        await host.QuietAsync();
        await SaveAsync(HttpMethod.Post, $"dead-letters/{run}/discard");
        (await SaveAsync(HttpMethod.Post, "dead-letters/bulk-replay", new { flow = "failing.fails" }))["count"].GetValue<int>().ShouldBe(2);
        await host.QuietAsync();
        (await SaveAsync(HttpMethod.Post, "dead-letters/bulk-discard", new { flow = "failing.fails" }))["count"].GetValue<int>().ShouldBe(2);
        var waiting = (await GetAsync("runs?status=suspended")).Items[0]["id"];
        await SaveAsync(HttpMethod.Post, $"runs/{waiting}/cancel");
        await SaveAsync(HttpMethod.Post, $"runs/{waiting}/resume", new { });
        foreach (var path in new[] { "metrics/flows", "metrics/system-activities" }) await GetAsync(path);
    }

    private async Task FlowsAsync()
    {
        var definition = JsonNode.Parse("""
            {"definitionId": "ask", "name": "Ask", "root": {"id": "steps", "type": "Elsa.Sequence", "activities": [
              {"id": "decide", "type": "Wfm.RequestApproval", "title": "Ship it?", "roles": "admin", "payload": {"count": 3}},
              {"id": "ship", "type": "Elsa.RunTask", "taskName": "Ship"},
              {"id": "wait", "type": "Elsa.Event", "eventName": "shop.none"}]}}
            """)!;
        await SaveAsync(HttpMethod.Post, "flows", new { definition });
        await GetAsync("flows?search=ask");
        definition["description"] = "Asks and ships";
        await SaveAsync(HttpMethod.Put, "flows/ask", new { definition = definition.DeepClone(), version = 1 });
        await GetAsync("flows/ask?version=1");
        await SaveAsync(HttpMethod.Post, "flows/ask/publish");
        var run = (await SaveAsync(HttpMethod.Post, "flows/ask/runs", new { correlationId = "deal-7" }))["run"];
        await host.QuietAsync();
        var approval = (await GetAsync("approvals?limit=1")).Items.ShouldHaveSingleItem();
        await SaveAsync(HttpMethod.Post, $"approvals/{approval["id"]}", new { approve = true, reason = "They paid" });
        await host.QuietAsync();
        var asked = (await GetAsync("events?type=flow.task.requested")).Items.ShouldHaveSingleItem();
        await SaveAsync(HttpMethod.Post, $"runs/tasks/{asked["data"]!["taskId"]}/complete", new { result = new { parcel = 9 } });
        await host.QuietAsync();
        await SaveAsync(HttpMethod.Post, $"runs/{run}/signals/event:shop.none", new { payload = new { } });
        await host.QuietAsync();
        (await GetAsync($"runs/{run}"))["run"]["status"]!.GetValue<string>().ShouldBe("finished");
        await SaveAsync(HttpMethod.Post, "flows/ask/retract");
        await DeleteAsync("flows/ask", null);
    }

    private async Task UsersAsync()
    {
        var team = await SaveAsync(HttpMethod.Post, "teams", new { name = "Sales", members = new[] { await host.UserAsync() } });
        await GetAsync($"teams/{team["id"]}");
        await GetAsync("teams");
        await SaveAsync(HttpMethod.Patch, $"teams/{team["id"]}", new { name = "Selling", version = 1 });
        await DeleteAsync($"teams/{team["id"]}", 2);
        var user = await SaveAsync(HttpMethod.Post, "users", new { name = "Grace", email = Members.NewEmail(), password = Members.Password, roles = new[] { "sales-rep" } });
        await GetAsync($"users/{user["id"]}");
        await GetAsync("users");
        await SaveAsync(HttpMethod.Patch, $"users/{user["id"]}", new { name = "Grace Hopper", version = 1 });
        await SaveAsync(HttpMethod.Post, $"users/{user["id"]}/password", new { password = "another oak on a hill" });
        foreach (var what in new[] { "deactivate", "reactivate" }) await SaveAsync(HttpMethod.Post, $"users/{user["id"]}/{what}");
    }

    private async Task AccountsAsync(Api stranger, Member member)
    {
        var invited = await SaveAsync(HttpMethod.Post, "users/invite", new { email = Members.NewEmail(), roles = new[] { "sales-rep" } });
        var again = await SaveAsync(HttpMethod.Post, $"users/{invited["user"]["id"]}/invite");
        Good(await stranger.PostAsync($"{V1}/invitations/accept", new { token = again["token"], password = Members.Password, name = "Katherine" }));
        Good(await stranger.SignInAsync(member.Email));
        Good(await stranger.RefreshAsync(member.Tokens));
        var key = Good(await member.Api.PostAsync($"{V1}/api-keys", new { name = "Import", scopes = new[] { "read" }, expiresAt = "2099-01-31T09:00:00Z" }));
        await GetAsync("api-keys");
        await DeleteAsync($"api-keys/{key["details"]["id"]}", null);
        Good(await member.Api.PostAsync($"{V1}/me/password", new { currentPassword = Members.Password, newPassword = "a new oak on a hill" }));
        Good(await member.Api.SendAsync(HttpMethod.Post, $"{V1}/sign-out", null));
    }

    private async Task<Answer> GetAsync(string path) => Good(await host.Admin.GetAsync($"{V1}/{path}"));

    private async Task<Answer> SaveAsync(HttpMethod method, string path, object? body = null) => Good(await host.Admin.SendAsync(method, $"{V1}/{path}", body is null ? null : Api.Json(body)));

    private async Task<Answer> DeleteAsync(string path, int? version) =>
        Good(await host.Admin.SendAsync(HttpMethod.Delete, $"{V1}/{path}", null, version is { } seen ? [("If-Match", $"\"{seen}\"")] : []));

    private static Answer Good(Answer answer)
    {
        ((int)answer.Status).ShouldBeInRange(200, 299, answer.Text);
        return answer;
    }
}
