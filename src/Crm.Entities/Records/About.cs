namespace Crm.Entities.Records;

/// <summary>A record that is about another one: at most one of these is set, and the database checks that it is there, in the same workspace.</summary>
public interface IAbout
{
    /// <summary>Gets or sets the deal.</summary>
    Guid? DealId { get; set; }

    /// <summary>Gets or sets the lead.</summary>
    Guid? LeadId { get; set; }

    /// <summary>Gets or sets the person.</summary>
    Guid? PersonId { get; set; }

    /// <summary>Gets or sets the organization.</summary>
    Guid? OrganizationId { get; set; }

    /// <summary>Gets or sets the generic record.</summary>
    Guid? RecordId { get; set; }
}

/// <summary>Which record something is about.</summary>
/// <param name="Type"><c>deal</c>, <c>lead</c>, <c>person</c>, <c>organization</c>, or <c>record</c> for a generic one of whatever type.</param>
/// <param name="Id">Its id.</param>
public sealed record About(string Type, Guid Id)
{
    /// <summary>The types there are.</summary>
    public static IReadOnlyList<string> Types { get; } = ["deal", "lead", "person", "organization", "record"];

    /// <summary>Tells what a record is about.</summary>
    public static About? Of(IAbout record) => record switch
    {
        { DealId: { } id } => new("deal", id),
        { LeadId: { } id } => new("lead", id),
        { PersonId: { } id } => new("person", id),
        { OrganizationId: { } id } => new("organization", id),
        { RecordId: { } id } => new("record", id),
        _ => null,
    };

    /// <summary>Lets a record be about another one, or about none.</summary>
    public static void Set(IAbout record, About? about)
    {
        record.DealId = about?.Type == "deal" ? about.Id : null;
        record.LeadId = about?.Type == "lead" ? about.Id : null;
        record.PersonId = about?.Type == "person" ? about.Id : null;
        record.OrganizationId = about?.Type == "organization" ? about.Id : null;
        record.RecordId = about?.Type == "record" ? about.Id : null;
    }
}
