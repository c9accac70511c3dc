using Crm.Wfm.Bundles;
using Crm.Wfm.Moves;
using Crm.Wfm.Records;
using Crm.Wfm.Tests.Moves;

namespace Crm.Wfm.Tests.Persistence;

public sealed class TenantTests(Desk desk) : IClassFixture<Desk>
{
    private static readonly Guid Stranger = new("00000000-0000-0000-0000-0000000000f0");

    public static TheoryData<string> Tables =>
        ["bundle", "workflow_version", "step", "edge", "project_type", "role", "record", "project", "step_count", "history", "event", "feed", "parked_event", "idempotency"];

    // One event told, and parked for somebody.
    private const string ParkOne = """
        with told as (insert into wfm.feed (workspace_id, position, sequence) select workspace_id, sequence, sequence from wfm.event where workspace_id = $1 order by sequence desc limit 1 returning *)
        insert into wfm.parked_event (workspace_id, position, consumer, attempts, error) select workspace_id, position, 'somebody', 1, 'wrong' from told
        """;

    [Fact]
    public async Task Another_workspaces_project_is_answered_like_one_that_does_not_exist()
    {
        var project = await desk.ProjectAsync();
        var before = await desk.EverythingAsync();
        var missing = await desk.MoveAsync(new(Guid.CreateVersion7(desk.Clock.Now), "begin", Desk.Ann), Stranger);
        (await desk.MoveAsync(new(project, "begin", Desk.Ann), Stranger)).ShouldBe(missing);
        (await desk.MoveAsync(new(project, "begin", Desk.Ann) { ExpectedVersion = 1, IdempotencyKey = "k", Changes = Desk.Json("""{"points":9}""") }, Stranger)).ShouldBe(missing);
        await using (var scope = desk.Scope(Stranger)) (await scope.Engine.OffersAsync(project, Desk.Ann, default)).ShouldBeNull();
        (await desk.EverythingAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Another_workspaces_record_is_answered_like_one_that_does_not_exist()
    {
        var workspace = Guid.CreateVersion7(desk.Clock.Now);
        (await desk.PublishAsync(Desk.Bundle(), workspace)).ShouldBeOfType<PublishResult.Published>();
        var record = await desk.RecordAsync();
        (await desk.StartAsync(new(record, Desk.Ann), workspace)).ShouldBe(new MoveResult.NotFound("subject"));
        await using var scope = desk.Scope(workspace);
        (await scope.Records.UpdateAsync(new(Guid.Parse(record.Id), 1, Desk.Ann) { Name = "mine" }, default)).ShouldBe(new RecordResult.NotFound());
    }

    [Fact]
    public async Task The_same_ids_keys_and_bundles_live_side_by_side()
    {
        var workspace = Guid.CreateVersion7(desk.Clock.Now);
        (await desk.PublishAsync(Desk.Bundle(), workspace)).ShouldBeOfType<PublishResult.Published>();
        var (mine, theirs, project) = (await desk.RecordAsync(), await desk.RecordAsync(workspace: workspace), Guid.CreateVersion7(desk.Clock.Now));
        (await desk.StartAsync(new(mine, Desk.Ann) { Project = project })).ShouldBeOfType<MoveResult.Moved>();
        (await desk.StartAsync(new(theirs, Desk.Ann) { Project = project }, workspace)).ShouldBeOfType<MoveResult.Moved>();
        (await desk.MoveAsync(new(project, "begin", Desk.Ann) { IdempotencyKey = "same" }, workspace)).ShouldBeOfType<MoveResult.Moved>();
        (await desk.AskAsync<string>("select step from wfm.project where workspace_id = $1 and id = $2", Workspace.Default, project)).ShouldBe("todo");
        (await desk.MoveAsync(new(project, "begin", Desk.Ann) { IdempotencyKey = "same" })).ShouldBeOfType<MoveResult.Moved>().Version.ShouldBe(2);
    }

    [Theory]
    [MemberData(nameof(Tables))]
    public async Task Rows_are_seen_in_their_own_workspace_alone(string table)
    {
        if (table == "step_count") await desk.PublishAsync(Board.Bundle());
        if (table == "role") await desk.PublishAsync(Bundles.Samples.Small());
        (await desk.MoveAsync(new(await desk.ProjectAsync(), "begin", Desk.Ann) { IdempotencyKey = table })).ShouldBeOfType<MoveResult.Moved>();
        if (table is "feed" or "parked_event") await desk.AskAsync<object>(ParkOne, Workspace.Default);
        (await CountAsync(Workspace.Default)).ShouldBePositive();
        (await CountAsync(Stranger)).ShouldBe(0);
        (await CountAsync(null)).ShouldBe(0);

        Task<long> CountAsync(Guid? workspace) => desk.AskAsApplicationAsync<long>(workspace, $"select count(*) from wfm.{table}");
    }

    [Theory]
    [InlineData("insert into wfm.record (workspace_id, id, type, name, fields, created_at, created_by, updated_at, updated_by) values ($1, $2, 'task', 'x', '{}', now(), $2, now(), $2)")]
    [InlineData("insert into wfm.idempotency (workspace_id, actor_id, route, key, request_hash, created_at) values ($1, $2, 'r', 'k', '', now())")]
    public async Task Nothing_is_put_into_another_workspace(string insert)
    {
        var id = Guid.CreateVersion7(desk.Clock.Now);
        (await desk.TryAsync(Stranger, insert, Stranger, id)).ShouldBeNull();
        (await desk.TryAsync(Stranger, insert, Workspace.Default, id)).ShouldBe("42501");
        (await desk.TryAsync(null, insert, Workspace.Default, id)).ShouldBe("42501");
    }

    [Fact]
    public async Task Nothing_is_moved_into_another_workspace()
    {
        await desk.RecordAsync();
        (await desk.TryAsync(Workspace.Default, "update wfm.record set workspace_id = $1", Stranger)).ShouldBe("42501");
    }

    [Fact]
    public async Task The_functions_look_at_the_workspace_themselves()
    {
        var project = await desk.ProjectAsync();
        (await desk.AskAsApplicationAsync<int>(Workspace.Default, "select wfm.erase_private($1)", project)).ShouldBe(1);
        (await desk.AskAsApplicationAsync<int>(Stranger, "select wfm.erase_private($1)", project)).ShouldBe(0);
        (await desk.AskAsApplicationAsync<long>(Workspace.Default, "select count(*) from wfm.lock_project($1, 'begin')", project)).ShouldBe(1);
        (await desk.AskAsApplicationAsync<long>(Stranger, "select count(*) from wfm.lock_project($1, 'begin')", project)).ShouldBe(0);
        (await desk.AskAsApplicationAsync<long>(Stranger, "select count(*) from wfm.lock_start('task', 'task', '1')")).ShouldBe(0);
    }
}
