using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Crm.Wfm.Rules;
using Microsoft.Extensions.Options;

namespace Crm.Wfm.Flows.Activities;

/// <summary>
/// Tells another system of something, signed as Standard Webhooks says. Its id is the activity's idempotency key: the same at every try, so that whoever receives it twice
/// can tell.
/// </summary>
[FlowActivity("Wfm.SendWebhook", "HTTP", "Tells another system of something, signed, until it was accepted.", Title = "Send webhook")]
internal sealed class SendWebhook(OutsideHttp http, IOptions<WebhookOptions> options) : IOutsideActivity, ICheckedActivity
{
    [FlowInput("Where to.")]
    public required string Url { get; init; }

    [FlowInput("The type of what is told, such as order.paid; the type of the event that started the run where it is not given.")]
    public string? EventType { get; init; }

    [FlowInput("What is told; the data of the event that started the run where it is not given.")]
    public Value Payload { get; init; }

    [FlowInput("The name of the secret it is signed with, as the host is configured.")]
    public required string Secret { get; init; }

    [FlowOutput("The id it was sent with.")]
    public string? WebhookId { get; private set; }

    [FlowOutput("The status code it was accepted with.")]
    public int? StatusCode { get; private set; }

    public static void Check(ActivityCheck drawn)
    {
        if (drawn.Known("url").AsText is { } url && HttpSender.Address(url) is null) drawn.Fault("url", "value", "is no address such as https://example.com/webhooks");
        if (drawn.Known("secret").AsText is { } secret && secret.StartsWith("whsec_", StringComparison.Ordinal)) drawn.Fault("secret", "value", "is a secret itself: give the name of one the host is configured with");
    }

    public async Task<ActivityResult> RunAsync(FlowContext flow, CancellationToken ct)
    {
        var url = HttpSender.Address(Url) ?? throw new FlowException($"'{Url}' is no address such as https://example.com/webhooks") { IsFinal = true };
        if (!options.Value.Secrets.TryGetValue(Secret, out var secret) || (secret.Workspace is { } only && only != flow.Workspace))
            throw new FlowException($"there is no webhook secret '{Secret}' (Wfm:Flows:Webhooks:Secrets)") { IsFinal = true };
        WebhookId = flow.IdempotencyKey;
        var body = Body(flow);
        var answer = await PostAsync(flow, new(HttpMethod.Post, url, [.. Signed(WebhookId, flow.Now, body, secret.Keys)], new(body, "application/json")), ct);
        if (answer.Status is 410) throw new FlowException($"{url.Authority} wants no more of these (410)") { IsFinal = true };
        if (answer.Status is not (>= 200 and < 300)) throw new FlowException($"{url.Authority} answered {answer.Status}");
        StatusCode = answer.Status;
        return ActivityResult.Done;
    }

    // A redirect is an answer other than 2xx: a receiver that moved says so to whoever configured it.
    private async Task<OutsideAnswer> PostAsync(FlowContext flow, RequestDraft draft, CancellationToken ct)
    {
        try
        {
            return await http.SendAsync(flow, draft, followsRedirects: false, ct);
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            throw new FlowException($"there is no connection to {draft.Url.Authority}: {e.Message}");
        }
    }

    // The same bytes at every try.
    private byte[] Body(FlowContext flow)
    {
        var told = flow.Event;
        return Encoding.UTF8.GetBytes(CanonicalJson.Text(Value.From(new FactObjectBuilder
        {
            ["type"] = Value.From(EventType ?? told?.Type ?? throw new FlowException("no event started the run: eventType has to be given") { IsFinal = true }),
            ["timestamp"] = told is null ? Value.Null : Value.From(told.Time),
            ["data"] = Payload.IsNull ? told?.Data ?? Value.Null : Payload,
        }.Build())));
    }

    /// <summary>Signs a body: an HMAC-SHA256 over id, time and body for each key.</summary>
    internal static IEnumerable<KeyValuePair<string, string>> Signed(string id, DateTimeOffset at, ReadOnlySpan<byte> body, IEnumerable<byte[]> keys)
    {
        var timestamp = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] content = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];
        return
        [
            new("webhook-id", id),
            new("webhook-timestamp", timestamp),
            new("webhook-signature", string.Join(' ', keys.Select(key => $"v1,{Convert.ToBase64String(HMACSHA256.HashData(key, content))}"))),
        ];
    }
}
