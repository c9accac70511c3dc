using Crm.Wfm.Events;
using Crm.Wfm.Flows.Activities;
using Crm.Wfm.Flows.Definitions;
using Crm.Wfm.Flows.Expressions;
using Crm.Wfm.Rules;
using Microsoft.Extensions.DependencyInjection;

namespace Crm.Wfm.Flows.Running;

/// <summary>Runs a flow from where it starts until nothing is left to run, in the transaction at hand.</summary>
internal sealed class Burst(Guid run, Flow flow, WfmEvent started, FlowMemory memory, DateTimeOffset now, int maxSteps)
{
    private readonly List<JournalEntry> _journal = [];

    /// <summary>Runs it.</summary>
    /// <param name="services">The scope that activities are made in.</param>
    /// <param name="saved">Saves what an activity left unsaved.</param>
    /// <param name="time">Measures.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>What each activity did.</returns>
    /// <exception cref="RunFailure">An activity threw, or there were too many.</exception>
    public async Task<IReadOnlyList<JournalEntry>> RunAsync(IServiceProvider services, Func<CancellationToken, Task> saved, TimeProvider time, CancellationToken ct)
    {
        if (flow.StartOn(started.Type) is not { } start) return _journal;
        var joins = new Joins(start.Graph);
        joins.Start(start.Activity);
        while (joins.TryNext(out var next))
        {
            var step = flow[next.Activity];
            if (_journal.Count == maxSteps) throw new RunFailure($"The run was ended after {maxSteps} activities: does a loop have no way out?", step.Definition.Id);
            var outcome = await RunAsync(step, services, saved, time, ct);
            if (outcome is null) break;
            joins.Follow(next, outcome);
        }

        return _journal;
    }

    /// <returns>The outcome; <c>null</c> when the flow has ended.</returns>
    private async Task<string?> RunAsync(FlowStep step, IServiceProvider services, Func<CancellationToken, Task> saved, TimeProvider time, CancellationToken ct)
    {
        var began = time.GetTimestamp();
        try
        {
            var activity = (IFlowActivity)services.GetRequiredService(step.Descriptor.Class);
            var inputs = step.SetInputs(activity, memory);
            var result = await activity.RunAsync(new(run, step.Definition, started, memory, now), ct);
            await saved(ct);
            var outcome = (result as ActivityResult.Completed)?.Outcome;
            if (outcome is not null && !step.Descriptor.Outcomes.Contains(outcome)) throw new FlowException($"{step.Definition.Type} has no outcome {outcome}");
            _journal.Add(new(step.Definition, outcome, inputs, step.TakeOutputs(activity, memory), time.GetElapsedTime(began)));
            return outcome;
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            throw new RunFailure(e, step.Definition.Id);
        }
    }
}

/// <summary>What an activity did.</summary>
/// <param name="Activity">The activity.</param>
/// <param name="Outcome">By what it went on; <c>null</c> when it ended the flow.</param>
/// <param name="Inputs">What its inputs were.</param>
/// <param name="Outputs">What it gave out.</param>
/// <param name="Duration">How long it took.</param>
internal sealed record JournalEntry(ActivityDefinition Activity, string? Outcome, Value Inputs, Value Outputs, TimeSpan Duration);
