using Crm.Wfm.Flows.Activities;
using Crm.Wfm.Moves;
using Crm.Wfm.Rules;

namespace Crm.Entities.Records;

/// <summary>Lets flows set fields of a record, as an ordinary update does; what a process governs moves instead.</summary>
[FlowActivity("Crm.UpdateRecord", "CRM", "Sets fields of a deal, lead, person, organization or activity.")]
public sealed class UpdateRecordStep(CrmDbContext db, RecordWriter writer) : IFlowActivity
{
    /// <summary>Gets the record.</summary>
    [FlowInput("The record, such as deal/01a1fc71-47f4-7392-9133-fafdbf924859: an event's subject.")]
    public required string Record { get; init; }

    /// <summary>Gets the fields.</summary>
    [FlowInput("The fields by their names, such as {\"expectedCloseOn\": \"2026-12-24\"}.", Hint = "json-editor")]
    public required Value Changes { get; init; }

    /// <summary>Gets the version the record has now.</summary>
    [FlowOutput("The version the record has now.")]
    public int RecordVersion { get; private set; }

    /// <inheritdoc/>
    public async Task<ActivityResult> RunAsync(FlowContext flow, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(flow);
        var record = await RecordFields.LockAsync(db, Record, ct);
        RecordFields.Set(db.Entry(record), Changes.AsObject ?? throw new FlowException("changes is no object"));
        SaveResults.Throw(await writer.SaveAsync(new(Actor.System, flow.Cause), ct));
        RecordVersion = record.Version;
        return ActivityResult.Done;
    }
}
