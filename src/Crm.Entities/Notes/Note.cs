using Crm.Entities.Deals;
using Crm.Entities.Leads;
using Crm.Entities.Organizations;
using Crm.Entities.People;
using Crm.Entities.Records;
using Crm.Wfm.Persistence;

namespace Crm.Entities.Notes;

/// <summary>What somebody has written down about a record.</summary>
public sealed class Note : CrmRecord, IAbout
{
    /// <inheritdoc/>
    public override string Noun => "note";

    /// <summary>Gets or sets the text.</summary>
    public required string Body { get; set; }

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
