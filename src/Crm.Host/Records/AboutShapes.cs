using System.ComponentModel.DataAnnotations;
using Crm.Entities.Records;

namespace Crm.Host.Records;

/// <summary>The types of records something can be about.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class AboutTypeAttribute() : AllowedValuesAttribute("deal", "lead", "person", "organization", "record");

/// <summary>Which record something is to be about: <c>record</c> for a generic one of whatever type.</summary>
internal sealed record AboutFields([property: AboutType] string Type, Guid Id)
{
    public static AboutFields? Of(IAbout record) => About.Of(record) is { } about ? new(about.Type, about.Id) : null;

    public About ToAbout() => new(Type, Id);
}

/// <summary>Which record something is about, and what that is called; no name while that record is deleted.</summary>
internal sealed record AboutResponse([property: AboutType] string Type, Guid Id, string? Name);
