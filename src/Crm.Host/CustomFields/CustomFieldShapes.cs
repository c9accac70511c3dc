using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Crm.Entities.CustomFields;
using Crm.Host.Records;

namespace Crm.Host.CustomFields;

/// <summary>The types of records that can be given fields, and views.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
internal sealed class RecordTypeAttribute() : AllowedValuesAttribute("deal", "lead", "person", "organization", "activity");

/// <summary>The kinds of fields.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class FieldKindAttribute() : AllowedValuesAttribute("text", "long-text", "number", "boolean", "date", "date-time", "choice", "multi-choice", "user", "url", "email");

/// <summary>What an admin says of a field. Its record type, key and kind stay what they were made as: rules and values rely on them.</summary>
internal sealed record CustomFieldFields(
    [property: RecordType] string RecordType,
    [property: RegularExpression("^[a-z][a-zA-Z0-9]{0,62}$", ErrorMessage = "must be camelCase: a small letter, then letters and digits, 63 at most")] string Key,
    [property: FieldKind] string Kind,
    [property: TitleText] JsonNode Title, IReadOnlyList<CustomOption>? Options = null, bool Required = false, bool Filterable = false) : IValidatableObject
{
    private const int MostOptions = 200;

    public static CustomFieldFields Of(CustomField f) => new(f.RecordType, f.Key, f.Kind, JsonNode.Parse(f.Title)!, CustomOption.Read(f.Options), f.IsRequired, f.IsFilterable);

    public void Write(CustomField field)
    {
        (field.Title, field.Options) = (Title.ToJsonString(), Options is null ? null : JsonSerializer.Serialize(Options, JsonSerializerOptions.Web));
        (field.IsRequired, field.IsFilterable) = (Required, Filterable);
    }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (TitleText.Check(Title) is { } wrong) yield return new(wrong, ["title"]);
        if (Filterable && Kind is "long-text" or "url") yield return new($"A {Kind} cannot be filtered by.", ["filterable"]);
        if (Kind is not ("choice" or "multi-choice"))
        {
            if (Options is not null) yield return new($"A {Kind} has no options.", ["options"]);
            yield break;
        }

        if (Options is not { Count: > 0 and <= MostOptions }) yield return new($"A {Kind} has 1 to {MostOptions} options.", ["options"]);
        var known = new HashSet<string>();
        foreach (var (option, i) in (Options ?? []).Select((o, i) => (o, i)))
        {
            if (TitleText.Check(option.Title) is { } wrongTitle) yield return new(wrongTitle, [$"options/{i}/title"]);
            if (!CustomOption.KeyForm.IsMatch(option.Key)) yield return new("must be kebab-case: small letters, digits and hyphens, 64 at most", [$"options/{i}/key"]);
            if (!known.Add(option.Key)) yield return new("is there twice", [$"options/{i}/key"]);
        }
    }
}

/// <summary>Something to choose.</summary>
internal sealed record CustomOption(string Key, [property: TitleText] JsonNode Title)
{
    public static Regex KeyForm { get; } = new(@"^[a-z0-9][a-z0-9-]{0,63}\z", RegexOptions.NonBacktracking);

    public static IReadOnlyList<CustomOption>? Read(string? options) => options is null ? null : JsonSerializer.Deserialize<List<CustomOption>>(options, JsonSerializerOptions.Web);
}

/// <summary>A field as the API shows it: its words as they were given, and as this reader reads them.</summary>
internal sealed record CustomFieldResponse(
    Guid Id, [property: RecordType] string RecordType, string Key, [property: FieldKind] string Kind, [property: TitleText] JsonElement Title, string Label, IReadOnlyList<CustomOptionResponse>? Options, bool Required, bool Filterable,
    DateTimeOffset? ArchivedAt, int Version, DateTimeOffset CreatedAt, Guid CreatedBy, DateTimeOffset UpdatedAt, Guid UpdatedBy)
{
    public static CustomFieldResponse Of(CustomField f, IReadOnlyList<string> languages)
    {
        var title = JsonSerializer.Deserialize<JsonElement>(f.Title);
        return new(f.Id, f.RecordType, f.Key, f.Kind, title, TitleText.In(title, languages), CustomOptionResponse.Of(f.Options, languages), f.IsRequired, f.IsFilterable,
            f.DeletedAt, f.Version, f.CreatedAt, f.CreatedBy, f.UpdatedAt!.Value, f.UpdatedBy!.Value);
    }
}

internal sealed record CustomOptionResponse(string Key, [property: TitleText] JsonElement Title, string Label)
{
    public static IReadOnlyList<CustomOptionResponse>? Of(string? options, IReadOnlyList<string> languages) => options is null ? null :
        [.. JsonSerializer.Deserialize<JsonElement>(options).EnumerateArray().Select(o => (Key: o.GetProperty("key").GetString()!, Title: o.GetProperty("title")))
            .Select(o => new CustomOptionResponse(o.Key, o.Title, TitleText.In(o.Title, languages)))];
}
