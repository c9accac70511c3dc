using System.Text;
using System.Text.Json.Nodes;
using Crm.Wfm.Bundles;
using Crm.Wfm.Rules;
using Crm.Wfm.Tests.Rules;
using FsCheck;
using FsCheck.Fluent;

namespace Crm.Wfm.Tests.Bundles;

public class BundleTests
{
    [Fact]
    public void A_bundle_without_titles_and_tests_is_read()
    {
        var workflow = Good(Samples.Small()).Workflows["aside"];
        workflow.ShouldSatisfyAllConditions(w => w.Title.ShouldBeNull(), w => w.Transitions.ShouldBeEmpty(), w => w.Initial.Key.ShouldBe("open"), w => w.Initial.Final.ShouldBeTrue());
    }

    [Fact]
    public void A_plain_text_lies_under_the_default_language()
    {
        var bundle = Good(Samples.Small().With("/bundle/defaultLanguage", "\"de\""));
        bundle.Title.ShouldNotBeNull().ByLanguage.ShouldBe(new Dictionary<string, string> { ["de"] = "Small" });
        bundle.Roles["boss"]!.Default.ShouldBe("Chefin");
        bundle.Workflows["flow"].Transition("finish")!.Validators[0].Message.Default.ShouldBe("Say why.");
    }

    [Fact]
    public void A_star_means_every_step_but_the_target()
    {
        var flow = Good(Samples.Small().With("/workflows/flow/steps/-", """{"status":"spare","final":true}""").With("/workflows/flow/transitions/park", """{"from":"*","to":"spare"}""")).Workflows["flow"];
        var park = flow.Transition("park")!;
        park.From.ShouldBe(["open", "finished"]);
        park.From[1].ShouldBe("finished");
        park.Leaves("spare").ShouldBeFalse();
    }

    [Fact]
    public void Transitions_are_ordered_by_target_then_key()
    {
        var bundle = Good(Samples.Small().With("/workflows/flow/transitions/abort", """{"from":["open"],"to":"finished"}"""));
        bundle.Workflows["flow"].Transitions.Select(t => t.Key).ShouldBe(["reopen", "abort", "finish"]);
    }

    [Fact]
    public void The_only_project_type_of_a_subject_is_its_default_unless_it_says_no()
    {
        Good(Samples.Small()).ProjectTypes["support"].Default.ShouldBeTrue();
        Good(Samples.Small().With("/projectTypes/support/default", "false")).ProjectTypes["support"].Default.ShouldBeFalse();
        var two = Good(Samples.Small().With("/projectTypes/second", """{"workflow":"aside","subject":"ticket"}"""));
        two.ProjectTypes.Values.Where(t => t.Subject == "ticket").ShouldAllBe(t => !t.Default);
    }

    [Fact]
    public void A_scenario_is_read_as_written()
    {
        var scenario = Good(Samples.Small()).Tests["finishes"];
        scenario.Given["step"].AsText.ShouldBe("open");
        var step = scenario.Steps.ShouldHaveSingleItem();
        step.ShouldSatisfyAllConditions(
            s => s.Do.ShouldBe("finish"), s => s.As.IsNull.ShouldBeTrue(), s => s.Changes.IsNull.ShouldBeTrue(), s => s.Advance.ShouldBe(TimeSpan.FromHours(1)),
            s => s.Expect.BlockedBy.ShouldBeEmpty(), s => s.Expect.Available.ShouldBeNull(), s => s.Expect.Events.ShouldBe(["small.finished"]));
    }

    [Fact]
    public void Export_import_export_is_byte_identical_and_keeps_extensions()
    {
        var json = Samples.Small().With("/x-owner", "\"ops\"").With("/workflows/flow/x-board", "[1]").With("/workflows/flow/transitions/finish/x-icon", "{\"a\":null}")
            .With("/statuses/x-palette", "\"warm\"").With("/tests/finishes/steps/0/x-note", "1");
        var bundle = Good(json);
        bundle.Statuses.Keys.ShouldNotContain("x-palette");
        var text = bundle.ToText();
        Good(Encoding.UTF8.GetBytes(text)).ToText().ShouldBe(text);
        foreach (var extension in new[] { "x-owner", "x-board", "x-icon", "x-palette", "x-note" }) text.ShouldContain($"\"{extension}\"");
    }

