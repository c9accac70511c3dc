using Crm.Wfm.Moves;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Tests.Moves;

public sealed class MoveEngineTests(Desk desk) : IClassFixture<Desk>
{
    [Fact]
    public async Task A_move_writes_project_history_and_event_and_nothing_else()
    {
        var project = await desk.ProjectAsync("""{"points":3,"text":"x"}""");
        var before = await Counts();
        desk.Clock.Now += TimeSpan.FromMinutes(1);
        var moved = (await desk.MoveAsync(new(project, "begin", Desk.Ann) { ExpectedVersion = 1, Reason = "It is time." })).ShouldBeOfType<MoveResult.Moved>();
        moved.ShouldSatisfyAllConditions(
            m => m.From.ShouldBe("todo"), m => m.To.ShouldBe("doing"), m => m.Version.ShouldBe(2), m => m.Completed.ShouldBeFalse(), m => m.At.ShouldBe(desk.Clock.Now),
            m => m.Transition.ShouldBe("begin"), m => m.RecordVersion.ShouldBe(1), m => m.Warnings.ShouldBeEmpty());
        (await Counts()).ShouldBe(before.Plus(history: 1, events: 1));
        (await desk.AskAsync<string>("select concat_ws(' ', step, version, completed_at) from wfm.project where id = $1", project)).ShouldBe("doing 2");
        (await desk.AskAsync<string>("select concat_ws(' ', transition, from_step, to_step, private->>'reason') from wfm.history where project_id = $1 and version = 2", project))
            .ShouldBe("begin todo doing It is time.");
        (await desk.AskAsync<DateTime>("select entered_at from wfm.project where id = $1", project)).ShouldBe(Cut(desk.Clock.Now));
    }

    [Fact]
    public async Task The_last_move_completes_sets_and_emits()
    {
        var record = await desk.RecordAsync();
        var project = await desk.ProjectAsync(record, "begin", "submit");
        var before = await Counts();
        var moved = (await desk.MoveAsync(new(project, "approve", Desk.Bob) { Input = Desk.Json("""{"comment":"good"}""") })).ShouldBeOfType<MoveResult.Moved>();
        moved.Completed.ShouldBeTrue();
        moved.RecordVersion.ShouldBe(2);
        (await Counts()).ShouldBe(before.Plus(history: 1, events: 3));
        (await desk.AskAsync<string[]>("select array_agg(type order by sequence) from (select * from wfm.event where subject = $1 order by sequence desc limit 3) e", record.ToString()))
            .ShouldBe(["wfm.project.moved", "wfm.project.completed", "task.approved"]);
        (await desk.AskAsync<string>("select fields->>'closedAt' from wfm.record where id = $1", Guid.Parse(record.Id))).ShouldBe(FactTime.Text(desk.Clock.Now));
        (await desk.AskAsync<string>("select fields->>'note' from wfm.project where id = $1 and completed_at is not null", project)).ShouldBe("good");
    }

