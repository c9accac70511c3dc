using System.Text;
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
        reading.Warnings.Where(w => w.Key != "not-enforced" || !w.Pointer.EndsWith("/rotAfter", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_sample_is_canonical_text(string file) => Samples.Read(file).ToText().ShouldBe(Encoding.UTF8.GetString(Samples.Bytes(file)));

    [Theory]
    [MemberData(nameof(Files))]
    public void A_sample_tests_every_transition_and_every_guard_both_ways(string file)
    {
        var bundle = Samples.Read(file);
        foreach (var workflow in bundle.Workflows.Values)
        {
            var acts = bundle.Tests.Values.Where(t => t.Workflow == workflow.Key).SelectMany(t => t.Steps).Where(a => a.Expect.BlockedBy is not null).ToList();
            foreach (var transition in workflow.Transitions)
            {
                acts.ShouldContain(a => a.Do == transition.Key && a.Expect.Step == transition.To && a.Expect.BlockedBy!.Count == 0, transition.Key);
                foreach (var guard in transition.Conditions.Concat(transition.Validators).Where(g => !g.IsWarning))
                    acts.ShouldContain(a => a.Do == transition.Key && a.Expect.BlockedBy!.Contains(guard.Key), guard.Key);
            }

            foreach (var guard in workflow.Steps.SelectMany(s => s.ExitCriteria)) acts.ShouldContain(a => a.Expect.BlockedBy!.Contains($"exit/{guard.Key}"), guard.Key);
        }
    }

    [Fact]
    public void Every_sample_speaks_English_and_German() =>
        Directory.GetFiles(Samples.Folder, "*.json").Select(file => Samples.Read(Path.GetFileName(file))).SelectMany(Texts)
            .ShouldAllBe(text => text != null && text.ByLanguage.ContainsKey("en") && text.ByLanguage.ContainsKey("de"));

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

    private static IEnumerable<Text?> Texts(Bundle bundle) =>
        bundle.Statuses.Values.Select(s => s.Title)
            .Concat(bundle.ProjectTypes.Values.Select(t => t.Title)).Concat(bundle.Roles.Values).Append(bundle.Title)
            .Concat(bundle.Workflows.Values.SelectMany(w => w.Transitions.Select(t => t.Title).Append(w.Title)))
            .Concat(bundle.Workflows.Values.SelectMany(w => w.Steps.SelectMany(s => s.ExitCriteria).Concat(w.Transitions.SelectMany(t => t.Conditions.Concat(t.Validators)))
                .Select(g => g.Message)));
}
