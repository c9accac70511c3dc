using System.Net;
using System.Net.Http.Json;
using System.Security.Claims;
using System.Text;
using System.Text.Json.Nodes;
using Crm.Wfm.Bundles;
using Crm.Wfm.Flows.Activities;
using Crm.Wfm.Flows.Http;
using Crm.Wfm.Flows.Persistence;
using Crm.Wfm.Moves;
using Crm.Wfm.Persistence;
using Crm.Wfm.Records;
using Crm.Wfm.Rules;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Crm.Wfm.Flows.Tests.Activities;

/// <summary>What flows can do with processes: start, move, wait, decide, and ask people.</summary>
public sealed class ProcessActivityTests(FlowDesk desk) : IClassFixture<FlowDesk>
{
    private int _versions;

    [Fact]
    public async Task Move_that_the_gate_allows_is_made_by_the_system_and_traced_back_to_the_event()
    {
        var (workspace, ticket) = await TicketAsync("""{"note": "all good"}""", Moving("solve"));
        await TellAsync(workspace, ticket);
        (await desk.JournalAsync(workspace)).ShouldBe(["event Done", "move Moved", "moved Done"]);
        (await StepAsync(workspace)).ShouldBe("solved");
        (await desk.AskAsync<int>("select max(depth) from wfm.event where workspace_id = $1 and type = 'wfm.project.moved'", workspace)).ShouldBe(1);
    }

    [Fact]
    public async Task Refused_move_goes_on_with_every_reason_and_what_would_unblock_it()
    {
        var (workspace, ticket) = await TicketAsync("{}", Moving("solve"));
        await TellAsync(workspace, ticket);
        (await desk.JournalAsync(workspace)).ShouldBe(["event Done", "move Refused", "refused Done"]);
        var outputs = (await desk.EntriesAsync(workspace)).Single(e => e.Name == "move").Outputs;
        outputs["reasons"].AsList[0]["key"].AsText.ShouldBe("noted");
        outputs["reasons"].AsList[0]["message"].AsText.ShouldBe("Write a note.");
        outputs["fix"].AsList[0]["path"].AsText.ShouldBe("/entity/note");
        outputs["step"].AsText.ShouldBe("open");
        (await StepAsync(workspace)).ShouldBe("open");
    }

    [Theory]
    [InlineData("""{"changes": {"note": "set by the flow"}}""", "Moved", "solved")]
    [InlineData("""{"expectedVersion": 9}""", "Conflict", "open")]
    [InlineData("""{"project": "00000000-0000-0000-0000-00000000dead"}""", "NotFound", "open")]
    [InlineData("""{"subject": "ticket/00000000-0000-0000-0000-00000000dead"}""", "NotFound", "open")]
    [InlineData("""{"transition": "escalate"}""", "Refused", "open")]
    [InlineData("""{"transition": "escalate", "roles": "lead"}""", "Moved", "waiting")]
    public async Task Move_answers_as_the_engine_does(string members, string outcome, string step)
    {
        var (workspace, ticket) = await TicketAsync("{}", Moving("solve", JsonNode.Parse(members)!.AsObject()));
        await TellAsync(workspace, ticket);
        (await desk.JournalAsync(workspace))[1].ShouldBe($"move {outcome}");
        (await StepAsync(workspace)).ShouldBe(step);
    }

    [Fact]
    public async Task Move_that_is_wrong_in_itself_faults_the_run_at_once()
    {
        var (workspace, ticket) = await TicketAsync("{}", Moving("solve", JsonNode.Parse("""{"changes": {"nobody": 1}}""")!.AsObject()));
        await TellAsync(workspace, ticket);
        (await desk.ErrorAsync(workspace)).ShouldContain("changes/nobody");
    }

