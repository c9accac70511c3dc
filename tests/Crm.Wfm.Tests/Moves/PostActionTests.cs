using Crm.Wfm.Moves;

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
