using System.Globalization;
using Crm.Wfm.Bundles;
using Crm.Wfm.Moves;
using Crm.Wfm.Rules;
using Crm.Wfm.Schemas;
using Crm.Wfm.Testing;
using Crm.Wfm.Tests.Bundles;

namespace Crm.Wfm.Tests.Moves;

public class RemedySampleTests
{
    private static readonly string[] Beyond = [ReasonKeys.NoEdge, ReasonKeys.Closed, ReasonKeys.NotAllowed, ReasonKeys.FourEyes, ReasonKeys.WipLimit];

    /// <summary>What roles and other transitions decide, and no user could enter.</summary>
    private static readonly string[] OfTheProcess = ["reopens-left", "not-extended-yet", "accounts-ready", "equipment-ready", "rolled-out-to-all"];

    public static TheoryData<string> Files => SampleTests.Files;

    [Theory]
    [MemberData(nameof(Files))]
    public void The_fix_of_every_blocked_act_of_a_samples_tests_moves(string file)
    {
        var bundle = Samples.Read(file);
        foreach (var scenario in bundle.Tests.Values)
        {
            for (var i = 0; i < scenario.Steps.Count; i++)
            {
                var (project, refused) = Play(bundle, scenario, i);
                if (refused is not null) Check(project, scenario.Steps[i], ActorOf(scenario, scenario.Steps[i]), refused, $"{scenario.Key}, act {i}: {scenario.Steps[i].Do}");
            }
        }
    }

    private static void Check(InMemoryProject project, ScenarioStep act, TestActor actor, Decision.Refused refused, string place)
    {
        var keys = refused.Reasons.Select(r => r.Key).ToList();
        if (refused.Remedy.Fix is not { } fix)
        {
            keys.ShouldContain(key => Beyond.Contains(key) || OfTheProcess.Contains(key), place);
            refused.Remedy.Why.ShouldNotBeNullOrEmpty(place);
            return;
        }

        keys.ShouldNotContain(key => Beyond.Contains(key), place);
        fix.Count.ShouldBePositive(place);
        var (changes, input) = Apply(fix, act);
        project.Move(act.Do!, actor, input, changes).ShouldBeOfType<Decision.Moved>($"{place}: {string.Join(", ", fix)}");
    }

    private static (FactObject Changes, Value Input) Apply(IReadOnlyList<ProposedChange> fix, ScenarioStep act)
    {
        var sent = new FactObjectBuilder { ["entity"] = Value.From(act.Changes.AsObject ?? FactObject.Empty), ["input"] = act.Input }.Build();
        foreach (var field in fix) sent = JsonPointer.Set(sent, JsonPointer.Tokens(field.Path), field.Suggestion ?? Anything(field));
        return (sent["entity"].AsObject!, sent["input"]);
    }

    /// <summary>Makes up what only a user can know.</summary>
    private static Value Anything(ProposedChange field)
    {
        field.Bounds.ShouldNotBeNull().ShouldStartWith("anything but empty");
        var schema = JsonSchema.Read(field.Schema, []).ShouldNotBeNull();
        return new[] { "\"Said\"", "7", "0.5", "\"2026-03-30\"", "\"a@b.example\"", "\"https://a.example/b\"", "[\"Said\"]", "\"GBP\"", "\"GB33BUKB20201555555555\"", "\"1.0\"", "\"019d0000-0000-7000-8000-000000000001\"" }
            .Select(Value.Parse).Concat(field.Schema["enum"].AsList.ToArray()).First(v => schema.Validate(v).Count == 0);
    }

    /// <summary>Plays a test up to an act, which is tried; <c>null</c> when it is not refused.</summary>
    private static (InMemoryProject Project, Decision.Refused? Refused) Play(Bundle bundle, Scenario scenario, int until)
    {
        var given = scenario.Given;
        var now = given["now"].AsText is { } text ? DateTimeOffset.Parse(text, CultureInfo.InvariantCulture) : ScenarioRunner.DefaultNow;
        var workflow = ScenarioRun.WithParams(bundle.Workflows[scenario.Workflow], given["params"].AsObject);
        var project = new InMemoryProject(workflow, bundle.ProjectTypes.Values.First(t => t.Workflow == scenario.Workflow), given["step"].AsText,
            given["entity"].AsObject ?? FactObject.Empty, given["project"].AsObject ?? FactObject.Empty, now);
        Decision? last = null;
        foreach (var act in scenario.Steps.Take(until + 1))
        {
            project.Now += act.Advance;
            last = act.Do is null ? null : project.Move(act.Do, ActorOf(scenario, act), act.Input, act.Changes.AsObject ?? FactObject.Empty);
        }

        return (project, last as Decision.Refused);
    }

    private static TestActor ActorOf(Scenario scenario, ScenarioStep act) => ScenarioRun.ActorOf(act.As.IsNull ? scenario.Given["actor"] : act.As);
}
