using Crm.Wfm.Flows.Activities;
using Crm.Wfm.Rules;

namespace Crm.Entities.Records;

/// <summary>Lets flows look for records.</summary>
[FlowActivity("Crm.FindRecords", "CRM", "Finds deals, leads, people, organizations or activities by their fields, the oldest first.", Outcomes = ["Found", "None"])]
public sealed class FindRecordsStep(CrmDbContext db) : IFlowActivity
{
    /// <summary>Gets the type.</summary>
    [FlowInput("What to look for.", Options = ["deal", "lead", "person", "organization", "activity"])]
    public required string RecordType { get; init; }

    /// <summary>Gets what the fields are equal to.</summary>
    [FlowInput("What the fields are equal to, such as {\"dealId\": \"…\", \"doneAt\": null}.", Hint = "json-editor")]
    public Value Where { get; init; }

    /// <summary>Gets how many at most.</summary>
    [FlowInput("How many at most, 1 to 200.")]
    public int Limit { get; init; } = 50;

    /// <summary>Gets the records.</summary>
    [FlowOutput("The records: a list of objects.")]
    public Value Records { get; private set; }

    /// <summary>Gets the first.</summary>
    [FlowOutput("The first of them.")]
    public Value First { get; private set; }

    /// <summary>Gets how many.</summary>
    [FlowOutput("How many there are, up to the limit.")]
    public int Count { get; private set; }

    /// <inheritdoc/>
    public async Task<ActivityResult> RunAsync(FlowContext flow, CancellationToken ct)
    {
        if (Limit is < 1 or > 200) throw new FlowException("limit is 1 to 200");
        var found = await RecordFields.FindAsync(db, RecordType, Where.AsObject ?? FactObject.Empty, Limit, ct);
        (Records, First, Count) = (Value.From([.. found]), found is [var first, ..] ? first : Value.Null, found.Count);
        return new ActivityResult.Completed(found.Count > 0 ? "Found" : "None");
    }
}
