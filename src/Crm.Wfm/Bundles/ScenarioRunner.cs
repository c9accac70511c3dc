using System.Globalization;
using Crm.Wfm.Moves;
using Crm.Wfm.Rules;
using Crm.Wfm.Testing;
using Crm.Wfm.Workflows;

namespace Crm.Wfm.Bundles;

/// <summary>What a bundle's embedded test found.</summary>
/// <param name="Scenario">Key of the test.</param>
/// <param name="Failures">What was not as expected; pointers are relative to the test. Empty when it passed.</param>
public sealed record ScenarioResult(string Scenario, IReadOnlyList<Fault> Failures)
{
    /// <summary>Gets whether everything was as expected.</summary>
    public bool Passed => Failures.Count == 0;
}

/// <summary>Runs a bundle's embedded tests in memory, through the gate that decides real moves. Actions a host registered are not run.</summary>
public static class ScenarioRunner
{
    /// <summary>The time scenarios start at when they name none.</summary>
    public static DateTimeOffset DefaultNow { get; } = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Runs every test of a bundle in its order.</summary>
    public static IReadOnlyList<ScenarioResult> RunAll(Bundle bundle)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        return [.. bundle.Tests.Values.Select(s => Run(bundle, s)), .. bundle.DecisionTests.Values.Select(s => Run(bundle, s))];
    }

    /// <summary>Runs one test of a decision.</summary>
    public static ScenarioResult Run(Bundle bundle, DecisionScenario scenario)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        ArgumentNullException.ThrowIfNull(scenario);
        return new(scenario.Key, DecisionRun.Failures(bundle, scenario));
    }

    /// <summary>Runs one test.</summary>
    public static ScenarioResult Run(Bundle bundle, Scenario scenario)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        ArgumentNullException.ThrowIfNull(scenario);
        var run = new ScenarioRun(bundle, scenario);
        for (var i = 0; i < scenario.Steps.Count; i++) run.Take(scenario.Steps[i], $"/steps/{i}");
        return new(scenario.Key, run.Failures);
    }
}

/// <summary>One test being run.</summary>
internal sealed class ScenarioRun
{
    private readonly InMemoryProject _project;
    private readonly Value _givenActor;
    private readonly List<Fault> _failures = [];

    public ScenarioRun(Bundle bundle, Scenario scenario)
    {
        var given = scenario.Given;
        var now = Now(given);
        _givenActor = given["actor"];
        _project = new(
            WithParams(bundle.Workflows[scenario.Workflow], given["params"].AsObject),
            bundle.ProjectTypes.Values.FirstOrDefault(t => t.Workflow == scenario.Workflow),
            given["step"].AsText, given["entity"].AsObject ?? FactObject.Empty, given["project"].AsObject ?? FactObject.Empty, now,
            (given["counts"].AsObject ?? FactObject.Empty).ToDictionary(c => c.Key, c => (int)c.Value.AsNumber));
    }

    public IReadOnlyList<Fault> Failures => _failures;

    public void Take(ScenarioStep act, string at)
    {
        _project.Now += act.Advance;
        var actor = ActorOf(act.As.IsNull ? _givenActor : act.As);
        var decision = act.Do is { } transition ? _project.Move(transition, actor, act.Input, act.Changes.AsObject ?? FactObject.Empty) : null;
        Compare(act.Expect, at + "/expect", (decision as Decision.Refused)?.Reasons ?? [], (decision as Decision.Moved)?.Plan, () => _project.Offers(actor));
        CompareFix(act.Expect.Fix, at + "/expect/fix", decision as Decision.Refused);
    }

    private void CompareFix(IReadOnlyList<string>? expected, string at, Decision.Refused? refused)
    {
        if (expected is null) return;
        var fix = refused?.Remedy.Fix?.Select(f => f.Path).ToList() ?? [];
        Check(expected.ToHashSet().SetEquals(fix), at, $"Expected to be fixed by {List(expected)}, was by {List(fix)}.{(refused?.Remedy.Why is { } why ? " " + why : "")}");
    }

    private void Compare(Expectation expect, string at, IReadOnlyList<Reason> refusals, MovePlan? plan, Func<IReadOnlyList<TransitionOffer>> offers)
    {
        var (expectedReasons, blockedBy) = (expect.BlockedBy ?? [], refusals.Select(r => r.Key).ToList());
        Check(expectedReasons.ToHashSet().SetEquals(blockedBy), at + "/blockedBy", $"Expected to be blocked by {List(expectedReasons)}, was blocked by {List(blockedBy)}.");
        var warnings = (plan?.Warnings ?? []).Select(r => r.Key).ToList();
        Check(expect.Warnings is null || expect.Warnings.ToHashSet().SetEquals(warnings), at + "/warnings", $"Expected to be warned of {List(expect.Warnings ?? [])}, was warned of {List(warnings)}.");
        Check(expect.Step is null || expect.Step == _project.State.Step, at + "/step", $"Expected step {expect.Step}, is {_project.State.Step}.");
        if (expect.Available is { } available)
        {
            var found = offers().Where(o => o.IsAvailable).Select(o => o.Transition.Key).ToList();
            Check(available.ToHashSet().SetEquals(found), at + "/available", $"Expected {List(available)} to be available, found {List(found)}.");
        }

        CompareFields(expect.Entity, _project.Entity, at + "/entity");
        CompareFields(expect.Project, _project.State.Fields, at + "/project");

        var events = (plan?.Effects.Events ?? []).Select(e => e.Type).ToList();
        var missing = (expect.Events ?? []).Except(events).ToList();
        Check(missing.Count == 0, at + "/events", $"Expected {List(missing)} too, emitted were {List(events)}.");
    }

    private void CompareFields(Value expected, FactObject fields, string at)
    {
        foreach (var (name, value) in expected.AsObject ?? FactObject.Empty) Check(fields[name] == value, at + JsonPointer.Token(name), $"Expected {value}, is {fields[name]}.");
    }

    private void Check(bool holds, string pointer, string message)
    {
        if (!holds) _failures.Add(new(pointer, "test-failed", message));
    }

    public static DateTimeOffset Now(Value given) => given["now"].AsText is { } text ? DateTimeOffset.Parse(text, CultureInfo.InvariantCulture) : ScenarioRunner.DefaultNow;

    public static TestActor ActorOf(Value actor) => new(actor["id"].AsText ?? "actor") { Roles = Texts(actor["roles"]), Relations = Texts(actor["relations"]) };

    private static string[] Texts(Value list)
    {
        var texts = new string[list.AsList.Length];
        for (var i = 0; i < texts.Length; i++) texts[i] = list.AsList[i].AsText!;
        return texts;
    }

    internal static Workflow WithParams(Workflow workflow, FactObject? given) => given is null ? workflow : workflow with { Params = Params(workflow.Params, given) };

    public static Value Params(Value parameters, FactObject given)
    {
        var all = new FactObjectBuilder(parameters.AsObject ?? FactObject.Empty);
        foreach (var (name, value) in given) all[name] = value;
        return Value.From(all.Build());
    }

    public static string List(IEnumerable<string> keys) => string.Join(", ", keys) is { Length: > 0 } list ? list : "nothing";
}
