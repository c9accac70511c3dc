using Crm.Wfm.Rules;

namespace Crm.Wfm.Bundles.Scenarios;

/// <summary>A bundle's tests, those it has and those that are being made for it. One that fails shows nothing, and does not count.</summary>
internal sealed class Suite(Bundle bundle)
{
    private const int MostInKey = 64;

    private readonly OrderedDictionary<string, Value> _made = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Scenario> _scenarios = new(bundle.Tests.Where(t => ScenarioRunner.Run(bundle, t.Value).Passed), StringComparer.Ordinal);
    private readonly Dictionary<string, DecisionScenario> _decisions = new(bundle.DecisionTests.Where(t => ScenarioRunner.Run(bundle, t.Value).Passed), StringComparer.Ordinal);

    /// <summary>Gets the tests that were made, by key.</summary>
    public IReadOnlyDictionary<string, Value> Made => _made;

    public IEnumerable<Scenario> Scenarios => _scenarios.Values;

    /// <summary>Tells whether some test fails where the bundle is another.</summary>
    public bool Notices(Bundle other) =>
        other.Decisions != bundle.Decisions
            ? _decisions.Values.Any(d => Notices(other, d)) || _scenarios.Values.Any(s => Notices(other, s))
            : _scenarios.Values.Any(s => !ReferenceEquals(other.Workflows[s.Workflow], bundle.Workflows[s.Workflow]) && Notices(other, s));

    /// <summary>Tells whether a test passes, and fails where the bundle is another.</summary>
    public static bool Tells(Bundle bundle, Bundle other, Value test) => test["decision"].AsText is null
        ? Read(test) is var s && ScenarioRunner.Run(bundle, s).Passed && Notices(other, s)
        : ReadDecision(test) is var d && ScenarioRunner.Run(bundle, d).Passed && Notices(other, d);

    /// <summary>Adds a test.</summary>
    /// <returns>Its key: the words, and a number where they are taken.</returns>
    public string Add(string words, Value test)
    {
        var key = Key(words);
        Replace(key, test);
        return key;
    }

    public void Replace(string key, Value test)
    {
        _made[key] = test;
        if (test["decision"].AsText is null) _scenarios[key] = Read(test);
        else _decisions[key] = ReadDecision(test);
    }

    private string Key(string words)
    {
        for (var number = 1; ; number++)
        {
            var end = number == 1 ? "" : $"-{number}";
            var key = words[..Math.Min(words.Length, MostInKey - end.Length)].TrimEnd('-') + end;
            if (!bundle.Tests.ContainsKey(key) && !bundle.DecisionTests.ContainsKey(key) && !_made.ContainsKey(key)) return key;
        }
    }

    private static bool Notices(Bundle other, Scenario scenario) => other.Workflows.ContainsKey(scenario.Workflow) && !ScenarioRunner.Run(other, scenario).Passed;

    private static bool Notices(Bundle other, DecisionScenario scenario) => other.Decisions.ContainsKey(scenario.Decision) && !ScenarioRunner.Run(other, scenario).Passed;

    private static Scenario Read(Value test) => ScenarioModel.Read(new("", test, ""));

    private static DecisionScenario ReadDecision(Value test) => ScenarioModel.ReadDecision(new("", test, ""));
}
