using System.Text.Json.Nodes;
using Crm.Wfm.Bundles;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Tests.Bundles.Proofs;

/// <summary>An example of a finding, run as a test of the bundle it was found in.</summary>
internal sealed record Played(Bundle Bundle, Value Example, ScenarioResult Result)
{
    public static Played Of(Defect defect, Fault finding)
    {
        var json = defect.Bundle.DeepClone().AsObject();
        json["tests"] = new JsonObject { ["example"] = finding.Example.ToJson() };
        var bundle = BundleReader.Read(Value.Parse(json.ToJsonString()), Samples.Actions).Bundle.ShouldNotBeNull($"{finding}");
        return new(bundle, finding.Example, ScenarioRunner.RunAll(bundle).Single());
    }

    /// <summary>Tells whether what the engine did is what the finding says, given that all the example expects was so.</summary>
    public bool Shows(Fault finding) => finding.Key switch
    {
        "unreachable-step" => Last("available").Select(t => Workflow.Transition(t)!.To).All(to => to != Step(finding)),
        "dead-end" => Bundle.Workflows[Workflow.Key].Step(Step(finding))!.Final is false && At == Step(finding) && Last("available").Length == 0,
        "no-path-to-final" => Workflow.Step(At)!.Final is false && Last("available").All(t => !Workflow.Step(Workflow.Transition(t)!.To)!.Final),
        "always-false" when finding.Pointer.EndsWith("/when", StringComparison.Ordinal) => true,
        "always-false" => Seen("blockedBy").Concat(Seen("warnings")).Contains(Guard(finding)),
        "always-true" => !Seen("blockedBy").Concat(Seen("warnings")).Contains(Guard(finding)) && !Seen("blockedBy").Contains("not-allowed"),
        "guards-contradict" or "never-taken" => Acts.All(a => a["expect"]["blockedBy"].AsList.Length > 0),
        "transitions-overlap" => Last("available").Contains(finding.Pointer.Split('/')[4]) && Last("available").Length > 1,
        "four-eyes-alone" => Last("blockedBy").Contains("four-eyes"),
        "four-eyes-idle" => !Last("blockedBy").Contains("four-eyes"),
        _ => false,
    };

    private Workflows.Workflow Workflow => Bundle.Workflows[Example["workflow"].AsText!];

    private Value[] Acts => Example["steps"].AsList.ToArray();

    private string At => Acts[^1]["expect"]["step"].AsText!;

    private string[] Last(string what) => Texts(Acts[^1]["expect"][what]);

    private IEnumerable<string> Seen(string what) => Acts.SelectMany(a => Texts(a["expect"][what]));

    private string Step(Fault finding) => Workflow.Steps[int.Parse(finding.Pointer.Split('/')[4], System.Globalization.CultureInfo.InvariantCulture)].Key;

    private static string Guard(Fault finding) => (finding.Pointer.Contains("/exitCriteria/", StringComparison.Ordinal) ? "exit/" : "") + finding.Pointer.Split('/')[^1];

    private static string[] Texts(Value list) => [.. list.AsList.ToArray().Select(t => t.AsText!)];
}
