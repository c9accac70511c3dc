using System.Text;
using System.Text.Json.Nodes;
using Crm.Wfm.Bundles;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Tests.Bundles.Merging;

/// <summary>Two people change the small bundle; each change is a pointer and what is put there.</summary>
public class BundleMergeTests
{
    private const string Finish = "/workflows/flow/transitions/finish";

    [Fact]
    public void What_only_one_side_changed_is_taken_from_there()
    {
        var merged = Merge([("/roles/boss/title/en", "\"Chief\""), ("/layout/flow/open", "[1,1]")], [("/roles/boss/title/de", "\"Leitung\""), (Finish + "/title", "\"Finish\"")]);

        merged.Conflicts.ShouldBeEmpty();
        merged.Document["roles"]["boss"]["title"].ShouldBe(Value.Parse("""{"en":"Chief","de":"Leitung"}"""));
        merged.Document["layout"]["flow"]["open"].ShouldBe(Value.Parse("[1,1]"));
        At(merged, Finish + "/title").AsText.ShouldBe("Finish");
    }

    [Fact]
    public void The_same_change_on_both_sides_is_one()
    {
        var merged = Merge([(Finish + "/to", "\"open\"")], [(Finish + "/to", "\"open\"")]);

        merged.Conflicts.ShouldBeEmpty();
        At(merged, Finish + "/to").AsText.ShouldBe("open");
    }

    [Fact]
    public void A_rule_both_changed_is_a_conflict_as_a_whole_and_ours_stays()
    {
        const string Rule = Finish + "/conditions/small/rule";
        var merged = Merge([(Rule, """{"<":[{"var":"entity.amount"},5]}"""), (Finish + "/conditions/small/message", "\"Less.\"")], [(Rule, """{"<=":[{"var":"entity.amount"},{"var":"param.limit"}]}""")]);

        var conflict = merged.Conflicts.ShouldHaveSingleItem();
        conflict.Pointer.ShouldBe(Rule);
        conflict.Message.ShouldBe("both sides changed it");
        conflict.Base.ShouldBe(Value.Parse("""{"<":[{"var":"entity.amount"},{"var":"param.limit"}]}"""));
        conflict.Theirs.ShouldBe(Value.Parse("""{"<=":[{"var":"entity.amount"},{"var":"param.limit"}]}"""));
        At(merged, Rule).ShouldBe(conflict.Ours!.Value);
        At(merged, Finish + "/conditions/small/message").AsText.ShouldBe("Less.");
    }

    [Fact]
    public void A_bundle_with_conflicts_written_down_is_JSON_that_nobody_publishes_by_mistake()
    {
        var merged = Merge([(Finish + "/to", "\"open\"")], [(Finish + "/to", "\"nowhere\"")]);

        var text = CanonicalJson.Indented(BundleMerge.WithConflicts(merged.Document, merged.Conflicts));

        Value.Parse(text)[BundleMerge.ConflictsMember].AsList[0].ShouldBe(Value.Parse($$"""{"base":"finished","message":"both sides changed it","ours":"open","pointer":"{{Finish}}/to","theirs":"nowhere"}"""));
        BundleReader.Read(Encoding.UTF8.GetBytes(text)).Faults.ShouldContain(f => f.Key == "unresolved-conflict" && f.Pointer == "/x-merge-conflicts/0" && f.Message.Contains(Finish + "/to"));
    }

    [Theory]
    [InlineData("1.1.0", "1.2.0", "1.2.0")]
    [InlineData("2.0.0", "1.9.0", "2.0.0")]
    [InlineData("1.1.0-rc.1", "1.1.0", "1.1.0")]
    public void Of_two_raised_versions_the_higher_one_counts_and_it_is_said(string ours, string theirs, string higher)
    {
        var merged = Merge([("/bundle/version", $"\"{ours}\"")], [("/bundle/version", $"\"{theirs}\"")]);

        merged.Conflicts.ShouldBeEmpty();
        merged.Document["bundle"]["version"].AsText.ShouldBe(higher);
        merged.Notes.ShouldHaveSingleItem().ShouldContain(higher);
    }

    [Fact]
    public void Versions_that_are_none_are_not_guessed() =>
        Merge([("/bundle/version", "\"new\"")], [("/bundle/version", "\"newer\"")]).Conflicts.ShouldHaveSingleItem().Pointer.ShouldBe("/bundle/version");

    [Fact]
    public void Steps_are_matched_by_key_whatever_their_place()
    {
        var (ours, theirs) = (Samples.Small(), Samples.Small().With("/workflows/flow/steps/1/wipLimit", "3"));
        ours["workflows"]!["flow"]!["steps"]!.AsArray().Insert(0, JsonNode.Parse("""{"status":"spare"}"""));

        var merged = Merge(ours, theirs);

        merged.Conflicts.ShouldBeEmpty();
        merged.Document["workflows"]["flow"]["steps"].AsList.ToArray().Select(s => (s["key"].AsText ?? s["status"].AsText, s["wipLimit"].AsNumber)).ShouldBe([("spare", 0), ("open", 0), ("finished", 3)]);
    }

