using Crm.Wfm.Moves;
using Crm.Wfm.Records;
using Crm.Wfm.Tests.Bundles;

namespace Crm.Wfm.Tests.Moves;

public sealed class MoveEngineTests(WfmDatabase database) : IClassFixture<WfmDatabase>
{
    private static readonly Actor Manager = new(new Guid("00000000-0000-0000-0000-0000000000aa"), "sales-manager");

    [Fact]
    public async Task A_deal_starts_is_refused_with_its_reason_and_moves_once_the_amount_is_set()
    {
        await using var scope = database.Scope();
        await scope.Publisher.PublishAsync(await File.ReadAllBytesAsync(Path.Combine(Samples.Folder, "sales-pipeline.json")), Actor.System, false, default);
        var record = (await scope.Records.CreateAsync(new("deal", "Acme", Manager) { OwnerId = Manager.Id, Fields = [] }, default)).ShouldBeOfType<RecordResult.Saved>().Record;
        var started = (await scope.Engine.StartAsync(new(new SubjectRef("deal", record.Id), Manager), default)).ShouldBeOfType<MoveResult.Moved>();
        started.To.ShouldBe("qualification");
    }
}
