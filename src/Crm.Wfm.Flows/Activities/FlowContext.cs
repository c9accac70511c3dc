using Crm.Wfm.Events;
using Crm.Wfm.Flows.Compiling;
using Crm.Wfm.Flows.Definitions;
using Crm.Wfm.Flows.Expressions;
using Crm.Wfm.Flows.Running;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Activities;

/// <summary>The run an activity is part of.</summary>
public sealed class FlowContext
{
    private readonly FlowScope _scope;
    private readonly FlowNode _node;
    private readonly int _execution;

    internal FlowContext(FlowScope scope, FlowNode node, int execution, int attempt) => (_scope, _node, _execution, Attempt) = (scope, node, execution, attempt);

    /// <summary>Gets the run's id.</summary>
    public Guid Run => _scope.Run.Id;

    /// <summary>Gets the workspace it runs in.</summary>
    public Guid Workspace => _scope.Run.Workspace;

    /// <summary>Gets the activity as it was drawn.</summary>
    public ActivityDefinition Activity => _node.Definition;

    /// <summary>Gets the event that started the run; <c>null</c> when something else did.</summary>
    public WfmEvent? Event => _scope.Run.Event;

    /// <summary>Gets what the activity's own events are traced back to.</summary>
    public EventCause? Cause => _scope.Run.Cause;

    /// <summary>Gets the business time at which the run's burst began, UTC.</summary>
    public DateTimeOffset Now => _scope.Now;

    /// <summary>Gets which try this is, from 1.</summary>
    public int Attempt { get; }

    /// <summary>Gets a key that is the same at every try of this activity in this run, and different each time the flow comes by: for outside services that know such keys.</summary>
    public string IdempotencyKey => $"{Run:N}-{_execution}";

    /// <summary>Gets or sets what the activity keeps while it is suspended.</summary>
    public Value State { get; set; }

    /// <summary>Gets what a rule would see: <c>event</c>, <c>variables</c>, <c>input</c>, <c>outputs</c>, <c>param</c>, <c>now</c>.</summary>
    public Value Facts => _scope.Facts;

    /// <summary>Gets or sets the run's correlation id.</summary>
    public string? CorrelationId { get => _scope.Run.CorrelationId; set => _scope.Run.CorrelationId = value is null ? null : Persistence.Storable.Text(value); }

    /// <summary>Gets or sets the run's name.</summary>
    public string? RunName { get => _scope.Run.Name; set => _scope.Run.Name = value is null ? null : Persistence.Storable.Text(value); }

    /// <summary>Sets a variable the activity can see.</summary>
    /// <exception cref="FlowException">There is none, or the value is none of the variable's type.</exception>
    public void SetVariable(FlowVariable variable, Value value)
    {
        ArgumentNullException.ThrowIfNull(variable);
        _scope.SetVariable(variable.Id, value);
    }

    /// <summary>Sets an output of the flow: of the composite around the activity, else of the run.</summary>
    public void SetOutput(string name, Value value) => _scope.SetOutput(name, value);

    /// <summary>Gets whether the run was started by this very activity, as a trigger.</summary>
    public bool IsTriggerOfRun => _scope.Run.Trigger == Activity.NodeId && _scope.Run.Steps <= 2;

    /// <summary>
    /// Tells whether the activity should leave by a port for what went wrong, rather than throw: when somebody drew where that leads, and the tries the activity itself asks for
    /// (<c>customProperties.retry</c>) are used up.
    /// </summary>
    internal bool Takes(string port) => !HasTriesLeft && _node.LeadsOn(port);

    /// <summary>Gets whether the activity itself says that it is tried again after this try.</summary>
    internal bool HasTriesLeft => _node.Retry?.WaitAfter(Attempt) is not null;

    /// <summary>Gets what the activity's inputs were given literally, or came to.</summary>
    internal FlowNode Node => _node;

    /// <summary>Gives, once, what the run was started with under a name.</summary>
    internal Value TakeInput(string name) => _scope.Run.Input.Remove(name, out var value) ? value : Value.Null;

    /// <summary>Answers the request that waits for the run, once the burst is committed.</summary>
    internal void Respond(WrittenResponse response) => _scope.Run.Response ??= response;

    /// <summary>Gets the labels of the activity's cases that hold, in their order.</summary>
    internal IEnumerable<string> MatchingCases() => _node.Cases.Where(c => InputValues.Truth(c.Condition.Evaluate(_scope))).Select(c => c.Label);

