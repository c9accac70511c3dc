using System.ComponentModel.DataAnnotations;
using Crm.Entities.Records;

namespace Crm.Host.Records;

/// <summary>Which record something is to be about: <c>record</c> for a generic one of whatever type.</summary>
internal sealed record AboutFields([property: AllowedValues("deal", "lead", "person", "organization", "record")] string Type, Guid Id)
{
    public static AboutFields? Of(IAbout record) => About.Of(record) is { } about ? new(about.Type, about.Id) : null;

    public About ToAbout() => new(Type, Id);
}

/// <summary>Which record something is about, and what that is called; no name while that record is deleted.</summary>
internal sealed record AboutResponse(string Type, Guid Id, string? Name);
