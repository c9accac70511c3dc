using Crm.Wfm.Decisions;
using Crm.Wfm.Rules;
using Crm.Wfm.Schemas;

namespace Crm.Wfm.Workflows;

/// <summary>A graph of steps and transitions, with everything a move needs to know. Published ones never change.</summary>
public sealed record Workflow
{
    /// <summary>Gets the key, unique in a workspace.</summary>
    public required string Key { get; init; }

    /// <summary>Gets the name for people.</summary>
    public Text? Title { get; init; }

    /// <summary>Gets the steps in the bundle's order.</summary>
    public required IReadOnlyList<Step> Steps { get; init; }

    /// <summary>Gets the transitions, ordered by target step, then key: the order of buttons.</summary>
    public required IReadOnlyList<Transition> Transitions { get; init; }

    /// <summary>Gets the values of <c>param.*</c>: the bundle's defaults.</summary>
    public Value Params { get; init; }

    /// <summary>Gets the schema of the facts at <c>entity.*</c> by subject type.</summary>
    public IReadOnlyDictionary<string, JsonSchema> Subjects { get; init; } = new Dictionary<string, JsonSchema>();

    /// <summary>Gets the schema of the project's own fields at <c>project.*</c> by project type.</summary>
    public IReadOnlyDictionary<string, JsonSchema> Fields { get; init; } = new Dictionary<string, JsonSchema>();

    /// <summary>Gets the decisions of its bundle; of a published workflow those it uses.</summary>
    public IReadOnlyDictionary<string, Decision> Decisions { get; init; } = new Dictionary<string, Decision>();

    /// <summary>Gets the step where projects start.</summary>
    public Step Initial => Steps.First(s => s.Initial);

    /// <summary>Finds a step, or <c>null</c>.</summary>
    public Step? Step(string key) => Steps.FirstOrDefault(s => s.Key == key);

    /// <summary>Finds a transition, or <c>null</c>.</summary>
    public Transition? Transition(string key) => Transitions.FirstOrDefault(t => t.Key == key);

    /// <summary>Lists the transitions that leave a step.</summary>
    public IEnumerable<Transition> From(string step) => Transitions.Where(t => t.Leaves(step));
}

/// <summary>The shared label of a state.</summary>
public sealed record Status(string Key, StatusCategory Category, Text? Title = null, string? Color = null, Value Metadata = default);

/// <summary>What a status means to reports, whatever its name.</summary>
public enum StatusCategory
{
    /// <summary>Being worked on.</summary>
    Open,
    /// <summary>Somebody else has to act.</summary>
    Waiting,
    /// <summary>Ended well.</summary>
    Won,
    /// <summary>Ended badly.</summary>
    Lost,
    /// <summary>Ended without a result.</summary>
    Cancelled,
    /// <summary>Ended; neither won nor lost.</summary>
    Done,
}

/// <summary>Names of the categories as JSON has them.</summary>
public static class StatusCategories
{
    /// <summary>Gives the category's JSON name: lower-case.</summary>
    public static string Key(this StatusCategory category) => category switch
    {
        StatusCategory.Open => "open",
        StatusCategory.Waiting => "waiting",
        StatusCategory.Won => "won",
        StatusCategory.Lost => "lost",
        StatusCategory.Cancelled => "cancelled",
        _ => "done",
    };
}

/// <summary>A place in a workflow; shows a status.</summary>
public sealed record Step
{
    /// <summary>Gets the key; the status's key unless the bundle says otherwise.</summary>
    public required string Key { get; init; }

    /// <summary>Gets the status shown.</summary>
    public required Status Status { get; init; }

    /// <summary>Gets whether projects start here; exactly one step of a workflow.</summary>
    public bool Initial { get; init; }

    /// <summary>Gets whether a project here is completed. A final step may have outgoing transitions (reopening).</summary>
    public bool Final { get; init; }

    /// <summary>Gets the chance of winning from here, 0 to 1.</summary>
    public double? Probability { get; init; }

    /// <summary>Gets how many open projects of one type may be here at once; <c>null</c> is no limit.</summary>
    public int? WipLimit { get; init; }

    /// <summary>Gets what has to hold before a project may leave.</summary>
    public IReadOnlyList<Guard> ExitCriteria { get; init; } = [];

