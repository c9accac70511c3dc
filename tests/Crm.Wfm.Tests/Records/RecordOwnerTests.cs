using Crm.Wfm.Moves;
using Crm.Wfm.Records;
using Crm.Wfm.Tests.Moves;

namespace Crm.Wfm.Tests.Records;

/// <summary>The owner of a generic record changes hands by a transition that says so, and by editing the record; never along with a move.</summary>
public sealed class RecordOwnerTests(Desk desk) : IClassFixture<Desk>
{
    private const string Bundle = """
        {"apiVersion": "wfm/v1", "kind": "ProcessBundle", "bundle": {"key": "parcels", "version": "1.0.0"}, "subjects": {"parcel": {"schema": {"type": "object",
           "properties": {"name": {"type": "string"}, "ownerId": {"type": ["string", "null"]}, "weight": {"type": "number"}}}}},
         "projectTypes": {"parcel": {"workflow": "parcels", "subject": "parcel"}}, "statuses": {"open": {"category": "open"}, "done": {"category": "done"}},
         "workflows": {"parcels": {"steps": [{"status": "open", "initial": true}, {"status": "done", "final": true}], "transitions": {
           "take": {"from": ["open"], "to": "open", "postActions": [
             {"do": "set", "target": "/entity/ownerId", "value": {"var": "actor.id"}}, {"do": "set", "target": "/entity/weight", "value": 2}]},
           "hand-over": {"from": ["open"], "to": "open", "allow": [{"relations": ["owner"]}], "input": {"type": "object", "properties": {"to": {}}},
             "postActions": [{"do": "set", "target": "/entity/ownerId", "value": {"var": "input.to"}}]},
           "deliver": {"from": ["open"], "to": "done", "allow": [{"relations": ["owner"]}]}}}}}
        """;

    [Fact]
    public async Task Transition_that_sets_the_owner_gives_the_record_to_them()
    {
        var (record, project) = await ParcelAsync();

        (await desk.MoveAsync(new(project, "take", Desk.Bob))).ShouldBeOfType<MoveResult.Moved>().RecordVersion.ShouldBe(2);
        (await StateAsync(record)).ShouldBe($$"""{{Desk.Bob.Id}} {"weight": 2} 2""");
        (await desk.MoveAsync(new(project, "hand-over", Desk.Bob) { Input = Desk.Json($$"""{"to":"{{Desk.Ann.Id}}"}""") })).ShouldBeOfType<MoveResult.Moved>();

        (await StateAsync(record)).ShouldBe($$"""{{Desk.Ann.Id}} {"weight": 2} 3""");
        (await desk.MoveAsync(new(project, "deliver", Desk.Bob))).ShouldBeOfType<MoveResult.Refused>().Reasons.Keys().ShouldBe(["not-allowed"]);
        (await desk.MoveAsync(new(project, "deliver", Desk.Ann))).ShouldBeOfType<MoveResult.Moved>();
    }

    [Fact]
    public async Task Transition_may_leave_the_record_to_nobody()
    {
        var (record, project) = await ParcelAsync(Desk.Ann.Id);

        (await desk.MoveAsync(new(project, "hand-over", Desk.Ann) { Input = Desk.Json("""{"to":null}""") })).ShouldBeOfType<MoveResult.Moved>();

        (await StateAsync(record)).ShouldBe("{} 2");
    }

    [Theory]
    [InlineData("\"Bob\"")]
    [InlineData("7")]
    [InlineData("""{"id":"7"}""")]
    public async Task Owner_that_is_no_id_is_a_fault_and_nothing_is_written(string owner)
    {
        var (_, project) = await ParcelAsync(Desk.Ann.Id);
        var before = await desk.EverythingAsync();

        var result = await desk.MoveAsync(new(project, "hand-over", Desk.Ann) { Input = Desk.Json($$"""{"to":{{owner}}}""") });

        result.ShouldBeOfType<MoveResult.Invalid>().Faults.ShouldHaveSingleItem().Pointer.ShouldBe("/entity");
        (await desk.EverythingAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Nobody_takes_a_record_along_with_the_move_that_asks_for_its_owner()
    {
        var (_, project) = await ParcelAsync(Desk.Ann.Id);
        var before = await desk.EverythingAsync();

        var result = await desk.MoveAsync(new(project, "deliver", Desk.Bob) { Changes = Desk.Json($$"""{"ownerId":"{{Desk.Bob.Id}}"}""") });

        result.ShouldBeOfType<MoveResult.Invalid>().Faults.ShouldHaveSingleItem().ShouldSatisfyAllConditions(f => f.Pointer.ShouldBe("/changes/ownerId"), f => f.Key.ShouldBe("read-only"));
        (await desk.EverythingAsync()).ShouldBe(before);
    }

    private async Task<(Guid Record, Guid Project)> ParcelAsync(Guid? owner = null)
    {
        await desk.PublishAsync(Desk.Json(Bundle));
        await using var scope = desk.Scope();
        var record = (await scope.Records.CreateAsync(new("parcel", "Books", Desk.Ann) { OwnerId = owner }, default)).ShouldBeOfType<RecordResult.Saved>().Record;
        return (record.Id, await desk.ProjectAsync(new SubjectRef("parcel", record.Id)));
    }

    private Task<string> StateAsync(Guid record) => desk.AskAsync<string>("select concat_ws(' ', owner_id, fields, version) from wfm.record where id = $1", record);
}
