using Crm.Wfm.Moves;

namespace Crm.Wfm.Tests.Moves;

public sealed class StartTests(Desk desk) : IClassFixture<Desk>
{
    [Fact]
    public async Task A_project_starts_in_the_initial_step_at_version_one()
    {
        var record = await desk.RecordAsync();
        var started = (await desk.StartAsync(new(record, Desk.Ann) { Fields = Desk.Json("""{"number":1.5}"""), Reason = "New." })).ShouldBeOfType<MoveResult.Moved>();
        started.ShouldSatisfyAllConditions(s => s.Transition.ShouldBeNull(), s => s.From.ShouldBeNull(), s => s.To.ShouldBe("todo"), s => s.Version.ShouldBe(1), s => s.Completed.ShouldBeFalse());
        (await desk.AskAsync<string>("select concat_ws(' ', project_type, subject_type, step, version, fields->>'number') from wfm.project where id = $1", started.Project)).ShouldBe("task task todo 1 1.5");
        (await desk.AskAsync<string>("select concat_ws(' ', version, to_step, private->>'reason', octet_length(prev)) from wfm.history where project_id = $1", started.Project)).ShouldBe("1 todo New. 0");
        (await desk.AskAsync<string>("select string_agg(type, ' ') from wfm.event where subject = $1", record.ToString())).ShouldBe("wfm.project.started");
    }

    [Fact]
    public async Task A_subject_has_one_open_project_of_a_type()
    {
        var record = await desk.RecordAsync();
        var project = await desk.ProjectAsync(record);
        var before = await desk.EverythingAsync();
        (await desk.StartAsync(new(record, Desk.Ann))).ShouldBeOfType<MoveResult.Conflict>().Message.ShouldContain(project.ToString());
        (await desk.EverythingAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task A_project_id_is_taken_once()
    {
        var project = await desk.ProjectAsync();
        (await desk.StartAsync(new(await desk.RecordAsync(), Desk.Ann) { Project = project })).ShouldBeOfType<MoveResult.Conflict>();
    }

    [Theory]
    [InlineData("task", "00000000-0000-0000-0000-000000000001", null, "subject")]
    [InlineData("task", "no uuid at all", null, "subject")]
    [InlineData("dragon", null, null, "subject")]
    [InlineData("task", null, "no-such-type", "project type")]
    public async Task What_is_not_there_is_not_found(string subjectType, string? id, string? projectType, string what)
    {
        var subject = new SubjectRef(subjectType, id ?? (await desk.RecordAsync()).Id);
        (await desk.StartAsync(new(subject, Desk.Ann) { ProjectType = projectType })).ShouldBe(new MoveResult.NotFound(what));
    }

    [Theory]
    [InlineData("""{"number":"many"}""", "/fields/number", "type")]
    [InlineData("""{"surprise":1}""", "/fields/surprise", "additional-property")]
    public async Task The_projects_own_fields_meet_the_schema_of_its_type(string fields, string pointer, string key)
    {
        var record = await desk.RecordAsync();
        var before = await desk.EverythingAsync();
        (await desk.StartAsync(new(record, Desk.Ann) { Fields = Desk.Json(fields) })).ShouldBeOfType<MoveResult.Invalid>().Faults.ShouldHaveSingleItem()
            .ShouldSatisfyAllConditions(f => f.Pointer.ShouldBe(pointer), f => f.Key.ShouldBe(key));
        (await desk.EverythingAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task A_workflow_may_end_where_it_begins()
    {
        await desk.PublishAsync(Desk.Json("""
            {"apiVersion": "wfm/v1", "kind": "ProcessBundle", "bundle": {"key": "instant", "version": "1.0.0"},
             "subjects": {"spark": {"schema": {"type": "object"}}}, "projectTypes": {"spark": {"workflow": "instant", "subject": "spark"}},
             "statuses": {"gone": {"category": "done"}}, "workflows": {"instant": {"steps": [{"status": "gone", "initial": true, "final": true}], "transitions": {}}}}
            """));
        var record = await desk.RecordAsync("{}", "spark");
        (await desk.StartAsync(new(record, Desk.Ann))).ShouldBeOfType<MoveResult.Moved>().Completed.ShouldBeTrue();
        (await desk.AskAsync<string>("select string_agg(type, ' ' order by sequence) from wfm.event where subject = $1", record.ToString())).ShouldBe("wfm.project.started wfm.project.completed");
        (await desk.StartAsync(new(record, Desk.Ann))).ShouldBeOfType<MoveResult.Moved>();
    }

    [Fact]
    public async Task A_repeated_start_gets_the_first_ones_answer()
    {
        var command = new StartCommand(await desk.RecordAsync(), Desk.Ann) { IdempotencyKey = "start-once" };
        var first = (await desk.StartAsync(command)).ShouldBeOfType<MoveResult.Moved>();
        (await desk.StartAsync(command)).ShouldBeOfType<MoveResult.Moved>().Project.ShouldBe(first.Project);
        (await desk.StartAsync(command with { Reason = "other" })).ShouldBeOfType<MoveResult.Invalid>().Faults.ShouldHaveSingleItem().Key.ShouldBe(IdempotencyFaults.Reused);
    }
}
