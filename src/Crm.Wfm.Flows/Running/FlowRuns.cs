using Crm.Wfm.Flows.Definitions;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Running;

/// <summary>Starts runs of the workspace at hand, and speaks to them. Everything happens in the transaction at hand where there is one, and in one of its own where there is none.</summary>
public sealed class FlowRuns
{
    /// <summary>Starts a run, which a runner takes up at once. A draft that has run is settled: it never changes again.</summary>
    public Task<StartResult> StartAsync(NewStart start, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Sends a signal to a run, kept for it until it waits for it.</summary>
    /// <returns>Whether there is such a run that goes on.</returns>
    public Task<bool> SignalAsync(Guid run, string signal, Value payload, CancellationToken ct) => throw new NotImplementedException();

    /// <summary>Ends a run: what it waits for is forgotten, and runs it started and waits for end as well. A burst that is at work is waited for.</summary>
    public Task<CancelResult> CancelAsync(Guid run, CancellationToken ct) => throw new NotImplementedException();
}

/// <summary>A run to start.</summary>
/// <param name="DefinitionId">The flow: the id all its versions share.</param>
public sealed record NewStart(string DefinitionId)
{
    /// <summary>Gets which version; the published one by default.</summary>
    public VersionOptions Version { get; init; } = VersionOptions.Published;

    /// <summary>Gets the version by its own id, in place of <see cref="Version"/>.</summary>
    public string? VersionId { get; init; }

    /// <summary>Gets the inputs by name; what is not given has its default.</summary>
    public Value Input { get; init; }

    /// <summary>Gets what the run belongs to.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>Gets the id, or node id, of the trigger to begin at; <c>null</c> for the flow's start.</summary>
    public string? TriggerActivityId { get; init; }

    /// <summary>Gets a key that starts a run once, however often it is asked for; 200 characters at most.</summary>
    public string? IdempotencyKey { get; init; }
}

/// <summary>What came of starting a run.</summary>
public abstract record StartResult
{
    private StartResult()
    {
    }

    /// <summary>It is started.</summary>
    /// <param name="Run">Its id.</param>
    /// <param name="IsNew">Whether this call started it; otherwise one before did, by the same idempotency key.</param>
    public sealed record Started(Guid Run, bool IsNew) : StartResult;

    /// <summary>There is no such flow, or not that version of it, or it is another workspace's.</summary>
    public sealed record NotFound : StartResult;

    /// <summary>Its activation strategy does not let it start now.</summary>
    /// <param name="Why">Why, in words.</param>
    public sealed record CannotStart(string Why) : StartResult;

    /// <summary>It could not run as it is drawn, or an input is none of its type.</summary>
    /// <param name="Faults">Every fault.</param>
    public sealed record Faulty(IReadOnlyList<Fault> Faults) : StartResult;
}

/// <summary>What came of ending a run.</summary>
public enum CancelResult
{
    /// <summary>It has ended.</summary>
    Cancelled,

    /// <summary>It had ended before.</summary>
    Ended,

    /// <summary>There is no such run, or it is another workspace's.</summary>
    NotFound,
}
