using Crm.Wfm.Bundles;
using Crm.Wfm.Moves;
using Crm.Wfm.Rules;
using Crm.Wfm.Subjects;
using Crm.Wfm.Workflows;

namespace Crm.Wfm.Testing;

/// <summary>A project that <see cref="BundleHarness.Start"/> has started in memory.</summary>
public sealed class ProjectRun
{
    private readonly InMemoryProject _project;
    private readonly Workflow _workflow;
    private TestActor _actor;

    internal ProjectRun(InMemoryProject project, Workflow workflow, TestActor actor) => (_project, _workflow, _actor) = (project, workflow, actor);

    /// <summary>Gets the step the project is in.</summary>
    public string Step => _project.State.Step;

    /// <summary>Gets the record as it is now.</summary>
    public FactObject Entity => _project.Entity;

    /// <summary>Gets the project's own fields as they are now.</summary>
    public FactObject Fields => _project.State.Fields;

    /// <summary>Gets the types of the events the last move emitted.</summary>
    public IReadOnlyList<string> Events { get; private set; } = [];

    /// <summary>Gets the transitions out of this step that the actor sees: available ones, and blocked ones with their reasons.</summary>
    public IReadOnlyList<TransitionOffer> Offers => _project.Offers(_actor);

    /// <summary>Lets somebody else act from now on.</summary>
    public ProjectRun As(TestActor actor)
    {
        _actor = actor;
        return this;
    }

    /// <summary>Lets time pass.</summary>
    public ProjectRun Advance(TimeSpan time)
    {
        _project.Now += time;
        return this;
    }

    /// <summary>Asks the gate for a move and, when it lets it, makes it.</summary>
    /// <param name="transition">Key of the transition.</param>
    /// <param name="input">What the transition's input schema asks for.</param>
    /// <param name="changes">Fields of the record to set along with the move; a refusal leaves them unset.</param>
    /// <exception cref="BundleTestException">A change is unknown, read-only or of another type: a real move would not get as far as the gate.</exception>
    public Decision Move(string transition, object? input = null, object? changes = null)
    {
        var set = BundleHarness.Object(changes);
        var faults = RecordFields.CheckChanges(set, _workflow.Subjects.GetValueOrDefault(_project.State.Subject.Type));
        if (faults.Count > 0) throw new BundleTestException($"{transition} cannot set these fields", [.. faults.Select(f => f.Below("/changes"))]);
        var decision = _project.Move(transition, _actor, input is null ? Value.Null : FactsJson.Write(input), set);
        Events = decision is Decision.Moved moved ? [.. moved.Plan.Effects.Events.Select(e => e.Type)] : [];
        return decision;
    }

    /// <summary>Makes a move.</summary>
    /// <param name="transition">Key of the transition.</param>
    /// <param name="to">The step it has to lead to; <c>null</c> for any.</param>
    /// <param name="input">What the transition's input schema asks for.</param>
    /// <param name="changes">Fields of the record to set along with the move.</param>
    /// <exception cref="BundleTestException">The move is refused, or leads elsewhere.</exception>
    public ProjectRun ShouldMove(string transition, string? to = null, object? input = null, object? changes = null)
    {
        var from = Step;
        if (Move(transition, input, changes) is Decision.Refused refused)
        {
            throw new BundleTestException($"{transition} should move on from {from}, but is refused:" + Environment.NewLine
                + string.Join(Environment.NewLine, refused.Reasons.Select(r => $"  {r.Key}: {r.Message}")));
        }

        if (to is not null && Step != to) throw new BundleTestException($"{transition} should lead from {from} to {to}, but leads to {Step}.");
        return this;
    }

    /// <summary>Tries a move that has to be refused for exactly these reasons, in any order.</summary>
    /// <exception cref="BundleTestException">The move is made, or refused for other reasons.</exception>
    public ProjectRun ShouldBeBlocked(string transition, params string[] reasons)
    {
        var from = Step;
        var found = Move(transition) is Decision.Refused refused ? refused.Reasons.Select(r => r.Key).ToList() : [];
        if (found.Count == 0) throw new BundleTestException($"{transition} should be refused in {from}, but leads to {Step}.");
        if (!found.ToHashSet().SetEquals(reasons))
        {
            throw new BundleTestException($"{transition} should be refused for {string.Join(", ", reasons)}, but is refused for {string.Join(", ", found)}.");
        }

        return this;
    }
}
