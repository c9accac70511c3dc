namespace Crm.Wfm.Bundles;

/// <summary>Reads an embedded test.</summary>
internal static class ScenarioModel
{
    public static Scenario Read(Member test) => new(test.Name, test["workflow"].Text!, test["given"].Value, [.. test["steps"].Items().Select(ReadStep)]);

    public static DecisionScenario ReadDecision(Member test) => new(
        test.Name, test["decision"].Text!, test["given"].Value, test["expect"].Has("outputs") ? test["expect"]["outputs"].Value : null, Texts(test["expect"], "rows"));

    private static ScenarioStep ReadStep(Member step) => new(
        step["do"].Text,
        step["as"].Value,
        step["input"].Value,
        step["changes"].Value,
        IsoDuration.Parse(step["advance"].Text) ?? TimeSpan.Zero,
        ReadExpectation(step["expect"]));

    private static Expectation ReadExpectation(Member expect) =>
        new(expect["step"].Text, Texts(expect, "blockedBy"), Texts(expect, "warnings"), Texts(expect, "available"), expect["entity"].Value, Texts(expect, "events"), Texts(expect, "fix"),
            expect["project"].Value);

    private static string[]? Texts(Member owner, string name) => owner.Has(name) ? [.. owner[name].Items().Select(item => item.Text!)] : null;
}
