using System.Globalization;
using Crm.Wfm.Moves;
using Crm.Wfm.Rules;
using Crm.Wfm.Rules.Solving;
using Crm.Wfm.Schemas;
using Crm.Wfm.Testing;
using Crm.Wfm.Workflows;

namespace Crm.Wfm.Bundles.Scenarios;

/// <summary>Searches situations in which one transition is tried from one step: facts, input, somebody who acts, and a time.</summary>
internal sealed class SceneSearch
{
    private const int Enough = 150_000;
    private const int OfMeeting = 50_000;

    private static readonly string[] Derived = ["id", "type", "version", "startedAt", "enteredAt"];

    private readonly Stage _stage;
    private readonly Way _way;
    private readonly IReadOnlyList<Field> _fields;
    private readonly List<Goal> _guards;
    private readonly List<Goal> _warnings;
    private readonly Lazy<Value> _facts;

    /// <param name="stage">Where it is played.</param>
    /// <param name="way">The transition, and the step it is tried from.</param>
    /// <param name="alternative">Which of those acts who may; <c>null</c> leaves it open.</param>
    public SceneSearch(Stage stage, Way way, int? alternative)
    {
        (_stage, _way) = (stage, way);
        Actor = ActorOf(way.Transition, alternative ?? 0);
        var guards = Guards(stage.Workflow, way).ToList();
        _guards = [.. guards.Where(g => !g.IsWarning).Select(g => new Goal(g.Rule))];
        _warnings = [.. guards.Where(g => g.IsWarning).Select(g => new Goal(g.Rule))];
        var fields = new SceneFields(stage, way, Empty(Actor)).Of(guards.Select(g => g.Rule));
        IsPartial = alternative is not null && fields.Any(IsOfActor);
        ReadsActor = fields.Any(IsOfActor);
        _fields = alternative is null ? fields : [.. fields.Where(f => !IsOfActor(f))];
        if (_fields.Any(IsOfActor) && Allowed(way.Transition) is { } allowed) _guards.Add(new(allowed));
        _facts = new(() => Solve([], Empty(Actor).Facts(stage.Workflow)) is Solution.Found found ? found.Facts : Empty(Actor).Facts(stage.Workflow));
    }

    /// <summary>Gets who acts unless something else is wanted: whom the first alternative lets.</summary>
    public TestActor Actor { get; }

    /// <summary>Gets whether only some of those who may act are looked at.</summary>
    public bool IsPartial { get; }

    /// <summary>Gets whether it matters to the guards who acts.</summary>
    public bool ReadsActor { get; }

    /// <summary>Gets a situation in which the move is made; <c>null</c> where none is found.</summary>
    public Value? Base => field ??= Open(Empty(Actor).Facts(_stage.Workflow), []) is Solution.Found found ? found.Facts : null;

    /// <summary>Gets the facts that are asked for by schemas alone.</summary>
    public Value Bare => _facts.Value;

    /// <summary>Finds what lets a move be made, with as few guards warning as can be.</summary>
    /// <param name="facts">The facts as they are.</param>
    /// <param name="more">What else has to hold.</param>
    /// <param name="isFixed">Tells of a fact that it cannot be changed.</param>
    public Solution Open(Value facts, IReadOnlyList<Goal> more, Predicate<Field>? isFixed = null) =>
        _warnings.Count > 0 && Solve([.. _guards, .. _warnings, .. more], facts, isFixed) is Solution.Found found ? found : Solve([.. _guards, .. more], facts, isFixed);

    /// <summary>Finds facts that meet goals, whatever the guards say.</summary>
    public Solution Solve(IReadOnlyList<Goal> goals, Value facts, Predicate<Field>? isFixed = null, int fuel = Enough)
    {
        List<Field> fields = [.. _fields.Where(f => isFixed?.Invoke(f) is not true)];
        // What is asked of one time is better understood than what is asked of all.
        return fields is [.. var atOnce, { Path: "now" }] && Solver.Solve(goals, facts, atOnce, new(fuel)) is Solution.Found found ? found : Solver.Solve(goals, facts, fields, new(fuel));
    }

