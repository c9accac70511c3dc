using System.Text.Json.Nodes;
using Crm.Wfm.Bundles;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Tests.Bundles.Differing;

/// <summary>The small bundle, changed in one place or two, and what is told of it.</summary>
public class BundleDiffTests
{
    private const string Flow = "/workflows/flow";
    private const string Finish = Flow + "/transitions/finish";
    private const string Small = Finish + "/conditions/small";
    private const string Told = "workflow *flow*: transition *finish*";

    [Theory]
    [InlineData(Small + "/rule", """{"<":[{"var":"entity.amount"},100]}""", Told + ": condition *small* now needs < 100, was < param.limit", "condition")]
    [InlineData(Small + "/rule", """{">":[{"var":"param.limit"},{"var":"entity.amount"}]}""", Told + ": condition *small* now needs param.limit > entity.amount; it was entity.amount < param.limit", "condition")]
    [InlineData(Small + "/rule", """{"or":[{"!":{"var":"entity.amount"}},{"in":[{"var":"entity.amount"},[1,2]]}]}""", Told + ": condition *small* now needs not entity.amount or entity.amount in [1,2]; it was entity.amount < param.limit", "condition")]
    [InlineData(Small + "/rule", """{"and":[{"<":[{"var":"entity.amount"},{"var":"param.limit"}]},{"!!":[{"var":"entity.closedAt"}]}]}""", Told + ": condition *small* now also needs entity.closedAt", "condition")]
    [InlineData(Small + "/severity", "\"warning\"", Told + ": condition *small*: severity is \"warning\", was not set", "condition")]
    [InlineData(Small, null, Told + ": condition *small* removed: needs entity.amount < param.limit", "condition")]
    [InlineData(Finish + "/validators/sure", """{"rule":{"var":"input.why"},"message":"m"}""", Told + ": validator *sure* added: needs input.why", "validator")]
    [InlineData(Flow + "/steps/0/exitCriteria/paid/message", "\"Pay.\"", "workflow *flow*: step *open*: exit criterion *paid*: message is \"Pay.\", was \"Pay first.\"", "exit criterion")]
    [InlineData(Finish + "/validators/why-given/message/en", "\"Why?\"", Told + ": validator *why-given*: message (en) is \"Why?\", was \"Say why.\"", "validator")]
    [InlineData(Finish + "/to", "\"open\"", Told + ": to is \"open\", was \"finished\"", "transition")]
    [InlineData(Finish + "/from/-", "\"finished\"", Told + ": from gains finished", "transition")]
    [InlineData(Finish + "/allow/-", """{"roles":["boss"],"relations":["owner"]}""", Told + ": may be taken by boss as owner", "transition")]
    [InlineData(Finish + "/allow", """[{"relations":["owner"]}]""", Told + ": may be taken by whoever is owner; may no longer be taken by clerk", "transition")]
    [InlineData(Flow + "/transitions/park", """{"from":["open","finished"],"to":"open"}""", "workflow *flow*: transition *park* added: from open, finished to open", "transition")]
    [InlineData(Flow + "/transitions/reopen", null, "workflow *flow*: transition *reopen* removed: from finished to open", "transition")]
    [InlineData(Finish + "/postActions/0/value", "null", Told + ": post-action *set /entity/closedAt*: value is null, was now", "post-action")]
    [InlineData(Finish + "/input/properties/why/maxLength", "10", Told + ": input field *why*: max length is 10, was not set", "field")]
    [InlineData(Finish + "/input/required", """["why"]""", Told + ": input required gains why", "schema")]
    [InlineData(Flow + "/steps/1/wipLimit", "3", "workflow *flow*: step *finished*: wip limit is 3, was not set", "step")]
    [InlineData("/params/limit/default", "0.5", "param *limit*: default is 0.5, was 10.0", "param")]
    [InlineData("/roles/guest", "{}", "role *guest* added", "role")]
    [InlineData("/roles/boss/title/de", null, "role *boss*: title (de) is no longer set, was \"Chefin\"", "role")]
    [InlineData("/statuses/done/color", "\"#0000ff\"", "status *done*: color is \"#0000ff\", was \"#00ff00\"", "status")]
    [InlineData("/subjects/ticket/schema/properties/amount/maximum", "5", "subject *ticket*: field *amount*: maximum is 5, was not set", "field")]
    [InlineData("/subjects/ticket/schema/properties/due", """{"type":"string"}""", "subject *ticket*: field *due* added: string", "field")]
    [InlineData("/subjects/ticket/schema/additionalProperties", "true", "subject *ticket*: schema additional properties is true, was false", "schema")]
    [InlineData("/projectTypes/support/workflow", "\"aside\"", "project type *support*: workflow is \"aside\", was \"flow\"", "project type")]
    [InlineData("/projectTypes/support/fields/properties/note", null, "project type *support*: field *note* removed: string", "field")]
    [InlineData("/tests/finishes/steps/0/expect/step", "\"open\"", "test *finishes*: steps changed", "test")]
    [InlineData("/automations", """{"hook":{"on":["a.b"],"actions":[{"do":"emit","value":"c.d"}]}}""", "automation *hook* added", "automation")]
    [InlineData("/migrations", """[{"workflow":"flow","from":"<1.0.0"}]""", "migration *flow <1.0.0* added", "migration")]
    [InlineData("/bundle/version", "\"1.1.0\"", "bundle version is \"1.1.0\", was \"1.0.0\"", "bundle")]
    [InlineData("/bundle/requires", """{"base":"^1.0.0"}""", "requirement *base* added", "requirement")]
    [InlineData("/x-owner", "\"ops\"", "x-owner is \"ops\", was not set", "x-owner")]
    public void A_change_is_told_with_its_place(string at, string? json, string sentence, string concerns)
    {
        var change = Between(Samples.Small(), Samples.Small().With(at, json)).Changes.ShouldHaveSingleItem();

        change.Sentence.ShouldBe(sentence);
        change.Concerns.ShouldBe(concerns);
        var there = change.Kind == ChangeKind.Removed ? Samples.Small() : Samples.Small().With(at, json);
        JsonPointer.Find(Value.Parse(there.ToJsonString()), change.Pointer).ShouldBe(change.Kind == ChangeKind.Removed ? change.Old : change.New);
    }

