using Crm.Wfm.Events;
using Crm.Wfm.Flows.Activities;
using Crm.Wfm.Flows.Compiling;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Running;

/// <summary>All there is of a run while it goes on: between two bursts it is one text in one row.</summary>
internal sealed class RunState
{
    // Characters of inputs, or outputs, in the journal: of one entry, and of each when a burst has shown much.
    private const int MostShown = 20_000;
    private const int LeastShown = 200;
    private const int MuchShown = 2_000_000;

    // Within the depth that JSON is read to, and a little around it.
    private const int MaxDepth = 220;

    private long? _kept;
    private long _shown;

    public required Guid Id { get; init; }

    public required Guid Workspace { get; init; }

    /// <summary>Gets the event that started it; <c>null</c> when something else did.</summary>
    public WfmEvent? Event { get; init; }

    /// <summary>Gets what its own events are traced back to.</summary>
    public EventCause? Cause { get; init; }

    /// <summary>Gets the trace it continues; <c>null</c> for none.</summary>
    public string? Traceparent { get; init; }

    public string? CorrelationId { get; set; }

    public string? Name { get; set; }

    /// <summary>Gets the id of the trigger it was started by; <c>null</c> for none.</summary>
    public string? Trigger { get; init; }

    public RunStatus Status { get; set; } = RunStatus.Pending;

    public Dictionary<string, Value> Input { get; init; } = new(StringComparer.Ordinal);

    public Dictionary<string, Value> Output { get; init; } = new(StringComparer.Ordinal);

    /// <summary>Gets what activities gave out, by their names; the last time counts.</summary>
    public Dictionary<string, Value> ActivityOutputs { get; init; } = new(StringComparer.Ordinal);

    /// <summary>Gets what the activity before gave out.</summary>
    public Value LastResult { get; set; }

    /// <summary>Gets what is going on, what is outside before what lies within.</summary>
    public List<Execution> Executions { get; init; } = [];

    /// <summary>Gets what is to run next, first in, first out.</summary>
    public Queue<Work> Queue { get; init; } = [];

    public List<Incident> Incidents { get; init; } = [];

    /// <summary>Gets or sets the flow's variables by id once it has ended, for who runs it again from an activity on.</summary>
    public Dictionary<string, Value>? Kept { get; set; }

    public int NextExecution { get; set; } = 1;

    /// <summary>Gets or sets how many activities have run.</summary>
    public int Steps { get; set; }

    /// <summary>Gets what the burst did. Not kept here: written to the journal.</summary>
    public List<JournalEntry> Journal { get; } = [];

    /// <summary>Gets the runs the burst starts.</summary>
    public List<DispatchedRun> Dispatched { get; } = [];

    /// <summary>Gets how much the burst starts, tells and sends so far; set to what it was, to take back what a failed activity wanted.</summary>
    public (int Dispatched, int Told, int Signals) Sent
    {
        get => (Dispatched.Count, Told.Count, Signals.Count);
        set
        {
            Dispatched.RemoveRange(value.Dispatched, Dispatched.Count - value.Dispatched);
            Told.RemoveRange(value.Told, Told.Count - value.Told);
            Signals.RemoveRange(value.Signals, Signals.Count - value.Signals);
        }
    }

    /// <summary>Gets the events the burst tells.</summary>
    public List<ToldEvent> Told { get; } = [];

    /// <summary>Gets the signals the burst sends.</summary>
    public List<OwnSignal> Signals { get; } = [];

    /// <summary>Gets or sets what is answered to the request that waits for the run. Not kept.</summary>
    public WrittenResponse? Response { get; set; }

    /// <summary>Gets how many characters it may keep.</summary>
    public long MaxKept { get; init; } = long.MaxValue;

    /// <summary>Receives what <c>WriteLine</c> wrote; set by who tries a flow.</summary>
    public Action<string> WriteLine { get; set; } = _ => { };

