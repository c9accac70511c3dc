using System.Text.Json.Nodes;

namespace Crm.Host.Records;

/// <summary>The workspace's own fields between a request and the column.</summary>
internal static class CustomText
{
    public static string Of(JsonObject? custom)
    {
        // What is null is not there.
        var kept = (custom ?? []).Where(m => m.Value is not null).Select(m => KeyValuePair.Create(m.Key, m.Value!.DeepClone()));
        return new JsonObject(kept!).ToJsonString();
    }

    public static JsonObject Read(string custom) => (JsonObject)JsonNode.Parse(custom)!;
}