    [Fact]
    public void A_limit_is_told_with_as_many_decimals_as_before_and_an_only_workflow_need_not_be_named()
    {
        var before = Samples.Small().With("/workflows/aside", null).With("/projectTypes/side", null).With(Small + "/rule", """{"<=":[{"var":"entity.discount"},0.15]}""");
        var after = before.DeepClone().AsObject().With(Small + "/rule", """{"<=":[{"var":"entity.discount"},0.1]}""");

        Between(before, after).Changes.ShouldHaveSingleItem().Sentence.ShouldBe("transition *finish*: condition *small* now needs ≤ 0.10, was ≤ 0.15");
    }

    [Theory]
    [InlineData("""{"and":[{">":[{"var":"entity.a"},1]},{"var":"entity.b"}]}""", """{"and":[{">":[{"var":"entity.a"},2.5]},{"var":"entity.b"}]}""", "now needs entity.a > 2.5, was > 1.0")]
    [InlineData("""{"and":[{"var":"entity.a"},{"var":"entity.b"}]}""", """{"var":"entity.a"}""", "no longer needs entity.b")]
    [InlineData("""{"<":[5,{"var":"entity.a"}]}""", """{"<":[6,{"var":"entity.a"}]}""", "now needs > 6, was > 5")]
    [InlineData("""{"<":[1,{"var":"entity.a"},5]}""", """{"<":[1,{"var":"entity.a"},6]}""", "now needs 1 < entity.a < 6; it was 1 < entity.a < 5")]
    [InlineData("""{"*":[{"+":[1,{"var":"entity.a"}]},2]}""", """{"if":[{"var":"entity.a"},1,2]}""", "now needs if entity.a then 1 else 2; it was (1 + entity.a) · 2")]
    [InlineData("""{"!":{"and":[{"<":[{"var":"entity.a"},1]},true]}}""", """{"!":{"and":[{"<":[{"var":"entity.a"},2]},true]}}""", "now needs not (entity.a < 2 and true); it was not (entity.a < 1 and true)")]
    [InlineData("true", """{"some":[{"var":"entity.list"},{"==":[{"var":""},1]}]}""", "now needs some(entity.list,  = 1); it was true")]
    public void A_rule_is_told_by_what_it_asks_for(string old, string young, string told) =>
        Between(Samples.Small().With(Small + "/rule", old), Samples.Small().With(Small + "/rule", young)).Changes.ShouldHaveSingleItem().Sentence.ShouldBe($"{Told}: condition *small* {told}");