    /// <summary>Gets advice for people working here.</summary>
    public Text? Guidance { get; init; }

    /// <summary>Gets after what time without a move a project rots; shown, not enforced yet.</summary>
    public TimeSpan? RotAfter { get; init; }
}

/// <summary>A legal move between steps.</summary>
public sealed record Transition
{
    /// <summary>Gets the key, unique in the workflow.</summary>
    public required string Key { get; init; }

    /// <summary>Gets the button's label; the key when there is none.</summary>
    public Text? Title { get; init; }

    /// <summary>Gets the step keys it leaves; <c>*</c> is written out at reading: every step but the target.</summary>
    public required IReadOnlyList<string> From { get; init; }

    /// <summary>Gets the step key it leads to.</summary>
    public required string To { get; init; }

    /// <summary>Gets what sets it off; only <see cref="TransitionTrigger.Manual"/> is carried out yet.</summary>
    public TransitionTrigger Trigger { get; init; }

    /// <summary>Gets who may take it: any alternative suffices; empty means any member.</summary>
    public IReadOnlyList<Allowance> Allow { get; init; } = [];

    /// <summary>Gets the guards evaluated before the user acts.</summary>
    public IReadOnlyList<Guard> Conditions { get; init; } = [];

    /// <summary>Gets the schema of what the user is asked for; <c>null</c> asks for nothing.</summary>
    public JsonSchema? Input { get; init; }

    /// <summary>Gets the guards evaluated on submit, with the input.</summary>
    public IReadOnlyList<Guard> Validators { get; init; } = [];

    /// <summary>Gets the approvals needed; until they are enforced such a transition refuses with <c>approval</c>.</summary>
    public Approvals? Approvals { get; init; }

    /// <summary>Gets what the move does besides moving, in order, in the same transaction.</summary>
    public IReadOnlyList<PostAction> PostActions { get; init; } = [];

    /// <summary>Gets the transitions whose last actor in this project may not take this one (four eyes).</summary>
    public IReadOnlyList<string> NotSameActorAs { get; init; } = [];

    /// <summary>Tells whether it leaves a step.</summary>
    public bool Leaves(string step) => From.Contains(step);
}

/// <summary>What sets a transition off.</summary>
public enum TransitionTrigger
{
    /// <summary>A person, an API call, an automation's MoveProject.</summary>
    Manual,
    /// <summary>An event; not enforced yet.</summary>
    Event,
    /// <summary>Time in the step; not enforced yet.</summary>
    Timer,
    /// <summary>The start of the project; not enforced yet.</summary>
    Start,
}

/// <summary>One alternative of <see cref="Transition.Allow"/>: every kind it names must match.</summary>
/// <param name="Roles">The actor has one of these; empty asks for none.</param>
/// <param name="Relations">The actor stands in one of these relations to the subject; empty asks for none.</param>
public sealed record Allowance(IReadOnlyList<string> Roles, IReadOnlyList<string> Relations);

/// <summary>A condition or validator.</summary>
/// <param name="Key">The reason key when it refuses.</param>
/// <param name="Rule">What has to hold.</param>
/// <param name="Message">What to tell the user when it does not.</param>
/// <param name="IsWarning">Whether it only warns and lets the move pass.</param>
/// <param name="Fixes">JSON Pointers of the fields a user would change, such as <c>/entity/amount</c>.</param>
public sealed record Guard(string Key, Rule Rule, Text Message, bool IsWarning, IReadOnlyList<string> Fixes);

/// <summary>Who has to approve a move before it happens.</summary>
public sealed record Approvals(int Quorum, IReadOnlyList<string> Roles, TimeSpan? ExpiresAfter);

/// <summary>Something a move does besides moving.</summary>
/// <param name="Do"><c>set</c>, <c>emit</c>, or the name of an action the host registered.</param>
/// <param name="When">It is done only when this holds; <c>null</c> is always.</param>
/// <param name="Target">JSON Pointer of what <c>set</c> writes: below <c>/entity</c> or <c>/project</c>.</param>
/// <param name="Value">What to set or emit; computed after the move was decided, with the input.</param>
/// <param name="Source">The action as the bundle has it, with the members a host's action understands.</param>
public sealed record PostAction(string Do, Rule? When, string? Target, Rule? Value, Value Source);
