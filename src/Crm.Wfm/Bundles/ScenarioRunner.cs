using System.Security.Cryptography;
using System.Text;
using Crm.Wfm.Moves;
using Crm.Wfm.Rules;
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
        return [.. bundle.Tests.Values.Select(s => Run(bundle, s))];
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

/// <summary>One test being run: a project and its subject in memory.</summary>
internal sealed class ScenarioRun
{
    private readonly Workflow _workflow;
    private readonly Value _givenActor;
    private readonly List<Fault> _failures = [];
    private readonly Dictionary<string, Guid> _lastActors = [];
    private ProjectState _project;
    private FactObject _entity;
    private DateTimeOffset _now;

    public ScenarioRun(Bundle bundle, Scenario scenario)
    {
        var given = scenario.Given;
        _workflow = WithParams(bundle.Workflows[scenario.Workflow], given["params"].AsObject);
        _givenActor = given["actor"];
        _entity = given["entity"].AsObject ?? FactObject.Empty;
        _now = given["now"].AsText is { } now ? DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture) : ScenarioRunner.DefaultNow;
        var type = bundle.ProjectTypes.Values.FirstOrDefault(t => t.Workflow == scenario.Workflow);
        _project = new()
        {
            Id = IdOf("project"),
            Type = type?.Key ?? "",
            Subject = new(type?.Subject ?? "", "test"),
            Step = given["step"].AsText ?? _workflow.Initial.Key,
            Version = 1,
            StartedAt = _now,
            EnteredAt = _now,
            Fields = given["project"].AsObject ?? FactObject.Empty,
            LastActors = _lastActors,
        };
    }

    public IReadOnlyList<Fault> Failures => _failures;

    public void Take(ScenarioStep act, string at)
    {
        _now += act.Advance;
        var (actor, relations) = ActorOf(act.As.IsNull ? _givenActor : act.As);
        IReadOnlyList<string> blockedBy = [];
        IReadOnlyList<string> events = [];
        if (act.Do is { } transition)
        {
            var before = _entity;
            foreach (var (name, value) in act.Changes.AsObject ?? FactObject.Empty) _entity = _entity.With(name, value);
            switch (Gate.Decide(_workflow, transition, At(actor, relations) with { Input = act.Input }))
            {
                case Decision.Moved moved:
                    Apply(moved.Plan, actor);
                    events = [.. moved.Plan.Effects.Events.Select(e => e.Type)];
                    break;
                case Decision.Refused refused:
                    _entity = before;
                    blockedBy = [.. refused.Reasons.Select(r => r.Key)];
                    break;
            }
        }

        Compare(act.Expect, at + "/expect", blockedBy, events, () => Gate.Offers(_workflow, At(actor, relations)));
    }

    private void Compare(Expectation expect, string at, IReadOnlyList<string> blockedBy, IReadOnlyList<string> events, Func<IReadOnlyList<TransitionOffer>> offers)
    {
        var expectedReasons = expect.BlockedBy ?? [];
        Check(expectedReasons.ToHashSet().SetEquals(blockedBy), at + "/blockedBy", $"Expected to be blocked by {List(expectedReasons)}, was blocked by {List(blockedBy)}.");
        Check(expect.Step is null || expect.Step == _project.Step, at + "/step", $"Expected step {expect.Step}, is {_project.Step}.");
        if (expect.Available is { } available)
        {
            var found = offers().Where(o => o.IsAvailable).Select(o => o.Transition.Key).ToList();
            Check(available.ToHashSet().SetEquals(found), at + "/available", $"Expected {List(available)} to be available, found {List(found)}.");
        }

        foreach (var (name, value) in expect.Entity.AsObject ?? FactObject.Empty)
        {
            Check(_entity[name] == value, $"{at}/entity{JsonPointer.Token(name)}", $"Expected {value}, is {_entity[name]}.");
        }

        var missing = (expect.Events ?? []).Except(events).ToList();
        Check(missing.Count == 0, at + "/events", $"Expected {List(missing)} too, emitted were {List(events)}.");
    }

    private void Check(bool holds, string pointer, string message)
    {
        if (!holds) _failures.Add(new(pointer, "test-failed", message));
    }

    private void Apply(MovePlan plan, Actor actor)
    {
        foreach (var (name, value) in plan.Effects.Entity) _entity = _entity.With(name, value);
        _lastActors[plan.Transition!.Key] = actor.Id;
        _project = _project with { Step = plan.To.Key, Version = _project.Version + 1, EnteredAt = _now, Fields = plan.Effects.Project ?? _project.Fields };
    }

    private Situation At(Actor actor, IEnumerable<string> relations) =>
        new(_project, new(_entity, relations.ToDictionary(r => r, _ => (Guid?)actor.Id)), actor, _now);

    private static (Actor Actor, IReadOnlyList<string> Relations) ActorOf(Value actor) =>
        (new(IdOf(actor["id"].AsText ?? "actor"), Texts(actor["roles"])), Texts(actor["relations"]));

    private static string[] Texts(Value list)
    {
        var texts = new string[list.AsList.Length];
        for (var i = 0; i < texts.Length; i++) texts[i] = list.AsList[i].AsText!;
        return texts;
    }

    private static Workflow WithParams(Workflow workflow, FactObject? given)
    {
        if (given is null) return workflow;
        var all = new FactObjectBuilder(workflow.Params.AsObject ?? FactObject.Empty);
        foreach (var (name, value) in given) all[name] = value;
        return workflow with { Params = Value.From(all.Build()) };
    }

    // Tests name people; a name is as good an id as any.
    private static Guid IdOf(string name) => Guid.TryParse(name, out var id) ? id : new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 16));

    private static string List(IEnumerable<string> keys) => string.Join(", ", keys) is { Length: > 0 } list ? list : "nothing";
}