    /// <summary>Finds facts that meet goals and, if that can be, all guards but one.</summary>
    public Solution.Found? Meet(IReadOnlyList<Goal> goals, Rule? but)
    {
        var facts = Base ?? Bare;
        List<Goal> others = [.. _guards.Where(g => g.Rule != but)], warnings = [.. _warnings.Where(g => g.Rule != but)];
        var clean = warnings.Count > 0 ? Solve([.. others, .. warnings, .. goals], facts, null, OfMeeting) as Solution.Found : null;
        return clean ?? Solve([.. others, .. goals], facts, null, OfMeeting) as Solution.Found;
    }

    /// <summary>Makes a draft of facts.</summary>
    public Draft Draft(Value facts)
    {
        var own = new FactObjectBuilder();
        foreach (var (name, value) in facts["project"].AsObject ?? FactObject.Empty)
        {
            if (!Derived.Contains(name)) own[name] = value;
        }

        var actor = Actor with { Roles = Texts(facts["actor"]["roles"]), Relations = Texts(facts["actor"]["relations"]) };
        var input = _way.Transition.Input is null && facts["input"].AsObject is null or { Count: 0 } ? Value.Null : facts["input"];
        var now = facts["now"].AsText is { } text ? DateTimeOffset.Parse(text, CultureInfo.InvariantCulture) : ScenarioRunner.DefaultNow;
        var start = facts["step"]["enteredAt"].AsText is { } entered ? DateTimeOffset.Parse(entered, CultureInfo.InvariantCulture) : now;
        // Where nobody asks how long it was there, it is there since now.
        var isTimed = now > start && ReadsTimes;
        return Scenarios.Draft.Of(_way.From, facts["entity"].AsObject ?? FactObject.Empty, own.Build(), Same(actor, Actor), isTimed ? start : now,
            new(_way.Transition.Key, input) { Advance = isTimed ? now - start : TimeSpan.Zero });
    }

    private static bool IsOfActor(Field field) => field.Names[0] == "actor";

    private bool ReadsTimes => Guards(_stage.Workflow, _way).Any(g => g.Rule.Variables.Any(v => v is "step.enteredAt" or "project.enteredAt" or "project.startedAt"));

    /// <summary>Lists the guards a move has to pass.</summary>
    public static IEnumerable<Guard> Guards(Workflow workflow, Way way) => way.Transition.Conditions.Concat(workflow.Step(way.From)!.ExitCriteria).Concat(way.Transition.Validators);

    /// <summary>Gives somebody one of a transition's alternatives lets.</summary>
    public static TestActor ActorOf(Transition transition, int alternative) => transition.Allow.Count == 0 ? new()
        : new() { Roles = [.. transition.Allow[alternative].Roles.Take(1)], Relations = [.. transition.Allow[alternative].Relations.Take(1)] };

    private Situation Empty(TestActor actor)
    {
        var project = _stage.Start(_way.From, FactObject.Empty, FactObject.Empty, ScenarioRunner.DefaultNow);
        return project.For(actor) with { Input = Value.From(FactObject.Empty) };
    }

    private static TestActor Same(TestActor actor, TestActor known) => actor.Roles.SequenceEqual(known.Roles) && actor.Relations.SequenceEqual(known.Relations) ? known : actor;

    /// <summary>Writes who may take a transition as a rule; <c>null</c> where anybody may.</summary>
    private static Rule? Allowed(Transition transition) => transition.Allow.Count == 0 ? null : Rule.Compile(Call("or", [.. transition.Allow.Select(a =>
        Call("and", [Any(a.Roles, "actor.roles"), Any(a.Relations, "actor.relations")]))]));