    [Fact]
    public void The_content_hash_knows_neither_layout_nor_schema_nor_order_nor_spacing()
    {
        var hash = Good(Samples.Small()).ContentHash;
        hash.ShouldMatch("^[0-9a-f]{64}$");
        Good(Samples.Small().With("/layout", null).With("/$schema", "\"urn:any\"")).ContentHash.ShouldBe(hash);
        var turned = new JsonObject(Samples.Small().Reverse().Select(m => KeyValuePair.Create(m.Key, m.Value?.DeepClone())));
        Good(Encoding.UTF8.GetBytes(turned.ToJsonString(new() { WriteIndented = true }))).ContentHash.ShouldBe(hash);
        Good(Samples.Small().With("/workflows/flow/steps/0/probability", "0.5")).ContentHash.ShouldNotBe(hash);
    }

    [Fact]
    public void A_slice_holds_one_workflow_and_what_it_uses()
    {
        var slice = Good(Samples.Small().With("/x-owner", "1")).Slice("flow");
        slice.AsObject!.Shape.Names.ToArray().ShouldBe(["apiVersion", "bundle", "kind", "params", "projectTypes", "roles", "statuses", "subjects", "workflows"]);
        foreach (var (member, keys) in new[] { ("params", "limit"), ("projectTypes", "support"), ("roles", "clerk"), ("statuses", "done open"), ("subjects", "ticket"), ("workflows", "flow") })
            slice[member].AsObject!.Shape.Names.ToArray().ShouldBe(keys.Split(' '));
    }

    [Theory]
    [InlineData("sales-pipeline.json")]
    [InlineData("lead-qualification.json")]
    [InlineData("loan-application.json")]
    public void A_slice_is_read_again_and_slices_to_itself(string file)
    {
        var bundle = Samples.Read(file);
        foreach (var key in bundle.Workflows.Keys)
        {
            var again = Good(Encoding.UTF8.GetBytes(bundle.Slice(key).ToString()));
            again.Slice(key).ShouldBe(bundle.Slice(key));
            again.SliceHash(key).ShouldBe(bundle.SliceHash(key));
            again.Workflows[key].Transitions.Select(t => t.Key).ShouldBe(bundle.Workflows[key].Transitions.Select(t => t.Key));
        }
    }

    [Fact]
    public void A_slice_does_not_make_a_default_of_a_project_type_that_is_none()
    {
        var bundle = Good(Samples.Small().With("/projectTypes/side/subject", "\"ticket\"").With("/projectTypes/support/default", "true"));
        Good(Encoding.UTF8.GetBytes(bundle.Slice("aside").ToString())).ProjectTypes["side"].Default.ShouldBeFalse();
    }

    [Theory]
    [InlineData("/bundle/version", "\"1.1.0\"", true)]
    [InlineData("/layout", "{}", true)]
    [InlineData("/workflows/aside/title", "\"Aside\"", true)]
    [InlineData("/roles/boss/title", "\"Chief\"", true)]
    [InlineData("/tests", "{}", true)]
    [InlineData("/projectTypes/second", """{"workflow":"aside","subject":"ticket","default":true}""", true)]
    [InlineData("/params/limit/default", "11", false)]
    [InlineData("/statuses/done/title", "\"Done\"", false)]
    [InlineData("/workflows/flow/steps/0/wipLimit", "3", false)]
    [InlineData("/projectTypes/support/fields/required", """["note"]""", false)]
    public void A_workflow_that_did_not_change_keeps_its_slice_hash(string at, string json, bool same) =>
        (Good(Samples.Small().With(at, json)).SliceHash("flow") == Good(Samples.Small()).SliceHash("flow")).ShouldBe(same);

