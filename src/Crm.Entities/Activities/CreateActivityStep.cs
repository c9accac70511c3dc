using Crm.Entities.Records;
using Crm.Wfm.Flows.Activities;
using Crm.Wfm.Moves;

namespace Crm.Entities.Activities;

/// <summary>Lets flows give people something to do: the system makes the activity, traced back to the event that started the flow.</summary>
[FlowActivity("Crm.CreateActivity", "CRM", "Creates an activity: a task, call, meeting, e-mail or note, for somebody to do.")]
public sealed class CreateActivityStep(CrmDbContext db, RecordWriter writer) : IFlowActivity
{
    /// <summary>Gets the kind.</summary>
    [FlowInput("The kind.", Options = ["task", "call", "meeting", "email", "note"])]
    public required string Kind { get; init; }

    /// <summary>Gets what is to be done.</summary>
    [FlowInput("What is to be done, in a few words.")]
    public required string Subject { get; init; }

    /// <summary>Gets the long text.</summary>
    [FlowInput("The long text.")]
    public string? Body { get; init; }

    /// <summary>Gets the record it is about: type and id, as an event's subject has them.</summary>
    [FlowInput("The record it is about, such as deal/01a1fc71-47f4-7392-9133-fafdbf924859: an event's subject.")]
    public string? About { get; init; }

    /// <summary>Gets who is to do it.</summary>
    [FlowInput("Who is to do it: a user's id.")]
    public Guid? AssigneeId { get; init; }

    /// <summary>Gets until when.</summary>
    [FlowInput("Until when, such as 2026-01-31T09:00:00Z.")]
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>Gets within what time.</summary>
    [FlowInput("Or within what time from now, such as P1D.")]
    public TimeSpan? DueIn { get; init; }

    /// <summary>Gets the activity's id.</summary>
    [FlowOutput("The activity's id.")]
    public Guid ActivityId { get; private set; }

    /// <inheritdoc/>
    public async Task<ActivityResult> RunAsync(FlowContext flow, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(flow);
        if (DueAt is not null && DueIn is not null) throw new FlowException("dueAt and dueIn are not given together");
        var activity = new Activity
        {
            WorkspaceId = flow.Workspace,
            Id = ActivityId = Guid.CreateVersion7(flow.Now),
            Kind = Kind,
            Subject = Subject,
            Body = Body,
            AssigneeId = AssigneeId,
            DueAt = DueAt ?? flow.Now + DueIn,
            IsSystem = true,
            CauseEventId = flow.Cause?.Event,
        };
        Records.About.Set(activity, Read(About));
        db.Activities.Add(activity);
        SaveResults.Throw(await writer.SaveAsync(new(Actor.System, flow.Cause), ct));
        return ActivityResult.Done;
    }

    /// <summary>Reads <c>type/id</c>; a type that has no table of its own is a generic record's.</summary>
    private static About? Read(string? about)
    {
        if (string.IsNullOrEmpty(about)) return null;
        if (about.Split('/') is not [var type, var id] || !Guid.TryParse(id, out var key)) throw new FlowException($"about is no record such as deal/01a1fc71-47f4-7392-9133-fafdbf924859: '{about}'");
        return new(Records.About.Types.Contains(type) ? type : "record", key);
    }
}
