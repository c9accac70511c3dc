using System.ComponentModel.DataAnnotations;
using System.Linq.Expressions;
using System.Text.Json.Nodes;
using Crm.Entities.Activities;
using Crm.Host.Records;

namespace Crm.Host.Activities;

/// <summary>The kinds of activities.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ActivityKindAttribute() : AllowedValuesAttribute("task", "call", "meeting", "email", "note");

/// <summary>What people may say of an activity. Whether it is done has endpoints of its own; what an automation made stays marked as such.</summary>
internal sealed record ActivityFields(
    [property: StringLength(400, MinimumLength = 1)] string Subject, [property: ActivityKind] string Kind = "task",
    [property: StringLength(20_000)] string? Body = null, Guid? AssigneeId = null, DateTimeOffset? DueAt = null, DateTimeOffset? StartsAt = null, DateTimeOffset? EndsAt = null,
    AboutFields? About = null, JsonObject? Custom = null)
{
    public static ActivityFields Of(Activity a) =>
        new(a.Subject, a.Kind, a.Body, a.AssigneeId, a.DueAt, a.StartsAt, a.EndsAt, AboutFields.Of(a), CustomText.Read(a.Custom));

    public void Write(Activity activity)
    {
        (activity.Subject, activity.Kind, activity.Body, activity.AssigneeId) = (Subject, Kind, Body, AssigneeId);
        (activity.DueAt, activity.StartsAt, activity.EndsAt) = (DueAt, StartsAt, EndsAt);
        Entities.Records.About.Set(activity, About?.ToAbout());
        activity.Custom = CustomText.Of(Custom);
    }
}

/// <summary>An activity as the API shows it, with the names of its assignee and of what it is about.</summary>
internal sealed record ActivityResponse(
    Guid Id, [property: ActivityKind] string Kind, string Subject, string? Body, Guid? AssigneeId, string? AssigneeName, DateTimeOffset? DueAt, DateTimeOffset? StartsAt, DateTimeOffset? EndsAt,
    DateTimeOffset? DoneAt, Guid? DoneBy, bool IsSystem, Guid? CauseEventId, AboutResponse? About, JsonObject Custom, int Version,
    DateTimeOffset CreatedAt, Guid CreatedBy, DateTimeOffset UpdatedAt, Guid UpdatedBy)
{
    /// <summary>Reads it in one statement.</summary>
    public static Expression<Func<Activity, ActivityResponse>> Projection { get; } = a => new(
        a.Id, a.Kind, a.Subject, a.Body, a.AssigneeId, a.Assignee!.Name, a.DueAt, a.StartsAt, a.EndsAt, a.DoneAt, a.DoneBy, a.IsSystem, a.CauseEventId,
        a.DealId != null ? new("deal", a.DealId.Value, a.Deal!.Name)
            : a.LeadId != null ? new("lead", a.LeadId.Value, a.Lead!.Name)
            : a.PersonId != null ? new("person", a.PersonId.Value, a.Person!.Name)
            : a.OrganizationId != null ? new("organization", a.OrganizationId.Value, a.Organization!.Name)
            : a.RecordId != null ? new AboutResponse("record", a.RecordId.Value, a.Record!.DeletedAt == null ? a.Record.Name : null) : null,
        CustomText.Read(a.Custom), a.Version, a.CreatedAt, a.CreatedBy, a.UpdatedAt!.Value, a.UpdatedBy!.Value);
}
