using Crm.Entities.Records;
using Crm.Entities.Users;

namespace Crm.Entities.Leads;

/// <summary>Somebody who may become a customer: not yet a person or an organization of ours.</summary>
public sealed class Lead : CrmRecord, IOwned, IGoverned, ICustomFields
{
    /// <inheritdoc/>
    public override string Noun => "lead";

    /// <inheritdoc/>
    public required string Name { get; set; }

    /// <summary>Gets or sets the company's name.</summary>
    public string? Company { get; set; }

    /// <summary>Gets or sets what the person does there.</summary>
    public string? JobTitle { get; set; }

    /// <summary>Gets or sets the e-mail address.</summary>
    public string? Email { get; set; }

    /// <summary>Gets or sets the phone number.</summary>
    public string? Phone { get; set; }

    /// <summary>Gets or sets the website.</summary>
    public string? Website { get; set; }

    /// <summary>Gets or sets where the lead came from.</summary>
    public string? Source { get; set; }

    /// <summary>Gets or sets what can be spent.</summary>
    public decimal? Budget { get; set; }

    /// <summary>Gets or sets the budget's currency, ISO 4217.</summary>
    public required string Currency { get; set; }

    /// <summary>Gets or sets the say in the decision: <c>decides</c>, <c>influences</c> or <c>none</c>.</summary>
    public string? Authority { get; set; }

    /// <summary>Gets or sets what is needed.</summary>
    public string? Need { get; set; }

    /// <summary>Gets or sets when: <c>this-quarter</c>, <c>this-year</c> or <c>later</c>.</summary>
    public string? Timeline { get; set; }

    /// <inheritdoc/>
    public Guid? OwnerId { get; set; }

    /// <inheritdoc/>
    public Guid? PreviousOwnerId { get; set; }

    /// <summary>Gets or sets when it was qualified; the process sets it.</summary>
    public DateTimeOffset? QualifiedAt { get; set; }

    /// <summary>Gets or sets why it was disqualified; the process sets it.</summary>
    public string? DisqualifiedReason { get; set; }

    /// <summary>Gets or sets when it was converted.</summary>
    public DateTimeOffset? ConvertedAt { get; set; }

    /// <summary>Gets or sets the deal it became.</summary>
    public Guid? ConvertedDealId { get; set; }

    /// <summary>Gets or sets the person it became.</summary>
    public Guid? ConvertedPersonId { get; set; }

    /// <summary>Gets or sets the organization it became.</summary>
    public Guid? ConvertedOrganizationId { get; set; }

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
}
