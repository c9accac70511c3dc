using System.Text.Json;

namespace Crm.Entities.CustomFields;

/// <summary>A value of a filterable field, where an index finds it. The database keeps these; nobody writes them.</summary>
public sealed class CustomValue
{
    /// <summary>Gets the workspace.</summary>
    public required Guid WorkspaceId { get; init; }

    /// <summary>Gets the record.</summary>
    public required Guid RecordId { get; init; }

    /// <summary>Gets the field.</summary>
    public required Guid FieldId { get; init; }

    /// <summary>Gets which of the values of a list it is, from 1; 1 for what is no list.</summary>
    public required int Item { get; init; }

    /// <summary>Gets a text, a key of an option, a user's id, <c>true</c> or <c>false</c>.</summary>
    public string? Text { get; init; }

    /// <summary>Gets a number.</summary>
    public double? Number { get; init; }

    /// <summary>Gets a time; of a date its midnight in UTC.</summary>
    public DateTimeOffset? Time { get; init; }
}

/// <summary>The values of a record's own fields.</summary>
public static class CustomValues
{
    /// <summary>Reads the column, as rules see it at <c>entity.custom</c>.</summary>
    public static Dictionary<string, JsonElement> Read(string custom) => JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(custom)!;
}
