using Crm.Entities.Records;
using Crm.Wfm.Flows.Activities;
using Crm.Wfm.Moves;

namespace Crm.Entities.Teams;

/// <summary>Lets flows give a deal or lead to somebody: to a user, or to a member of a team.</summary>
[FlowActivity("Crm.AssignOwner", "CRM", "Gives a deal or lead to a user, or to the next member of a team.", Outcomes = ["Assigned", "Nobody"])]
public sealed class AssignOwnerStep(CrmDbContext db, RecordWriter writer, Assignment assignment) : IFlowActivity
{
    /// <summary>Gets the record.</summary>
    [FlowInput("The deal or lead, such as lead/01a1fc71-47f4-7392-9133-fafdbf924859: an event's subject.")]
    public required string Record { get; init; }

    /// <summary>Gets the user.</summary>
    [FlowInput("The user's id; or else a team.")]
    public Guid? UserId { get; init; }

    /// <summary>Gets the team.</summary>
    [FlowInput("The team's name; one of its active members is picked.")]
    public string? Team { get; init; }

    /// <summary>Gets how a member is picked.</summary>
    [FlowInput("How a member is picked: in turns, or who has the fewest open deals and leads.", Options = ["round-robin", "least-busy"])]
    public string Strategy { get; init; } = "round-robin";

    /// <summary>Gets who owns it now.</summary>
    [FlowOutput("Who owns it now.")]
    public Guid? OwnerId { get; private set; }

    /// <inheritdoc/>
    public async Task<ActivityResult> RunAsync(FlowContext flow, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(flow);
        if (UserId is null == Team is null) throw new FlowException("either userId or team is given");
        if (await RecordFields.LockAsync(db, Record, ct) is not IOwned record) throw new FlowException($"{Record} is nobody's: deals and leads have owners");
        var strategy = Strategy == "least-busy" ? AssignmentStrategy.LeastBusy : AssignmentStrategy.RoundRobin;
        OwnerId = UserId ?? await assignment.NextAsync(Team!, strategy, ct);
        if (OwnerId is null) return new ActivityResult.Completed("Nobody");
        record.OwnerId = OwnerId;
        SaveResults.Throw(await writer.SaveAsync(new(Actor.System, flow.Cause), ct));
        return new ActivityResult.Completed("Assigned");
    }
}
