using Crm.Wfm.Bundles;
using Crm.Wfm.Moves;
using Crm.Wfm.Testing;
using Shop.Orders;

namespace Crm.Wfm.Embedding.Tests;

/// <summary>Processes tested in code, in memory, by the gate that decides real moves.</summary>
public sealed class BundleHarnessTests
{
    private static readonly TestActor Packer = new("pat") { Roles = ["warehouse"] };
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 8, 0, 0, TimeSpan.Zero);
    private static readonly OrderFacts Facts = new(50, "EUR", OrderPriority.Standard, "Ann", Now, null, null, []);
    private readonly BundleHarness _orders = BundleHarness.Load("processes/order.json", "printLabel");

    [Fact]
    public void A_project_runs_from_start_to_end_on_typed_facts()
    {
        var order = _orders.Start("order", Facts, actor: Packer, now: Now);
        order.Step.ShouldBe("placed");
        order.ShouldMove("pay", to: "paid").ShouldBeBlocked("ship", "tracked").ShouldMove("ship", to: "shipped", changes: new { trackingNumber = "T1" });
        order.Events.ShouldBe(["shop.order.shipped"]);
        order.Entity["trackingNumber"].AsText.ShouldBe("T1");
        order.Offers.ShouldBeEmpty();
    }

    [Fact]
    public void Move_answers_what_the_gate_decides()
    {
        var order = _orders.Start("order", new { total = 5000, customer = "Ann", placedAt = Now, trackingNumber = "T1" }, now: Now);
        order.Move("pay").ShouldBeOfType<Decision.Moved>();
        order.Move("ship").ShouldBeOfType<Decision.Refused>().Reasons.Select(r => r.Key).ShouldBe(["not-allowed"]);
        order.As(Packer).Move("ship", changes: new { priority = OrderPriority.NextDay }).ShouldBeOfType<Decision.Moved>();
    }

    [Fact]
    public void What_the_embedded_tests_would_not_notice_is_told_and_tests_for_it_are_made()
    {
        var score = ScenarioGenerator.Score(_orders.Bundle);
        var made = ScenarioGenerator.Generate(_orders.Bundle);

        score.Noticed.ShouldBeLessThan(made.Score.Noticed);
        score.Uncovered.Where(u => u.CouldBe).ShouldNotBeEmpty();
        made.Tests.ShouldNotBeEmpty();
        made.Score.Uncovered.ShouldNotContain(u => u.CouldBe);
    }

    [Fact]
    public void A_refused_move_leaves_its_changes_unset()
    {
        var order = _orders.Start("order", new { total = 5000, customer = "Ann", placedAt = Now }, actor: Packer, now: Now).ShouldMove("pay");
        order.Move("ship", changes: new { trackingNumber = "T1" }).ShouldBeOfType<Decision.Refused>();
        order.Entity["trackingNumber"].IsNull.ShouldBeTrue();
    }

    [Fact]
    public void Input_post_actions_and_time_are_as_in_earnest()
    {
        var order = _orders.Start("order", Facts with { PlacedAt = Now.AddHours(1) }, now: Now);
        order.ShouldBeBlocked("pay", "placed-before").Advance(TimeSpan.FromHours(1)).ShouldMove("pay");
        order.ShouldBeBlocked("lose", "input").ShouldMove("lose", to: "lost", input: new { reason = "price" });
        order.Entity["lostReason"].AsText.ShouldBe("price");
    }

    [Fact]
    public void A_relation_lets_somebody_act() =>
        _orders.Start("order", Facts with { TrackingNumber = "T1" }, now: Now).ShouldMove("pay")
            .ShouldBeBlocked("ship", "not-allowed").As(new TestActor("ann") { Relations = ["owner"] }).ShouldMove("ship");

    [Fact]
    public void What_was_not_expected_is_told()
    {
        var order = _orders.Start("order", Facts, actor: Packer, now: Now);
        Message(() => order.ShouldMove("ship")).ShouldBe($"ship should move on from placed, but is refused:{Environment.NewLine}  no-edge: ship does not lead on from placed; these do: pay, lose.");
        Message(() => order.ShouldMove("pay", to: "shipped")).ShouldBe("pay should lead from placed to shipped, but leads to paid.");
        Message(() => order.ShouldBeBlocked("ship", "large-goes-next-day")).ShouldBe("ship should be refused for large-goes-next-day, but is refused for tracked.");
        Message(() => order.As(Packer).ShouldBeBlocked("pay")).ShouldContain("is refused for no-edge");
        Message(() => order.Move("ship", changes: new { lostReason = "x", colour = "red" })).ShouldSatisfyAllConditions(m => m.ShouldContain("/changes/lostReason"), m => m.ShouldContain("/changes/colour"));
    }

    [Fact]
    public void A_misspelt_member_does_not_pass_for_a_missing_one()
    {
        Message(() => _orders.Start("order", new { totel = 5 })).ShouldContain("/entity/totel");
        Should.Throw<ArgumentException>(() => _orders.Start("orders")).Message.ShouldContain("It has: order.");
        Message(() => BundleHarness.Load("processes/order.json")).ShouldContain("printLabel");
    }

    private static string Message(Action act) => Should.Throw<BundleTestException>(act).Message;
}
