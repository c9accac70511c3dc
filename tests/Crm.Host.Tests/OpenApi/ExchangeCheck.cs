using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace Crm.Host.Tests.OpenApi;

/// <summary>Compares what went over the wire with what is described: every test that speaks to the API watches that the description does not lie.</summary>
internal static class ExchangeCheck
{
    // Nobody's answer but the server's own: the request reached no operation, or an outage did.
    private static readonly int[] Undescribed = [405, 500, 503];

    /// <summary>Gives the id of the operation that was asked; <c>null</c> where there is none.</summary>
    public static async Task<string?> CheckAsync(HttpClient client, HttpRequestMessage request, string? sent, HttpResponseMessage response, string received)
    {
        var uri = request.RequestUri!.IsAbsoluteUri ? request.RequestUri : new Uri(client.BaseAddress!, request.RequestUri);
        if (!uri.AbsolutePath.StartsWith("/api/", StringComparison.Ordinal) || Undescribed.Contains((int)response.StatusCode)) return null;
        var api = await ApiDescription.ServedAsync(client);
        if (api.Find(request.Method, uri.AbsolutePath) is not { } operation) return null;
        var faults = Answered(api, operation, response, received);
        if (response.IsSuccessStatusCode) faults = faults.Concat(Asked(api, operation, uri, request.Content?.Headers.ContentType, sent));
        faults.Select(f => $"{operation.Name} {(int)response.StatusCode}: {f}").ShouldBeEmpty(received);
        return operation.Id;
    }

    private static IEnumerable<string> Answered(ApiDescription api, Operation operation, HttpResponseMessage response, string received)
    {
        if (operation.Responses[$"{(int)response.StatusCode}"] is not { } described) return ["this status is not described"];
        var headers = (described["headers"]?.AsObject() ?? []).Select(h => h.Key).Where(h => !response.Headers.Contains(h)).Select(h => $"{h} is missing");
        if (response.Headers.Location is not null && described["headers"]?["Location"] is null) headers = headers.Append("Location is not described");
        return headers.Concat(Body(api, described, response.Content.Headers.ContentType, received));
    }

    private static IEnumerable<string> Asked(ApiDescription api, Operation operation, Uri uri, MediaTypeHeaderValue? type, string? sent)
    {
        var known = operation.In("query").Select(p => p["name"]!.GetValue<string>()).ToList();
        var names = uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Select(p => Uri.UnescapeDataString(p.Split('=')[0]));
        var parameters = names.Where(n => !known.Contains(n) && !(n.StartsWith("custom.", StringComparison.Ordinal) && known.Contains("custom"))).Select(n => $"the parameter {n} is not described");
        return sent is null || operation.Described["requestBody"] is not { } body ? parameters : parameters.Concat(Body(api, body, type, sent).Select(f => $"request {f}"));
    }

    private static IEnumerable<string> Body(ApiDescription api, JsonNode described, MediaTypeHeaderValue? type, string text)
    {
        if (text.Length == 0) return described["content"] is null ? [] : ["has no body"];
        return described["content"]?[type?.MediaType ?? ""]?["schema"] is { } schema ? api.Faults(schema, JsonNode.Parse(text, documentOptions: new() { MaxDepth = 256 })) : [$"a body of {type} is not described"];
    }
}
