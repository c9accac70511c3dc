using Crm.Entities.Records;
using Crm.Wfm;
using Crm.Wfm.Moves;
using Crm.Wfm.Rules;
using Microsoft.EntityFrameworkCore;

namespace Crm.Entities.Teams;

/// <summary>
/// The post-action <c>assignOwner</c>: gives the deal or lead that moves to a member of a team. Its <c>value</c> says which: <c>[team, strategy]</c>, or the team alone, whose
/// members then take turns; null leaves the record where it is, and so does a team that is not there or has nobody active: a move does not fail for want of a team.
/// </summary>
public sealed class OwnerAssignment(CrmDbContext db, RecordWriter writer, Assignment assignment) : IPostAction
{
    /// <summary>Its name in bundles.</summary>
    public const string Name = "assignOwner";

    /// <inheritdoc/>
    public async Task<MoveResult?> RunAsync(PostActionContext context, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.Value.IsNull || context.Value.AsList is [{ Kind: ValueKind.Null }, ..]) return null;
        if (Read(context.Value) is not var (team, strategy))
            return Invalid("assignment", $"{Name} is given {context.Value}; it takes a team, or a list of a team and round-robin or least-busy.");
        if (await RecordAsync(context.Project.Subject, ct) is not { } record) return Invalid("no-owner", $"{Name} gives deals and leads to people, and this is neither.");
        if (await assignment.NextAsync(team, strategy, ct) is not { } owner || owner == record.OwnerId) return null;
        record.OwnerId = owner;
        return await writer.SaveAsync(new Author(context.Actor, context.Cause, context.At), ct) switch
        {
            SaveResult.Invalid invalid => new MoveResult.Invalid(invalid.Faults),
            SaveResult.Stale => new MoveResult.Conflict(null, "Somebody else changed the record at the same moment; read it again."),
            _ => null,
        };
    }

    private static (string Team, AssignmentStrategy Strategy)? Read(Value value) => value switch
    {
        { AsText: { } team } => (team, AssignmentStrategy.RoundRobin),
        { AsList: [{ AsText: { } team }, { AsText: "round-robin" }] } => (team, AssignmentStrategy.RoundRobin),
        { AsList: [{ AsText: { } team }, { AsText: "least-busy" }] } => (team, AssignmentStrategy.LeastBusy),
        _ => null,
    };

    // The move may have changed the record since its caller read it.
    private async Task<IOwned?> RecordAsync(SubjectRef subject, CancellationToken ct)
    {
        if (!Guid.TryParse(subject.Id, out var id)) return null;
        CrmRecord? record = subject.Type switch
        {
            "lead" => await db.Leads.SingleAsync(l => l.Id == id, ct),
            "deal" => await db.Deals.SingleAsync(d => d.Id == id, ct),
            _ => null,
        };
        if (record is not null) await db.Entry(record).ReloadAsync(ct);
        return record as IOwned;
    }

    private static MoveResult.Invalid Invalid(string key, string message) => new([new Fault("/transition", key, message)]);
}