    [Fact]
    public async Task Move_in_a_burst_that_fails_and_is_tried_again_is_made_once()
    {
        var (workspace, ticket) = await TicketAsync("""{"note": "all good"}""", Chart.Line("ticket.opened", Process("move", "MoveProject", """{"transition": "solve"}"""), Chart.Activity("do", "Test.Do")).With("event>move", "move:Moved>do"));
        var tries = 0;
        desk.OnDo = (_, _, _) => ++tries == 1 ? throw new FlowException("not yet") : Task.CompletedTask;
        await TellAsync(workspace, ticket);
        desk.Clock.Now += TimeSpan.FromMinutes(1);
        await desk.RunAsync();
        (await desk.RunsAsync(workspace)).ShouldBe(["flow finished"]);
        (await desk.AskAsync<long>("select count(*) from wfm.history where workspace_id = $1 and transition = 'solve'", workspace)).ShouldBe(1);
    }

    [Fact]
    public async Task Started_project_is_in_its_first_step_and_a_second_one_is_a_conflict_that_leaves_the_run_intact()
    {
        var flow = Chart.Line("ticket.opened", Process("start", "StartProject", "{}"), Process("again", "StartProject", "{}"), Chart.Activity("note", "Test.Note", ("text", Chart.Input("JavaScript", "getStepFromStart()"))))
            .With("event>start", "start:Started>again", "again:Conflict>note");
        var (workspace, ticket) = await TicketAsync("{}", flow, isStarted: false);
        await TellAsync(workspace, ticket);
        (await desk.JournalAsync(workspace)).ShouldBe(["event Done", "start Started", "again Conflict", "note Done"]);
        (await desk.NotesAsync(workspace)).ShouldContain("open");
    }

    [Theory]
    [InlineData("""{"rule": {">": [{"var": "event.data.count"}, 3]}}""", "True")]
    [InlineData("""{"rule": {">": [{"var": "event.data.count"}, 9]}}""", "False")]
    [InlineData("""{"rule": {"==": [{"var": "a.b"}, 1]}, "data": {"a": {"b": 1}}}""", "True")]
    public async Task Rule_decides_by_which_way_to_go(string members, string outcome)
    {
        var flow = Chart.Line("ticket.opened", Process("rule", "EvaluateRule", members)).With("event>rule");
        var (workspace, ticket) = await TicketAsync("{}", flow);
        await TellAsync(workspace, ticket, """{"count": 4}""");
        (await desk.JournalAsync(workspace)).ShouldBe(["event Done", $"rule {outcome}"]);
        (await desk.EntriesAsync(workspace)).Single(e => e.Name == "rule").Outputs["trace"].IsNull.ShouldBeFalse();
    }

    [Theory]
    [InlineData("""{"decision": "urgency", "inputs": {"amount": 500}}""", "Decided", "high")]
    [InlineData("""{"decision": "urgency", "entity": {"amount": 5}}""", "NoMatch", null)]
    public async Task Decision_is_asked(string members, string outcome, string? urgency)
    {
        var flow = Chart.Line("ticket.opened", Process("ask", "DecisionTable", members)).With("event>ask");
        var (workspace, ticket) = await TicketAsync("{}", flow);
        await TellAsync(workspace, ticket);
        (await desk.JournalAsync(workspace)).ShouldBe(["event Done", $"ask {outcome}"]);
        (await desk.EntriesAsync(workspace)).Single(e => e.Name == "ask").Outputs["result"]["urgency"].AsText.ShouldBe(urgency);
    }

    [Theory]
    [InlineData("""{"step": "solved"}""", "solve", "Moved")]
    [InlineData("""{"transition": "solve"}""", "solve", "Moved")]
    [InlineData("""{"filter": {"==": [{"var": "event.data.from"}, "open"]}}""", "solve", "Moved")]
    [InlineData("""{"filter": {"==": [{"var": "event.data.from"}, "waiting"]}}""", "solve", null)]
    [InlineData("""{"step": "waiting"}""", "solve", null)]
    [InlineData("""{"step": "open"}""", null, "Moved")]
    public async Task Wait_for_a_move_ends_with_the_one_that_is_meant(string members, string? transition, string? outcome)
    {
        var (workspace, ticket) = await TicketAsync("""{"note": "all good"}""", Waiting(members));
        await TellAsync(workspace, ticket);
        if (transition is not null)
        {
            (await desk.JournalAsync(workspace))[^1].ShouldBe("wait suspended");
            await MoveAsync(workspace, transition);
            await desk.PumpAsync();
            await desk.RunAsync();
        }

        (await desk.JournalAsync(workspace))[^1].ShouldBe(outcome is null ? "wait suspended" : $"wait {outcome}");
    }

