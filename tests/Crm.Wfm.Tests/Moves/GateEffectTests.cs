using Crm.Wfm.Moves;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Tests.Moves;

public sealed class GateEffectTests
{
    [Theory]
    [InlineData("""[{"do":"set","target":"/entity/x","value":1}]""", """{"x":1}""", null)]
    [InlineData("""[{"do":"set","target":"/entity/x","value":null}]""", """{"x":null}""", null)]
    [InlineData("""[{"do":"set","target":"/entity/a/b","value":"n"}]""", """{"a":{"b":"n","c":"old"}}""", null)]
    [InlineData("""[{"do":"set","target":"/project/x","value":5}]""", "{}", """{"x":5,"y":"kept"}""")]
    [InlineData("""[{"do":"set","target":"/project/y","value":{"var":"now"}}]""", "{}", """{"x":1,"y":"2026-03-31T12:00:00.000Z"}""")]
    [InlineData("""[{"do":"set","target":"/entity/x","value":{"+":[{"var":"entity.amount"},1]}},{"do":"set","target":"/entity/y","value":{"+":[{"var":"entity.x"},1]}}]""", """{"x":8,"y":9}""", null)]
    [InlineData("""[{"do":"set","target":"/project/x","value":7},{"do":"set","target":"/entity/y","value":{"var":"project.x"}}]""", """{"y":7}""", """{"x":7,"y":"kept"}""")]
    [InlineData("""[{"do":"set","target":"/entity/a/b","value":1},{"do":"set","target":"/entity/a/c","value":{"var":"entity.a.b"}}]""", """{"a":{"b":1,"c":1}}""", null)]
    [InlineData("""[{"do":"set","target":"/entity/x","value":1,"when":{">":[{"var":"entity.amount"},7]}}]""", "{}", null)]
    [InlineData("""[{"do":"set","target":"/entity/x","value":1,"when":{"==":[{"var":"entity.amount"},7]}}]""", """{"x":1}""", null)]
    [InlineData("""[{"do":"set","target":"/entity/x","value":1},{"do":"set","target":"/entity/y","value":2,"when":{"var":"entity.x"}}]""", """{"x":1,"y":2}""", null)]
    public void Set_computes_the_fields_to_write_each_seeing_what_those_before_have_set(string actions, string entity, string? project)
    {
        var effects = Plan(actions).Effects;
        Value.From(effects.Entity).ShouldBe(Value.Parse(entity));
        Value.From(effects.Project).ShouldBe(project is null ? Value.Null : Value.Parse(project));
    }

    [Theory]
    [InlineData("""{"do":"emit","value":"thing.gone"}""", "thing.gone", "null")]
    [InlineData("""{"do":"emit","value":{"cat":["thing.",{"var":"entity.a.c"}]}}""", "thing.old", "null")]
    [InlineData("""{"do":"emit","value":{"if":[true,{"var":"entity.event"}]}}""", "thing.sent", """{"n":1}""")]
    [InlineData("""{"do":"emit","value":{"preserve":{"type":"thing.sent","data":{"n":2}}}}""", "thing.sent", """{"n":2}""")]
    public void Emit_takes_a_type_or_a_type_with_data(string action, string type, string data) =>
        Plan($"[{action}]").Effects.Events.ShouldBe([(type, Value.Parse(data))]);

    [Theory]
    [InlineData("""{"do":"emit","value":{"cat":["thing ",{"var":"entity.a.c"}]}}""", "The action 1 (emit) of go computed 'thing old', which is no event type of its own.")]
    [InlineData("""{"do":"emit","value":{"cat":["wfm.project.",{"var":"entity.a.c"}]}}""", "The action 1 (emit) of go computed 'wfm.project.old', which is no event type of its own.")]
    [InlineData("""{"do":"emit","value":{"var":"entity.nothing"}}""", "The action 1 (emit) of go computed '', which is no event type of its own.")]
    [InlineData("""{"do":"emit","value":{"+":[{"var":"entity.a"}]}}""", "The action 1 (emit) of go ended in the error 'NaN'.")]
    [InlineData("""{"do":"set","target":"/entity/x","value":{"throw":"no value"}}""", "The action 1 (set) of go ended in the error 'no value'.")]
    [InlineData("""{"do":"set","target":"/entity/x","value":1,"when":{"<":[{"var":"entity.a"},1]}}""", "The action 1 (set) of go ended in the error 'NaN'.")]
    [InlineData("""{"do":"call","value":{"max":[{"var":"entity.a"}]}}""", "The action 1 (call) of go ended in the error 'Invalid Arguments'.")]
    public void What_cannot_be_computed_refuses_the_move_and_says_why(string action, string message)
    {
        var reason = Decide($"[{action}]").Refused().ShouldHaveSingleItem();
        reason.Key.ShouldBe("post-action");
        reason.Message.Default.ShouldBe(message);
        reason.Trace.ShouldNotBeNull();
        reason.Error.IsNull.ShouldBe(!message.Contains("error", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_action_that_cannot_be_computed_is_told_but_none_where_a_guard_refuses_already()
    {
        const string Actions = """[{"do":"emit","value":{"var":"entity.x"}},{"do":"emit","value":"thing.fine"},{"do":"set","target":"/entity/y","value":{"/":[1,0]}}]""";
        Decide(Actions).Refused().Select(r => r.Message.Default[..12]).ShouldBe(["The action 1", "The action 3"]);
        Gate.Decide(Flow.With($$$"""{"from":["open"],"to":"busy","postActions":{{{Actions}}},"conditions":{"never":{"rule":false,"message":"No."} } }"""), "go", Flow.At()).Refused().Keys().ShouldBe(["never"]);
    }

    [Fact]
    public void A_past_move_did_happen_without_what_cannot_be_computed()
    {
        var workflow = Flow.With("""{"from":["open"],"to":"busy","postActions":[{"do":"emit","value":{"var":"entity.x"}},{"do":"emit","value":"thing.fine"}]}""");
        var (plan, observed) = Gate.Observe(workflow, "go", Flow.At()).ShouldNotBeNull();
        plan.Effects.Events.Select(e => e.Type).ShouldBe(["thing.fine"]);
        observed.Keys().ShouldBe(["post-action"]);
    }

    [Fact]
    public void Facts_of_the_plan_are_those_the_rules_saw_not_those_after_the_actions() =>
        Plan("""[{"do":"set","target":"/entity/amount","value":0}]""").Facts["entity"]["amount"].ShouldBe(Value.From(7));

    [Fact]
    public void Actions_of_the_host_are_kept_in_order_with_their_own_members()
    {
        var actions = Plan("""[{"do":"call","number":1},{"do":"call","number":2,"when":false},{"do":"call","number":3}]""").Effects.Actions;
        actions.Select(a => a.Action.Source["number"].AsNumber).ShouldBe([1, 3]);
    }

    private static MovePlan Plan(string actions) => Decide(actions).Moved();

    private static Decision Decide(string actions) => Gate.Decide(Flow.With($$"""{"from":["open"],"to":"busy","postActions":{{actions}} }"""), "go",
        Flow.At(entity: """{"amount":7,"a":{"c":"old"},"event":{"type":"thing.sent","data":{"n":1}}}""", project: """{"x":1,"y":"kept"}"""));
}
