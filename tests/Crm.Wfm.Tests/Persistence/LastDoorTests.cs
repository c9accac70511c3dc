using System.Text.Json.Nodes;
using Crm.Wfm.Bundles;
using Crm.Wfm.Tests.Bundles;
using Crm.Wfm.Tests.Moves;

namespace Crm.Wfm.Tests.Persistence;

/// <summary>What the application's own login cannot do, whatever its code does.</summary>
public sealed class LastDoorTests(Desk desk) : IClassFixture<Desk>
{
    private const string Denied = "42501";

    public static TheoryData<string> Guarded => ["project", "history", "event", "workflow_version", "edge", "step", "bundle", "project_type", "step_count", "role"];

    [Theory]
    [MemberData(nameof(Guarded))]
    public async Task Rows_are_written_by_the_functions_alone(string table)
    {
        (await desk.TryAsync(Workspace.Default, $"insert into wfm.{table} default values")).ShouldBe(Denied);
        (await desk.TryAsync(Workspace.Default, $"update wfm.{table} set workspace_id = workspace_id")).ShouldBe(Denied);
        (await desk.TryAsync(Workspace.Default, $"delete from wfm.{table}")).ShouldBe(Denied);
        (await desk.TryAsync(Workspace.Default, $"select 1 from wfm.{table} for update")).ShouldBe(Denied);
        (await desk.TryAsync(Workspace.Default, $"truncate wfm.{table} cascade")).ShouldBe(Denied);
    }

    [Theory]
    [InlineData("truncate wfm.record")]
    [InlineData("truncate wfm.idempotency")]
    [InlineData("select * from wfm.__migrations")]
    [InlineData("alter table wfm.record disable row level security")]
    [InlineData("drop policy workspace on wfm.project")]
    [InlineData("create table wfm.mine (id int)")]
    [InlineData("set role wfm_owner")]
    [InlineData("select wfm.append_events('[]')")]
    [InlineData("select wfm.append_history(p, p.step, '{}', null, null) from wfm.project p")]
    public async Task What_would_open_another_door_is_denied(string sql) => (await desk.TryAsync(Workspace.Default, sql)).ShouldNotBeNull().ShouldBeOneOf(Denied, "42P01");

    [Theory]
    [InlineData("to", "\"done\"", "WF002")]
    [InlineData("to", "\"todo\"", "WF002")]
    [InlineData("to", "null", "WF002")]
    [InlineData("transition", "\"approve\"", "WF002")]
    [InlineData("transition", "null", "WF002")]
    [InlineData("from", "\"todo\"", "WF002")]
    [InlineData("from", "null", "WF002")]
    [InlineData("workflow", "\"00000000-0000-0000-0000-000000000009\"", "WF002")]
    [InlineData("workflow", "null", "WF002")]
    [InlineData("version", "2", "WF001")]
    [InlineData("version", "4", "WF001")]
    [InlineData("version", "null", "WF001")]
    [InlineData("workspace", "\"00000000-0000-0000-0000-000000000009\"", "WF003")]
    [InlineData("workspace", "null", "WF003")]
    [InlineData("project", "\"00000000-0000-0000-0000-000000000009\"", "WF003")]
    [InlineData("project", "null", "WF003")]
    public async Task A_move_the_published_workflow_does_not_have_is_refused_by_the_database(string member, string json, string state)
    {
        var project = await desk.ProjectAsync(moves: "begin");
        var body = Body(project, await WorkflowAsync(project));
        (await MoveAsync(body)).ShouldBeNull();
        body[member] = JsonNode.Parse(json);
        (await MoveAsync(body)).ShouldBe(state);
    }

    [Theory]
    [InlineData("from", "\"todo\"", "WF002")]
    [InlineData("to", "\"doing\"", "WF002")]
    [InlineData("version", "2", "WF002")]
    [InlineData("workflow", "\"00000000-0000-0000-0000-000000000009\"", "WF002")]
    [InlineData("workspace", "\"00000000-0000-0000-0000-000000000009\"", "WF002")]
    [InlineData("projectType", "\"dragon\"", "WF003")]
    public async Task A_start_the_published_workflow_does_not_have_is_refused_by_the_database(string member, string json, string state)
    {
        var body = Body(Guid.CreateVersion7(desk.Clock.Now), await WorkflowAsync(await desk.ProjectAsync()));
        (body["version"], body["from"], body["transition"], body["to"]) = (1, null, null, "todo");
        (await StartAsync(body)).ShouldBeNull();
        body[member] = JsonNode.Parse(json);
        (await StartAsync(body)).ShouldBe(state);
    }