    [Fact]
    public async Task Wait_for_a_move_ends_when_its_time_is_over()
    {
        var (workspace, ticket) = await TicketAsync("{}", Waiting("""{"step": "solved", "timeout": "PT1H"}"""));
        await TellAsync(workspace, ticket);
        desk.Clock.Now += TimeSpan.FromHours(2);
        await desk.RunAsync();
        (await desk.JournalAsync(workspace))[^1].ShouldBe("wait TimedOut");
    }

    [Theory]
    [InlineData("""{"step": "solved"}""")]
    [InlineData("""{"transition": "solve"}""")]
    public async Task Move_between_the_look_and_the_wait_is_not_missed(string members)
    {
        // The move and its event are over before the burst that begins to wait is committed.
        var flow = Chart.Line("ticket.opened", Process("wait", "WaitForMove", members), Chart.Activity("do", "Test.Do")).With("event>do", "event>wait");
        var (workspace, ticket) = await TicketAsync("""{"note": "all good"}""", flow);
        var isFirst = true;
        desk.OnDo = async (_, _, _) =>
        {
            if (!isFirst) return;
            isFirst = false;
            await MoveAsync(workspace, "solve");
            await desk.PumpAsync();
        };
        var flowWaitsFirst = await desk.TellAsync(workspace, "ticket.opened", ticket: ticket);
        flowWaitsFirst.ShouldNotBe(Guid.Empty);
        await desk.PumpAsync();
        await desk.RunAsync();
        (await desk.JournalAsync(workspace))[^1].ShouldBe("wait Moved");
        (await desk.RunsAsync(workspace)).ShouldBe(["flow finished"]);
    }

    [Fact]
    public async Task Approval_is_decided_once_by_who_may_and_the_flow_goes_on()
    {
        var (workspace, ticket) = await TicketAsync("{}", Approving("""{"title": "Refund 500", "roles": ["lead"], "users": ["00000000-0000-0000-0000-0000000000bb"], "payload": {"amount": 500}}"""));
        await TellAsync(workspace, ticket);
        await using var app = await HostAsync(workspace);
        using var stranger = await ClientAsync(app, "00000000-0000-0000-0000-0000000000cc", "agent");
        using var lead = await ClientAsync(app, "00000000-0000-0000-0000-0000000000dd", "lead");
        using var named = await ClientAsync(app, "00000000-0000-0000-0000-0000000000bb", "agent");
        (await stranger.GetFromJsonAsync<JsonObject>("/wfm/approvals"))!["items"]!.AsArray().ShouldBeEmpty();
        var open = (await named.GetFromJsonAsync<JsonObject>("/wfm/approvals"))!["items"]!.AsArray().ShouldHaveSingleItem()!;
        open["title"]!.GetValue<string>().ShouldBe("Refund 500");
        open["payload"]!["amount"]!.GetValue<int>().ShouldBe(500);
        var path = $"/wfm/approvals/{open["id"]}";

        (await stranger.PostAsJsonAsync(path, new { approve = true })).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await lead.PostAsJsonAsync("/wfm/approvals/nothing", new { approve = true })).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var answers = await Task.WhenAll(lead.PostAsJsonAsync(path, new { approve = true, reason = "a good customer" }), named.PostAsJsonAsync(path, new { approve = true, reason = "a good customer" }));
        answers.Select(a => a.StatusCode).Order().ShouldBe([HttpStatusCode.OK, HttpStatusCode.Conflict]);
        (await lead.GetFromJsonAsync<JsonObject>("/wfm/approvals"))!["items"]!.AsArray().ShouldBeEmpty();
        await desk.RunAsync();

