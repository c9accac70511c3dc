using Crm.Entities.Records;
using Crm.Entities.Users;

namespace Crm.Entities.Organizations;

/// <summary>A company or another body one does business with.</summary>
public sealed class Organization : CrmRecord, IOwned, ICustomFields
{
    /// <inheritdoc/>
    public override string Noun => "organization";

    /// <inheritdoc/>
    public required string Name { get; set; }

    /// <summary>Gets or sets the internet domain, such as <c>acme.test</c>.</summary>
    public string? Domain { get; set; }

    /// <summary>Gets or sets the website.</summary>
    public string? Website { get; set; }

    /// <summary>Gets or sets the e-mail address.</summary>
    public string? Email { get; set; }

    /// <summary>Gets or sets the phone number.</summary>
    public string? Phone { get; set; }

    /// <summary>Gets or sets the industry.</summary>
    public string? Industry { get; set; }

    /// <summary>Gets or sets how many people work there.</summary>
    public int? Employees { get; set; }

    /// <summary>Gets or sets street and number.</summary>
    public string? Street { get; set; }

    /// <summary>Gets or sets the postal code.</summary>
    public string? PostalCode { get; set; }

    /// <summary>Gets or sets the city.</summary>
    public string? City { get; set; }

    /// <summary>Gets or sets the country, ISO 3166-1 alpha-2.</summary>
    public string? Country { get; set; }

    /// <inheritdoc/>
    public Guid? OwnerId { get; set; }

    /// <inheritdoc/>
    public Guid? PreviousOwnerId { get; set; }

    /// <inheritdoc/>
    public string Custom { get; set; } = "{}";

    /// <summary>Gets the owner.</summary>
    public User? Owner { get; init; }
}
