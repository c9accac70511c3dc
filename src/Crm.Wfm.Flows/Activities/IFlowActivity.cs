using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Activities;

/// <summary>
/// Something flows can do: a class with a <see cref="FlowActivityAttribute"/>, registered with <c>wfm.AddFlowActivity&lt;T&gt;()</c>. An instance is made for each time it
/// runs, by the scope's services: what it writes through the host's context commits together with the run, exactly once.
/// </summary>
public interface IFlowActivity
{
    /// <summary>Does it. What is thrown undoes what this activity has written, and it is tried again later, as its retry policy says.</summary>
    /// <param name="flow">The run it is part of.</param>
    /// <param name="ct">Cancels when the host stops, or the activity has taken too long.</param>
    Task<ActivityResult> RunAsync(FlowContext flow, CancellationToken ct);
}

/// <summary>An activity that does more than to go on when what it waited for has happened: without this, a suspended activity then completes with <c>Done</c>.</summary>
public interface IResumableActivity : IFlowActivity
{
    /// <summary>Goes on, in a new instance whose inputs are what they were.</summary>
    /// <param name="flow">The run it is part of.</param>
    /// <param name="happened">What it waited for, and with what it came.</param>
    /// <param name="ct">Cancels when the host stops, or the activity has taken too long.</param>
    Task<ActivityResult> ResumeAsync(FlowContext flow, Happened happened, CancellationToken ct);
}

/// <summary>
/// An activity that speaks with the outside: a mail, a request, a model. It runs without a transaction, after everything before it was committed; what comes of it is
/// committed afterwards. A host that dies in between has it run once more, with the same <see cref="FlowContext.IdempotencyKey"/>: so at least once.
/// </summary>
public interface IOutsideActivity : IFlowActivity;

/// <summary>An activity part of which can be checked when a flow is published: what is literal and could never work is refused then, with its place.</summary>
public interface ICheckedActivity : IFlowActivity
{
    /// <summary>Looks at an activity of this class as it was drawn.</summary>
    static abstract void Check(ActivityCheck drawn);
}

/// <summary>An activity that needs something of the host, such as a mail server: without it a flow that uses the activity is not published.</summary>
public interface IConfiguredActivity : IFlowActivity
{
    /// <summary>Gets what the host lacks, in words for whoever runs it; <c>null</c> for nothing.</summary>
    string? Missing { get; }
}

/// <summary>What came of an activity.</summary>
public abstract record ActivityResult
{
    private ActivityResult()
    {
    }

    /// <summary>Gets the outcome <c>Done</c>.</summary>
    public static ActivityResult Done { get; } = new Completed("Done");

    /// <summary>It is done; connections from these ports are followed.</summary>
    public sealed record Completed : ActivityResult
    {
        /// <summary>Completes it.</summary>
        /// <param name="outcomes">Outcomes of the activity; mostly one.</param>
        public Completed(params IReadOnlyList<string> outcomes) => Outcomes = outcomes;

        /// <summary>Gets the outcomes.</summary>
        public IReadOnlyList<string> Outcomes { get; }
    }

    /// <summary>It waits; the first of these that happens lets it go on.</summary>
    public sealed record Suspended : ActivityResult
    {
        /// <summary>Suspends it.</summary>
        /// <param name="waits">What for.</param>
        public Suspended(params IReadOnlyList<Wait> waits) => Waits = waits;

        /// <summary>Gets what for.</summary>
        public IReadOnlyList<Wait> Waits { get; }
    }

    /// <summary>It is done, and so is the composite around it: the flow that is used as an activity, or the run. What was still to run in it does not.</summary>
    /// <param name="Outcomes">By what the composite is left.</param>
    public sealed record CompositeCompleted(IReadOnlyList<string> Outcomes) : ActivityResult;

    /// <summary>It is done, and so is the whole run.</summary>
    public sealed record Ended : ActivityResult;

    /// <summary>It is done, and so is the loop around it.</summary>
    internal sealed record Broken : ActivityResult;
}

/// <summary>What an activity can wait for.</summary>
public abstract record Wait
{
    private Wait()
    {
    }

    /// <summary>A time, by the clock of the business.</summary>
    /// <param name="Due">When, UTC.</param>
    public sealed record Until(DateTimeOffset Due) : Wait;

    /// <summary>A signal: kept for the run from when it was accepted, however early, until it is taken. See <see cref="Signals"/> for those the package sends.</summary>
    /// <param name="Signal">Its name, 400 characters at most.</param>
    public sealed record For(string Signal) : Wait
    {
        internal const int MostCharacters = 400;

        /// <summary>Gets whether its name is one.</summary>
        internal bool IsNamed => Signal.Length is > 0 and <= MostCharacters && !Signal.Contains('\0');
    }
}

/// <summary>What a suspended activity waited for.</summary>
/// <param name="Signal">The signal's name; <c>null</c> when its time had come.</param>
/// <param name="Payload">With what the signal came.</param>
public sealed record Happened(string? Signal, Value Payload);

/// <summary>An activity or an expression that cannot go on.</summary>
/// <param name="message">Why, in words for whoever drew the flow.</param>
public sealed class FlowException(string message) : Exception(message)
{
    /// <summary>Gets whether trying again would fail again: it is not tried again then.</summary>
    public bool IsFinal { get; init; }
}
