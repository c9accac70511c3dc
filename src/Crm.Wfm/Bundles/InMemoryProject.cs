using Crm.Wfm.Moves;
using Crm.Wfm.Rules;
using Crm.Wfm.Testing;
using Crm.Wfm.Workflows;

namespace Crm.Wfm.Bundles;

/// <summary>A project and its subject in memory, moved through the gate that decides real moves.</summary>
internal sealed class InMemoryProject
{
    private readonly Workflow _workflow;
    private readonly Dictionary<string, Guid> _lastActors = [];

    public InMemoryProject(Workflow workflow, ProjectType? type, string? step, FactObject entity, FactObject fields, DateTimeOffset now, IReadOnlyDictionary<string, int>? counts = null)
    {
        (_workflow, Entity, Now) = (workflow, entity, now);
        State = new()
        {
            Id = TestActor.IdOf("project"),
            Type = type?.Key ?? "",
            Subject = new(type?.Subject ?? "", "test"),
            Step = step ?? workflow.Initial.Key,
            Version = 1,
            StartedAt = now,
            EnteredAt = now,
            Fields = fields,
            LastActors = _lastActors,
            Counts = counts ?? new Dictionary<string, int>(),
        };
    }

    public ProjectState State { get; private set; }

    public FactObject Entity { get; private set; }

    public DateTimeOffset Now { get; set; }

    /// <summary>Moves, or leaves everything as it was.</summary>
    public Decision Move(string transition, TestActor actor, Value input, FactObject changes)
    {
        var before = Entity;
        Set(changes);
        var decision = Gate.Decide(_workflow, transition, For(actor) with { Input = input, Changes = changes });
        if (decision is Decision.Moved moved) Apply(moved.Plan, actor);
        else Entity = before;
        return decision;
    }

    public IReadOnlyList<TransitionOffer> Offers(TestActor actor) => Gate.Offers(_workflow, For(actor));

    private void Apply(MovePlan plan, TestActor actor)
    {
        Set(plan.Effects.Entity);
        _lastActors[plan.Transition!.Key] = actor.Id;
        State = State with { Step = plan.To.Key, Version = State.Version + 1, EnteredAt = Now, Fields = plan.Effects.Project ?? State.Fields };
    }

    private void Set(FactObject fields)
    {
        foreach (var (name, value) in fields) Entity = Entity.With(name, value);
    }

    public Situation For(TestActor actor) =>
        new(State, new(Entity, actor.Relations.ToDictionary(r => r, _ => (Guid?)actor.Id)), new(actor.Id, actor.Roles), Now);
}
