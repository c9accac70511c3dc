using Crm.Wfm.Moves;

namespace Crm.Wfm.Tests.Moves;

/// <summary>Set-and-move: subject fields set in the move's own transaction.</summary>
public sealed class ChangesTests(Desk desk) : IClassFixture<Desk>
{
    [Fact]
    public async Task Changes_are_what_the_guards_see_and_are_kept_with_the_move()
    {
        var record = await desk.RecordAsync("{}");
        var project = await desk.ProjectAsync(record, "begin");
        var moved = (await desk.MoveAsync(new(project, "submit", Desk.Ann) { Changes = Desk.Json("""{"points":5}""") })).ShouldBeOfType<MoveResult.Moved>();
        moved.RecordVersion.ShouldBe(2);
        (await desk.AskAsync<string>("select concat_ws(' ', fields, version, updated_by) from wfm.record where id = $1", Guid.Parse(record.Id))).ShouldBe($$"""{"points": 5} 2 {{Desk.Ann.Id}}""");
        (await desk.AskAsync<string>("select private->>'changes' from wfm.history where project_id = $1 and version = 3", project)).ShouldBe("""{"points": 5}""");
    }

    [Fact]
    public async Task Changes_of_a_refused_move_are_undone()
    {
        var project = await desk.ProjectAsync("{}", "begin");
        var before = await desk.EverythingAsync();
        (await desk.MoveAsync(new(project, "submit", Desk.Ann) { Changes = Desk.Json("""{"points":0,"text":"x"}""") })).ShouldBeOfType<MoveResult.Refused>();
        (await desk.EverythingAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Changes_of_a_stale_move_are_undone()
    {
        var project = await desk.ProjectAsync("{}", "begin");
        var before = await desk.EverythingAsync();
        (await desk.MoveAsync(new(project, "submit", Desk.Ann) { ExpectedVersion = 1, Changes = Desk.Json("""{"points":1}""") })).ShouldBeOfType<MoveResult.Conflict>();
        (await desk.EverythingAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Changes_and_post_actions_each_count_as_a_version_of_the_record()
    {
        var record = await desk.RecordAsync();
        var project = await desk.ProjectAsync(record, "begin", "submit");
        var moved = (await desk.MoveAsync(new(project, "approve", Desk.Bob) { Changes = Desk.Json("""{"points":9}""") })).ShouldBeOfType<MoveResult.Moved>();
        moved.RecordVersion.ShouldBe(await desk.AskAsync<int>("select version from wfm.record where id = $1", Guid.Parse(record.Id)));
    }

    [Theory]
    [InlineData("""{"closedAt":"2026-01-01"}""", "/changes/closedAt", "read-only")]
    [InlineData("""{"name":"Other"}""", "/changes/name", "read-only")]
    [InlineData("""{"id":"x"}""", "/changes/id", "read-only")]
    [InlineData("""{"ownerId":null}""", "/changes/ownerId", "read-only")]
    [InlineData("""{"pionts":3}""", "/changes/pionts", "unknown-field")]
    [InlineData("""{"points":"three"}""", "/changes/points", "type")]
    [InlineData("""{"points":101}""", "/changes/points", "maximum")]
    [InlineData("""{"text":["a"]}""", "/changes/text", "type")]
    public async Task Changes_nobody_may_make_are_named_and_nothing_is_written(string changes, string pointer, string key)
    {
        var project = await desk.ProjectAsync();
        var before = await desk.EverythingAsync();
        (await desk.MoveAsync(new(project, "begin", Desk.Ann) { Changes = Desk.Json(changes) })).ShouldBeOfType<MoveResult.Invalid>().Faults.ShouldHaveSingleItem()
            .ShouldSatisfyAllConditions(f => f.Pointer.ShouldBe(pointer), f => f.Key.ShouldBe(key));
        (await desk.EverythingAsync()).ShouldBe(before);
    }

    [Theory]
    [InlineData("""{"text":"a\u0000b"}""", "/text")]
    [InlineData("""{"text":["\u0000"]}""", "/text/0")]
    [InlineData("""{"a\u0000":1}""", "")]
    [InlineData("""{"text":"\ud800"}""", "")]
    [InlineData("""{"points":9007199254740993}""", "/points")]
    [InlineData("""{"points":-9007199254740993}""", "/points")]
    [InlineData("""{"points":1e400}""", "/points")]
    [InlineData("""{"points":1,"points":2}""", "/points")]
    public async Task Json_that_cannot_be_kept_is_invalid_wherever_it_stands(string json, string pointer)
    {
        var project = await desk.ProjectAsync();
        Faults(await desk.MoveAsync(new(project, "begin", Desk.Ann) { Changes = Desk.Json(json) })).ShouldHaveSingleItem().Pointer.ShouldBe("/changes" + pointer);
        Faults(await desk.MoveAsync(new(project, "begin", Desk.Ann) { Input = Desk.Json(json) })).ShouldHaveSingleItem().Pointer.ShouldBe("/input" + pointer);
        Faults(await desk.StartAsync(new(await desk.RecordAsync(), Desk.Ann) { Fields = Desk.Json(json) })).ShouldHaveSingleItem().Pointer.ShouldBe("/fields" + pointer);
        (await desk.AskAsync<long>("select count(*) from wfm.history where project_id = $1", project)).ShouldBe(1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0xd800)]
    public async Task Text_that_cannot_be_kept_is_invalid_in_every_part_of_a_command(int character)
    {
        var text = $"a{(char)character}b";
        var project = await desk.ProjectAsync();
        Faults(await desk.MoveAsync(new(project, "begin", Desk.Ann) { Reason = text })).ShouldHaveSingleItem().Pointer.ShouldBe("/reason");
        Faults(await desk.MoveAsync(new(project, "begin", Desk.Ann) { IdempotencyKey = text })).ShouldHaveSingleItem().Pointer.ShouldBe("/idempotencyKey");
        Faults(await desk.MoveAsync(new(project, text, Desk.Ann))).ShouldHaveSingleItem().Pointer.ShouldBe("/transition");
        Faults(await desk.StartAsync(new(await desk.RecordAsync(), Desk.Ann) { Reason = text })).ShouldHaveSingleItem().Pointer.ShouldBe("/reason");
        Faults(await desk.StartAsync(new(await desk.RecordAsync(), Desk.Ann) { ProjectType = text })).ShouldHaveSingleItem().Pointer.ShouldBe("/projectType");
    }

    private static IReadOnlyList<Fault> Faults(MoveResult result) => result.ShouldBeOfType<MoveResult.Invalid>().Faults;
}