    [Fact]
    public async Task A_move_of_another_workspace_is_refused_by_the_database()
    {
        var project = await desk.ProjectAsync(moves: "begin");
        var body = Body(project, await WorkflowAsync(project)).ToJsonString();
        (await desk.TryAsync(new Guid("00000000-0000-0000-0000-0000000000f0"), "select wfm.move($1, '{}', '', null, '[]')", body)).ShouldBe("WF003");
        (await desk.TryAsync(null, "select wfm.move($1, '{}', '', null, '[]')", body)).ShouldBe("WF003");
    }

    [Theory]
    [InlineData("wfm.project.moved", "WF005")]
    [InlineData("wfm.anything", "WF005")]
    [InlineData("crm.deal.won", null)]
    public async Task The_application_emits_its_own_events_but_none_of_the_engines(string type, string? state) => (await desk.TryAsync(Workspace.Default, """
        select wfm.emit(jsonb_build_array(jsonb_build_object('id', gen_random_uuid(), 'type', $1::text, 'subject', 'task/1', 'time', now(), 'actor', gen_random_uuid(), 'correlation', gen_random_uuid(), 'depth', 0, 'data', '{}'::jsonb)))
        """, type)).ShouldBe(state);

    [Fact]
    public async Task Nothing_is_published_without_a_workspace() =>
        (await desk.TryAsync(null, "select wfm.publish('k', '1.0.0', 'h', '{}', '[]', '[]', '[]', gen_random_uuid(), now(), null)")).ShouldBe("WF003");

    [Theory]
    [InlineData("sales-pipeline.json")]
    [InlineData("customer-support.json")]
    [InlineData("loan-application.json")]
    public async Task The_databases_steps_and_edges_are_those_of_the_definition_it_stores(string file)
    {
        var workspace = Guid.CreateVersion7(desk.Clock.Now);
        (await desk.PublishAsync(JsonNode.Parse(Samples.Bytes(file))!.AsObject(), workspace)).ShouldBeOfType<PublishResult.Published>();
        foreach (var workflow in Samples.Read(file).Workflows.Values)
        {
            (await desk.AskAsync<string[]>("""
                select array_agg(concat_ws(' ', e.from_step, e.transition, e.to_step)) from wfm.edge e join wfm.workflow_version v on v.workspace_id = e.workspace_id and v.id = e.workflow_version_id
                where v.workspace_id = $1 and v.workflow_key = $2
                """, workspace, workflow.Key)).ShouldBe(workflow.Transitions.SelectMany(t => t.From.Select(from => $"{from} {t.Key} {t.To}")), ignoreOrder: true);
            (await desk.AskAsync<string[]>("""
                select array_agg(concat_ws(' ', s.key, s.category, s.is_initial, s.is_final, s.wip_limit)) from wfm.step s join wfm.workflow_version v on v.workspace_id = s.workspace_id and v.id = s.workflow_version_id
                where v.workspace_id = $1 and v.workflow_key = $2
                """, workspace, workflow.Key)).ShouldBe(workflow.Steps.Select(s =>
                    $"{s.Key} {Wfm.Workflows.StatusCategories.Key(s.Status.Category)} {(s.Initial ? 't' : 'f')} {(s.Final ? 't' : 'f')} {s.WipLimit}".TrimEnd()), ignoreOrder: true);
        }
    }

    private static JsonObject Body(Guid project, Guid workflow) => new()
    {
        ["actor"] = Desk.Ann.Id, ["at"] = "2026-03-31T10:00:00.000000Z", ["from"] = "doing", ["project"] = project, ["projectType"] = "task",
        ["subject"] = new JsonObject { ["id"] = "1", ["type"] = "task" }, ["to"] = "review", ["transition"] = "submit", ["version"] = 3, ["workflow"] = workflow, ["workspace"] = Workspace.Default,
    };

    private Task<Guid> WorkflowAsync(Guid project) => desk.AskAsync<Guid>("select workflow_version_id from wfm.project where id = $1", project);

    private Task<string?> MoveAsync(JsonObject body) => desk.TryAsync(Workspace.Default, "select wfm.move($1, '{}', '', null, '[]')", body.ToJsonString());

    private Task<string?> StartAsync(JsonObject body) => desk.TryAsync(Workspace.Default, "select wfm.start($1, '{}', '', '{}', '[]')", body.ToJsonString());
}
