using Crm.Wfm.Flows.Running;

namespace Crm.Wfm.Flows.Tests.Running;

public sealed class RunIdTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 9, 30, 0, TimeSpan.Zero);

    [Fact]
    public void Ids_are_of_version_7_and_come_one_after_the_other_even_at_one_moment()
    {
        Guid[] ids = [.. Enumerable.Range(0, 10_000).Select(_ => RunIds.New(Now)), RunIds.New(Now.AddMilliseconds(10)), RunIds.New(Now.AddMilliseconds(10).AddTicks(2500))];

        ids.ShouldBe(ids.Order());
        ids.Distinct().Count().ShouldBe(ids.Length);
        ids.ShouldAllBe(id => id.Version == 7 && (id.Variant & 0xc) == 0x8);
        RunIds.First(Now).ShouldBeLessThan(ids[0]);
        RunIds.First(Now.AddMilliseconds(11)).ShouldBeGreaterThan(ids[^1]);
    }
}
