using Crm.Wfm.Moves;
using Crm.Wfm.Rules;
using Crm.Wfm.Tests.Rules;
using FsCheck;
using FsCheck.Fluent;

namespace Crm.Wfm.Tests.Moves;

public sealed class GateTests
{
    private const string TooMuch = """{"small": {"rule": {"<": [{"var": "entity.amount"}, {"var": "param.limit"}]}, "message": "Too much.", "fixes": ["/entity/amount"]}}""";

    [Theory]
    [InlineData("[]", "", false, true)]
    [InlineData("""[{"roles":["clerk"]}]""", "clerk", false, true)]
    [InlineData("""[{"roles":["clerk"]}]""", "boss", false, false)]
    [InlineData("""[{"roles":["clerk","boss"]}]""", "boss", false, true)]
    [InlineData("""[{"relations":["owner"]}]""", "", true, true)]
    [InlineData("""[{"relations":["owner"]}]""", "clerk", false, false)]
    [InlineData("""[{"roles":["clerk"],"relations":["owner"]}]""", "clerk", false, false)]
    [InlineData("""[{"roles":["clerk"],"relations":["owner"]}]""", "", true, false)]
    [InlineData("""[{"roles":["clerk"],"relations":["owner"]}]""", "clerk", true, true)]
    [InlineData("""[{"roles":["clerk"],"relations":["owner"]},{"roles":["boss"]}]""", "boss", false, true)]
    [InlineData("""[{"roles":["clerk"]},{"relations":["owner"]}]""", "", true, true)]
    [InlineData("""[{"roles":["clerk"]},{"relations":["owner"]}]""", "boss", false, false)]
    public void Any_alternative_suffices_and_within_one_every_kind_has_to_match(string allow, string role, bool isOwner, bool allowed)
    {
        var workflow = Flow.With(allow == "[]" ? """{"from":["open"],"to":"busy"}""" : $$$"""{"from":["open"],"to":"busy","allow":{{{allow}}} }""");
        var actor = new Actor(Flow.Ann.Id, role.Length == 0 ? [] : [role]);
        var decision = Gate.Decide(workflow, "go", Flow.At(actor: actor, owner: isOwner ? actor.Id : Flow.Bob.Id));
        if (allowed) decision.Moved().To.Key.ShouldBe("busy");
        else decision.Refused().Keys().ShouldBe(["not-allowed"]);
    }

    [Fact]
    public void Who_may_not_take_a_transition_learns_nothing_else_of_it()
    {
        var workflow = Flow.With($$$"""{"from":["open"],"to":"busy","allow":[{"roles":["boss"]}],"conditions":{{{TooMuch}}},"approvals":{"quorum":1,"roles":["boss"]}}""");
        var situation = Flow.At(entity: """{"amount":99}""", input: """{"surprise":1}""");
        var reason = Gate.Decide(workflow, "go", Full(situation)).Refused().ShouldHaveSingleItem();
        reason.Key.ShouldBe("not-allowed");
        reason.Values.ShouldBeEmpty();
        reason.Fixes.ShouldBeEmpty();
        reason.Trace.ShouldBeNull();
    }

    [Theory]
    [InlineData("open", "nowhere", "no-edge")]
    [InlineData("open", "back", "no-edge")]
    [InlineData("end", "back", "closed")]
    [InlineData("end", "nowhere", "closed")]
    public void A_transition_that_leaves_another_step_is_refused_alone_with_the_ways_there_are(string step, string transition, string key)
    {
        var reason = Gate.Decide(Flow.With(), transition, Flow.At(step)).Refused().ShouldHaveSingleItem();
        reason.Key.ShouldBe(key);
        reason.Message.Default.ShouldContain(step == "end" ? "reopen" : "finish");
        reason.Values.ShouldBe(new Dictionary<string, Value> { ["step.key"] = Value.From(step), ["transition"] = Value.From(transition) }, ignoreOrder: true);
    }

    [Fact]
    public void A_final_step_may_be_left_by_a_transition_of_its_own() => Gate.Decide(Flow.With(), "reopen", Flow.At("end")).Moved().To.Key.ShouldBe("open");