    [Fact]
    public void The_same_content_in_another_order_and_layout_is_the_same()
    {
        var turned = new JsonObject(Samples.Small().Reverse().Select(m => KeyValuePair.Create(m.Key, m.Value?.DeepClone())));
        Between(Samples.Small(), turned).ShouldSatisfyAllConditions(d => d.Changes.ShouldBeEmpty(), d => d.SameContent.ShouldBeTrue(), d => d.IsLayoutOnly.ShouldBeFalse());
    }

    [Fact]
    public void A_change_of_layout_alone_says_so()
    {
        var diff = Between(Samples.Small(), Samples.Small().With("/layout/flow/open", "[7,7]"));
        diff.IsLayoutOnly.ShouldBeTrue();
        diff.Changes.ShouldHaveSingleItem().ShouldSatisfyAllConditions(c => c.Concerns.ShouldBe("layout"), c => c.Pointer.ShouldBe("/layout/flow"), c => c.Sentence.ShouldBe("layout of *flow* changed"));
    }

    [Fact]
    public void Where_a_designer_draws_an_activity_is_layout()
    {
        var before = JsonNode.Parse(Samples.Bytes("sales-pipeline.json"))!.AsObject();
        var diff = Between(before, before.DeepClone().AsObject().With("/automations/review-new-assignment/flow/root/activities/0/metadata/designer/position/x", "42"));
        diff.IsLayoutOnly.ShouldBeTrue();
        diff.Changes.ShouldHaveSingleItem().Sentence.ShouldBe("automation *review-new-assignment*: layout of its flow changed");
    }

