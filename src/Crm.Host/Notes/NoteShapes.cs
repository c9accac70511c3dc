using System.ComponentModel.DataAnnotations;
using System.Linq.Expressions;
using Crm.Entities.Notes;
using Crm.Host.Records;

namespace Crm.Host.Notes;

/// <summary>What people write down, and about which record.</summary>
internal sealed record NoteFields([property: StringLength(20_000, MinimumLength = 1)] string Body, AboutFields About)
{
    public static NoteFields Of(Note n) => new(n.Body, AboutFields.Of(n)!);

    public void Write(Note note)
    {
        note.Body = Body;
        Entities.Records.About.Set(note, About.ToAbout());
    }
}

/// <summary>A note as the API shows it, with the name of what it is about.</summary>
internal sealed record NoteResponse(Guid Id, string Body, AboutResponse About, int Version, DateTimeOffset CreatedAt, Guid CreatedBy, DateTimeOffset UpdatedAt, Guid UpdatedBy)
{
    /// <summary>Reads it in one statement.</summary>
    public static Expression<Func<Note, NoteResponse>> Projection { get; } = n => new(
        n.Id, n.Body,
        n.DealId != null ? new("deal", n.DealId.Value, n.Deal!.Name)
            : n.LeadId != null ? new("lead", n.LeadId.Value, n.Lead!.Name)
            : n.PersonId != null ? new("person", n.PersonId.Value, n.Person!.Name)
            : n.OrganizationId != null ? new("organization", n.OrganizationId.Value, n.Organization!.Name)
            : new AboutResponse("record", n.RecordId!.Value, n.Record!.DeletedAt == null ? n.Record.Name : null),
        n.Version, n.CreatedAt, n.CreatedBy, n.UpdatedAt!.Value, n.UpdatedBy!.Value);
}
