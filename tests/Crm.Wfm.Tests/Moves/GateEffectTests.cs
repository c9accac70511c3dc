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
    public void Emit_takes_a_type_or_a_type_with_data(string action, string type, string data) =>
        Plan($"[{action}]").Effects.Events.ShouldBe([(type, Value.Parse(data))]);

    [Fact]
    public void Facts_of_the_plan_are_those_the_rules_saw_not_those_after_the_actions() =>
        Plan("""[{"do":"set","target":"/entity/amount","value":0}]""").Facts["entity"]["amount"].ShouldBe(Value.From(7));

    [Fact]
    public void Actions_of_the_host_are_kept_in_order_with_their_own_members()
    {
        var actions = Plan("""[{"do":"call","number":1},{"do":"call","number":2,"when":false},{"do":"call","number":3}]""").Effects.Actions;
        actions.Select(a => a.Source["number"].AsNumber).ShouldBe([1, 3]);
    }

    private static MovePlan Plan(string actions) => Gate.Decide(Flow.With($$"""{"from":["open"],"to":"busy","postActions":{{actions}} }"""), "go",
        Flow.At(entity: """{"amount":7,"a":{"c":"old"},"event":{"type":"thing.sent","data":{"n":1}}}""", project: """{"x":1,"y":"kept"}""")).Moved();
}
