using Crm.Wfm.Decisions;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Bundles;

/// <summary>Runs an embedded test of a decision.</summary>
internal static class DecisionRun
{
    public static IReadOnlyList<Fault> Failures(Bundle bundle, DecisionScenario scenario)
    {
        var trace = bundle.Decisions[scenario.Decision].Explain(Facts(bundle, scenario.Given), scenario.Given["inputs"].AsObject);
        if (trace.Result.IsError) return [new("/expect", "test-failed", $"Ended in an error: {trace.Result.Error}.")];
        var failures = new List<Fault>();
        if (scenario.Outputs is { } outputs) Compare(outputs, trace.Result.Outputs, failures);
        var hits = trace.Hits.ToList();
        if (scenario.Rows is { } rows && !rows.ToHashSet().SetEquals(hits))
            failures.Add(new("/expect/rows", "test-failed", $"Expected {ScenarioRun.List(rows)} to hit, {ScenarioRun.List(hits)} did."));
        return failures;
    }

    private static void Compare(Value expected, Value outputs, List<Fault> failures)
    {
        if (expected.AsObject is not { } members || outputs.IsNull)
        {
            if (expected != outputs) failures.Add(new("/expect/outputs", "test-failed", $"Expected {expected}, is {outputs}."));
            return;
        }

        foreach (var (name, value) in members.Where(member => outputs[member.Key] != member.Value))
            failures.Add(new($"/expect/outputs{JsonPointer.Token(name)}", "test-failed", $"Expected {value}, is {outputs[name]}."));
    }

    public static Value Facts(Bundle bundle, Value given)
    {
        var actor = ScenarioRun.ActorOf(given["actor"]);
        return DecisionFacts.Of(
            given["entity"], given["project"], new(actor.Id, actor.Roles), actor.Relations, ScenarioRun.Now(given),
            ScenarioRun.Params(bundle.Params, given["params"].AsObject ?? FactObject.Empty));
    }
}
