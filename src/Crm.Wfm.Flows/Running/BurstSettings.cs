using Crm.Wfm.Flows.Compiling;
using Crm.Wfm.Flows.Activities;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Running;

/// <summary>What a burst is run with.</summary>
internal sealed record BurstSettings
{
    /// <summary>Gets the scope that activities are made in.</summary>
    public required IServiceProvider Services { get; init; }

    /// <summary>Gets the business time of the burst, UTC.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>Gets what measures.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Gets the params of the bundle the flow stands in.</summary>
    public Value Param { get; init; } = Value.From(FactObject.Empty);

    /// <summary>Gets how many activities a run may run.</summary>
    public int MaxSteps { get; init; } = 10_000;

    /// <summary>Gets after what time an activity fails that does not say itself.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Gets how an activity is tried again that does not say itself.</summary>
    public RetryPolicy Retry { get; init; } = RetryPolicy.Never;

    /// <summary>Gets what becomes of a run one of whose activities failed for good.</summary>
    public IncidentStrategy Strategy { get; init; }

    /// <summary>Gets what finds a flow that is used as an activity.</summary>
    public required Func<FlowNode, CancellationToken, ValueTask<Flow?>> FindFlow { get; init; }

    /// <summary>Gets what saves what an activity left unsaved.</summary>
    public Func<CancellationToken, Task> SaveAsync { get; init; } = _ => Task.CompletedTask;

    /// <summary>Gets what runs a piece so that nothing it wrote is left when it throws.</summary>
    public Func<Func<CancellationToken, Task>, CancellationToken, Task> IsolateAsync { get; init; } = (piece, ct) => piece(ct);

    /// <summary>Gets what tells failures of an activity from those that take the whole transaction with them.</summary>
    public Func<Exception, bool> IsLost { get; init; } = _ => false;
}

/// <summary>What becomes of a run one of whose activities failed for good.</summary>
public enum IncidentStrategy
{
    /// <summary>The run is faulted at once.</summary>
    Fault,

    /// <summary>The other branches go on; the run is faulted when nothing else is left.</summary>
    Continue,
}

internal static class IncidentStrategies
{
    // Elsa writes .NET type names, such as "Elsa.Workflows.IncidentStrategies.ContinueWithIncidentsStrategy, Elsa.Workflows.Core".
    public static IncidentStrategy? Of(Definitions.FlowDefinition? flow) => flow?.Source["options"]["incidentStrategyType"].AsText?.Split(',')[0].Split('.')[^1] switch
    {
        "FaultStrategy" or "Fault" => IncidentStrategy.Fault,
        "ContinueWithIncidentsStrategy" or "Continue" => IncidentStrategy.Continue,
        _ => null,
    };
}

/// <summary>What came of calling the outside.</summary>
/// <param name="Result">The activity's result; <c>null</c> when it failed.</param>
/// <param name="Outputs">What it gave out.</param>
/// <param name="Failure">Why it failed.</param>
/// <param name="Duration">How long it took.</param>
internal sealed record CallResult(ActivityResult? Result, Value Outputs, Exception? Failure, TimeSpan Duration);

/// <summary>The run came by too many activities.</summary>
internal sealed class RunawayException(string message) : Exception(message);

/// <summary>A failure that was drawn: trying again would fail again.</summary>
internal sealed class DrawnFault(string message) : Exception(message);

/// <summary>Failures in words a row can keep.</summary>
internal static class Failures
{
    private const int Most = 2000;

    /// <summary>Says why something failed. Whatever it says, the database can hold it.</summary>
    public static string Text(Exception cause)
    {
        // A text that is cut off in the middle of a character is whole again by its runes.
        var text = (cause is FlowException or TookTooLong or RunawayException or DrawnFault or RunGivenUp or ActivityHung ? cause.Message : $"{cause.GetType().Name}: {cause.Message}").Replace('\0', '\uFFFD');
        return string.Concat(text[..Math.Min(text.Length, Most)].EnumerateRunes());
    }
}
