using System.Text.Json.Nodes;

namespace Crm.Host.Tests.OpenApi;

/// <summary>The served description of the API, as a program reads it that knows nothing else.</summary>
internal sealed class ApiDescription
{
    public const string Path = "/openapi/v1.json";

    private static ApiDescription? _served;

    private ApiDescription(JsonNode document)
    {
        Document = document;
        Operations = [.. from path in document["paths"]!.AsObject() from operation in path.Value!.AsObject() select new Operation(operation.Key.ToUpperInvariant(), path.Key, operation.Value!)];
    }

    public JsonNode Document { get; }

    public IReadOnlyList<Operation> Operations { get; }

    public JsonObject Schemas => Document["components"]!["schemas"]!.AsObject();

    public Operation this[string name] => Operations.Single(o => o.Name == name);

    public static ApiDescription Of(string json) => new(JsonNode.Parse(json)!);

    /// <summary>Reads what a host serves; once, for all hosts of these tests serve the same.</summary>
    public static async Task<ApiDescription> ServedAsync(HttpClient client) => _served ??= Of(await client.GetStringAsync(new Uri(Path, UriKind.Relative)));

    /// <summary>Finds the operation a request is for: of two paths that fit the one with fewer parameters.</summary>
    public Operation? Find(HttpMethod method, string path) =>
        Operations.Where(o => o.Method == method.Method && o.Fits(path)).MinBy(o => o.Path.Count(c => c == '{'));

    /// <summary>Gets a schema that may stand elsewhere.</summary>
    public JsonObject Resolve(JsonNode schema) => (schema["$ref"] is { } reference ? Schemas[reference.GetValue<string>().Split('/')[^1]].ShouldNotBeNull(reference.ToString()) : schema).AsObject();
}

/// <summary>One operation.</summary>
internal sealed record Operation(string Method, string Path, JsonNode Described)
{
    public string Name => $"{Method} {Path}";

    public string Id => Described["operationId"]?.GetValue<string>() ?? "";

    public JsonObject Responses => Described["responses"]!.AsObject();

    public IReadOnlyList<JsonNode> Parameters => [.. (Described["parameters"]?.AsArray() ?? [])!];

    /// <summary>Gets the bodies it takes and gives.</summary>
    public IEnumerable<JsonNode> Contents => Content(Described["requestBody"]).Concat(Responses.SelectMany(r => Content(r.Value)));

    public IEnumerable<JsonNode> In(string place) => Parameters.Where(p => p["in"]!.GetValue<string>() == place);

    public static IEnumerable<JsonNode> Content(JsonNode? described) => (described?["content"]?.AsObject() ?? []).Select(c => c.Value!["schema"]!);

    public bool Fits(string path)
    {
        var (mine, asked) = (Path.Split('/'), path.TrimEnd('/').Split('/'));
        return mine.Length == asked.Length && mine.Zip(asked).All(p => p.First.StartsWith('{') || p.First.Equals(p.Second, StringComparison.OrdinalIgnoreCase));
    }
}