    [Fact]
    public void A_conflict_in_a_step_tells_its_place_in_the_merged_bundle()
    {
        var (ours, theirs) = (Samples.Small().With("/workflows/flow/steps/1/wipLimit", "2"), Samples.Small().With("/workflows/flow/steps/1/wipLimit", "3"));
        theirs["workflows"]!["flow"]!["steps"]!.AsArray().Insert(0, JsonNode.Parse("""{"status":"spare"}"""));

        Merge(ours, theirs).Conflicts.ShouldHaveSingleItem().Pointer.ShouldBe("/workflows/flow/steps/2/wipLimit");
    }

    [Fact]
    public void Roles_added_and_taken_away_come_together()
    {
        var merged = Merge([(Finish + "/allow/0/roles", """["clerk","boss"]"""), (Finish + "/from", """["open","finished"]""")], [("/workflows/flow/transitions/reopen/from", """["open"]""")]);
        At(merged, Finish + "/allow/0/roles").ShouldBe(Value.Parse("""["clerk","boss"]"""));
        At(merged, "/workflows/flow/transitions/reopen/from").ShouldBe(Value.Parse("""["open"]"""));
    }

    [Fact]
    public void Two_ways_to_restrict_the_same_alternative_are_a_conflict_not_two_alternatives() =>
        Merge([(Finish + "/allow/0", """{"roles":["boss"]}""")], [(Finish + "/allow/0", """{"roles":["clerk"],"relations":["owner"]}""")])
            .Conflicts.ShouldHaveSingleItem().Pointer.ShouldBe(Finish + "/allow");

    [Fact]
    public void A_rename_and_a_change_of_the_same_transition_are_a_conflict_at_its_old_name()
    {
        var finish = Samples.Small()["workflows"]!["flow"]!["transitions"]!["finish"]!.ToJsonString();
        var merged = Merge([(Finish, null), ("/workflows/flow/transitions/end", finish)], [(Finish + "/to", "\"open\"")]);

        var conflict = merged.Conflicts.ShouldHaveSingleItem();
        conflict.Pointer.ShouldBe(Finish);
        conflict.Message.ShouldBe("ours removed what theirs changed");
        conflict.Ours.ShouldBeNull();
        conflict.Theirs!.Value["to"].AsText.ShouldBe("open");
    }

    [Fact]
    public void Two_new_names_for_the_same_transition_are_a_conflict()
    {
        var finish = Samples.Small()["workflows"]!["flow"]!["transitions"]!["finish"]!.ToJsonString();
        Merge([(Finish, null), ("/workflows/flow/transitions/end", finish)], [(Finish, null), ("/workflows/flow/transitions/close", finish)])
            .Conflicts.ShouldHaveSingleItem().Pointer.ShouldBe("/workflows/flow/transitions");
    }

    [Fact]
    public void Something_else_under_the_same_new_key_is_a_conflict()
    {
        var merged = Merge([("/roles/guest", """{"title":"Guest"}""")], [("/roles/guest", """{"title":"Visitor"}""")]);
        merged.Conflicts.ShouldHaveSingleItem().ShouldSatisfyAllConditions(c => c.Pointer.ShouldBe("/roles/guest"), c => c.Base.ShouldBeNull(), c => c.Message.ShouldStartWith("both sides added it"));
    }

    [Fact]
    public void Collections_both_began_are_joined()
    {
        var merged = Merge([("/calendars", """{"a":{"timeZone":"Europe/Zurich","week":{}}}""")], [("/calendars", """{"b":{"timeZone":"Europe/Zurich","week":{}}}""")]);
        merged.Conflicts.ShouldBeEmpty();
        merged.Document["calendars"].AsObject!.Shape.Names.ToArray().ShouldBe(["a", "b"]);
    }

    [Fact]
    public void Post_actions_are_known_by_what_they_do()
    {
        var merged = Merge([(Finish + "/postActions/0/value", "null")], [(Finish + "/postActions/-", """{"do":"emit","value":"small.ended"}""")]);
        merged.Conflicts.ShouldBeEmpty();
        At(merged, Finish + "/postActions").AsList.ToArray().Select(a => (a["do"].AsText, a["value"].AsText ?? a["target"].AsText))
            .ShouldBe([("set", "/entity/closedAt"), ("set", "/project/note"), ("emit", "small.finished"), ("emit", "small.ended")]);
        At(merged, Finish + "/postActions/0/value").IsNull.ShouldBeTrue();
    }

