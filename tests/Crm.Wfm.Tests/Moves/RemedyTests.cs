using Crm.Wfm.Moves;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Tests.Moves;

public sealed class RemedyTests
{
    private const string Amount = """{"type":"number","minimum":0}""";

    [Fact]
    public void The_fix_names_the_field_its_schema_what_it_is_what_works_and_the_bounds() =>
        Fix(Conditions("""{"<":[{"var":"entity.amount"},{"var":"param.limit"}]}"""), """{"amount":12}""")
            .ShouldBe([new ProposedChange("/entity/amount", Value.Parse(Amount), Value.From(12), Value.From(9), "less than 10")]);

    [Fact]
    public void What_only_the_user_can_know_is_asked_for_and_not_suggested()
    {
        var field = Fix(Flow.With("""{"from":["open"],"to":"busy","input":{"type":"object","required":["note"],"properties":{"note":{"type":"string","minLength":1}}}}""")).ShouldHaveSingleItem();
        field.Suggestion.ShouldBeNull();
        field.Bounds.ShouldBe("anything but empty");
    }

    [Fact]
    public void One_fix_is_for_all_conditions_exit_criteria_and_validators_together()
    {
        var workflow = Flow.With("""
            {"from":["open"],"to":"busy",
             "conditions":{"much":{"rule":{">":[{"var":"entity.amount"},5]},"message":"m"}},
             "input":{"type":"object","required":["kind"],"properties":{"kind":{"enum":["a","b"]},"note":{"type":"string"}}},
             "validators":{"even-more":{"rule":{">=":[{"var":"entity.amount"},{"if":[{"==":[{"var":"input.kind"},"a"]},9,3]}]},"message":"m"}}}
            """, """{"less":{"rule":{"<":[{"var":"entity.amount"},9]},"message":"m"}}""");
        var fix = Remedy(workflow, Flow.At(entity: """{"amount":1}""")).Fix.ShouldNotBeNull();
        fix.Select(f => f.Path).ShouldBe(["/entity/amount", "/input/kind"], ignoreOrder: true);
        fix.Single(f => f.Path == "/input/kind").Suggestion.ShouldBe(Value.From("b"));
        fix.Single(f => f.Path == "/entity/amount").Bounds.ShouldBe("more than 5 and less than 9");
    }

    [Fact]
    public void A_field_a_guard_names_as_its_fix_is_proposed_and_no_other_of_the_subject() =>
        Paths("""{"<":[{"var":"entity.amount"},{"var":"entity.x"}]}""", """{"amount":12,"x":10}""", """["/entity/x"]""").ShouldBe(["/entity/x"]);

    [Fact]
    public void What_was_entered_is_questioned_last() =>
        Remedy(Flow.With("""
            {"from":["open"],"to":"busy","input":{"type":"object","required":["by"],"properties":{"by":{"enum":["us","them"]},"note":{"type":"string"}}},
             "validators":{"noted":{"rule":{"or":[{"==":[{"var":"input.by"},"them"]},{"!!":{"var":"input.note"}}]},"message":"m","fixes":["/input/note"]}}}
            """), Flow.At(input: """{"by":"us"}""")).Fix.ShouldNotBeNull().ShouldHaveSingleItem().Path.ShouldBe("/input/note");

    [Fact]
    public void A_guard_that_holds_still_does_when_another_is_fixed() =>
        Fix(Conditions("""{">":[{"var":"entity.amount"},5]}""", """{"or":[{"<":[{"var":"entity.amount"},3]},{"==":[{"var":"entity.y"},"big"]}]}"""), """{"amount":1}""")
            .Select(f => (f.Path, f.Suggestion)).ShouldBe([("/entity/amount", Value.From(6)), ("/entity/y", Value.From("big"))]);

    [Theory]
    [InlineData("""{"in":["boss",{"var":"actor.roles"}]}""")]
    [InlineData("""{"!!":{"var":"project.y"}}""")]
    [InlineData("""{"!!":{"var":"entity.id"}}""")]
    [InlineData("""{"!!":{"var":"entity.unheard"}}""")]
    [InlineData("""{"<":[{"var":"entity.amount"},0]}""")]
    public void Where_no_field_helps_there_is_no_fix_and_the_guard_is_named(string rule)
    {
        var remedy = Remedy(Conditions("""{"!!":{"var":"entity.y"}}""", rule), Flow.At());
        remedy.Fix.ShouldBeNull();
        remedy.Why.ShouldBe("No field that can be set changes guard-1.");
    }