    /// <summary>Gets the earliest time something waits for; <c>null</c> when nothing waits for a time.</summary>
    public DateTimeOffset? Due => Executions.SelectMany(e => e.Waits).OfType<Wait.Until>().Select(w => (DateTimeOffset?)w.Due).Min();

    public Execution Add(FlowNode node, Execution? parent, Flow? flow = null)
    {
        var execution = new Execution { Id = NextExecution++, Node = node, Parent = parent, Flow = flow };
        Executions.Add(execution);
        return execution;
    }

    /// <summary>Notes a failure. Only the last so many are kept here; the journal has them all.</summary>
    public void Add(Incident incident)
    {
        const int Most = 50;
        if (Incidents.Count == Most) Incidents.RemoveAt(0);
        Incidents.Add(incident);
    }

    /// <summary>Notes what an activity did, shown as far as it is not too long: a loop could show the same large value again and again.</summary>
    public void Note(JournalEntry entry)
    {
        var most = _shown < MuchShown ? MostShown : LeastShown;
        var noted = entry with { Inputs = Sizes.Cut(entry.Inputs, most), Outputs = Sizes.Cut(entry.Outputs, most) };
        _shown += Sizes.Of(noted.Inputs, most) + Sizes.Of(noted.Outputs, most);
        Journal.Add(noted);
    }

    /// <summary>Takes a value it is to keep, where there is room: whoever has it keep too much has failed.</summary>
    /// <exception cref="FlowException">It would keep too much, or what could not be read again.</exception>
    public Value Fit(Value value)
    {
        if (value.Depth > MaxDepth) throw new FlowException($"values lie at most {MaxDepth} deep in each other") { IsFinal = true };
        // What is replaced by other values is counted as well; when that comes to much, what there is is counted anew.
        _kept = (_kept ?? KeptNow()) + Sizes.Of(value, MaxKept);
        if (_kept > MaxKept) _kept = KeptNow() + Sizes.Of(value, MaxKept);
        return _kept <= MaxKept ? value : throw new FlowException($"what the run keeps would come to more than {MaxKept} characters") { IsFinal = true };
    }

    /// <summary>Comes to its end: nothing goes on any more.</summary>
    public void End()
    {
        Kept = Executions.Find(e => e.Parent is null)?.Variables;
        Queue.Clear();
        Executions.Clear();
        Status = RunStatus.Finished;
    }

    private long KeptNow() => Sizes.Of(Value.From(
        [
            .. Input.Values, .. Output.Values, .. ActivityOutputs.Values, LastResult,
            .. Executions.SelectMany(e => (IEnumerable<Value>)[e.Inputs, e.State, .. (e.Variables ?? []).Values, .. (e.Outputs ?? []).Values]),
        ]), MaxKept);

    public Guid Dispatch(NewRunRequest request, EventCause? cause, DateTimeOffset now)
    {
        var run = new DispatchedRun(RunIds.New(now), request, cause);
        Dispatched.Add(run);
        return run.Id;
    }
}

/// <summary>How far a run is.</summary>
internal enum RunStatus
{
    /// <summary>Something is to run.</summary>
    Pending,

    /// <summary>It waits for a time or a signal.</summary>
    Suspended,

    /// <summary>It came to its end.</summary>
    Finished,

    /// <summary>An activity failed for good; it waits for somebody to look at it.</summary>
    Faulted,

    /// <summary>Somebody ended it.</summary>
    Cancelled,
}

/// <summary>An activity that is going on.</summary>
internal sealed class Execution
{
    public required int Id { get; init; }

    public required FlowNode Node { get; init; }

    public required Execution? Parent { get; init; }

    /// <summary>Gets the flow whose root runs within it; <c>null</c> for what is no composite.</summary>
    public Flow? Flow { get; init; }

    public ExecutionStatus Status { get; set; }

