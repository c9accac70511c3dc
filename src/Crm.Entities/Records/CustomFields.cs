using System.Text.Json;

namespace Crm.Entities.Records;

/// <summary>The workspace's own fields of a record, as rules see them at <c>entity.custom</c>.</summary>
public static class CustomFields
{
    /// <summary>Reads the column.</summary>
    public static Dictionary<string, JsonElement> Read(string custom) => JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(custom)!;
}
