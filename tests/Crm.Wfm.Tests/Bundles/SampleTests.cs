using System.Text;
using System.Text.RegularExpressions;
using Crm.Wfm.Bundles;
using Crm.Wfm.Rules;
using Crm.Wfm.Testing;
using Crm.Wfm.Workflows;

namespace Crm.Wfm.Tests.Bundles;

public class SampleTests
{
    public static TheoryData<string> Files => [.. Directory.GetFiles(Samples.Folder, "*.json").Select(file => Path.GetFileName(file)!)];

    public static IEnumerable<object[]> Scenarios => Crm.Wfm.Testing.BundleTests.In(Samples.Folder, Samples.Actions);

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void A_samples_own_tests_pass(BundleScenario scenario) => scenario.ShouldPass();

    [Theory]
    [MemberData(nameof(Files))]
    public void A_sample_has_no_faults_and_only_warnings_about_what_is_not_enforced(string file)
    {
        var reading = BundleReader.Read(Samples.Bytes(file), Samples.Actions);
        reading.Faults.ShouldBeEmpty();
        reading.Warnings.ShouldAllBe(w => w.Key == "not-enforced" && Regex.IsMatch(w.Pointer, "/(rotAfter|sla|calendars/[a-z]+|automations/[a-z-]+)$"));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_sample_is_canonical_text(string file) => Samples.Read(file).ToText().ShouldBe(Encoding.UTF8.GetString(Samples.Bytes(file)));

    [Theory]
    [MemberData(nameof(Files))]
    public void A_samples_tests_take_every_way_see_every_guard_both_ways_and_turn_away_who_may_not(string file) => Coverage.Gaps(Samples.Read(file)).ShouldBeEmpty();

    [Fact]
    public void Coverage_names_every_gap() => Coverage.Gaps(Samples.Reading(Samples.Small()
        .With("/workflows/flow/transitions/finish/allow/-", """{"roles":["boss"],"relations":["owner"]}""")
        .With("/workflows/flow/transitions/finish/conditions/sure", """{"rule":true,"message":"m","severity":"warning"}""")).Bundle.ShouldNotBeNull()).ShouldBe([
            "reopen is not taken from finished", "reopen is not refused for want of four eyes",
            "finish: small is never unmet", "finish: sure is never unmet", "finish: sure is never met", "finish: why-given is never unmet", "finish is not refused for its input",
            "finish turns nobody away", "finish is not taken by boss as owner", "finish does not turn away who has the role alone of boss as owner",
            "open: exit/paid is never unmet"]);

    [Theory]
    [MemberData(nameof(Files))]
    public void A_sample_names_everything(string file)
    {
        var bundle = Samples.Read(file);
        bundle.Statuses.Values.Select(s => s.Title).Concat(bundle.ProjectTypes.Values.Select(t => t.Title)).Concat(bundle.Roles.Values).Append(bundle.Title)
            .Concat(bundle.Workflows.Values.SelectMany(w => w.Transitions.Select(t => t.Title).Append(w.Title))).ShouldAllBe(title => title != null);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_sample_speaks_English_and_German(string file) =>
        // A flow is Elsa's, which has one language.
        Texts(Samples.Read(file).Document, "").Where(t => !t.Pointer.Contains("/flow/", StringComparison.Ordinal)).Where(t => t.Text["en"].AsText is not { Length: > 0 } || t.Text["de"].AsText is not { Length: > 0 }).Select(t => t.Pointer).ShouldBeEmpty();

    [Fact]
    public void The_sales_pipeline_is_read_into_the_model()
    {
        var workflow = Samples.Read("sales-pipeline.json").Workflows["sales-pipeline"];
        workflow.Steps.Select(s => s.Key).ShouldBe(["qualification", "initial-contact", "discovery", "proposal", "negotiation", "closed-won", "closed-lost"]);
        workflow.Initial.Status.Title!.In("de-CH").ShouldBe("Lead-Qualifizierung");
        workflow.Transitions.Select(t => t.Key).ShouldBe(["contact", "discover", "reopen", "propose", "revise", "negotiate", "win", "lose"]);
        workflow.Params["max-discount"].AsNumber.ShouldBe(0.15);
        workflow.Step("negotiation")!.ShouldSatisfyAllConditions(
            s => s.WipLimit.ShouldBe(25), s => s.Probability.ShouldBe(0.8), s => s.RotAfter.ShouldBe(TimeSpan.FromDays(7)), s => s.ExitCriteria.ShouldHaveSingleItem());
        workflow.Step("closed-won")!.ShouldSatisfyAllConditions(s => s.Final.ShouldBeTrue(), s => s.Status.Category.ShouldBe(StatusCategory.Won));
        workflow.Transition("lose")!.ShouldSatisfyAllConditions(
            t => t.Input.ShouldNotBeNull().Validate(Value.From(FactObject.Empty)).ShouldHaveSingleItem().Pointer.ShouldBe("/lostReason"),
            t => t.Validators.ShouldHaveSingleItem().Fixes.ShouldBe(["/input/note"]),
            t => t.Allow.Count.ShouldBe(2),
            t => t.PostActions.Select(a => a.Do).ShouldBe(["set", "set", "emit"]));
    }

    [Fact]
    public void The_loan_process_has_the_edges_of_the_log()
    {
        var bundle = Samples.Read("loan-application.json");
        var workflow = bundle.Workflows["loan-application"];
        workflow.Transitions.Count.ShouldBe(21);
        workflow.Transitions.ShouldAllBe(t => t.From.Count == 1 && t.Conditions.Count == 0 && t.Validators.Count == 0 && t.Allow.Count == 0 && t.Input == null);
        foreach (var step in workflow.Steps) bundle.Document["statuses"][step.Status.Key]["x-activity"].AsText.ShouldBe("A_" + step.Key.ToUpperInvariant());
        workflow.Steps.Where(s => s.Final).Select(s => s.Key).ShouldBe(["approved", "registered", "activated", "declined", "cancelled"]);
    }

    // Schemas of JSON have one language, and tests are for those who write them.
    private static IEnumerable<(string Pointer, Value Text)> Texts(Value part, string pointer)
    {
        foreach (var (name, value) in part.AsObject ?? FactObject.Empty)
        {
            if (name is "title" or "description" or "message" or "guidance") yield return ($"{pointer}/{name}", value);
            else if (name is not ("schema" or "input" or "fields" or "tests"))
            {
                foreach (var text in Texts(value, $"{pointer}/{name}")) yield return text;
            }
        }

        foreach (var (index, item) in part.AsList.ToArray().Index())
        {
            foreach (var text in Texts(item, $"{pointer}/{index}")) yield return text;
        }
    }
}
