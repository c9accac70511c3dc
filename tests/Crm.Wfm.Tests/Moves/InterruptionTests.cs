using Crm.Wfm.Moves;
using Crm.Wfm.Persistence;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Crm.Wfm.Tests.Moves;

/// <summary>Others who write, wait or die while a move is under way.</summary>
public sealed class InterruptionTests(Desk desk) : IClassFixture<Desk>
{
    private const string SetPoints = "update wfm.record set fields = jsonb_build_object('points', $2::int), version = version + 1 where id = $1";

    [Fact]
    public async Task A_fact_that_is_being_changed_is_waited_for_and_seen()
    {
        var (record, project) = await BeganAsync();
        await using var other = await OtherSession.BeginAsync(desk);
        await other.RunAsync(SetPoints, record, 0);
        var move = Task.Run(() => desk.MoveAsync(new(project, "submit", Desk.Ann)));
        await other.BlocksAsync();
        await other.CommitAsync();
        (await move).ShouldBeOfType<MoveResult.Refused>().Reasons.ShouldHaveSingleItem().Values["entity.points"].AsNumber.ShouldBe(0);
    }

    [Fact]
    public async Task A_fact_cannot_be_changed_between_the_decision_and_the_commit()
    {
        var (record, project) = await BeganAsync();
        await using var other = await OtherSession.BeginAsync(desk);
        var (decided, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        desk.OnNote = () =>
        {
            decided.TrySetResult();
            return goOn.Task;
        };
        var move = Task.Run(() => desk.MoveAsync(new(project, "note", Desk.Ann)));
        await decided.Task;
        var change = other.RunAsync(SetPoints, record, 0);
        await other.WaitsAsync();
        goOn.SetResult();
        (await move).ShouldBeOfType<MoveResult.Moved>();
        await change;
        await other.CommitAsync();
        (await desk.AskAsync<int>("select (private #>> '{facts,entity,points}')::int from wfm.history where project_id = $1 and version = 3", project)).ShouldBe(3);
        (await desk.AskAsync<int>("select (fields->>'points')::int from wfm.record where id = $1", record)).ShouldBe(0);
    }

    [Theory]
    [InlineData("select 1 from wfm.project where id = $1 for update", true)]
    [InlineData("select 1 from wfm.record where id = $2 for update", true)]
    [InlineData("lock table wfm.event in exclusive mode", false)]
    [InlineData("lock table wfm.idempotency in exclusive mode", false)]
    public async Task A_connection_that_dies_in_the_middle_leaves_nothing_and_the_next_call_works(string block, bool takesRows)
    {
        var (record, project) = await BeganAsync();
        var before = await desk.EverythingAsync();
        var command = new MoveCommand(project, "submit", Desk.Ann) { IdempotencyKey = block, Changes = Desk.Json("""{"text":"changed"}""") };
        await using (var other = await OtherSession.BeginAsync(desk))
        {
            await other.RunAsync(block, takesRows ? [project, record] : []);
            var move = Task.Run(() => desk.MoveAsync(command));
            await desk.AskAsync<bool>("select pg_terminate_backend($1)", await other.BlocksAsync());
            await Should.ThrowAsync<NpgsqlException>(() => move);
            await other.RunAsync("rollback");
        }

        (await desk.EverythingAsync()).ShouldBe(before);
        (await desk.MoveAsync(command)).ShouldBeOfType<MoveResult.Moved>().Version.ShouldBe(3);
    }

    [Fact]
    public async Task A_connection_that_dies_in_the_callers_transaction_is_told_as_the_outage_it_is()
    {
        var (_, project) = await BeganAsync();
        await using var scope = desk.Scope();
        await using var transaction = await scope.Db.Database.BeginWorkspaceAsync(Workspace.Default);
        await desk.AskAsync<bool>("select pg_terminate_backend($1)", ((NpgsqlConnection)scope.Db.Database.GetDbConnection()).ProcessID);
        (await Should.ThrowAsync<NpgsqlException>(() => scope.Engine.MoveAsync(new(project, "rest", Desk.Ann), default))).IsTransient.ShouldBeTrue();
    }

    [Fact]
    public async Task A_deadlock_of_the_engines_own_transaction_is_tried_again()
    {
        var (_, project) = await BeganAsync();
        await using var other = await OtherSession.BeginAsync(desk);
        await other.RunAsync("lock table wfm.event in exclusive mode");
        var (tries, decided, goOn) = (0, new TaskCompletionSource(), new TaskCompletionSource());
        desk.OnNote = () =>
        {
            tries++;
            decided.TrySetResult();
            return goOn.Task;
        };
        var move = Task.Run(() => desk.MoveAsync(new(project, "note", Desk.Ann)));
        await decided.Task;
        // The other one holds the events and waits for the project; the move holds the project and is about to wait for the events.
        var wait = other.RunAsync("select 1 from wfm.project where id = $1 for update", project);
        await other.WaitsAsync();
        goOn.SetResult();
        await wait;
        await other.CommitAsync();
        (await move).ShouldBeOfType<MoveResult.Moved>().Version.ShouldBe(3);
        tries.ShouldBe(2);
    }

    [Fact]
    public async Task A_deadlock_in_the_callers_transaction_is_a_conflict_and_the_transaction_goes_on()
    {
        var (record, project) = await BeganAsync();
        var mine = Guid.Parse((await desk.RecordAsync()).Id);
        await using var other = await OtherSession.BeginAsync(desk);
        await using var scope = desk.Scope();
        await using (var transaction = await scope.Db.Database.BeginWorkspaceAsync(Workspace.Default))
        {
            await scope.Db.Database.ExecuteSqlAsync($"update wfm.record set name = 'mine' where id = {mine}");
            await other.RunAsync("select 1 from wfm.record where id = $1 for update", record);
            var wait = other.RunAsync("select 1 from wfm.record where id = $1 for update", mine);
            await other.WaitsAsync();
            var conflict = (await scope.Engine.MoveAsync(new(project, "rest", Desk.Ann), default)).ShouldBeOfType<MoveResult.Conflict>();
            conflict.IsContention.ShouldBeTrue();
            conflict.CurrentVersion.ShouldBeNull();
            await transaction.CommitAsync();
            await wait;
            await other.CommitAsync();
        }

        (await desk.AskAsync<string>("select name from wfm.record where id = $1", mine)).ShouldBe("mine");
        (await desk.MoveAsync(new(project, "rest", Desk.Ann))).ShouldBeOfType<MoveResult.Moved>();
    }

    [Fact]
    public async Task A_cancelled_move_leaves_nothing()
    {
        var (record, project) = await BeganAsync();
        var before = await desk.EverythingAsync();
        await using var other = await OtherSession.BeginAsync(desk);
        await other.RunAsync("select 1 from wfm.record where id = $1 for update", record);
        using var cancel = new CancellationTokenSource();
        await using var scope = desk.Scope();
        var move = Task.Run(() => scope.Engine.MoveAsync(new(project, "submit", Desk.Ann), cancel.Token));
        await other.BlocksAsync();
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => move);
        await other.RunAsync("rollback");
        (await desk.EverythingAsync()).ShouldBe(before);
        (await scope.Engine.MoveAsync(new(project, "submit", Desk.Ann), default)).ShouldBeOfType<MoveResult.Moved>();
    }

    private async Task<(Guid Record, Guid Project)> BeganAsync()
    {
        var record = await desk.RecordAsync("""{"points":3}""");
        return (Guid.Parse(record.Id), await desk.ProjectAsync(record, "begin"));
    }
}