        (await desk.JournalAsync(workspace)).ShouldBe(["event Done", "ask suspended", "ask Approved"]);
        var outputs = (await desk.EntriesAsync(workspace)).Last(e => e.Name == "ask").Outputs;
        new[] { "00000000-0000-0000-0000-0000000000dd", "00000000-0000-0000-0000-0000000000bb" }.ShouldContain(outputs["decidedBy"].AsText);
        outputs["reason"].AsText.ShouldBe("a good customer");
        outputs["decidedAt"].IsNull.ShouldBeFalse();
        (await lead.PostAsJsonAsync(path, new { approve = false })).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await desk.AskAsync<string[]>("select array_agg(type order by sequence) from wfm.event where workspace_id = $1 and type like 'flow.%'", workspace)).ShouldBe([RequestApproval.Requested, RequestApproval.Decided]);
    }

    [Theory]
    [InlineData("""{"title": "x", "roles": "lead", "exceptUser": "00000000-0000-0000-0000-0000000000dd"}""", HttpStatusCode.Forbidden, "ask suspended")]
    [InlineData("""{"title": "x", "roles": "agent, lead"}""", HttpStatusCode.OK, "ask Rejected")]
    public async Task Approval_is_refused_to_who_is_excepted_and_can_be_rejected(string members, HttpStatusCode status, string outcome)
    {
        var (workspace, ticket) = await TicketAsync("{}", Approving(members));
        await TellAsync(workspace, ticket);
        await using var app = await HostAsync(workspace);
        using var lead = await ClientAsync(app, "00000000-0000-0000-0000-0000000000dd", "lead");
        var id = (await desk.AskAsync<string>("select signal from wfm_flows.bookmark where workspace_id = $1", workspace)).Split(':')[1];
        (await lead.PostAsJsonAsync($"/wfm/approvals/{id}", new { approve = false })).StatusCode.ShouldBe(status);
        await desk.RunAsync();
        (await desk.JournalAsync(workspace))[^1].ShouldBe(outcome);
    }

    [Fact]
    public async Task Approval_of_another_workspace_is_not_there()
    {
        var (workspace, ticket) = await TicketAsync("{}", Approving("""{"title": "x", "roles": "lead"}"""));
        await TellAsync(workspace, ticket);
        await using var app = await HostAsync(Guid.CreateVersion7(desk.Clock.Now));
        using var lead = await ClientAsync(app, "00000000-0000-0000-0000-0000000000dd", "lead");
        var id = (await desk.AskAsync<string>("select signal from wfm_flows.bookmark where workspace_id = $1", workspace)).Split(':')[1];
        (await lead.GetFromJsonAsync<JsonObject>("/wfm/approvals"))!["items"]!.AsArray().ShouldBeEmpty();
        (await lead.PostAsJsonAsync($"/wfm/approvals/{id}", new { approve = true })).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Approval_nobody_decides_times_out()
    {
        var (workspace, ticket) = await TicketAsync("{}", Approving("""{"title": "x", "roles": "lead", "timeout": "P2D"}"""));
        await TellAsync(workspace, ticket);
        desk.Clock.Now += TimeSpan.FromDays(3);
        await desk.RunAsync();
        (await desk.JournalAsync(workspace))[^1].ShouldBe("ask TimedOut");
    }

    [Fact]
    public async Task Task_asked_for_in_a_transaction_is_told_with_it_and_its_early_result_is_kept()
    {
        var flow = Chart.Line("ticket.opened", Chart.Activity("task", "Elsa.RunTask", ("taskName", Chart.Literal("Ship"))), Chart.Activity("do", "Test.Do")).With("event>task", "event>do");
        var (workspace, ticket) = await TicketAsync("{}", flow);
        desk.OnDo = async (context, _, ct) =>
        {
            // Done before the burst that waits for it is committed.
            await using var scope = desk.Scope(workspace);
            var host = scope.ServiceProvider.GetRequiredService<HostContext>();
            await using var transaction = await host.BeginAsync(ct);
            var tasks = Enumerable.Range(1, 9).Select(i => $"{context.Run:N}-{i}");
            foreach (var task in tasks) await SignalStore.SendAsync(host.Db, Signals.TaskDone(task), Value.From("shipped"), isKept: true, desk.Clock.Now, ct);
            await transaction.CommitAsync(ct);
        };
        await TellAsync(workspace, ticket);
        await desk.RunAsync();
        (await desk.RunsAsync(workspace)).ShouldBe(["flow finished"]);
        (await desk.EntriesAsync(workspace)).Last(e => e.Name == "task").Outputs["result"].AsText.ShouldBe("shipped");
        (await desk.AskAsync<string>("select data ->> 'taskName' from wfm.event where workspace_id = $1 and type = 'flow.task.requested'", workspace)).ShouldBe("Ship");
    }

    private static JsonObject Moving(string transition, JsonObject? more = null)
    {
        var members = new JsonObject { ["transition"] = transition };
        foreach (var (name, value) in more ?? []) members[name] = value?.DeepClone();
        return Chart.Line("ticket.opened", Process("move", "MoveProject", members.ToJsonString()), Chart.WriteLine("moved"), Chart.WriteLine("refused")).With("event>move", "move:Moved>moved", "move:Refused>refused");
    }

    private static JsonObject Waiting(string members) => Chart.Line("ticket.opened", Process("wait", "WaitForMove", members)).With("event>wait");

    private static JsonObject Approving(string members) => Chart.Line("ticket.opened", Process("ask", "RequestApproval", members)).With("event>ask");

    private static JsonObject Process(string id, string type, string members) =>
        Chart.Activity(id, $"Wfm.{type}", [.. JsonNode.Parse(members)!.AsObject().Select(m => (m.Key, (JsonNode?)Chart.Input(m.Value is JsonObject or JsonArray ? "Object" : "Literal", m.Value!.DeepClone())))]);

    /// <summary>A workspace of its own with a process of tickets, this flow on <c>ticket.opened</c>, and a ticket.</summary>
    private async Task<(Guid Workspace, Guid Ticket)> TicketAsync(string fields, JsonObject flow, bool isStarted = true)
    {
        var workspace = await desk.WorkspaceAsync();
        await using var scope = desk.Scope(workspace);
        var bundle = JsonNode.Parse("""
            {
              "apiVersion": "wfm/v1", "kind": "ProcessBundle", "bundle": {"key": "tickets", "version": "1.0.0"}, "roles": {"lead": {"title": "Lead"}},
              "subjects": {"ticket": {"schema": {"type": "object", "properties": {"note": {"type": "string", "minLength": 1}, "amount": {"type": "number"}}}}},
              "projectTypes": {"ticket": {"workflow": "ticket", "subject": "ticket", "default": true}},
              "statuses": {"open": {"category": "open"}, "waiting": {"category": "waiting"}, "solved": {"category": "done"}},
              "workflows": {"ticket": {"steps": [{"status": "open", "initial": true}, {"status": "waiting"}, {"status": "solved", "final": true}], "transitions": {
                "solve": {"from": ["open", "waiting"], "to": "solved", "conditions": {"noted": {"rule": {"!!": [{"var": "entity.note"}]}, "message": "Write a note.", "fixes": ["/entity/note"]}}},
                "escalate": {"from": ["open"], "to": "waiting", "allow": [{"roles": ["lead"]}]}}}},
              "decisions": {"urgency": {"kind": "table", "inputs": [{"key": "amount", "value": {"var": "entity.amount"}, "schema": {"type": "number"}}], "outputs": [{"key": "urgency", "schema": {"type": "string"}}], "hitPolicy": "unique",
                "rows": [{"key": "large", "when": {"amount": {">=": 100}}, "then": {"urgency": "high"}}]}}
            }
            """)!;
        bundle["bundle"]!["version"] = $"2.0.{Interlocked.Increment(ref _versions)}";
        bundle["automations"] = new JsonObject { ["flow"] = FlowDesk.On("ticket.opened", flow) };
        if (await scope.ServiceProvider.GetRequiredService<BundlePublisher>().PublishAsync(Encoding.UTF8.GetBytes(bundle.ToJsonString()), FlowDesk.Ann, false, default) is PublishResult.Faulty faulty) faulty.Faults.ShouldBeEmpty();
        var saved = await scope.ServiceProvider.GetRequiredService<RecordStore>().CreateAsync(new("ticket", "A ticket", FlowDesk.Ann) { Fields = JsonNode.Parse(fields)!.AsObject() }, default);
        var ticket = saved.ShouldBeOfType<RecordResult.Saved>().Record.Id;
        if (isStarted) (await scope.ServiceProvider.GetRequiredService<MoveEngine>().StartAsync(new(new("ticket", ticket), FlowDesk.Ann), default)).ShouldBeOfType<MoveResult.Moved>();
        await desk.PumpAsync();
        return (workspace, ticket);
    }

    private async Task TellAsync(Guid workspace, Guid ticket, string data = "{}")
    {
        await desk.TellAsync(workspace, "ticket.opened", data, ticket);
        await desk.PumpAsync();
        await desk.RunAsync();
    }

    private async Task MoveAsync(Guid workspace, string transition)
    {
        await using var scope = desk.Scope(workspace);
        var project = await desk.AskAsync<Guid>("select id from wfm.project where workspace_id = $1", workspace);
        (await scope.ServiceProvider.GetRequiredService<MoveEngine>().MoveAsync(new(project, transition, FlowDesk.Ann), default)).ShouldBeOfType<MoveResult.Moved>();
    }

    private Task<string> StepAsync(Guid workspace) => desk.AskAsync<string>("select step from wfm.project where workspace_id = $1", workspace);

    /// <summary>A host of the same application with its endpoints, that works in one workspace.</summary>
    private async Task<WebApplication> HostAsync(Guid workspace)
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<TimeProvider>(desk.Clock).AddSingleton(desk);
        builder.Services.AddDbContext<DeskContext>(o => o.UseNpgsql(desk.Application));
        builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie();
        builder.Services.AddAuthorization();
        builder.Services.AddWfm<DeskContext>(wfm => wfm.Workspace(_ => workspace).AddFlows());
        foreach (var worker in builder.Services.Where(s => s.ServiceType == typeof(Microsoft.Extensions.Hosting.IHostedService) && s.ImplementationType?.Assembly != typeof(WebApplication).Assembly && s.ImplementationFactory is not null).ToList()) builder.Services.Remove(worker);
        var app = builder.Build();
        app.MapFlows("/wfm");
        app.MapPost("/sign-in", (string id, string role) => Results.SignIn(new ClaimsPrincipal(new ClaimsIdentity([new(ClaimTypes.NameIdentifier, id), new(ClaimTypes.Role, role)], "test"))));
        await app.StartAsync();
        return app;
    }

    private static async Task<HttpClient> ClientAsync(WebApplication app, string id, string role)
    {
        var client = new HttpClient { BaseAddress = new(app.Urls.Single()) };
        (await client.PostAsync(new Uri($"/sign-in?id={id}&role={role}", UriKind.Relative), null)).EnsureSuccessStatusCode();
        return client;
    }
}

internal static class Lines
{
    /// <summary>Draws other connections between a line's activities.</summary>
    public static JsonObject With(this JsonObject flow, params string[] connections)
    {
        var drawn = Chart.Flow([], connections);
        flow["root"]!["connections"] = drawn["root"]!["connections"]!.DeepClone();
        return flow;
    }
}
