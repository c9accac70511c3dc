using Crm.Entities.Records;

namespace Crm.Entities.CustomFields;

/// <summary>A field a workspace gives one kind of its records. A deleted one is archived: values of before stay, new ones are refused.</summary>
public sealed class CustomField : CrmRecord
{
    /// <inheritdoc/>
    public override string Noun => "custom-field";

    /// <summary>Gets which records have it: <c>deal</c>, <c>lead</c>, <c>person</c>, <c>organization</c> or <c>activity</c>.</summary>
    public required string RecordType { get; init; }

    /// <summary>Gets the name in <c>custom</c>, and in rules after <c>entity.custom.</c>: camelCase.</summary>
    public required string Key { get; init; }

    /// <summary>Gets the kind of its values.</summary>
    public required string Kind { get; init; }

    /// <summary>Gets or sets the name for people, as JSON: a text, or one per language.</summary>
    public required string Title { get; set; }

    /// <summary>Gets or sets what can be chosen, as JSON: a list of key and title; <c>null</c> for kinds that are no choice.</summary>
    public string? Options { get; set; }

    /// <summary>Gets or sets whether a new record has to have a value, which nobody can take away then.</summary>
    public bool IsRequired { get; set; }

    /// <summary>Gets or sets whether lists can be filtered by it: then its values are in <see cref="CustomValue"/> as well.</summary>
    public bool IsFilterable { get; set; }
}
