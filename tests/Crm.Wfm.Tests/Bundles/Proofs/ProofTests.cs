using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Crm.Wfm.Bundles;
using Crm.Wfm.Bundles.Proofs;
using Crm.Wfm.Rules;
using Xunit.Abstractions;

namespace Crm.Wfm.Tests.Bundles.Proofs;

public class ProofTests(ITestOutputHelper output)
{
    private const string Flow = "/workflows/flow";
    private const string Finish = Flow + "/transitions/finish";

    [Theory]
    [MemberData(nameof(SampleTests.Files), MemberType = typeof(SampleTests))]
    public void A_sample_is_free_of_findings(string file)
    {
        var (draft, budget) = (Drafts.Of(Samples.Bytes(file)), new Budget());
        BundleProofs.Check(draft, Samples.Read(file), Defect.Events, budget);
        output.WriteLine($"{file}: {budget.Spent} steps");
        draft.Faults.Concat(draft.Warnings).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(Finish + "/conditions/small/rule", """{">": [{"var": "project.note"}, {"cat": ["a"]}]}""", null, null)]
    [InlineData(Finish + "/conditions/small/rule", """{"==": [{"var": "project.nota"}, 1]}""", "unknown-fact", "the schema of support says nothing of 'nota'; did you mean 'note'?")]
    [InlineData(Finish + "/conditions/small/rule", """{"==": [{"var": "step.kye"}, "open"]}""", "unknown-fact", "a step has no 'kye'; did you mean 'key'? (it has key, status, category, probability, enteredAt)")]
    [InlineData(Finish + "/conditions/small/rule", """{"==": [{"var": "step.key"}, "finished"]}""", "always-false", "can never hold, whatever the facts, so that nobody can ever take 'finish'")]
    [InlineData(Finish + "/conditions/small/rule", """{"<": [{"var": "param.limit"}, 5]}""", "always-false", "can never hold as long as param.limit is 10, so that nobody can ever take 'finish'")]
    [InlineData(Finish + "/conditions/small/rule", """{"or": [{"!": [{"var": "entity.amount"}]}, {"!==": [{"var": "entity.amount"}, 0]}]}""", "always-true", "always holds, whatever the facts: it guards nothing")]
    [InlineData(Finish + "/conditions/small/rule", """{"!": [{"var": "entity.amount"}]}""", "guards-contradict", "never holds where 'small' does, so that nobody can ever take 'finish'")]
    [InlineData(Finish + "/validators/none", """{"rule": {"!": [{"var": "input.why"}]}, "message": "m"}""", "guards-contradict", "never holds where 'none' does, so that nobody can ever take 'finish'")]
    public void A_guard_is_told_of_where_it_is_proved(string at, string json, string? key, string? message)
    {
        var reading = Samples.Reading(Samples.Small().With(at, json));
        var findings = reading.Faults.Concat(reading.Warnings).Where(f => f.Key != "null-comparison").ToList();
        if (key is null) findings.ShouldBeEmpty();
        else findings.ShouldHaveSingleItem().ShouldSatisfyAllConditions(f => f.Key.ShouldBe(key), f => f.Message.ShouldBe(message));
    }

    [Fact]
    public void An_example_is_left_out_of_what_has_none()
    {
        System.Text.Json.JsonSerializer.Serialize(new Fault("/a", "b", "c"), System.Text.Json.JsonSerializerOptions.Web).ShouldBe("""{"pointer":"/a","key":"b","message":"c"}""");
        var fault = Samples.Reading(Samples.Small().With(Finish + "/conditions/small/rule", "false")).Faults.ShouldHaveSingleItem();
        JsonNode.Parse(System.Text.Json.JsonSerializer.Serialize(fault, System.Text.Json.JsonSerializerOptions.Web))!["example"]!["workflow"]!.GetValue<string>().ShouldBe("flow");
    }

    [Theory]
    [InlineData("""{"hook": {"on": ["small.finished"], "actions": [{"do": "emit", "value": "a.b"}]}}""", null)]
    [InlineData("""{"hook": {"on": ["shop/paid"], "actions": [{"do": "emit", "value": "a.b"}]}}""", null)]
    [InlineData("""{"hook": {"on": ["wfm.project.moved"], "actions": [{"do": "emit", "value": "a.b"}]}}""", null)]
    [InlineData("""{"hook": {"on": ["shop.piad"], "actions": [{"do": "emit", "value": "a.b"}]}}""", "neither the host nor a transition or flow here emits 'shop.piad'; did you mean 'shop.paid'?; another bundle would have to")]
    [InlineData("""{"hook": {"on": ["wfm.invoice.paid"], "actions": [{"do": "emit", "value": "a.b"}]}}""", "the engine emits no 'wfm.invoice.paid', and nobody else may (it emits wfm.project.started, wfm.project.moved, wfm.project.completed)")]
    public void An_automation_waits_for_an_event_that_is_emitted(string automations, string? message)
    {
        var utf8 = Encoding.UTF8.GetBytes(Samples.Small().With("/automations", automations).ToJsonString());
        var reading = BundleReader.Read(utf8, events: ["shop.paid"]);
        reading.Faults.Concat(reading.Warnings).Where(f => f.Key == "unknown-event").Select(f => f.Message).ShouldBe(message is null ? [] : [message]);
        BundleReader.Read(utf8).Warnings.ShouldAllBe(w => w.Key != "unknown-event", "a host that declares nothing is told nothing");
    }

    [Fact]
    public void A_bundle_that_would_take_too_long_is_given_up_on_and_told_so()
    {
        var json = Samples.Small().With("/tests", "{}");
        for (var i = 0; i < 4000; i++)
        {
            var sums = string.Join(',', Enumerable.Range(0, 12).Select(n => $$"""{">": [{"*": [{"var": "entity.custom.f{{n}}"}, {"var": "entity.custom.f{{(n + i) % 12}}"}]}, {{i}}]}"""));
            json.With($"{Flow}/transitions/t{i}", $$"""{"from": ["open"], "to": "finished", "conditions": {"c": {"rule": {"and": [{{sums}}]}, "message": "m"} } }""");
        }

        var (bytes, budget) = (Encoding.UTF8.GetBytes(json.ToJsonString()), new Budget());
        var bundle = BundleReader.Read(Value.Parse(json.ToJsonString()), []).Bundle.ShouldNotBeNull();
        var draft = Drafts.Of(bytes);
        var time = Stopwatch.StartNew();
        BundleProofs.Check(draft, bundle, null, budget);
        output.WriteLine($"{time.ElapsedMilliseconds} ms");
        budget.Spent.ShouldBe(Budget.OfBundle);
        draft.Faults.ShouldBeEmpty();
        draft.Warnings.ShouldHaveSingleItem().Key.ShouldBe("not-analysed");
    }

    [Fact]
    public void What_was_published_is_read_whatever_is_proved_of_it()
    {
        var json = Samples.Small().With(Finish + "/conditions/small/rule", "false");
        Samples.Reading(json).Bundle.ShouldBeNull();
        BundleReader.Read(Value.Parse(json.ToJsonString()), []).Bundle.ShouldNotBeNull();
    }
}
