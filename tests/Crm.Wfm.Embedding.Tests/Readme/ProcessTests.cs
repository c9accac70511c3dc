using Crm.Wfm.Testing;

namespace Crm.Wfm.Embedding.Tests.Readme;

// README: ProcessTests.cs
public class ProcessTests
{
    public static IEnumerable<object[]> Scenarios => BundleTests.In("readme");

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void Embedded_tests_pass(BundleScenario scenario) => scenario.ShouldPass();

    [Fact]
    public void An_order_without_a_price_is_not_shipped()
    {
        var order = BundleHarness.Load("readme/order.json").Start("order", entity: new { total = 0 });
        order.ShouldBeBlocked("ship", "has-price");
        order.ShouldMove("ship", to: "shipped", changes: new { total = 5 });
    }
}
// README end