    [Theory]
    [InlineData("""{"var":"param.limit"}""", "limit")]
    [InlineData("""{"missing":["param.unused"]}""", "unused")]
    [InlineData("""{"var":"param"}""", "limit unused")]
    [InlineData("""{"var":{"cat":["param.",{"var":"entity.amount"}]}}""", "limit unused")]
    [InlineData("true", "")]
    public void A_slice_keeps_the_params_its_rules_may_read(string rule, string kept) =>
        (Good(Samples.Small().With("/workflows/flow/transitions/finish/conditions/small/rule", rule)).Slice("flow")["params"].AsObject ?? FactObject.Empty)
            .Select(p => p.Key).ShouldBe(kept.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    [Fact]
    public void An_unknown_workflow_cannot_be_sliced() => Should.Throw<ArgumentException>(() => Good(Samples.Small()).Slice("flaw"));

    [Fact]
    public void Of_a_thousand_steps_each_costs_no_more_than_of_a_hundred()
    {
        Good(Encoding.UTF8.GetBytes(Large(1000).ToJsonString())).Workflows["flow"].Steps.Count.ShouldBe(1000);
        CostsNoMore(count => Large(count));
    }

    [Fact]
    public void Of_a_thousand_mistakes_each_costs_no_more_than_of_a_hundred()
    {
        static JsonObject Mistaken(int count)
        {
            var json = Large(count);
            foreach (var (_, transition) in json["workflows"]!["flow"]!["transitions"]!.AsObject()) transition!["to"] = transition["to"] + "x";
            return json;
        }

        BundleReader.Read(Encoding.UTF8.GetBytes(Mistaken(1000).ToJsonString())).Faults.Count(f => f.Key == "unknown-reference").ShouldBe(1999);
        CostsNoMore(Mistaken);
    }

    // Counted in what is allocated, which is the same on every machine.
    private static void CostsNoMore(Func<int, JsonObject> make)
    {
        long Cost(int count)
        {
            var bundle = Encoding.UTF8.GetBytes(make(count).ToJsonString());
            BundleReader.Read(bundle);
            var before = GC.GetAllocatedBytesForCurrentThread();
            BundleReader.Read(bundle);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Cost(1000).ShouldBeLessThan(15 * Cost(100));
    }

    [Fact]
    public void A_bundle_broken_anywhere_is_refused_or_read_but_never_thrown_at()
    {
        var places = Places(JsonNode.Parse(Samples.Bytes("sales-pipeline.json"))!, "").Concat(Places(Samples.Small(), "")).ToArray();
        Prop.ForAll(Gen.Elements(places).ToArbitrary(), Generated.Values.ToArbitrary(), (place, value) =>
        {
            var bundle = place.Root.DeepClone().AsObject().With(place.Pointer, value.ToString());
            var read = Samples.Reading(bundle).Bundle;
            foreach (var workflow in read?.Workflows.Keys ?? []) read!.SliceHash(workflow);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
    }

    private static IEnumerable<(JsonNode Root, string Pointer)> Places(JsonNode node, string pointer)
    {
        if (pointer.Length > 0) yield return (node.Root, pointer);
        var below = node switch
        {
            JsonObject o => o.Select(m => (m.Key, m.Value)),
            JsonArray a => a.Select((item, i) => ($"{i}", item)),
            _ => [],
        };
        foreach (var (token, child) in below.Where(m => m.Item2 is not null && !m.Item1.Contains('/', StringComparison.Ordinal)))
        {
            foreach (var place in Places(child!, $"{pointer}/{token}")) yield return place;
        }
    }

    private static JsonObject Large(int steps)
    {
        var bundle = Samples.Small().With("/tests", "{}");
        var list = new JsonArray();
        var transitions = new JsonObject();
        for (var i = 0; i < steps; i++)
        {
            list.Add(new JsonObject { ["key"] = $"step-{i}", ["status"] = "open", ["initial"] = i == 0, ["final"] = i == steps - 1 });
            if (i > 0) transitions[$"next-{i}"] = JsonNode.Parse($$$"""
                {"from":["step-{{{i - 1}}}"],"to":"step-{{{i}}}","conditions":{"c":{"rule":{">":[{"var":"entity.amount"},{{{i}}}]},"message":"m","fixes":["/entity/amount"]} } }
                """);
            transitions[$"jump-{i}"] = JsonNode.Parse($$"""{"from":"*","to":"step-{{i}}"}""");
        }

        bundle["workflows"]!["flow"] = new JsonObject { ["steps"] = list, ["transitions"] = transitions };
        return bundle;
    }

    private static Bundle Good(JsonObject json) => Good(Encoding.UTF8.GetBytes(json.ToJsonString()));

    private static Bundle Good(byte[] utf8)
    {
        var reading = BundleReader.Read(utf8, Samples.Actions);
        reading.Faults.ShouldBeEmpty();
        return reading.Bundle.ShouldNotBeNull();
    }
}
