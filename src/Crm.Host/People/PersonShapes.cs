using System.ComponentModel.DataAnnotations;
using System.Linq.Expressions;
using System.Text.Json.Nodes;
using Crm.Entities.People;
using Crm.Host.Records;

namespace Crm.Host.People;

/// <summary>What people may say of a person.</summary>
internal sealed record PersonFields(
    [property: StringLength(200, MinimumLength = 1)] string Name, [property: StringLength(100)] string? FirstName = null, [property: StringLength(100)] string? LastName = null,
    [property: Format("email")] string? Email = null, [property: StringLength(50), Format("phone")] string? Phone = null, [property: StringLength(200)] string? JobTitle = null,
    Guid? OrganizationId = null, Guid? OwnerId = null, JsonObject? Custom = null) : IFields<PersonFields, Person>
{
    public static PersonFields Of(Person p) => new(p.Name, p.FirstName, p.LastName, p.Email, p.Phone, p.JobTitle, p.OrganizationId, p.OwnerId, CustomText.Read(p.Custom));

    public void Write(Person person)
    {
        (person.Name, person.FirstName, person.LastName, person.Email, person.Phone, person.JobTitle) = (Name, FirstName, LastName, Email, Phone, JobTitle);
        (person.OrganizationId, person.OwnerId, person.Custom) = (OrganizationId, OwnerId, CustomText.Of(Custom));
    }
}

/// <summary>A person as the API shows them: their fields, and names of what they point to.</summary>
internal sealed record PersonResponse(
    Guid Id, string Name, string? FirstName, string? LastName, string? Email, string? Phone, string? JobTitle, Guid? OrganizationId, string? OrganizationName,
    Guid? OwnerId, string? OwnerName, Guid? PreviousOwnerId, JsonObject Custom, int Version, DateTimeOffset CreatedAt, Guid CreatedBy, DateTimeOffset UpdatedAt, Guid UpdatedBy)
{
    /// <summary>Reads them in one statement.</summary>
    public static Expression<Func<Person, PersonResponse>> From { get; } = p => new(
        p.Id, p.Name, p.FirstName, p.LastName, p.Email, p.Phone, p.JobTitle, p.OrganizationId, p.Organization!.Name,
        p.OwnerId, p.Owner!.Name, p.PreviousOwnerId, CustomText.Read(p.Custom), p.Version, p.CreatedAt, p.CreatedBy, p.UpdatedAt!.Value, p.UpdatedBy!.Value);
}
