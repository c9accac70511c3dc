using System.Text.Json.Nodes;
using Crm.Host.Tests.OpenApi;

namespace Crm.Host.Tests.Http;

/// <summary>What an operation takes, as its description has it.</summary>
/// <param name="Method">Such as <c>POST</c>.</param>
/// <param name="Path">Below <c>/api/v1/</c>.</param>
/// <param name="IdFilters">The parameters that are ids.</param>
/// <param name="IdMembers">Where its body has ids, as JSON Pointers.</param>
/// <param name="Members">The members of its body.</param>
/// <param name="Answered">The members of what it answers.</param>
internal sealed record Input(string Method, string Path, IReadOnlyList<string> IdFilters, IReadOnlyList<string> IdMembers, IReadOnlyList<string> Members, IReadOnlyList<string> Answered)
{
    public string Name => $"{Method} {Path}";

    /// <summary>Gets what its path's id is the id of.</summary>
    public string Noun => Path.Split('/')[0] switch { "people" => "person", "activities" => "activity", var nouns => nouns.TrimEnd('s') };

    /// <summary>Gets where it is; the decision there is one of the sample's.</summary>
    public string At(string id) => "/api/v1/" + Path.Replace("{id}", id).Replace("{run}", id).Replace("{task}", id).Replace("{key}", "conversion-eligibility");
}

/// <summary>Reads what every operation takes.</summary>
internal static class Inputs
{
    public static async Task<IReadOnlyList<Input>> InputsAsync(this CrmHost host)
    {
        var api = await ApiDescription.ServedAsync(host.Admin.Client);
        return
        [
            .. from operation in api.Operations
               let body = Operation.Content(operation.Described["requestBody"]).FirstOrDefault()
               let answer = operation.Responses.Where(r => r.Key is "200" or "201").SelectMany(r => Operation.Content(r.Value)).FirstOrDefault()
               let filters = operation.In("query").Where(p => Ids(p["schema"], api, "").Any()).Select(p => p["name"]!.GetValue<string>())
               select new Input(operation.Method, operation.Path["/api/v1/".Length..], [.. filters], [.. Ids(body, api, "").Distinct()], [.. Properties(body, api).Distinct()], [.. Properties(answer, api).Distinct()]),
        ];
    }

    private static IEnumerable<string> Properties(JsonNode? schema, ApiDescription api) =>
        schema is null ? [] : (api.Resolve(schema)["properties"]?.AsObject() ?? []).Select(p => p.Key).Concat(Alternatives(api.Resolve(schema)).SelectMany(s => Properties(s, api)));

    /// <summary>Finds the members that are ids; an item of a list is <c>0</c>.</summary>
    private static IEnumerable<string> Ids(JsonNode? schema, ApiDescription api, string at)
    {
        if (schema is null) yield break;
        var found = api.Resolve(schema);
        if (found["format"]?.GetValue<string>() == "uuid") yield return at;
        IEnumerable<(JsonNode? Schema, string At)> below =
        [
            .. (found["properties"]?.AsObject() ?? []).Select(p => (p.Value, $"{at}/{p.Key}")), (found["items"], at + "/0"), .. Alternatives(found).Select(s => (s, at)),
        ];
        foreach (var id in below.SelectMany(b => Ids(b.Schema, api, b.At))) yield return id;
    }

    private static IEnumerable<JsonNode?> Alternatives(JsonNode schema) => new[] { "oneOf", "anyOf", "allOf" }.SelectMany(k => schema[k]?.AsArray() ?? []);
}