    [Fact]
    public void An_unmet_condition_tells_its_values_its_fix_with_the_fields_schema_and_how_it_came_to_that()
    {
        var reason = Gate.Decide(Flow.With($$$"""{"from":["open"],"to":"busy","conditions":{{{TooMuch}}} }"""), "go", Flow.At(entity: """{"amount":12}""")).Refused().ShouldHaveSingleItem();
        reason.Key.ShouldBe("small");
        reason.Message.Default.ShouldBe("Too much.");
        reason.Values.ShouldBe(new Dictionary<string, Value> { ["entity.amount"] = Value.From(12), ["param.limit"] = Value.From(10) }, ignoreOrder: true);
        reason.Fixes.ShouldBe([new Fix("/entity/amount", Value.Parse("""{"type":"number","minimum":0}"""))]);
        reason.Trace.ShouldNotBeNull().ToValue().ShouldBe(Value.Parse(
            """{"op":"<","args":[{"var":"entity.amount","value":12},{"var":"param.limit","value":10}],"value":false}"""));
    }

    [Fact]
    public void A_rule_that_ends_in_an_error_does_not_hold_and_the_reason_says_so()
    {
        const string Rule = """{"rule":{"or":[{"<":[{"var":"entity.a"},5]},true]},"message":"Small ones only."}""";
        var entity = """{"a":{"b":1}}""";
        var reason = Gate.Decide(Flow.With($$$"""{"from":["open"],"to":"busy","conditions":{"small":{{{Rule}}} } }"""), "go", Flow.At(entity: entity)).Refused().ShouldHaveSingleItem();
        reason.Key.ShouldBe("small");
        reason.Error.ShouldBe(Value.Parse("""{"type":"NaN"}"""));
        reason.Trace!.ToValue().ShouldBe(Value.Parse("""
            {"op":"or","args":[{"op":"<","args":[{"var":"entity.a","value":{"b":1}},{"value":5}],"error":{"type":"NaN"}}],"error":{"type":"NaN"}}
            """));
        var plan = Gate.Decide(Flow.With($$$"""{"from":["open"],"to":"busy","conditions":{"small":{{{Rule.Replace("\"message\"", "\"severity\":\"warning\",\"message\"", StringComparison.Ordinal)}}} } }"""),
            "go", Flow.At(entity: entity)).Moved();
        plan.Warnings.ShouldHaveSingleItem().Error.IsNull.ShouldBeFalse();
        plan.Rules["small"].ShouldBeFalse();
    }

    [Fact]
    public void A_reason_whose_rule_did_decide_has_no_error() =>
        Gate.Decide(Flow.With($$$"""{"from":["open"],"to":"busy","conditions":{{{TooMuch}}} }"""), "go", Flow.At(entity: """{"amount":12}""")).Refused().ShouldHaveSingleItem().Error.IsNull.ShouldBeTrue();

    [Fact]
    public void An_exhausted_budget_is_a_refusal_that_says_so()
    {
        var workflow = Flow.With("""{"from":["open"],"to":"busy","conditions":{"each":{"rule":{"all":[{"var":"entity.x"},{"<":[{"var":""},9]}]},"message":"Each is small."}}}""");
        var entity = $$"""{"x":[{{string.Join(',', Enumerable.Repeat(1, 100_000))}}]}""";
        var reason = Gate.Decide(workflow, "go", Flow.At(entity: entity)).Refused().ShouldHaveSingleItem();
        reason.Key.ShouldBe("each");
        reason.Error.ShouldBe(Value.Parse("""{"type":"Too Complex","message":"The rule was stopped after 250,000 steps."}"""));
    }

    [Fact]
    public void Changed_tells_what_the_command_sets()
    {
        var workflow = Flow.With("""{"from":["open"],"to":"busy","conditions":{"kept":{"rule":{"!":{"changed":"entity.amount"}},"message":"The amount stays."}}}""");
        var situation = Flow.At(entity: """{"amount":12}""");
        Gate.Decide(workflow, "go", situation).Moved();
        Gate.Decide(workflow, "go", situation with { Changes = Value.Parse("""{"name":"x","a":{"b":1}}""").AsObject! }).Moved().Facts["changed"].ShouldBe(Value.Parse("""["entity.a.b","entity.name"]"""));
        var reason = Gate.Decide(workflow, "go", situation with { Changes = Value.Parse("""{"amount":12}""").AsObject! }).Refused().ShouldHaveSingleItem();
        reason.Values.ShouldBe(new Dictionary<string, Value> { ["changed"] = Value.Parse("""["entity.amount"]"""), ["entity.amount"] = Value.From(12) }, ignoreOrder: true);
    }

