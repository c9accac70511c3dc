using Crm.Entities.Deals;
using Crm.Entities.Leads;
using Crm.Entities.Organizations;
using Crm.Entities.People;
using Crm.Entities.Records;
using Crm.Entities.Users;
using Crm.Wfm.Persistence;

namespace Crm.Entities.Activities;

/// <summary>What somebody does, or is to do, about a record.</summary>
public sealed class Activity : CrmRecord, IAbout, ICustomFields
{
    /// <inheritdoc/>
    public override string Noun => "activity";

    /// <summary>Gets or sets the kind: <c>task</c>, <c>call</c>, <c>meeting</c>, <c>email</c> or <c>note</c>.</summary>
    public required string Kind { get; set; }

    /// <summary>Gets or sets what it is about, in a few words.</summary>
    public required string Subject { get; set; }

    /// <summary>Gets or sets the long text.</summary>
    public string? Body { get; set; }

    /// <summary>Gets or sets who is to do it.</summary>
    public Guid? AssigneeId { get; set; }

    /// <summary>Gets or sets until when.</summary>
    public DateTimeOffset? DueAt { get; set; }

    /// <summary>Gets or sets when a meeting or call begins.</summary>
    public DateTimeOffset? StartsAt { get; set; }

    /// <summary>Gets or sets when it ends.</summary>
    public DateTimeOffset? EndsAt { get; set; }

    /// <summary>Gets or sets when it was done; <c>null</c> while it is to do.</summary>
    public DateTimeOffset? DoneAt { get; set; }

    /// <summary>Gets or sets who did it.</summary>
    public Guid? DoneBy { get; set; }

    /// <summary>Gets whether an automation made it.</summary>
    public bool IsSystem { get; init; }

    /// <summary>Gets the event that made an automation make it.</summary>
    public Guid? CauseEventId { get; init; }

    /// <inheritdoc/>
    public Guid? DealId { get; set; }

    /// <inheritdoc/>
    public Guid? LeadId { get; set; }

    /// <inheritdoc/>
    public Guid? PersonId { get; set; }

    /// <inheritdoc/>
    public Guid? OrganizationId { get; set; }

    /// <inheritdoc/>
    public Guid? RecordId { get; set; }

    /// <inheritdoc/>
    public string Custom { get; set; } = "{}";

    /// <summary>Gets who is to do it.</summary>
    public User? Assignee { get; init; }

    /// <summary>Gets the deal.</summary>
    public Deal? Deal { get; init; }

    /// <summary>Gets the lead.</summary>
    public Lead? Lead { get; init; }

    /// <summary>Gets the person.</summary>
    public Person? Person { get; init; }

    /// <summary>Gets the organization.</summary>
    public Organization? Organization { get; init; }

    /// <summary>Gets the generic record.</summary>
    public RecordRow? Record { get; init; }
}
