using System.ComponentModel.DataAnnotations;
using Crm.Host.Records;

namespace Crm.Host.Search;

/// <summary>What was found, the best first: a name that is equal, that begins so, that is alike; then words of the text.</summary>
internal sealed record SearchResponse(IReadOnlyList<FoundResponse> Items);

/// <summary>Something that was found.</summary>
/// <param name="Type"><c>deal</c>, <c>lead</c>, <c>person</c>, <c>organization</c>, <c>activity</c>, <c>note</c> or <c>record</c>.</param>
/// <param name="Kind">The kind of an activity, the type of a generic record.</param>
/// <param name="Title">Its name; a note has none.</param>
/// <param name="Excerpt">The part of its text that has the words.</param>
/// <param name="About">What an activity or a note is about.</param>
internal sealed record FoundResponse([property: AllowedValues("deal", "lead", "person", "organization", "activity", "note", "record")] string Type, Guid Id, string? Kind, string? Title, string? Excerpt, AboutResponse? About)
{
    public static FoundResponse Of(FoundRow row) => new(
        row.Type, row.Id, row.Kind, row.Title.Length > 0 ? row.Title : null, row.Excerpt.Length > 0 ? row.Excerpt : null,
        row.AboutType is null ? null : new(row.AboutType, row.AboutId!.Value, row.AboutTitle));
}

/// <summary>A row of <c>crm.search</c>.</summary>
internal sealed record FoundRow(string Type, Guid Id, string? Kind, string Title, string Excerpt, string? AboutType, Guid? AboutId, string? AboutTitle);
