using Crm.Wfm.Flows.Definitions;

namespace Crm.Wfm.Flows.Running;

/// <summary>A flow ready to run; shared between runs.</summary>
internal sealed class Flow(FlowDefinition definition, IReadOnlyDictionary<string, FlowStep> steps, IReadOnlyDictionary<string, FlowStart?> starts)
{
    public FlowDefinition Definition => definition;

    public FlowStep this[string activity] => steps[activity];

    /// <summary>Gets where it starts when an event of a type was told; <c>null</c> for a flow without activities, which ends at once.</summary>
    public FlowStart? StartOn(string eventType) => starts[eventType];
}

/// <summary>Where a flow starts, and the way from there.</summary>
internal sealed record FlowStart(string Activity, FlowGraph Graph);
