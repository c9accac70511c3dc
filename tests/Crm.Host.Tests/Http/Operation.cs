using System.Text.Json.Nodes;

namespace Crm.Host.Tests.Http;

/// <summary>Something the API can do, as its description has it.</summary>
/// <param name="Method">Such as <c>POST</c>.</param>
/// <param name="Path">Below <c>/api/v1/</c>.</param>
/// <param name="IdFilters">The parameters that are ids.</param>
/// <param name="IdMembers">Where its body has ids, as JSON Pointers.</param>
/// <param name="Members">The members of its body.</param>
/// <param name="Answered">The members of what it answers.</param>
/// <param name="Headers">The headers it takes.</param>
internal sealed record Operation(string Method, string Path, IReadOnlyList<string> IdFilters, IReadOnlyList<string> IdMembers, IReadOnlyList<string> Members, IReadOnlyList<string> Answered, IReadOnlyList<string> Headers)
{
    public string Name => $"{Method} {Path}";

    /// <summary>Gets what its path's id is the id of.</summary>
    public string Noun => Path.Split('/')[0] switch { "people" => "person", "activities" => "activity", var nouns => nouns.TrimEnd('s') };

    public string At(string id) => "/api/v1/" + Path.Replace("{id}", id);
}

/// <summary>Reads what the API says it can do.</summary>
internal static class Operations
{
    public static async Task<IReadOnlyList<Operation>> OperationsAsync(this CrmHost host)
    {
        var document = (await host.As(null).GetAsync("/openapi/v1.json")).Json;
        return
        [
            .. from path in document["paths"]!.AsObject()
               from operation in path.Value!.AsObject()
               let body = operation.Value["requestBody"]?["content"]?["application/json"]?["schema"]
               let answer = operation.Value["responses"]!.AsObject().Where(r => r.Key is "200" or "201").Select(r => r.Value!["content"]?["application/json"]?["schema"]).FirstOrDefault()
               select new Operation(operation.Key.ToUpperInvariant(), path.Key["/api/v1/".Length..], Filters(operation.Value, document),
                   [.. Ids(body, document, "").Distinct()], [.. Properties(body, document).Distinct()], [.. Properties(answer, document).Distinct()],
                   [.. (operation.Value["parameters"]?.AsArray() ?? []).Where(p => p!["in"]!.GetValue<string>() == "header").Select(p => p!["name"]!.GetValue<string>())]),
        ];
    }

    private static List<string> Filters(JsonNode operation, JsonNode document) =>
        [.. (operation["parameters"]?.AsArray() ?? []).Where(p => p!["in"]!.GetValue<string>() == "query" && Ids(p["schema"]!, document, "").Any()).Select(p => p!["name"]!.GetValue<string>())];

    private static IEnumerable<string> Properties(JsonNode? schema, JsonNode document) => Resolve(schema, document) is not { } found
        ? []
        : (found["properties"]?.AsObject() ?? []).Select(p => p.Key).Concat(Alternatives(found).SelectMany(s => Properties(s, document)));

    /// <summary>Finds the members that are ids; an item of a list is <c>0</c>.</summary>
    private static IEnumerable<string> Ids(JsonNode? schema, JsonNode document, string at)
    {
        if (Resolve(schema, document) is not { } found) yield break;
        if (found["format"]?.GetValue<string>() == "uuid") yield return at;
        IEnumerable<(JsonNode? Schema, string At)> below =
        [
            .. (found["properties"]?.AsObject() ?? []).Select(p => (p.Value, $"{at}/{p.Key}")), (found["items"], at + "/0"), .. Alternatives(found).Select(s => (s, at)),
        ];
        foreach (var id in below.SelectMany(b => Ids(b.Schema, document, b.At))) yield return id;
    }

    private static IEnumerable<JsonNode?> Alternatives(JsonNode schema) => new[] { "oneOf", "anyOf", "allOf" }.SelectMany(k => schema[k]?.AsArray() ?? []);

    private static JsonNode? Resolve(JsonNode? schema, JsonNode document)
    {
        while (schema?["$ref"] is { } reference) schema = document["components"]!["schemas"]![reference.GetValue<string>().Split('/')[^1]];
        return schema;
    }
}
