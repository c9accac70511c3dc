using System.Globalization;
using Crm.Wfm.Bundles;
using Crm.Wfm.Moves;
using Crm.Wfm.Rules;
using Crm.Wfm.Testing;
using Crm.Wfm.Tests.Bundles;
using Xunit.Abstractions;

namespace Crm.Wfm.Tests.Moves;

public class RemedySampleTests(ITestOutputHelper output)
{
    public static TheoryData<string> Files => SampleTests.Files;

    [Theory]
    [MemberData(nameof(Files))]
    public void The_fix_of_every_blocked_act_of_a_samples_tests_moves(string file)
    {
        var bundle = Samples.Read(file);
        foreach (var scenario in bundle.Tests.Values)
        {
            var project = Start(bundle, scenario);
            foreach (var act in scenario.Steps)
            {
                project.Now += act.Advance;
                if (act.Do is null) continue;
                var actor = ActorOf(act.As.IsNull ? scenario.Given["actor"] : act.As);
                var changes = act.Changes.AsObject ?? FactObject.Empty;
                if (project.Move(act.Do, actor, act.Input, changes) is not Decision.Refused refused) continue;
                var remedy = refused.Remedy;
                output.WriteLine($"{scenario.Key} {act.Do} {string.Join(",", refused.Reasons.Select(r => r.Key))} {remedy.Why}");
                foreach (var field in remedy.Fix ?? []) output.WriteLine($"      {field.Path} from {field.From} to {field.Suggestion?.ToString() ?? "?"} ({field.Bounds})");
            }
        }
    }

    private static InMemoryProject Start(Bundle bundle, Scenario scenario)
    {
        var given = scenario.Given;
        var now = given["now"].AsText is { } text ? DateTimeOffset.Parse(text, CultureInfo.InvariantCulture) : ScenarioRunner.DefaultNow;
        return new(bundle.Workflows[scenario.Workflow], bundle.ProjectTypes.Values.First(t => t.Workflow == scenario.Workflow), given["step"].AsText,
            given["entity"].AsObject ?? FactObject.Empty, given["project"].AsObject ?? FactObject.Empty, now);
    }

    private static TestActor ActorOf(Value actor) =>
        new(actor["id"].AsText ?? "actor") { Roles = Texts(actor["roles"]), Relations = Texts(actor["relations"]) };

    private static string[] Texts(Value list) => [.. list.AsList.ToArray().Select(t => t.AsText!)];
}
