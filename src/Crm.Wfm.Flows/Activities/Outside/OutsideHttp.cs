using System.Buffers;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace Crm.Wfm.Flows.Activities;

/// <summary>Sends flows' requests: through <see cref="OutsideGate"/>, each redirect anew, with the run's trace, and takes no more of an answer than a run can keep.</summary>
internal sealed class OutsideHttp(IHttpClientFactory clients, OutsideGate gate, IOptions<OutsideOptions> options)
{
    /// <summary>The name of the client; a host may configure it further.</summary>
    public const string ClientName = "Crm.Wfm.Flows";

    // Those that are the caller's own and not another host's business.
    private static readonly string[] Private = ["Authorization", "Cookie", "Proxy-Authorization"];

    /// <summary>Sends a request and reads the answer.</summary>
    /// <param name="flow">The run it is part of.</param>
    /// <param name="draft">The request.</param>
    /// <param name="followsRedirects">Whether redirects are followed.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="HttpRequestException">There is no connection, or it broke.</exception>
    /// <exception cref="FlowException">The host is not allowed, or the answer is too large.</exception>
    public async Task<OutsideAnswer> SendAsync(FlowContext flow, RequestDraft draft, bool followsRedirects, CancellationToken ct)
    {
        using var client = clients.CreateClient(ClientName);
        for (var hop = 0; ; hop++)
        {
            if (!gate.Allows(draft.Url.IdnHost)) throw OutsideGate.NotAllowed(draft.Url.IdnHost);
            using var request = draft.ToRequest();
            Trace(request, flow);
            using var response = await SendAsync(client, request, ct);
            if (!followsRedirects || Redirected(draft, response) is not { } next) return await ReadAsync(draft.Url, response, ct);
            if (hop == options.Value.MaxRedirects) throw new FlowException($"{draft.Url.Host} redirects more than {options.Value.MaxRedirects} times") { IsFinal = true };
            draft = next;
        }
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, HttpRequestMessage request, CancellationToken ct)
    {
        try
        {
            return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
        }
        catch (HttpRequestException e) when (e.InnerException is FlowException refused)
        {
            throw refused;
        }
    }

    private static RequestDraft? Redirected(RequestDraft draft, HttpResponseMessage response)
    {
        if ((int)response.StatusCode is not (301 or 302 or 303 or 307 or 308) || response.Headers.Location is not { } location) return null;
        var url = new Uri(draft.Url, location);
        if (url.Scheme is not ("http" or "https")) throw new FlowException($"{draft.Url.Host} redirects to {url.Scheme}, which is not followed") { IsFinal = true };
        if (draft.Url.Scheme == "https" && url.Scheme == "http") throw new FlowException($"{draft.Url.Host} redirects from https to http, which is not followed") { IsFinal = true };
        var next = draft with { Url = url };
        if (!draft.IsSafe && (response.StatusCode == HttpStatusCode.RedirectMethod || ((int)response.StatusCode is 301 or 302 && draft.Method == HttpMethod.Post))) next = next with { Method = HttpMethod.Get, Content = null };
        // To another origin goes nothing the flow's author gave for this one.
        return url.GetLeftPart(UriPartial.Authority) == draft.Url.GetLeftPart(UriPartial.Authority) ? next : next with { Headers = [] };
    }

    /// <summary>Where nothing traces the call already, its trace is that of whoever told the event, else the event's correlation: so the other side's log and ours meet.</summary>
    private static void Trace(HttpRequestMessage request, FlowContext flow)
    {
        if (Activity.Current is not null || request.Headers.Contains("traceparent")) return;
        var span = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(flow.IdempotencyKey)).AsSpan(0, 8));
        var trace = ActivityContext.TryParse(flow.Event?.Traceparent, traceState: null, out var told) ? told.TraceId.ToHexString() : $"{flow.Cause?.Correlation ?? flow.Run:N}";
        request.Headers.TryAddWithoutValidation("traceparent", $"00-{trace}-{span}-01");
    }

    private async Task<OutsideAnswer> ReadAsync(Uri url, HttpResponseMessage response, CancellationToken ct)
    {
        var most = options.Value.MaxAnswer;
        if (response.Content.Headers.ContentLength > most) throw TooLarge(url, most);
        await using var stream = await response.Content.ReadAsStreamAsync(ct);
        using var body = new MemoryStream();
        var buffer = ArrayPool<byte>.Shared.Rent(16 * 1024);
        try
        {
            while (await stream.ReadAsync(buffer, ct) is var read and > 0)
            {
                if (body.Length + read > most) throw TooLarge(url, most);
                body.Write(buffer, 0, read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return new((int)response.StatusCode, [.. response.Headers.Concat(response.Content.Headers)], response.Content.Headers.ContentType, body.ToArray());
    }

    private static FlowException TooLarge(Uri url, int most) => new($"the answer of {url.Host} is larger than {most} bytes (Wfm:Flows:Outside:MaxAnswer)") { IsFinal = true };

    /// <summary>Tells whether a header's value is kept out of what runs keep.</summary>
    public static bool IsPrivate(string header) => Private.Contains(header, StringComparer.OrdinalIgnoreCase);
}

/// <summary>A request that is to be sent, once or after redirects again.</summary>
/// <param name="Method">The method.</param>
/// <param name="Url">Where to.</param>
/// <param name="Headers">Its headers.</param>
/// <param name="Content">Its body; <c>null</c> for none.</param>
internal sealed record RequestDraft(HttpMethod Method, Uri Url, IReadOnlyList<KeyValuePair<string, string>> Headers, DraftContent? Content)
{
    /// <summary>Gets whether the method changes nothing.</summary>
    public bool IsSafe => Method == HttpMethod.Get || Method == HttpMethod.Head || Method == HttpMethod.Options;

    public HttpRequestMessage ToRequest()
    {
        var request = new HttpRequestMessage(Method, Url);
        if (Content is { } content)
        {
            request.Content = new ByteArrayContent(content.Bytes);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", content.Type);
        }

        foreach (var (name, value) in Headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value)) request.Content?.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }
}

/// <summary>A body.</summary>
/// <param name="Bytes">What it holds.</param>
/// <param name="Type">Its content type.</param>
internal sealed record DraftContent(byte[] Bytes, string Type);

/// <summary>An answer as it was read.</summary>
/// <param name="Status">The status code.</param>
/// <param name="Headers">The headers, the body's among them.</param>
/// <param name="Type">The body's type.</param>
/// <param name="Body">The body.</param>
internal sealed record OutsideAnswer(int Status, IReadOnlyList<KeyValuePair<string, IEnumerable<string>>> Headers, MediaTypeHeaderValue? Type, byte[] Body)
{
    /// <summary>Gets whether trying again later may bring another answer.</summary>
    public bool IsTransient => Status is 408 or 425 or 429 or 500 or 502 or 503 or 504;
}
