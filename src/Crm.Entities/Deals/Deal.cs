using Crm.Entities.Organizations;
using Crm.Entities.People;
using Crm.Entities.Records;
using Crm.Entities.Users;

namespace Crm.Entities.Deals;

/// <summary>A chance to sell something.</summary>
public sealed class Deal : CrmRecord, IOwned, IGoverned, ICustomFields
{
    /// <inheritdoc/>
    public override string Noun => "deal";

    /// <inheritdoc/>
    public required string Name { get; set; }

    /// <summary>Gets or sets what it is worth.</summary>
    public decimal? Amount { get; set; }

    /// <summary>Gets or sets the amount's currency, ISO 4217.</summary>
    public required string Currency { get; set; }

    /// <inheritdoc/>
    public Guid? OwnerId { get; set; }

    /// <inheritdoc/>
    public Guid? PreviousOwnerId { get; set; }

    /// <summary>Gets or sets the contact person.</summary>
    public Guid? PersonId { get; set; }

    /// <summary>Gets or sets the customer.</summary>
    public Guid? OrganizationId { get; set; }

    /// <summary>Gets or sets the lead it comes from.</summary>
    public Guid? LeadId { get; set; }

    /// <summary>Gets or sets when it is expected to be closed.</summary>
    public DateOnly? ExpectedCloseOn { get; set; }

    /// <summary>Gets or sets the discount, a fraction of the price: 0 to 1.</summary>
    public decimal? Discount { get; set; }

    /// <summary>Gets or sets when it was won or lost; the process sets it.</summary>
    public DateTimeOffset? ClosedAt { get; set; }

    /// <summary>Gets or sets why it was lost; the process sets it.</summary>
    public string? LostReason { get; set; }

    /// <inheritdoc/>
    public Guid? ProjectId { get; internal set; }

    /// <inheritdoc/>
    public string? Step { get; internal set; }

    /// <inheritdoc/>
    public DateTimeOffset? StepEnteredAt { get; internal set; }

    /// <inheritdoc/>
    public double? Probability { get; internal set; }

    /// <inheritdoc/>
    public string Custom { get; set; } = "{}";

    /// <summary>Gets the owner.</summary>
    public User? Owner { get; init; }

    /// <summary>Gets the contact person.</summary>
    public Person? Person { get; init; }

    /// <summary>Gets the customer.</summary>
    public Organization? Organization { get; init; }
}
