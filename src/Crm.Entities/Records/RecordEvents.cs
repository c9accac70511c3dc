using System.Text.Json;
using Crm.Entities.Activities;
using Crm.Entities.Leads;
using Crm.Wfm.Events;
using Crm.Wfm.Moves;
using Crm.Wfm.Rules;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;

namespace Crm.Entities.Records;

/// <summary>Says by which events a change is told: decided from what changed, so that no path can forget one.</summary>
internal static class RecordEvents
{
    private static readonly string[] Stamps = [nameof(CrmRecord.Version), nameof(CrmRecord.UpdatedAt), nameof(CrmRecord.UpdatedBy), nameof(IOwned.PreviousOwnerId)];

    public static IEnumerable<NewEvent> Of(EntityEntry<CrmRecord> entry)
    {
        var record = entry.Entity;
        var subject = new SubjectRef(record.Noun, record.Id);
        if (entry.State == EntityState.Deleted)
        {
            yield return Event("deleted");
            yield break;
        }

        if (entry.State == EntityState.Added)
        {
            // By these most of what waits for an activity knows that it has not to.
            yield return record is Activity made ? Event("created", ("kind", Value.From(made.Kind)), ("dueAt", made.DueAt is { } due ? Value.From(due) : Value.Null)) : Event("created");
            // An owner given at birth has been assigned as well, unless it is the one who creates: that is for whoever listens to decide.
            if (record is IOwned { OwnerId: not null }) yield return Assigned();
            yield break;
        }

        var changed = entry.Properties.Where(p => p.IsModified && !Stamps.Contains(p.Metadata.Name) && !Equals(p.OriginalValue, p.CurrentValue))
            .Select(p => p.Metadata.Name).Order(StringComparer.Ordinal).ToList();
        if (changed.Remove(nameof(CrmRecord.DeletedAt))) yield return Event(record.DeletedAt is null ? "restored" : "deleted");
        if (changed.Count > 0) yield return Event("updated", ("changed", Names(changed)), ("version", Value.From(record.Version + 1)));
        if (record is IOwned { OwnerId: not null } && changed.Contains(nameof(IOwned.OwnerId))) yield return Assigned();
        if (record is Lead { ConvertedAt: not null } lead && changed.Contains(nameof(Lead.ConvertedAt)))
        {
            yield return Event("converted", ("dealId", Id(lead.ConvertedDealId)), ("personId", Id(lead.ConvertedPersonId)), ("organizationId", Id(lead.ConvertedOrganizationId)));
        }

        if (record is Activity { DoneAt: not null } activity && changed.Contains(nameof(Activity.DoneAt)))
        {
            yield return Event("completed", ("kind", Value.From(activity.Kind)));
            if (activity.Kind == "meeting") yield return new("crm.meeting.completed", subject, Data());
        }

        NewEvent Event(string what, params ReadOnlySpan<(string Name, Value Value)> members) => new($"crm.{record.Noun}.{what}", subject, Data(members));

        NewEvent Assigned() => Event("assigned",
            ("name", Value.From(((IOwned)record).Name)), ("ownerId", Id(((IOwned)record).OwnerId)), ("previousOwnerId", Id(((IOwned)record).PreviousOwnerId)));

        Value Data(params ReadOnlySpan<(string Name, Value Value)> members)
        {
            var data = new FactObjectBuilder { ["id"] = Value.From(record.Id) };
            foreach (var (name, value) in members) data[name] = value;
            return Value.From(data.Build());
        }
    }

    private static Value Id(Guid? id) => id is { } known ? Value.From(known) : Value.Null;

    private static Value Names(IReadOnlyList<string> properties) => Value.From([.. properties.Select(p => Value.From(JsonNamingPolicy.CamelCase.ConvertName(p)))]);
}