    [Fact]
    public void A_missing_fact_is_told_as_null() =>
        Gate.Decide(Flow.With("""{"from":["open"],"to":"busy","conditions":{"named":{"rule":{"var":"entity.name"},"message":"Name it."}}}"""), "go", Flow.At())
            .Refused().ShouldHaveSingleItem().Values["entity.name"].IsNull.ShouldBeTrue();

    [Fact]
    public void A_warning_lets_the_move_pass_and_is_told()
    {
        var workflow = Flow.With($$$"""{"from":["open"],"to":"busy","conditions":{{{TooMuch.Replace("\"message\"", "\"severity\":\"warning\",\"message\"", StringComparison.Ordinal)}}} }""");
        var plan = Gate.Decide(workflow, "go", Flow.At(entity: """{"amount":12}""")).Moved();
        plan.Warnings.Keys().ShouldBe(["small"]);
        plan.Rules.ShouldBe(new Dictionary<string, bool> { ["small"] = false });
    }

    [Fact]
    public void Exit_criteria_hold_whichever_way_the_step_is_left_and_have_keys_of_their_own()
    {
        var workflow = Flow.With(exit: """{"paid":{"rule":{"var":"entity.amount"},"message":"Pay first."}}""");
        Gate.Decide(workflow, "go", Flow.At()).Refused().Keys().ShouldBe(["exit/paid"]);
        Gate.Decide(workflow, "cancel", Flow.At()).Refused().Keys().ShouldBe(["exit/paid"]);
        Gate.Decide(workflow, "cancel", Flow.At("busy")).Moved();
        Gate.Decide(workflow, "go", Flow.At(entity: """{"amount":1}""")).Moved().Rules.ShouldBe(new Dictionary<string, bool> { ["exit/paid"] = true });
    }

    [Fact]
    public void Every_reason_is_told_at_once()
    {
        var workflow = Flow.With($$$"""
            {"from":["open"],"to":"busy","conditions":{{{TooMuch}}},"notSameActorAs":["finish"],"approvals":{"quorum":2,"roles":["boss"]},
             "input":{"type":"object","required":["why"],"properties":{"why":{"type":"string"},"n":{"type":"number"} } },
             "validators":{"big":{"rule":{">":[{"var":"input.n"},5] },"message":"More."},"why-long":{"rule":{"var":"input.why"},"message":"Say more."} } }
            """, """{"paid":{"rule":{"var":"entity.paid"},"message":"Pay first."}}""");
        var situation = Full(Flow.At(entity: """{"amount":12}""", input: """{"n":3}"""));
        situation = situation with { Project = situation.Project with { LastActors = new Dictionary<string, Guid> { ["finish"] = Flow.Ann.Id } } };
        var reasons = Gate.Decide(workflow, "go", situation).Refused();
        reasons.Keys().ShouldBe(["four-eyes", "approval", "wip-limit", "small", "exit/paid", "input", "big"], ignoreOrder: true);
        reasons.Single(r => r.Key == "wip-limit").Values.ShouldBe(
            new Dictionary<string, Value> { ["step"] = Value.From("busy"), ["count"] = Value.From(1), ["limit"] = Value.From(1) }, ignoreOrder: true);
        reasons.Single(r => r.Key == "approval").Values["quorum"].ShouldBe(Value.From(2));
        reasons.Single(r => r.Key == "big").Values["input.n"].ShouldBe(Value.From(3));
        reasons.ShouldAllBe(r => r.Message.Default.Length > 0);
    }