    /// <summary>Starts another flow when the burst commits, in a run of its own.</summary>
    /// <returns>The new run's id.</returns>
    public Guid Dispatch(NewRunRequest request) => _scope.Run.Dispatch(request, Cause, Now);

    /// <summary>Runs the script an input is, or holds.</summary>
    internal Value RunScript(string input, List<string> outcomes)
    {
        var given = _node.Given(input);
        if (given is Script drawn) return drawn.Evaluate(_scope, outcomes);
        if (given?.Evaluate(_scope).AsText is not { Length: > 0 } text) return Value.Null;
        return Script.TryCompile(text, out var script, out var problem) ? script.Evaluate(_scope, outcomes) : throw new FlowException(problem);
    }

    /// <summary>Gets the rule an input is, or holds; <c>null</c> when it is none.</summary>
    internal Rule? RuleOf(string input)
    {
        var given = _node.Given(input);
        if (given is JsonLogicExpression drawn) return drawn.Rule;
        return given?.Evaluate(_scope) is { IsNull: false } logic ? Rule.TryCompile(logic, [], out var rule) ? rule : throw new FlowException($"{input} is no rule") : null;
    }

    /// <summary>Computes an input anew, with names of its own.</summary>
    internal Value Evaluate(string input, IReadOnlyDictionary<string, Value> names) => _node.Evaluate(input, _scope.With(_node, names));

    /// <summary>Tells an event when the burst commits.</summary>
    /// <param name="type">Its type: words joined by dots, not <c>wfm.*</c>.</param>
    /// <param name="data">What there is to tell.</param>
    /// <param name="subject">What it is about, such as <c>deal/7</c>; <c>null</c> for what the run's own event is about, else the run.</param>
    public void Tell(string type, Value data, string? subject = null) => _scope.Run.Told.Add(new(type, subject ?? Event?.Subject ?? $"run/{Run}", data));

    /// <summary>Sends a signal when the burst commits.</summary>
    internal void Send(OwnSignal signal) => _scope.Run.Signals.Add(signal);

    /// <summary>Writes a line for whoever tries the flow; in a hosted run it stands in the journal, as every input does.</summary>
    internal void WriteLine(string line) => _scope.Run.WriteLine(line);
}

/// <summary>A run to start.</summary>
/// <param name="DefinitionId">The flow: the id all its versions share. Its published version is run.</param>
/// <param name="Input">Its inputs by name.</param>
/// <param name="CorrelationId">Its correlation id.</param>
/// <param name="IsAwaited">Whether the run that starts it is told of its end, by <see cref="Signals.RunEnded"/>.</param>
public sealed record NewRunRequest(string DefinitionId, Value Input, string? CorrelationId = null, bool IsAwaited = false);

/// <summary>The names of signals the package sends.</summary>
public static class Signals
{
    /// <summary>An event of a type was told in the workspace; the payload is its CloudEvents form.</summary>
    public static string Event(string type) => $"event:{type}";

    /// <summary>Tells whether a signal is that of an event.</summary>
    internal static bool IsEvent(string signal) => signal.StartsWith("event:", StringComparison.Ordinal);

    /// <summary>A project of a subject moved: sent for <c>wfm.project.moved</c> alone; the payload is the event's CloudEvents form.</summary>
    public static string EventOf(string type, string subject) => $"event:{type}@{subject}";

    /// <summary>Somebody decided what <c>Wfm.RequestApproval</c> asked for; the payload is <c>{approved, by, at, reason}</c>.</summary>
    public static string Decided(string approvalId) => $"approval:{approvalId}";

    /// <summary>A run that was dispatched with <see cref="NewRunRequest.IsAwaited"/> ended; the payload is <c>{status, output}</c>.</summary>
    public static string RunEnded(Guid run) => $"run:{run:N}";

    /// <summary>Gets the run whose end a signal tells.</summary>
    internal static Guid EndedRun(string signal) => Guid.ParseExact(signal["run:".Length..], "N");

    /// <summary>A task that <c>Elsa.RunTask</c> asked for was reported done; the payload is its result.</summary>
    public static string TaskDone(string taskId) => $"task:{taskId}";

    /// <summary>A request came to a path a flow waits at.</summary>
    public static string Http(string method, string path) => $"http:{method.ToUpperInvariant()} {path}";
}