    [Fact]
    public void What_is_beyond_fields_leaves_no_fix_whatever_else_there_is_to_mend()
    {
        var situation = Flow.At();
        situation = situation with { Project = situation.Project with { Counts = new Dictionary<string, int> { ["busy"] = 1 } } };
        var remedy = Remedy(Conditions("""{"!!":{"var":"entity.y"}}"""), situation);
        remedy.Fix.ShouldBeNull();
        remedy.Why.ShouldBe("No field that can be set changes wip-limit.");
    }

    [Fact]
    public void Where_the_search_cannot_tell_it_does_not_claim_that_there_is_none()
    {
        var remedy = Remedy(Conditions("""{"==":[{"%":[{"var":"entity.amount"},7]},{"+":[2.5,2]}]}"""), Flow.At());
        remedy.Fix.ShouldBeNull();
        remedy.Why.ShouldBe("None was found: '%'.");
    }

    [Fact]
    public void A_search_that_takes_too_long_is_given_up()
    {
        var any = string.Join(',', Enumerable.Range(0, 300).Select(i => $$$"""{"==":[{"+":[{"var":"entity.x"},{"var":"entity.y"},{"var":"entity.amount"}]},{{{i}}}.5]}"""));
        Remedy(Conditions($$"""{"and":[{"or":[{{any}}]},{"==":[{"%":[{"var":"entity.x"},{"var":"entity.y"}]},-3]}]}"""), Flow.At()).Why.ShouldBe("None was found: it would take too long.");
    }

    [Fact]
    public void Many_fields_at_once_are_no_trouble()
    {
        var names = Enumerable.Range(0, 40).Select(i => $"f{i}").ToList();
        var workflow = Flow.With($$$"""
            {"from":["open"],"to":"busy","input":{"type":"object","properties":{ {{{string.Join(',', names.Select(n => $$"""
                "{{n}}":{"type":"integer"}
                """))}}} } },
             "validators":{"all":{"rule":{"!":{"missing":[{{{string.Join(',', names.Select(n => $"\"input.{n}\""))}}}]} },"message":"m"} } }
            """);
        var input = $$"""{ {{string.Join(',', names.Skip(20).Select(n => $"\"{n}\":\"x\""))}} }""";
        Remedy(workflow, Flow.At(input: input)).Fix.ShouldNotBeNull().Select(f => f.Path).ShouldBe(names.Select(n => "/input/" + n), ignoreOrder: true);
    }

    [Fact]
    public void What_nobody_asked_for_is_to_be_left_out()
    {
        var field = Remedy(Flow.With("""{"from":["open"],"to":"busy"}"""), Flow.At(input: """{"why":"x"}""")).Fix.ShouldNotBeNull().ShouldHaveSingleItem();
        (field.Path, field.Suggestion, field.Bounds).ShouldBe(("/input/why", null, "left out"));
    }

    [Fact]
    public void A_blocked_offer_has_a_fix_and_an_available_one_needs_none()
    {
        var workflow = Conditions("""{"!!":{"var":"entity.y"}}""");
        Gate.Offers(workflow, Flow.At()).Single(o => o.Transition.Key == "go").Remedy.ShouldNotBeNull().Fix.ShouldNotBeNull().ShouldHaveSingleItem().Path.ShouldBe("/entity/y");
        Gate.Offers(workflow, Flow.At(entity: """{"y":"x"}""")).Single(o => o.Transition.Key == "go").Remedy.ShouldBeNull();
    }

    private static Wfm.Workflows.Workflow Conditions(params string[] rules) => Conditions(null, rules);

    private static Wfm.Workflows.Workflow Conditions(string? fixes, string[] rules)
    {
        var guards = rules.Select((rule, i) => $$"""
            "guard-{{i}}": {"rule": {{rule}}, "message": "m", "fixes": {{fixes ?? "[]"}} }
            """);
        return Flow.With($$"""{"from":["open"],"to":"busy","conditions":{ {{string.Join(',', guards)}} } }""");
    }

    private static IEnumerable<string> Paths(string rule, string entity, string fixes) => Remedy(Conditions(fixes, [rule]), Flow.At(entity: entity)).Fix.ShouldNotBeNull().Select(f => f.Path);

    private static IReadOnlyList<ProposedChange> Fix(Wfm.Workflows.Workflow workflow, string entity = "{}") => Remedy(workflow, Flow.At(entity: entity)).Fix.ShouldNotBeNull();

    private static Remedy Remedy(Wfm.Workflows.Workflow workflow, Situation situation) => Gate.Decide(workflow, "go", situation).ShouldBeOfType<Decision.Refused>().Remedy;
}