    [Theory]
    [InlineData("a", true)]
    [InlineData("b", false)]
    public void Four_eyes_look_at_who_took_the_named_transition_last(string last, bool refused)
    {
        var workflow = Flow.With("""{"from":["open"],"to":"busy","notSameActorAs":["back","finish"]}""");
        var situation = Flow.At();
        situation = situation with { Project = situation.Project with { LastActors = new Dictionary<string, Guid> { ["finish"] = last == "a" ? Flow.Ann.Id : Flow.Bob.Id } } };
        var decision = Gate.Decide(workflow, "go", situation);
        if (refused) decision.Refused().ShouldHaveSingleItem().Values["transition"].ShouldBe(Value.From("finish"));
        else decision.Moved();
    }

    [Fact]
    public void A_full_step_refuses_who_comes_but_not_who_is_in_it()
    {
        Gate.Decide(Flow.With(), "go", Full(Flow.At())).Refused().Keys().ShouldBe(["wip-limit"]);
        Gate.Decide(Flow.With("""{"from":["busy"],"to":"busy"}"""), "go", Full(Flow.At("busy"))).Moved();
    }

    [Fact]
    public void A_start_is_bound_by_the_limit_of_the_initial_step_alone()
    {
        Gate.Start(Flow.With(exit: """{"never":{"rule":false,"message":"No."}}"""), Flow.At()).Moved().To.Key.ShouldBe("open");
    }

    [Theory]
    [InlineData("""{"name":"A"}""", """{"name":"A"}""", true)]
    [InlineData("""{"name":"B"}""", """{"name":"A"}""", false)]
    [InlineData("""{"name":null}""", "{}", true)]
    public void Rules_see_the_facts_as_they_are(string entity, string compared, bool same) =>
        Gate.Decide(Flow.With("""{"from":["open"],"to":"busy","conditions":{"same":{"rule":{"===":[{"var":"entity.name"},{"var":"project.y"}]},"message":"m"}}}"""), "go",
            Flow.At(entity: entity, project: $$$"""{"y":{{{Value.Parse(compared)["name"]}}} }""")).ShouldBeOfType(same ? typeof(Decision.Moved) : typeof(Decision.Refused));

    [Fact]
    public void Rules_see_all_roots()
    {
        var facts = Gate.Decide(Flow.With("""{"from":["busy"],"to":"end","input":{"type":"object"}}"""), "go",
            Flow.At("busy", """{"amount":1}""", """{"x":2}""", """{"why":"w"}""", owner: Flow.Ann.Id)).Moved().Facts;
        facts.ShouldBe(Value.Parse("""
            {"actor":{"id":"00000000-0000-0000-0000-00000000000a","relations":["owner"],"roles":["clerk"]},"changed":[],
             "entity":{"amount":1},"event":null,"input":{"why":"w"},"now":"2026-03-31T12:00:00.000Z","param":{"limit":10},
             "project":{"enteredAt":"2026-03-30T12:00:00.000Z","id":"00000000-0000-0000-0000-000000000001","startedAt":"2026-03-29T12:00:00.000Z","type":"thing","version":3,"x":2},
             "step":{"category":"waiting","enteredAt":"2026-03-30T12:00:00.000Z","key":"busy","probability":0.5,"status":"busy"}}
            """));
    }

    [Fact]
    public void The_same_situation_gives_the_same_answer()
    {
        var workflow = Flow.With($$$"""{"from":["open"],"to":"busy","conditions":{{{TooMuch}}},"postActions":[{"do":"set","target":"/project/x","value":{"var":"entity.amount"}}]}""");
        Prop.ForAll(Generated.Data.ToArbitrary(), data =>
        {
            var situation = Flow.At() with { Subject = new SubjectState(data.AsObject!) };
            Text(Gate.Decide(workflow, "go", situation)).ShouldBe(Text(Gate.Decide(workflow, "go", situation)));
        }).QuickCheckThrowOnFailure();

        static string Text(Decision decision) => System.Text.Json.JsonSerializer.Serialize<object>(decision is Decision.Refused refused
            ? refused.Reasons
            : decision.Moved() is var plan ? new { plan.Facts, plan.Rules, Fields = Value.From(plan.Effects.Project) } : "");
    }

    private static Situation Full(Situation situation) =>
        situation with { Project = situation.Project with { Counts = new Dictionary<string, int> { ["busy"] = 1 } } };
}