    [Fact]
    public async Task Unmet_rule_refuses_with_its_reason_and_writes_nothing()
    {
        var project = await desk.ProjectAsync("{}", "begin");
        var before = await desk.EverythingAsync();
        var refused = (await desk.MoveAsync(new(project, "submit", Desk.Ann) { IdempotencyKey = "refused" })).ShouldBeOfType<MoveResult.Refused>();
        refused.Reasons.Keys().ShouldBe(["has-points"]);
        refused.Step.ShouldBe("doing");
        refused.Version.ShouldBe(2);
        (await desk.EverythingAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Event_type_that_is_none_refuses_and_writes_nothing()
    {
        var project = await desk.ProjectAsync("""{"text":"no word"}""", "begin");
        var before = await desk.EverythingAsync();
        var refused = (await desk.MoveAsync(new(project, "announce", Desk.Ann) { IdempotencyKey = "announced" })).ShouldBeOfType<MoveResult.Refused>();
        refused.Reasons.ShouldHaveSingleItem().Values["entity.text"].ShouldBe(Value.From("no word"));
        refused.Reasons.Keys().ShouldBe(["post-action"]);
        (await desk.EverythingAsync()).ShouldBe(before);
        (await desk.MoveAsync(new(project, "announce", Desk.Ann) { Changes = Desk.Json("""{"text":"done"}""") })).ShouldBeOfType<MoveResult.Moved>();
    }

    [Fact]
    public async Task Changed_is_what_the_command_sets()
    {
        var project = await desk.ProjectAsync("""{"text":"x"}""", "begin");
        (await desk.MoveAsync(new(project, "rest", Desk.Ann) { Changes = Desk.Json("""{"points":8}""") })).ShouldBeOfType<MoveResult.Moved>();
        (await desk.AskAsync<string>("select private->'facts'->>'changed' from wfm.history where project_id = $1 and version = 3", project)).ShouldBe("""["entity.points"]""");
    }

    [Fact]
    public async Task Four_eyes_know_who_took_the_other_transition_last()
    {
        var project = await desk.ProjectAsync(moves: ["begin", "submit"]);
        (await desk.MoveAsync(new(project, "approve", Desk.Ann))).ShouldBeOfType<MoveResult.Refused>().Reasons.Keys().ShouldBe(["four-eyes"]);
        (await desk.MoveAsync(new(project, "approve", Desk.Bob))).ShouldBeOfType<MoveResult.Moved>();
    }

    [Fact]
    public async Task A_stale_version_conflicts_and_tells_the_current_one()
    {
        var project = await desk.ProjectAsync(moves: "begin");
        var before = await desk.EverythingAsync();
        (await desk.MoveAsync(new(project, "rest", Desk.Ann) { ExpectedVersion = 1 })).ShouldBeOfType<MoveResult.Conflict>()
            .ShouldSatisfyAllConditions(c => c.CurrentVersion.ShouldBe(2), c => c.IsContention.ShouldBeFalse());
        (await desk.EverythingAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task A_project_that_is_not_there_is_not_found() =>
        (await desk.MoveAsync(new(Guid.CreateVersion7(desk.Clock.Now), "begin", Desk.Ann))).ShouldBe(new MoveResult.NotFound("project"));

    [Fact]
    public async Task A_deleted_subject_is_not_found_and_restoring_it_resumes()
    {
        var record = await desk.RecordAsync();
        var project = await desk.ProjectAsync(record);
        await Delete("now()");
        (await desk.MoveAsync(new(project, "begin", Desk.Ann))).ShouldBe(new MoveResult.NotFound("task"));
        (await desk.MoveAsync(new(project, "begin", Desk.Ann) { Changes = Desk.Json("""{"points":4}""") })).ShouldBe(new MoveResult.NotFound("task"));
        await using (var scope = desk.Scope()) (await scope.Engine.OffersAsync(project, Desk.Ann, default)).ShouldBeNull();
        await Delete("null");
        (await desk.MoveAsync(new(project, "begin", Desk.Ann))).ShouldBeOfType<MoveResult.Moved>();

        Task Delete(string when) => desk.AskAsync<object>($"update wfm.record set deleted_at = {when} where id = $1", Guid.Parse(record.Id));
    }

    [Fact]
    public async Task A_transition_back_to_the_same_step_is_a_move_like_any_other()
    {
        var project = await desk.ProjectAsync(moves: "begin");
        (await desk.MoveAsync(new(project, "rest", Desk.Ann))).ShouldBeOfType<MoveResult.Moved>().ShouldSatisfyAllConditions(m => m.From.ShouldBe("doing"), m => m.To.ShouldBe("doing"), m => m.Version.ShouldBe(3));
    }

    [Fact]
    public async Task Reopening_a_final_step_makes_the_project_open_again()
    {
        var record = await desk.RecordAsync();
        var project = await Completed(record);
        (await desk.MoveAsync(new(project, "begin", Desk.Ann))).ShouldBeOfType<MoveResult.Refused>().Reasons.Keys().ShouldBe(["closed"]);
        (await desk.MoveAsync(new(project, "reopen", Desk.Ann))).ShouldBeOfType<MoveResult.Moved>();
        (await desk.AskAsync<bool>("select completed_at is null from wfm.project where id = $1", project)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_project_is_not_reopened_beside_another_open_one_of_its_subject()
    {
        var record = await desk.RecordAsync();
        var project = await Completed(record);
        await desk.ProjectAsync(record);
        (await desk.MoveAsync(new(project, "reopen", Desk.Ann))).ShouldBeOfType<MoveResult.Conflict>();
    }

    [Fact]
    public async Task A_warning_passes_and_is_told_with_the_move()
    {
        var project = await desk.ProjectAsync("{}");
        (await desk.MoveAsync(new(project, "begin", Desk.Ann))).ShouldBeOfType<MoveResult.Moved>().Warnings.Keys().ShouldBe(["has-text"]);
    }

    [Fact]
    public async Task Offers_are_what_the_gate_says_of_the_project_as_it_is()
    {
        var project = await desk.ProjectAsync("{}", "begin");
        await using var scope = desk.Scope();
        var offers = (await scope.Engine.OffersAsync(project, Desk.Ann, default)).ShouldNotBeNull();
        offers.Project.Version.ShouldBe(2);
        offers.RecordVersion.ShouldBe(1);
        offers.Offers.Select(o => (o.Transition.Key, o.IsAvailable)).ShouldBe([("announce", true), ("note", true), ("rest", true), ("submit", false)]);
        (await scope.Engine.OffersAsync(Guid.CreateVersion7(desk.Clock.Now), Desk.Ann, default)).ShouldBeNull();
    }

    private static DateTime Cut(DateTimeOffset time) => new(time.UtcTicks / 10 * 10, DateTimeKind.Utc);

    private async Task<Guid> Completed(SubjectRef record)
    {
        var project = await desk.ProjectAsync(record, "begin", "submit");
        (await desk.MoveAsync(new(project, "approve", Desk.Bob))).ShouldBeOfType<MoveResult.Moved>();
        return project;
    }

    private async Task<RowCounts> Counts() => new(
        await desk.AskAsync<long>("select count(*) from wfm.project"), await desk.AskAsync<long>("select count(*) from wfm.history"),
        await desk.AskAsync<long>("select count(*) from wfm.event"), await desk.AskAsync<long>("select count(*) from wfm.idempotency"), await desk.AskAsync<long>("select count(*) from wfm.record"));

    private sealed record RowCounts(long Projects, long History, long Events, long Keys, long Records)
    {
        public RowCounts Plus(int history, int events) => this with { History = History + history, Events = Events + events };
    }
}
