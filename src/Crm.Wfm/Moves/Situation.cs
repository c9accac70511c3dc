using Crm.Wfm.Rules;
using Crm.Wfm.Subjects;
using Crm.Wfm.Workflows;

namespace Crm.Wfm.Moves;

/// <summary>All a decision depends on besides the workflow: the project, its subject, who asks, with what, when.</summary>
/// <param name="Project">The project as it is now.</param>
/// <param name="Subject">The subject as it is now, changes of the command included.</param>
/// <param name="Actor">Who asks.</param>
/// <param name="Now">Business time.</param>
public sealed record Situation(ProjectState Project, SubjectState Subject, Actor Actor, DateTimeOffset Now)
{
    private static readonly Shape Roots = Shape.Of("entity", "project", "step", "actor", "input", "event", "param", "now", "changed");
    private static readonly Shape StepShape = Shape.Of("key", "status", "category", "probability", "enteredAt");
    private static readonly Shape ActorShape = Shape.Of("id", "roles", "relations");

    /// <summary>Gets what the user entered; <see cref="Value.Null"/> for nothing.</summary>
    public Value Input { get; init; }

    /// <summary>Gets the subject's fields that the command sets (set-and-move); they are in <see cref="Subject"/> already.</summary>
    public FactObject Changes { get; init; } = FactObject.Empty;

    /// <summary>Gets what knows which of the subject's fields can be set; unless the host governs it, those the bundle's schema has.</summary>
    internal ISubjectType Kind { get; init; } = new RecordSubject("");

    /// <summary>Gets the actor's relations to the subject, such as <c>owner</c>.</summary>
    public IEnumerable<string> Relations => Subject.Relations.Where(r => r.Value == Actor.Id).Select(r => r.Key);

    /// <summary>Makes the data rules see: one object with the nine roots.</summary>
    public Value Facts(Workflow workflow)
    {
        ArgumentNullException.ThrowIfNull(workflow);
        // In the order of Shape.Names, which is ordinal: actor, changed, entity, event, input, now, param, project, step.
        return Value.From(new FactObject(Roots, [
            ActorFacts(), Value.From([.. Paths("entity", Changes).Select(Value.From)]), Value.From(Subject.Entity), Value.Null, Input, Value.From(Now), workflow.Params, Project.Facts(), StepFacts(workflow)]));
    }

    private static IEnumerable<string> Paths(string place, FactObject changes) =>
        changes.SelectMany(change => change.Value.AsObject is { Count: > 0 } part ? Paths($"{place}.{change.Key}", part) : [$"{place}.{change.Key}"]);

    private Value ActorFacts() => Value.From(new FactObject(ActorShape, [
        Value.From(Actor.Id),
        Value.From([.. Relations.Select(Value.From)]),
        Value.From([.. Actor.Roles.Select(Value.From)])]));

    private Value StepFacts(Workflow workflow)
    {
        if (workflow.Step(Project.Step) is not { } step) return Value.Null;
        return Value.From(new FactObject(StepShape, [
            Value.From(step.Status.Category.Key()),
            Value.From(Project.EnteredAt),
            Value.From(step.Key),
            step.Probability is { } chance ? Value.From(chance) : Value.Null,
            Value.From(step.Status.Key)]));
    }
}

/// <summary>A project as a decision sees it.</summary>
public sealed record ProjectState
{
    /// <summary>Gets the id.</summary>
    public required Guid Id { get; init; }

    /// <summary>Gets the project type's key.</summary>
    public required string Type { get; init; }

    /// <summary>Gets the record it governs.</summary>
    public required SubjectRef Subject { get; init; }

    /// <summary>Gets the step it is in; before the start the one it would start in.</summary>
    public required string Step { get; init; }

    /// <summary>Gets the version: the number of its history rows, 0 before the start.</summary>
    public required int Version { get; init; }

    /// <summary>Gets when it started.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Gets when it entered its step.</summary>
    public required DateTimeOffset EnteredAt { get; init; }

    /// <summary>Gets its own fields.</summary>
    public FactObject Fields { get; init; } = FactObject.Empty;

    /// <summary>Gets how many projects of its type are in each limited step that matters; a step that is missing counts as empty.</summary>
    public IReadOnlyDictionary<string, int> Counts { get; init; } = new Dictionary<string, int>();

    /// <summary>Gets who last took each transition that four-eyes checks name.</summary>
    public IReadOnlyDictionary<string, Guid> LastActors { get; init; } = new Dictionary<string, Guid>();

    /// <summary>Makes the facts at <c>project.*</c>: its own fields and <c>id</c>, <c>type</c>, <c>version</c>, <c>startedAt</c>, <c>enteredAt</c>.</summary>
    public Value Facts() => Value.From(new FactObjectBuilder(Fields)
    {
        ["id"] = Value.From(Id),
        ["type"] = Value.From(Type),
        ["version"] = Value.From(Version),
        ["startedAt"] = Value.From(StartedAt),
        ["enteredAt"] = Value.From(EnteredAt),
    }.Build());
}

/// <summary>A subject as a decision sees it.</summary>
/// <param name="Entity">The facts at <c>entity.*</c>.</param>
/// <param name="Relations">Relation → the user who stands in it, if any: who may act by <c>allow</c>'s relations.</param>
/// <param name="Version">The record's own version, where it has one.</param>
public sealed record SubjectState(FactObject Entity, IReadOnlyDictionary<string, Guid?> Relations, int? Version = null)
{
    /// <summary>Makes a subject without relations.</summary>
    public SubjectState(FactObject entity) : this(entity, new Dictionary<string, Guid?>())
    {
    }
}
