using Crm.Wfm.Moves;

namespace Crm.Wfm.Tests.Moves;

public sealed class GateOfferTests
{
    [Fact]
    public void Offers_stand_in_the_order_of_their_target_then_of_their_key() =>
        Keys(Flow.With("""{"from":["open"],"to":"busy"}"""), Flow.At()).ShouldBe(["go", "start", "cancel", "finish"]);

    [Fact]
    public void What_the_actor_may_not_take_is_hidden()
    {
        var workflow = Flow.With("""{"from":["open"],"to":"busy","allow":[{"roles":["boss"]}]}""");
        Keys(workflow, Flow.At()).ShouldBe(["start", "cancel", "finish"]);
        Keys(workflow, Flow.At(actor: new(Flow.Bob.Id, "boss"))).ShouldBe(["go", "start", "cancel", "finish"]);
    }

    [Fact]
    public void A_blocked_offer_has_its_reasons_but_is_not_asked_for_input_yet()
    {
        var workflow = Flow.With("""
            {"from":["open"],"to":"busy","conditions":{"named":{"rule":{"var":"entity.name"},"message":"Name it."}},
             "input":{"type":"object","required":["why"]},"validators":{"why-given":{"rule":{"var":"input.why"},"message":"Why?"}}}
            """);
        var blocked = Gate.Offers(workflow, Flow.At())[0];
        blocked.IsAvailable.ShouldBeFalse();
        blocked.Reasons.Keys().ShouldBe(["named"]);
        Gate.Offers(workflow, Flow.At(entity: """{"name":"x"}"""))[0].IsAvailable.ShouldBeTrue();
    }

    [Fact]
    public void Warnings_are_told_before_the_user_acts() =>
        Gate.Offers(Flow.With("""{"from":["open"],"to":"busy","conditions":{"named":{"rule":{"var":"entity.name"},"message":"Name it.","severity":"warning"}}}"""), Flow.At())[0]
            .ShouldSatisfyAllConditions(o => o.IsAvailable.ShouldBeTrue(), o => o.Warnings.Keys().ShouldBe(["named"]));

    private static IEnumerable<string> Keys(Wfm.Workflows.Workflow workflow, Situation situation) => Gate.Offers(workflow, situation).Select(o => o.Transition.Key);
}
