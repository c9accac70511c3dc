using Crm.Entities.Records;
using Crm.Wfm.Flows.Activities;
using Crm.Wfm.Moves;

namespace Crm.Entities.Activities;

/// <summary>Lets flows mark an activity as done; one that is done stays as it is.</summary>
[FlowActivity("Crm.CompleteActivity", "CRM", "Marks an activity as done; one that is done already stays as it is.", Outcomes = ["Completed", "Already"])]
public sealed class CompleteActivityStep(CrmDbContext db, RecordWriter writer) : IFlowActivity
{
    /// <summary>Gets the activity.</summary>
    [FlowInput("The activity's id.")]
    public required Guid ActivityId { get; init; }

    /// <inheritdoc/>
    public async Task<ActivityResult> RunAsync(FlowContext flow, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(flow);
        var activity = (Activity)await RecordFields.LockAsync(db, $"activity/{ActivityId}", ct);
        if (activity.DoneAt is not null) return new ActivityResult.Completed("Already");
        (activity.DoneAt, activity.DoneBy) = (flow.Now, Actor.System.Id);
        SaveResults.Throw(await writer.SaveAsync(new(Actor.System, flow.Cause), ct));
        return new ActivityResult.Completed("Completed");
    }
}
