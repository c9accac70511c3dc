using Crm.Wfm.Moves;
using Crm.Wfm.Rules;
using Crm.Wfm.Workflows;

namespace Crm.Wfm.Bundles.Proofs;

/// <summary>An example being played in the engine and written down as a test: what it says is what was seen.</summary>
internal sealed class Play
{
    private static readonly string[] OfProject = ["id", "type", "version", "startedAt", "enteredAt"];

    private readonly Prover _prover;
    private readonly Scene _scene;
    private readonly InMemoryProject _project;
    private readonly Value _given;
    private readonly List<Value> _acts = [];
    private int _others;

    /// <param name="prover">Who pays for it.</param>
    /// <param name="scene">Where it starts.</param>
    /// <param name="facts">The facts it starts with.</param>
    public Play(Prover prover, Scene scene, Value facts)
    {
        (_prover, _scene, _given) = (prover, scene, Given(scene, facts));
        var workflow = ScenarioRun.WithParams(scene.Workflow, _given["params"].AsObject);
        _project = new(workflow, scene.Type, scene.Step.Key, _given["entity"].AsObject ?? FactObject.Empty, _given["project"].AsObject ?? FactObject.Empty, ScenarioRun.Now(_given));
    }

    /// <summary>Gets the step it has come to.</summary>
    public string Step => _project.State.Step;

    /// <summary>Takes a transition with facts, or tries to.</summary>
    /// <param name="transition">Its key.</param>
    /// <param name="facts">The facts: those of the record are set along with the move.</param>
    /// <param name="somebodyElse">Whether it is somebody else than before.</param>
    public Seen Take(string transition, Value facts, bool somebodyElse = false)
    {
        Pay([_scene.Workflow.Transition(transition)!], facts);
        var (actor, changes) = (Actor(facts, somebodyElse ? ++_others : 0), _acts.Count == 0 ? FactObject.Empty : Changes(facts["entity"].AsObject ?? FactObject.Empty));
        var seen = Seen.Of(_project.Move(transition, ScenarioRun.ActorOf(actor), facts["input"], changes));
        var expect = seen.Warnings.Count > 0 ? Expect(("blockedBy", Texts(seen.BlockedBy)), ("warnings", Texts(seen.Warnings))) : Expect(("blockedBy", Texts(seen.BlockedBy)));
        var act = new FactObjectBuilder { ["do"] = Value.From(transition), ["as"] = actor, ["expect"] = expect };
        if (facts["input"] is { Kind: ValueKind.Object } input) act["input"] = input;
        if (changes.Count > 0) act["changes"] = Value.From(changes);
        _acts.Add(Value.From(act.Build()));
        return seen;
    }

    /// <summary>Looks what can be taken now.</summary>
    public IReadOnlyList<string> Look(Value facts)
    {
        Pay(_scene.Workflow.From(Step), facts);
        var actor = Actor(facts, 0);
        IReadOnlyList<string> available = [.. _project.Offers(ScenarioRun.ActorOf(actor)).Where(o => o.IsAvailable).Select(o => o.Transition.Key)];
        _acts.Add(Value.From(new FactObjectBuilder { ["as"] = actor, ["expect"] = Expect(("available", Texts(available))) }.Build()));
        return available;
    }

    /// <summary>Gives it as a test of a bundle has it.</summary>
    public Value Test() => Value.From(new FactObjectBuilder { ["workflow"] = Value.From(_scene.Workflow.Key), ["given"] = _given, ["steps"] = Value.From([.. _acts]) }.Build());

    /// <summary>The gate asks rules for nothing: they are asked beforehand, so that what they take is counted. Who reads the finding asks whether there was enough.</summary>
    private void Pay(IEnumerable<Transition> transitions, Value facts)
    {
        foreach (var guard in transitions.SelectMany(t => t.Conditions.Concat(t.Validators)).Concat(_scene.Workflow.Step(Step)!.ExitCriteria)) _prover.Pay(guard.Rule, facts);
        foreach (var action in transitions.SelectMany(t => t.PostActions))
        {
            if (action.When is { } when) _prover.Pay(when, facts);
            if (action.Value is { } value) _prover.Pay(value, facts);
        }
    }

    private Value Expect(params ReadOnlySpan<(string Name, Value Value)> seen)
    {
        var expect = new FactObjectBuilder { ["step"] = Value.From(Step) };
        foreach (var (name, value) in seen) expect[name] = value;
        return Value.From(expect.Build());
    }

    private FactObject Changes(FactObject wanted)
    {
        var changes = new FactObjectBuilder();
        foreach (var (name, value) in wanted.Where(m => _project.Entity[m.Key] != m.Value)) changes[name] = value;
        foreach (var (name, _) in _project.Entity.Where(m => !m.Value.IsNull && !wanted.Has(m.Key))) changes[name] = Value.Null;
        return changes.Build();
    }

    private static Value Given(Scene scene, Value facts)
    {
        var given = new FactObjectBuilder { ["entity"] = facts["entity"], ["now"] = facts["now"], ["step"] = Value.From(scene.Step.Key) };
        var fields = new FactObjectBuilder();
        foreach (var (name, value) in (facts["project"].AsObject ?? FactObject.Empty).Where(m => !OfProject.Contains(m.Key))) fields[name] = value;
        if (fields.Build() is { Count: > 0 } own) given["project"] = Value.From(own);
        var param = new FactObjectBuilder();
        foreach (var (name, value) in (facts["param"].AsObject ?? FactObject.Empty).Where(m => scene.Workflow.Params[m.Key] != m.Value)) param[name] = value;
        if (param.Build() is { Count: > 0 } other) given["params"] = Value.From(other);
        return Value.From(given.Build());
    }

    private static Value Actor(Value facts, int other)
    {
        var isAnybody = facts["actor"]["id"] == Value.From(Prover.Somebody.Id);
        return Value.From(new FactObjectBuilder
        {
            ["id"] = isAnybody ? Value.From(Prover.SomebodyElse(other)) : facts["actor"]["id"],
            ["relations"] = facts["actor"]["relations"],
            ["roles"] = facts["actor"]["roles"],
        }.Build());
    }

    private static Value Texts(IEnumerable<string> texts) => Value.From([.. texts.Select(Value.From)]);
}

/// <summary>What came of an act of an example.</summary>
/// <param name="BlockedBy">The reason keys; empty when it moved.</param>
/// <param name="Warnings">Guards that only warned.</param>
internal sealed record Seen(IReadOnlyList<string> BlockedBy, IReadOnlyList<string> Warnings)
{
    public bool IsMoved => BlockedBy.Count == 0;

    public static Seen Of(Decision decision) => decision switch
    {
        Decision.Refused refused => new([.. refused.Reasons.Select(r => r.Key).Distinct()], []),
        Decision.Moved moved => new([], [.. moved.Plan.Warnings.Select(r => r.Key).Distinct()]),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>Tells whether a guard did not hold.</summary>
    public bool IsUnmet(string key) => BlockedBy.Contains(key) || Warnings.Contains(key);
}