    [Fact]
    public void A_step_put_in_between_is_all_that_is_told()
    {
        var after = Samples.Small();
        after["workflows"]!["flow"]!["steps"]!.AsArray().Insert(0, JsonNode.Parse("""{"status":"spare"}"""));
        Between(Samples.Small(), after).Changes.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            c => c.Kind.ShouldBe(ChangeKind.Added), c => c.Pointer.ShouldBe("/workflows/flow/steps/0"), c => c.Sentence.ShouldBe("workflow *flow*: step *spare* added"));
    }

    [Fact]
    public void Steps_in_another_order_are_told_by_the_fewest_that_moved()
    {
        var change = Between(Steps("a", "b", "c", "d"), Steps("a", "c", "d", "b")).Changes.ShouldHaveSingleItem();
        change.ShouldSatisfyAllConditions(c => c.Kind.ShouldBe(ChangeKind.Moved), c => c.Sentence.ShouldBe("workflow *aside*: step *b* now comes after *d*"), c => c.From.ShouldBe("/workflows/aside/steps/1"), c => c.Pointer.ShouldBe("/workflows/aside/steps/3"));

        static JsonObject Steps(params string[] keys) => Samples.Small().With("/workflows/aside/steps", $"[{string.Join(',', keys.Select(k => $$"""{"key":"{{k}}","status":"open"}"""))}]");
    }

    [Fact]
    public void An_element_with_another_key_was_renamed_and_what_else_changed_is_told_besides()
    {
        var finish = Samples.Small()["workflows"]!["flow"]!["transitions"]!["finish"]!.DeepClone().AsObject();
        finish["title"] = "End";
        var diff = Between(Samples.Small(), Samples.Small().With(Finish, null).With(Flow + "/transitions/end", finish.ToJsonString()));

        diff.Changes.Select(c => (c.Kind, c.Sentence)).ShouldBe([
            (ChangeKind.Renamed, "workflow *flow*: transition *end* was called *finish*"), (ChangeKind.Added, "workflow *flow*: transition *end*: title is \"End\", was not set")]);
        diff.Changes[0].ShouldSatisfyAllConditions(c => c.From.ShouldBe(Finish), c => c.Pointer.ShouldBe(Flow + "/transitions/end"), c => c.Hint.ShouldNotBeNull());
    }

    [Fact]
    public void A_condition_that_became_a_validator_was_moved()
    {
        var small = Samples.Small()["workflows"]!["flow"]!["transitions"]!["finish"]!["conditions"]!["small"]!.ToJsonString();
        Between(Samples.Small(), Samples.Small().With(Small, null).With(Finish + "/validators/small", small)).Changes.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            c => c.Kind.ShouldBe(ChangeKind.Moved), c => c.From.ShouldBe(Small), c => c.Sentence.ShouldBe($"{Told}: validator *small* was {Told}: condition *small*"));
    }

    [Theory]
    [InlineData(Flow + "/steps/1", null, "projects in finished have no place")]
    [InlineData(Flow + "/transitions/reopen", null, "no longer finds it")]
    [InlineData(Finish + "/to", "\"open\"", "leads elsewhere")]
    [InlineData(Finish + "/from/0", "\"finished\"", "a step it no longer leaves")]
    [InlineData("/projectTypes/side", null, "none starts")]
    [InlineData("/projectTypes/side/workflow", "\"flow\"", "of the other one")]
    [InlineData("/subjects/ticket/schema/properties/amount", null, "have the field already")]
    [InlineData("/subjects/ticket/schema/properties/amount/type", "\"string\"", "values of the other type")]
    [InlineData("/subjects/ticket/schema/required", """["amount"]""", "may lack")]
    public void What_keeps_running_projects_from_coming_along_is_hinted_at(string at, string? json, string hint)
    {
        var after = Samples.Small();
        if (at.EndsWith("/steps/1", StringComparison.Ordinal)) after["workflows"]!["flow"]!["steps"]!.AsArray().RemoveAt(1);
        else after.With(at, json);
        var diff = Between(Samples.Small(), after);

        diff.IsCompatible.ShouldBeFalse();
        diff.Changes.Single(c => c.Hint is not null).Hint!.ShouldContain(hint);
    }

    [Theory]
    [InlineData(Small + "/rule", "false")]
    [InlineData(Finish + "/from", "\"*\"")]
    [InlineData("/subjects/ticket/schema/properties/due", """{"type":"string"}""")]
    [InlineData("/workflows/more", """{"steps":[{"status":"open","initial":true,"final":true}],"transitions":{}}""")]
    public void What_running_projects_do_not_mind_is_compatible(string at, string json) => Between(Samples.Small(), Samples.Small().With(at, json)).IsCompatible.ShouldBeTrue();

    [Fact]
    public void A_step_that_is_gone_but_mapped_is_compatible()
    {
        var after = Samples.Small().With("/migrations", """[{"workflow":"flow","from":"<2.0.0","steps":{"finished":"open"}}]""");
        after["workflows"]!["flow"]!["steps"]!.AsArray().RemoveAt(1);
        Between(Samples.Small(), after).IsCompatible.ShouldBeTrue();
    }

    [Fact]
    public void Compared_with_nothing_everything_is_added()
    {
        var changes = BundleDiff.Between(Value.Null, Value.Parse(Samples.Small().ToJsonString())).Changes;
        changes.ShouldAllBe(c => c.Kind == ChangeKind.Added || c.Concerns == "layout");
        changes.Select(c => c.Sentence).ShouldContain("workflow *flow* added");
    }

    [Fact]
    public void Bundles_that_were_read_are_compared_like_their_documents() =>
        BundleDiff.Between(Samples.Reading(Samples.Small()).Bundle!, Samples.Reading(Samples.Small().With("/roles/guest", "{}")).Bundle!).Changes.ShouldHaveSingleItem().Sentence.ShouldBe("role *guest* added");

    private static BundleDiff Between(JsonObject before, JsonObject after) => BundleDiff.Between(Value.Parse(before.ToJsonString()), Value.Parse(after.ToJsonString()));
}
