using Crm.Wfm.Moves;
using Crm.Wfm.Records;
using Crm.Wfm.Rules;
using Crm.Wfm.Tests.Moves;

namespace Crm.Wfm.Tests.Records;

public sealed class RecordStoreTests(Desk desk) : IClassFixture<Desk>
{
    [Fact]
    public async Task A_record_is_created_and_changed_field_by_field()
    {
        await using var scope = desk.Scope();
        var id = Guid.CreateVersion7(desk.Clock.Now);
        var created = Saved(await scope.Records.CreateAsync(new("task", "A", Desk.Ann) { Id = id, OwnerId = Desk.Bob.Id, Fields = Desk.Json("""{"points":1,"text":"x"}""") }, default));
        created.ShouldSatisfyAllConditions(r => r.Id.ShouldBe(id), r => r.Version.ShouldBe(1), r => r.CreatedBy.ShouldBe(Desk.Ann.Id), r => r.OwnerId.ShouldBe(Desk.Bob.Id));
        desk.Clock.Now += TimeSpan.FromHours(1);
        var updated = Saved(await scope.Records.UpdateAsync(new(id, 1, Desk.Bob) { Name = "B", Fields = Desk.Json("""{"points":2}""") }, default));
        updated.ShouldSatisfyAllConditions(r => r.Version.ShouldBe(2), r => r.Name.ShouldBe("B"), r => r.OwnerId.ShouldBe(Desk.Bob.Id), r => r.UpdatedBy.ShouldBe(Desk.Bob.Id));
        Value.Parse(updated.Fields).ShouldBe(Value.Parse("""{"points":2,"text":"x"}"""));
        (await desk.AskAsync<string>("select concat_ws(' ', name, version, fields->>'points', fields->>'text', created_by = $2, updated_by = $3) from wfm.record where id = $1", id, Desk.Ann.Id, Desk.Bob.Id))
            .ShouldBe("B 2 2 x t t");
    }

