using Crm.Wfm.Events;
using Crm.Wfm.Flows.Definitions;
using Crm.Wfm.Flows.Expressions;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Activities;

/// <summary>
/// Something flows can do: a class with a <see cref="FlowActivityAttribute"/>, registered with <c>wfm.AddFlowActivity&lt;T&gt;()</c>. An instance is made for each time it
/// runs, by the scope's services: what it writes through the host's context commits together with the run, exactly once.
/// </summary>
public interface IFlowActivity
{
    /// <summary>Does it. What is thrown undoes the whole run, which is tried again later.</summary>
    /// <param name="flow">The run it is part of.</param>
    /// <param name="ct">Cancels when the host stops, or the run has taken too long.</param>
    Task<ActivityResult> RunAsync(FlowContext flow, CancellationToken ct);
}

/// <summary>What came of an activity.</summary>
public abstract record ActivityResult
{
    private ActivityResult()
    {
    }

    /// <summary>Gets the outcome <c>Done</c>.</summary>
    public static ActivityResult Done { get; } = new Completed("Done");

    /// <summary>It is done; connections from this port are followed.</summary>
    /// <param name="Outcome">One of the activity's outcomes.</param>
    public sealed record Completed(string Outcome) : ActivityResult;

    /// <summary>It is done, and so is the flow: what was still to run does not.</summary>
    public sealed record Ended : ActivityResult;
}

/// <summary>The run an activity is part of.</summary>
public sealed class FlowContext
{
    private readonly FlowMemory _memory;

    internal FlowContext(Guid run, ActivityDefinition activity, WfmEvent started, FlowMemory memory, DateTimeOffset now) =>
        (Run, Activity, Event, _memory, Now) = (run, activity, started, memory, now);

    /// <summary>Gets the run's id.</summary>
    public Guid Run { get; }

    /// <summary>Gets the activity as it was drawn.</summary>
    public ActivityDefinition Activity { get; }

    /// <summary>Gets the event that started the run.</summary>
    public WfmEvent Event { get; }

    /// <summary>Gets what the activity's own events are traced back to.</summary>
    public EventCause Cause => new(Event.Id, Event.Correlation, Event.Depth);

    /// <summary>Gets the business time at which the run's burst began, UTC.</summary>
    public DateTimeOffset Now { get; }

    /// <summary>Sets a variable of the flow.</summary>
    /// <exception cref="FlowException">The value is none of the variable's type.</exception>
    public void SetVariable(FlowVariable variable, Value value)
    {
        ArgumentNullException.ThrowIfNull(variable);
        _memory.SetVariable(variable, value);
    }
}

/// <summary>An activity or an expression that cannot go on.</summary>
/// <param name="message">Why, in words for whoever drew the flow.</param>
public sealed class FlowException(string message) : Exception(message);