    /// <summary>Gets or sets whether a loop of a flowchart came back to it.</summary>
    public bool IsAgain { get; set; }

    /// <summary>Gets or sets which try this is, from 1.</summary>
    public int Attempt { get; set; } = 1;

    /// <summary>Gets or sets the variables it declares, by id.</summary>
    public Dictionary<string, Value>? Variables { get; set; }

    /// <summary>Gets or sets what its inputs were, when they are needed again.</summary>
    public Value Inputs { get; set; }

    /// <summary>Gets or sets what it keeps for itself.</summary>
    public Value State { get; set; }

    public List<Wait> Waits { get; set; } = [];

    /// <summary>Gets or sets what a composite has given out so far.</summary>
    public Dictionary<string, Value>? Outputs { get; set; }

    public bool IsWithin(Execution ancestor)
    {
        for (var at = this; at is not null; at = at.Parent)
            if (at == ancestor) return true;
        return false;
    }
}

internal enum ExecutionStatus
{
    /// <summary>Something within it goes on.</summary>
    Open,

    /// <summary>It waits for one of its waits.</summary>
    Waiting,

    /// <summary>It is to speak with the outside, once what came before is committed.</summary>
    Calling,

    /// <summary>It failed and is tried again when its time has come.</summary>
    Retrying,

    /// <summary>It failed for good.</summary>
    Faulted,
}

/// <summary>An activity that is to run.</summary>
/// <param name="Node">The activity.</param>
/// <param name="Parent">What it runs within.</param>
/// <param name="Variables">Variables of its own, by name.</param>
/// <param name="IsAgain">Whether a loop of a flowchart came back to it.</param>
internal sealed record Work(FlowNode Node, Execution Parent, IReadOnlyDictionary<string, Value>? Variables = null, bool IsAgain = false);

/// <summary>An activity that failed.</summary>
/// <param name="Execution">Which one.</param>
/// <param name="NodeId">The activity's place.</param>
/// <param name="Type">Its type.</param>
/// <param name="Message">Why.</param>
/// <param name="At">When.</param>
/// <param name="Attempt">At which try.</param>
internal sealed record Incident(int Execution, string NodeId, string Type, string Message, DateTimeOffset At, int Attempt);

/// <summary>A run the burst starts.</summary>
internal sealed record DispatchedRun(Guid Id, NewRunRequest Request, EventCause? Cause);

/// <summary>An event the burst tells.</summary>
internal sealed record ToldEvent(string Type, string Subject, Value Data);

/// <summary>A signal the burst sends: to this run alone, or to all that wait for it, of one correlation id where one is given.</summary>
internal sealed record OwnSignal(string Signal, Value Payload, bool IsLocal, string? CorrelationId);

/// <summary>What an activity did.</summary>
/// <param name="Execution">Which time the flow came by it.</param>
/// <param name="Activity">The activity's place: its node id.</param>
/// <param name="Type">Its type.</param>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What happened to it.</param>
/// <param name="At">When, business time.</param>
/// <param name="Outcomes">By what it went on.</param>
/// <param name="Inputs">What its inputs were.</param>
/// <param name="Outputs">What it gave out.</param>
/// <param name="Message">Why it failed, or what it waits for.</param>
/// <param name="Duration">How long it took.</param>
/// <param name="Parent">Within which execution; 0 for none.</param>
internal sealed record JournalEntry(
    int Execution, string Activity, string Type, string Name, JournalKind Kind, DateTimeOffset At, IReadOnlyList<string> Outcomes, Value Inputs, Value Outputs, string? Message, TimeSpan Duration, int Parent);

/// <summary>What happened to an activity.</summary>
internal enum JournalKind
{
    Completed,
    Suspended,
    Faulted,
    Retrying,
    Cancelled,

    /// <summary>Somebody intervened in the run.</summary>
    Intervened,

    /// <summary>The outside answered; what lies within goes on.</summary>
    Answered,
}
