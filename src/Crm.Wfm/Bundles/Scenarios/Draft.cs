using Crm.Wfm.Moves;
using Crm.Wfm.Rules;
using Crm.Wfm.Testing;
using Crm.Wfm.Workflows;

namespace Crm.Wfm.Bundles.Scenarios;

/// <summary>A test being made: what is given and what is done. What is expected is what the process does.</summary>
internal sealed record Draft(string Step, FactObject Entity, FactObject Project, TestActor Actor, DateTimeOffset Now, IReadOnlyList<Act> Acts)
{
    /// <summary>Gets how many other projects a step holds.</summary>
    public (string Step, int Count)? Others { get; init; }

    /// <summary>Makes a draft of one act.</summary>
    public static Draft Of(string step, FactObject entity, FactObject project, TestActor actor, DateTimeOffset now, Act act) => new(step, entity, project, actor, now, [act]);
}

/// <summary>People in tests: the usual one, and others where somebody else is wanted.</summary>
internal static class People
{
    public static IReadOnlyList<string> All { get; } = [new TestActor().Name, .. Enumerable.Range(2, 8).Select(n => $"00000000-0000-4000-8000-00000000000{n}")];

    public static string Second => All[1];

    public static string Third => All[2];
}

/// <summary>Something that is done.</summary>
internal sealed record Act(string Do, Value Input)
{
    /// <summary>Gets who does it, where it is somebody else than the one who is given.</summary>
    public TestActor? As { get; init; }

    public FactObject Changes { get; init; } = FactObject.Empty;

    public TimeSpan Advance { get; init; }
}

/// <summary>A workflow in which drafts are played, and written down as tests.</summary>
internal sealed class Stage(Bundle bundle, Workflow workflow)
{
    public Bundle Bundle => bundle;

    public Workflow Workflow => workflow;

    public ProjectType? Type { get; } = bundle.ProjectTypes.Values.FirstOrDefault(t => t.Workflow == workflow.Key);

    public InMemoryProject Start(Draft draft) => new(workflow, Type, draft.Step, draft.Entity, draft.Project, draft.Now,
        draft.Others is { } others ? new Dictionary<string, int> { [others.Step] = others.Count } : null);

    public InMemoryProject Start(string step, FactObject entity, FactObject project, DateTimeOffset now) => new(workflow, Type, step, entity, project, now);

    /// <summary>Plays a draft.</summary>
    public IReadOnlyList<Played> Play(Draft draft)
    {
        var project = Start(draft);
        var played = new List<Played>();
        foreach (var act in draft.Acts)
        {
            project.Now += act.Advance;
            played.Add(new(project.Move(act.Do, act.As ?? draft.Actor, act.Input, act.Changes), project.State.Step, project.Entity, project.State.Fields));
        }

        return played;
    }

    /// <summary>Tells whether a draft's last act is made, and all others are refused.</summary>
    public bool Passes(Draft draft) => Play(draft)[^1].Decision is Decision.Moved;

    /// <summary>Writes a draft down as an embedded test that expects what happens.</summary>
    public Value Write(Draft draft, string title)
    {
        var steps = new List<Value>();
        var from = draft.Step;
        foreach (var (act, played) in draft.Acts.Zip(Play(draft)))
        {
            steps.Add(Write(draft, act, from, played));
            from = played.Step;
        }

        var given = new Members()
            .Add("step", Value.From(draft.Step), draft.Step != workflow.Initial.Key)
            .Add("entity", Value.From(draft.Entity), draft.Entity.Count > 0)
            .Add("project", Value.From(draft.Project), draft.Project.Count > 0)
            .Add("actor", Of(draft.Actor), draft.Actor.Roles.Count + draft.Actor.Relations.Count > 0)
            .Add("counts", draft.Others is { } others ? new Members().Add(others.Step, Value.From(others.Count)).Build() : Value.Null, draft.Others is not null)
            .Add("now", Value.From(draft.Now), draft.Now != ScenarioRunner.DefaultNow);
        return new Members().Add("title", Value.From(title)).Add("workflow", Value.From(workflow.Key)).Add("given", given.Build()).Add("steps", Value.From([.. steps])).Build();
    }

    private Value Write(Draft draft, Act act, string from, Played played)
    {
        var expect = new Members().Add("step", Value.From(played.Step))
            .Add("blockedBy", Texts(played.Decision is Decision.Refused refused ? refused.Reasons.Select(r => r.Key) : []));
        if (played.Decision is Decision.Moved { Plan: var plan })
        {
            var (entity, project) = (Targets(act.Do, "entity", played.Entity), Targets(act.Do, "project", played.Project));
            expect.Add("warnings", Texts(plan.Warnings.Select(w => w.Key)), Warns(act.Do, from))
                .Add("entity", entity, !entity.IsNull)
                .Add("project", project, !project.IsNull)
                .Add("events", Texts(plan.Effects.Events.Select(e => e.Type).Distinct()), plan.Effects.Events.Count > 0);
        }

        return new Members().Add("do", Value.From(act.Do)).Add("as", Of(act.As ?? draft.Actor), act.As is not null && Of(act.As) != Of(draft.Actor))
            .Add("input", act.Input, !act.Input.IsNull).Add("changes", Value.From(act.Changes), act.Changes.Count > 0)
            .Add("advance", Value.From(System.Xml.XmlConvert.ToString(act.Advance)), act.Advance != TimeSpan.Zero).Add("expect", expect.Build()).Build();
    }

    private bool Warns(string transition, string from) =>
        workflow.Transition(transition) is { } t && t.Conditions.Concat(t.Validators).Concat(workflow.Step(from)!.ExitCriteria).Any(g => g.IsWarning);

    /// <summary>Gives what the fields are that a transition may set, whether it did or not; null where there is none.</summary>
    private Value Targets(string transition, string root, FactObject fields)
    {
        var targets = workflow.Transition(transition)!.PostActions.Where(a => a.Target is not null).Select(a => JsonPointer.Tokens(a.Target!)!).Where(t => t[0] == root).Select(t => t[1]).ToList();
        var set = new Members();
        foreach (var name in targets) set.Add(name, fields[name]);
        return targets.Count > 0 ? set.Build() : Value.Null;
    }

    private static Value Of(TestActor actor) => new Members()
        .Add("id", Value.From(actor.Name), actor.Name != new TestActor().Name)
        .Add("roles", Texts(actor.Roles), actor.Roles.Count > 0)
        .Add("relations", Texts(actor.Relations), actor.Relations.Count > 0).Build();

    private static Value Texts(IEnumerable<string> texts) => Value.From([.. texts.Select(Value.From)]);
}

/// <summary>What came of an act.</summary>
internal sealed record Played(Decision Decision, string Step, FactObject Entity, FactObject Project);

/// <summary>An object being written, whose members may be left out.</summary>
internal sealed class Members
{
    private readonly FactObjectBuilder _members = new();

    public Members Add(string name, Value value, bool isThere = true)
    {
        if (isThere) _members[name] = value;
        return this;
    }

    public Value Build() => Value.From(_members.Build());
}
