using Crm.Wfm.Flows.Activities;
using Crm.Wfm.Http;
using Crm.Wfm.Rules;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace Crm.Wfm.Flows.Http;

/// <summary>Reads a request as what a run is given: <c>{method, path, query, headers, content}</c>.</summary>
internal static class RequestReader
{
    /// <summary>Reads it, or says why it is not taken.</summary>
    public static async Task<(Value Request, IResult? Refusal)> ReadAsync(HttpRequest request, string path, int maxBody, string[] hidden, CancellationToken ct)
    {
        var mediaType = MediaTypeHeaderValue.TryParse(request.ContentType, out var type) ? type.MediaType.Value : null;
        if (mediaType?.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase) == true) return (default, Refused(StatusCodes.Status415UnsupportedMediaType, "Flows take no files: send JSON, a form or text."));
        if (request.ContentLength > maxBody || await BodyAsync(request, maxBody, ct) is not { } body) return (default, Refused(StatusCodes.Status413PayloadTooLarge, $"A body has at most {maxBody} bytes here."));
        var faults = new List<Fault>();
        var content = Contents.Read(body, mediaType, faults);
        if (faults.Count > 0) return (default, Problems.Faulty(faults));
        return (Value.From(new FactObjectBuilder
        {
            ["method"] = Value.From(request.Method),
            ["path"] = Value.From(path),
            ["query"] = Contents.Object(request.Query.Select(q => KeyValuePair.Create(q.Key, Texts(q.Value)))),
            ["headers"] = Contents.Object(request.Headers.Where(h => !hidden.Contains(h.Key, StringComparer.OrdinalIgnoreCase)).Select(h => KeyValuePair.Create(h.Key.ToLowerInvariant(), Texts(h.Value)))),
            ["content"] = content,
        }.Build()), null);
    }

    private static IReadOnlyList<string> Texts(Microsoft.Extensions.Primitives.StringValues values) => [.. values.Select(v => v ?? "")];

    // The server's own limit may be another; one byte more than is taken tells that there is more.
    private static async Task<byte[]?> BodyAsync(HttpRequest request, int maxBody, CancellationToken ct)
    {
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (await request.Body.ReadAsync(buffer, ct) is var read and > 0)
        {
            if (body.Length + read > maxBody) return null;
            body.Write(buffer, 0, read);
        }

        return body.ToArray();
    }

    private static ProblemHttpResult Refused(int status, string why) => TypedResults.Problem(why, statusCode: status);
}
