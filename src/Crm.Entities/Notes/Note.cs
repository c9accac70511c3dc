using Crm.Entities.Records;

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
}