    [Fact]
    public void Fields_of_a_schema_and_what_it_requires_are_merged()
    {
        const string Schema = "/subjects/ticket/schema";
        var merged = Merge([(Schema + "/properties/due", """{"type":"string"}"""), (Schema + "/required", """["due"]""")], [(Schema + "/properties/amount/maximum", "100"), (Schema + "/required", """["amount"]""")]);
        merged.Conflicts.ShouldBeEmpty();
        At(merged, Schema + "/required").ShouldBe(Value.Parse("""["amount","due"]"""));
        At(merged, Schema + "/properties/amount/maximum").AsNumber.ShouldBe(100);
    }

    [Fact]
    public void Activities_of_a_flow_are_known_by_their_ids()
    {
        const string Activities = "/automations/review-new-assignment/flow/root/activities";
        var (ours, theirs) = (Sales().With(Activities + "/2/dueIn/expression/value", "\"P2D\""), Sales().With(Activities + "/-", """{"id":"After","type":"Elsa.Finish","version":1}""")
            .With("/automations/review-new-assignment/flow/root/connections/-", """{"source":{"activity":"Review","port":"Done"},"target":{"activity":"After","port":"In"}}"""));

        var merged = BundleMerge.Of(Parse(Sales()), Parse(ours), Parse(theirs));

        merged.Conflicts.ShouldBeEmpty();
        At(merged, Activities + "/2/dueIn/expression/value").AsText.ShouldBe("P2D");
        At(merged, Activities + "/3/id").AsText.ShouldBe("After");
        At(merged, "/automations/review-new-assignment/flow/root/connections").AsList.Length.ShouldBe(3);
    }

    [Fact]
    public void Rows_of_a_decision_table_are_known_by_their_keys_and_a_cell_is_one_thing()
    {
        var table = JsonNode.Parse("""
            {"kind":"table","inputs":[{"key":"amount","schema":{"type":"number"}}],"outputs":[{"key":"rate","schema":{"type":"number"}}],
             "rows":[{"key":"small","when":{"amount":{"<":10}},"then":{"rate":1}},{"key":"large","when":{"amount":{">=":10}},"then":{"rate":2}}]}
            """)!.AsObject();
        var (ours, theirs) = (table.DeepClone().AsObject().With("/rows/0/then/rate", "3"), table.DeepClone().AsObject().With("/rows/0/when/amount", """{"<":9}""").With("/rows/-", """{"key":"none","then":{"rate":0}}"""));

        var merged = Merge(With(ours), With(theirs), With(table));

        merged.Conflicts.ShouldBeEmpty();
        At(merged, "/decisions/rates/rows").ShouldBe(Value.Parse("""
            [{"key":"small","when":{"amount":{"<":9}},"then":{"rate":3}},{"key":"large","when":{"amount":{">=":10}},"then":{"rate":2}},{"key":"none","then":{"rate":0}}]
            """));
        Merge(With(theirs), With(table.DeepClone().AsObject().With("/rows/0/when/amount", """{"<=":10}""")), With(table)).Conflicts.ShouldHaveSingleItem().Pointer.ShouldBe("/decisions/rates/rows/0/when/amount");

        static JsonObject With(JsonObject table) => Samples.Small().With("/decisions/rates", table.ToJsonString());
    }

    [Fact]
    public void An_order_both_changed_is_a_conflict() => Merge(Ordered(1, 0, 2), Ordered(0, 2, 1), Ordered(0, 1, 2)).Conflicts.ShouldHaveSingleItem().Pointer.ShouldBe("/workflows/aside/steps");

    [Fact]
    public void Without_a_common_start_what_differs_is_a_conflict()
    {
        var merged = BundleMerge.Of(Value.Null, Parse(Samples.Small()), Parse(Samples.Small().With("/roles/guest", "{}").With(Finish + "/to", "\"open\"")));
        merged.Conflicts.ShouldHaveSingleItem().Pointer.ShouldBe("/workflows/flow");
        merged.Document["roles"].AsObject!.Has("guest").ShouldBeTrue();
    }

    private static JsonObject Sales() => JsonNode.Parse(Samples.Bytes("sales-pipeline.json"))!.AsObject();

    private static JsonObject Ordered(params int[] steps) =>
        Samples.Small().With("/workflows/aside/steps", $"[{string.Join(',', steps.Select(i => $$"""{"key":"s{{i}}","status":"open"}"""))}]");

    private static Value At(MergeResult merged, string pointer) => JsonPointer.Find(merged.Document, pointer).ShouldNotBeNull(pointer);

    private static Value Parse(JsonObject json) => Value.Parse(json.ToJsonString());

    private static MergeResult Merge(JsonObject ours, JsonObject theirs, JsonObject? origin = null) => BundleMerge.Of(Parse(origin ?? Samples.Small()), Parse(ours), Parse(theirs));

    private static MergeResult Merge((string At, string? Json)[] ours, (string At, string? Json)[] theirs) =>
        Merge(ours.Aggregate(Samples.Small(), (b, c) => b.With(c.At, c.Json)), theirs.Aggregate(Samples.Small(), (b, c) => b.With(c.At, c.Json)));
}
