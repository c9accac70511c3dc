using System.Text;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Activities;

/// <summary>Sends what a flow's request activity was given, and fills its outputs.</summary>
internal sealed class HttpSender(OutsideHttp http)
{
    /// <summary>Reads an absolute address of the web; <c>null</c> when it is none.</summary>
    public static Uri? Address(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.Host.Length > 0 && url.UserInfo.Length == 0 ? url : null;

    /// <summary>Sends it.</summary>
    /// <param name="given">The activity.</param>
    /// <param name="flow">The run it is part of.</param>
    /// <param name="isExpected">Tells whether a status code has a way of its own.</param>
    /// <param name="noConnection">The port for a host that cannot be reached.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>The status code; <c>null</c> when there was no connection, and somebody drew what follows then.</returns>
    public async Task<int?> SendAsync(HttpRequestInputs given, FlowContext flow, Func<int, bool> isExpected, string noConnection, CancellationToken ct)
    {
        var url = Address(given.Url) ?? throw new FlowException($"'{given.Url}' is no address such as https://example.com/orders") { IsFinal = true };
        OutsideAnswer answer;
        try
        {
            answer = await http.SendAsync(flow, new(HttpMethod.Parse(given.Method), url, Headers(given, flow), given.Content.IsNull ? null : Contents.Write(given.Content, given.ContentType)), followsRedirects: true, ct);
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            if (flow.Takes(noConnection)) return null;
            throw new FlowException($"there is no connection to {url.Authority}: {e.Message}");
        }

        if (answer.IsTransient && !isExpected(answer.Status) && flow.HasTriesLeft) throw new FlowException($"{url.Authority} answered {answer.Status}");
        (given.StatusCode, given.ParsedContent) = (answer.Status, Contents.Read(answer.Body, answer.Type?.MediaType));
        given.ResponseHeaders = Lists(answer.Headers.Where(h => !h.Key.Equals("Set-Cookie", StringComparison.OrdinalIgnoreCase)));
        return answer.Status;
    }

    // The key goes with every request that changes something, so that the other side can tell a second try from a second order.
    private static List<KeyValuePair<string, string>> Headers(HttpRequestInputs given, FlowContext flow)
    {
        var headers = new List<KeyValuePair<string, string>>();
        if (!string.IsNullOrWhiteSpace(given.Authorization)) headers.Add(new("Authorization", given.Authorization));
        foreach (var (name, values) in Named(given.RequestHeaders)) foreach (var value in values.Kind == ValueKind.List ? values.AsList.ToArray() : [values]) headers.Add(new(name, value.AsText ?? value.ToString()));
        if (given.Method is not ("GET" or "HEAD" or "OPTIONS") && !headers.Exists(h => h.Key.Equals("Idempotency-Key", StringComparison.OrdinalIgnoreCase))) headers.Add(new("Idempotency-Key", flow.IdempotencyKey));
        if (headers.Find(h => h.Value.AsSpan().IndexOfAny('\r', '\n', '\0') >= 0) is { Key: { } broken }) throw new FlowException($"the header {broken} holds a line break") { IsFinal = true };
        return headers;
    }

    /// <summary>Takes headers as an object, or as the text Studio keeps one in.</summary>
    public static FactObject Named(Value headers)
    {
        if (headers.AsText is { } text) headers = string.IsNullOrWhiteSpace(text) ? Value.Null : StrictJson.Read(Encoding.UTF8.GetBytes(text), []) ?? Value.False;
        return headers.IsNull ? FactObject.Empty : headers.AsObject ?? throw new FlowException("headers are an object of names and values") { IsFinal = true };
    }

    private static Value Lists(IEnumerable<KeyValuePair<string, IEnumerable<string>>> headers)
    {
        var lists = new FactObjectBuilder();
        foreach (var (name, values) in headers) lists[name] = Value.From([.. values.Select(Value.From)]);
        return Value.From(lists.Build());
    }
}
