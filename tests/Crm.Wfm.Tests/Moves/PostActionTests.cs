using Crm.Wfm.Events;
using Crm.Wfm.Moves;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Crm.Wfm.Tests.Moves;

/// <summary>Post-actions of the host's own.</summary>
public sealed class PostActionTests(Desk desk) : IClassFixture<Desk>
{
    [Fact]
    public async Task A_hosts_action_writes_in_the_moves_transaction()
    {
        var record = await desk.RecordAsync("""{"text":"written"}""");
        var project = await desk.ProjectAsync(record, "begin");
        (await desk.MoveAsync(new(project, "note", Desk.Ann))).ShouldBeOfType<MoveResult.Moved>();
        (await desk.AskAsync<bool>("""
            select r.xmin = p.xmin and r.xmin = h.xmin and r.name = 'written'
            from wfm.record r, wfm.project p, wfm.history h where r.id = $1 and p.id = $2 and h.project_id = p.id and h.version = 3
            """, Guid.Parse(record.Id), project)).ShouldBeTrue();
    }

    [Fact]
    public async Task What_a_hosts_action_answers_instead_is_the_answer_and_undoes_the_move()
    {
        var project = await desk.ProjectAsync("""{"text":"no"}""", "begin");
        var before = await desk.EverythingAsync();
        (await desk.MoveAsync(new(project, "note", Desk.Ann) { IdempotencyKey = "no" })).ShouldBeOfType<MoveResult.Invalid>().Faults.ShouldHaveSingleItem().Key.ShouldBe("no");
        (await desk.EverythingAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task The_answer_has_the_version_a_hosts_action_gave_the_record()
    {
        var record = await desk.RecordAsync();
        var project = await desk.ProjectAsync(record, "begin");
        var moved = (await desk.MoveAsync(new(project, "note", Desk.Ann) { Changes = Desk.Json("""{"points":5}""") })).ShouldBeOfType<MoveResult.Moved>();
        moved.RecordVersion.ShouldBe(3);
        (await desk.AskAsync<int>("select version from wfm.record where id = $1", Guid.Parse(record.Id))).ShouldBe(3);
    }

    [Fact]
    public async Task What_a_hosts_action_tells_is_caused_by_the_move()
    {
        var cause = new EventCause(Guid.CreateVersion7(), Guid.CreateVersion7(), 4);
        var project = await desk.ProjectAsync("""{"text":"chained"}""", "begin");
        (await desk.MoveAsync(new(project, "note", Desk.Ann) { Cause = cause })).ShouldBeOfType<MoveResult.Moved>();
        (await desk.AskAsync<bool>("""
            select m.causation_id = $1 and m.correlation_id = $2 and m.depth = 5 and n.causation_id = m.id and n.correlation_id = $2 and n.depth = 6
            from wfm.event n join wfm.event m on m.subject = n.subject and m.type = 'wfm.project.moved' and m.data->>'transition' = 'note'
            where n.type = 'task.noted' and n.data = '"chained"'
            """, cause.Event, cause.Correlation)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_deadlock_that_EF_Core_has_wrapped_is_tried_again()
    {
        var project = await desk.ProjectAsync("""{"text":"crowded"}""", "begin");
        var tries = 0;
        desk.OnNote = () => ++tries < 3 ? throw new DbUpdateException("wrapped", new PostgresException("deadlock detected", "ERROR", "ERROR", PostgresErrorCodes.DeadlockDetected)) : Task.CompletedTask;
        (await desk.MoveAsync(new(project, "note", Desk.Ann))).ShouldBeOfType<MoveResult.Moved>();
        desk.OnNote = () => Task.CompletedTask;
        tries.ShouldBe(3);
    }

    [Fact]
    public async Task What_a_hosts_action_throws_undoes_the_move_and_what_it_wrote()
    {
        var project = await desk.ProjectAsync("""{"text":"boom"}""", "begin");
        var before = await desk.EverythingAsync();
        var command = new MoveCommand(project, "note", Desk.Ann) { IdempotencyKey = "boom", Changes = Desk.Json("""{"points":8}""") };
        (await Should.ThrowAsync<InvalidOperationException>(() => desk.MoveAsync(command))).Message.ShouldBe("boom");
        (await desk.EverythingAsync()).ShouldBe(before);
        (await desk.MoveAsync(command with { Changes = Desk.Json("""{"text":"quiet"}""") })).ShouldBeOfType<MoveResult.Moved>();
    }
}
