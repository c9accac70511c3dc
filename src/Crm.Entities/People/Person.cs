using Crm.Entities.Organizations;
using Crm.Entities.Records;
using Crm.Entities.Users;

namespace Crm.Entities.People;

/// <summary>A person one does business with.</summary>
public sealed class Person : CrmRecord, IOwned, ICustomFields
{
    /// <inheritdoc/>
    public override string Noun => "person";

    /// <inheritdoc/>
    public required string Name { get; set; }

    /// <summary>Gets or sets the first name.</summary>
    public string? FirstName { get; set; }

    /// <summary>Gets or sets the last name.</summary>
    public string? LastName { get; set; }

    /// <summary>Gets or sets the e-mail address.</summary>
    public string? Email { get; set; }

    /// <summary>Gets or sets the phone number.</summary>
    public string? Phone { get; set; }

    /// <summary>Gets or sets what the person does there.</summary>
    public string? JobTitle { get; set; }

    /// <summary>Gets or sets where the person works.</summary>
    public Guid? OrganizationId { get; set; }

    /// <inheritdoc/>
    public Guid? OwnerId { get; set; }

    /// <inheritdoc/>
    public Guid? PreviousOwnerId { get; set; }

    /// <inheritdoc/>
    public string Custom { get; set; } = "{}";

    /// <summary>Gets the organization.</summary>
    public Organization? Organization { get; init; }

    /// <summary>Gets the owner.</summary>
    public User? Owner { get; init; }
}