    [Fact]
    public async Task Another_version_conflicts_and_tells_the_current_one()
    {
        var id = Guid.Parse((await desk.RecordAsync()).Id);
        await using var scope = desk.Scope();
        Saved(await scope.Records.UpdateAsync(new(id, 1, Desk.Ann) { Name = "B" }, default));
        var before = await desk.EverythingAsync();
        (await scope.Records.UpdateAsync(new(id, 1, Desk.Ann) { Name = "C" }, default)).ShouldBe(new RecordResult.Conflict(2));
        (await desk.EverythingAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Of_changes_that_race_one_wins()
    {
        for (var round = 0; round < 20; round++)
        {
            var id = Guid.Parse((await desk.RecordAsync()).Id);
            var results = await Task.WhenAll(Enumerable.Range(0, 3).Select(i => Task.Run(async () =>
            {
                await using var scope = desk.Scope();
                return await scope.Records.UpdateAsync(new(id, 1, Desk.Ann) { Name = $"{i}" }, default);
            })));
            results.OfType<RecordResult.Saved>().ShouldHaveSingleItem();
            results.OfType<RecordResult.Conflict>().ShouldAllBe(c => c.CurrentVersion == 2);
        }
    }

    [Theory]
    [InlineData("""{"points":"many"}""", "/fields/points", "type")]
    [InlineData("""{"surprise":1}""", "/fields/surprise", "additional-property")]
    [InlineData("""{"closedAt":"2026-01-01"}""", "/fields/closedAt", "read-only")]
    [InlineData("""{"name":"N"}""", "/fields/name", "read-only")]
    [InlineData("""{"ownerId":"N"}""", "/fields/ownerId", "read-only")]
    [InlineData("""{"id":"N"}""", "/fields/id", "read-only")]
    [InlineData("""{"text":"\u0000"}""", "/fields/text", "nul-character")]
    public async Task A_new_record_meets_the_schema(string fields, string pointer, string key)
    {
        await using var scope = desk.Scope();
        Faults(await scope.Records.CreateAsync(new("task", "A", Desk.Ann) { Fields = Desk.Json(fields) }, default)).ShouldHaveSingleItem()
            .ShouldSatisfyAllConditions(f => f.Pointer.ShouldBe(pointer), f => f.Key.ShouldBe(key));
    }

    [Theory]
    [InlineData("""{"points":"many"}""", "/fields/points", "type")]
    [InlineData("""{"surprise":1}""", "/fields/surprise", "unknown-field")]
    [InlineData("""{"closedAt":"2026-01-01"}""", "/fields/closedAt", "read-only")]
    [InlineData("""{"name":"N"}""", "/fields/name", "read-only")]
    [InlineData("""{"points":9007199254740993}""", "/fields/points", "number-range")]
    public async Task A_change_meets_the_schema(string fields, string pointer, string key)
    {
        var id = Guid.Parse((await desk.RecordAsync()).Id);
        await using var scope = desk.Scope();
        Faults(await scope.Records.UpdateAsync(new(id, 1, Desk.Ann) { Fields = Desk.Json(fields) }, default)).ShouldHaveSingleItem()
            .ShouldSatisfyAllConditions(f => f.Pointer.ShouldBe(pointer), f => f.Key.ShouldBe(key));
    }

    [Fact]
    public async Task A_type_nobody_governs_and_a_name_nobody_can_keep_are_named()
    {
        await using var scope = desk.Scope();
        Faults(await scope.Records.CreateAsync(new("dragon", "A", Desk.Ann), default)).ShouldHaveSingleItem().ShouldSatisfyAllConditions(f => f.Pointer.ShouldBe("/type"), f => f.Key.ShouldBe("unknown-type"));
        Faults(await scope.Records.CreateAsync(new("task", "a\0b", Desk.Ann), default)).ShouldHaveSingleItem().Pointer.ShouldBe("/name");
        Faults(await scope.Records.UpdateAsync(new(Guid.Parse((await desk.RecordAsync()).Id), 1, Desk.Ann) { Name = "\0" }, default)).ShouldHaveSingleItem().Pointer.ShouldBe("/name");
    }

    [Fact]
    public async Task A_record_that_is_missing_or_deleted_is_not_found()
    {
        await using var scope = desk.Scope();
        (await scope.Records.UpdateAsync(new(Guid.CreateVersion7(desk.Clock.Now), 1, Desk.Ann), default)).ShouldBe(new RecordResult.NotFound());
        var id = Guid.Parse((await desk.RecordAsync()).Id);
        await desk.AskAsync<object>("update wfm.record set deleted_at = now() where id = $1", id);
        (await scope.Records.UpdateAsync(new(id, 1, Desk.Ann), default)).ShouldBe(new RecordResult.NotFound());
    }

    [Fact]
    public async Task The_columns_are_facts_rules_may_read()
    {
        await desk.PublishAsync(Desk.Json("""
            {"apiVersion": "wfm/v1", "kind": "ProcessBundle", "bundle": {"key": "named", "version": "1.0.0"}, "subjects": {"thing": {"schema": {"type": "object",
               "properties": {"name": {"type": "string", "minLength": 2}, "ownerId": {"type": "string"}, "id": {"type": "string"}}, "required": ["name", "id"]}}},
             "projectTypes": {"thing": {"workflow": "named", "subject": "thing"}}, "statuses": {"open": {"category": "open"}, "done": {"category": "done"}},
             "workflows": {"named": {"steps": [{"status": "open", "initial": true}, {"status": "done", "final": true}], "transitions": {"close": {"from": ["open"], "to": "done", "allow": [{"relations": ["owner"]}],
               "conditions": {"long": {"rule": {"==": [{"var": "entity.name"}, "Long"]}, "message": "m"}, "owned": {"rule": {"==": [{"var": "entity.ownerId"}, {"var": "actor.id"}]}, "message": "m"}}}}}}}
            """));
        await using var scope = desk.Scope();
        Faults(await scope.Records.CreateAsync(new("thing", "A", Desk.Ann), default)).ShouldHaveSingleItem().Pointer.ShouldBe("/name");
        var record = Saved(await scope.Records.CreateAsync(new("thing", "Long", Desk.Ann) { OwnerId = Desk.Bob.Id }, default));
        Faults(await scope.Records.UpdateAsync(new(record.Id, 1, Desk.Ann) { Name = "B" }, default)).ShouldHaveSingleItem().Pointer.ShouldBe("/name");
        var project = await desk.ProjectAsync(new SubjectRef("thing", record.Id));
        (await desk.MoveAsync(new(project, "close", Desk.Ann))).ShouldBeOfType<MoveResult.Refused>().Reasons.Keys().ShouldBe(["not-allowed"]);
        (await desk.MoveAsync(new(project, "close", Desk.Bob))).ShouldBeOfType<MoveResult.Moved>();
    }

    private static Wfm.Persistence.RecordRow Saved(RecordResult result) => result.ShouldBeOfType<RecordResult.Saved>().Record;

    private static IReadOnlyList<Fault> Faults(RecordResult result) => result.ShouldBeOfType<RecordResult.Invalid>().Faults;
}
