using System.ComponentModel.DataAnnotations;
using System.Linq.Expressions;
using System.Text.Json.Nodes;
using Crm.Entities.Organizations;
using Crm.Host.Records;

namespace Crm.Host.Organizations;

/// <summary>What people may say of an organization.</summary>
internal sealed record OrganizationFields(
    [property: StringLength(200, MinimumLength = 1)] string Name, [property: Format("hostname")] string? Domain = null, [property: StringLength(2000), Format("website")] string? Website = null,
    [property: Format("email")] string? Email = null, [property: StringLength(50), Format("phone")] string? Phone = null, [property: StringLength(100)] string? Industry = null,
    [property: Range(0, int.MaxValue)] int? Employees = null, [property: StringLength(200)] string? Street = null, [property: StringLength(20)] string? PostalCode = null,
    [property: StringLength(100)] string? City = null, [property: Format("country-code")] string? Country = null, Guid? OwnerId = null, JsonObject? Custom = null)
    : IFields<OrganizationFields, Organization>
{
    public static OrganizationFields Of(Organization o) => new(
        o.Name, o.Domain, o.Website, o.Email, o.Phone, o.Industry, o.Employees, o.Street, o.PostalCode, o.City, o.Country, o.OwnerId, CustomText.Read(o.Custom));

    public void Write(Organization organization)
    {
        (organization.Name, organization.Domain, organization.Website, organization.Email, organization.Phone) = (Name, Domain, Website, Email, Phone);
        (organization.Industry, organization.Employees) = (Industry, Employees);
        (organization.Street, organization.PostalCode, organization.City, organization.Country) = (Street, PostalCode, City, Country);
        (organization.OwnerId, organization.Custom) = (OwnerId, CustomText.Of(Custom));
    }
}

/// <summary>An organization as the API shows it: its fields, and its owner's name.</summary>
internal sealed record OrganizationResponse(
    Guid Id, string Name, string? Domain, string? Website, string? Email, string? Phone, string? Industry, int? Employees, string? Street, string? PostalCode, string? City, string? Country,
    Guid? OwnerId, string? OwnerName, Guid? PreviousOwnerId, JsonObject Custom, int Version, DateTimeOffset CreatedAt, Guid CreatedBy, DateTimeOffset UpdatedAt, Guid UpdatedBy)
{
    /// <summary>Reads it in one statement.</summary>
    public static Expression<Func<Organization, OrganizationResponse>> From { get; } = o => new(
        o.Id, o.Name, o.Domain, o.Website, o.Email, o.Phone, o.Industry, o.Employees, o.Street, o.PostalCode, o.City, o.Country,
        o.OwnerId, o.Owner!.Name, o.PreviousOwnerId, CustomText.Read(o.Custom), o.Version, o.CreatedAt, o.CreatedBy, o.UpdatedAt!.Value, o.UpdatedBy!.Value);
}
