using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Activities;

/// <summary>Starts a flow when an event of a type was told; its output is the event.</summary>
[FlowActivity("Elsa.Event", "Primitives", "Starts the flow when an event of this type is told.")]
internal sealed class EventTrigger : IFlowActivity
{
    [FlowInput("The type, such as crm.deal.assigned; crm/deal.assigned is the same.")]
    public required string EventName { get; init; }

    [FlowOutput("The event: id, type, subject, time, actorid, data and the rest of its CloudEvents form.")]
    public Value Result { get; private set; }

    /// <summary>Gives the one spelling of an event type.</summary>
    public static string Canonical(string eventName) => eventName.Replace('/', '.');

    public Task<ActivityResult> RunAsync(FlowContext flow, CancellationToken ct)
    {
        Result = Value.From(flow.Event.ToCloudEvent());
        return Task.FromResult(ActivityResult.Done);
    }
}