    private static Value Any(IReadOnlyList<string> keys, string path) =>
        keys.Count == 0 ? Value.True : Call("or", [.. keys.Select(key => Call("in", [Value.From(key), Call("var", [Value.From(path)])]))]);

    private static Value Call(string name, Value[] arguments) => Value.From(new FactObjectBuilder { [name] = Value.From(arguments) }.Build());

    private static string[] Texts(Value list) => [.. list.AsList.ToArray().Select(i => i.AsText).OfType<string>()];
}

/// <summary>Knows which facts a situation is made of, as far as a transition looks at them.</summary>
internal sealed class SceneFields(Stage stage, Way way, Situation empty)
{
    private static readonly JsonSchema Time = JsonSchema.Read(Value.Parse("""{"type": "string", "format": "date-time"}"""), [])!;

    private readonly JsonSchema? _entity = stage.Workflow.Subjects.GetValueOrDefault(empty.Project.Subject.Type);
    private readonly JsonSchema? _project = stage.Workflow.Fields.GetValueOrDefault(empty.Project.Type);

    /// <summary>Lists the fields, those first that had better be changed.</summary>
    public IReadOnlyList<Field> Of(IEnumerable<Rule> guards)
    {
        var rules = guards.Concat(way.Transition.PostActions.SelectMany(a => new[] { a.When, a.Value }).OfType<Rule>());
        var targets = way.Transition.PostActions.Where(a => a.Target is not null).Select(a => string.Join('.', JsonPointer.Tokens(a.Target!)!.Take(2)));
        var paths = rules.SelectMany(r => r.Variables).Concat(targets).Distinct(StringComparer.Ordinal).Where(p => p.Contains('.', StringComparison.Ordinal) || p == "now").ToList();
        var fields = paths.Where(p => p.StartsWith("entity.", StringComparison.Ordinal)).Select(p => Member(p, _entity))
            .Concat(new SettableFields(stage.Workflow, way.Transition, empty).Of([], withInput: true))
            .Concat(paths.Where(p => p.StartsWith("project.", StringComparison.Ordinal) && _project?.At(Pointer(p)) is not null).Select(p => Member(p, _project)))
            .Concat(paths.Exists(p => p is "actor.roles" or "actor.relations") ? Actor() : []);
        return [.. Whole(fields), .. paths.Contains("now") ? [new Field("now", Time) { Empty = Emptiness.Never, IsChecked = true }] : Array.Empty<Field>()];
    }

    // A field that holds another is the one to set.
    private static IEnumerable<Field> Whole(IEnumerable<Field> fields)
    {
        var all = fields.DistinctBy(f => f.Path).ToList();
        return all.Where(f => !all.Exists(o => o != f && f.Path.StartsWith(o.Path + ".", StringComparison.Ordinal)));
    }

    private static Field Member(string path, JsonSchema? root)
    {
        var names = path.Split('.');
        var isRequired = names.Length == 2 && root is not null && root.Source["required"].AsList.Contains(Value.From(names[1]));
        return new(path, root?.At(Pointer(path))) { Empty = isRequired ? Emptiness.Never : Emptiness.Absent, IsChecked = true };
    }

    private IEnumerable<Field> Actor() =>
        [Keys("actor.roles", stage.Bundle.Roles.Keys), Keys("actor.relations", stage.Workflow.Transitions.SelectMany(t => t.Allow).SelectMany(a => a.Relations))];

    private static Field Keys(string path, IEnumerable<string> keys)
    {
        var items = new Members().Add("enum", Value.From([.. keys.Distinct(StringComparer.Ordinal).Select(Value.From)])).Build();
        return new(path, JsonSchema.Read(new Members().Add("type", Value.From("array")).Add("items", items).Add("uniqueItems", Value.True).Build(), [])) { Empty = Emptiness.Never, IsChecked = true };
    }

    private static string Pointer(string path) => string.Concat(path.Split('.').Skip(1).Select(JsonPointer.Token));
}
