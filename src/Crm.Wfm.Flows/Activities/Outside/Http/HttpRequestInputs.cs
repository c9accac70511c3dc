using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Activities;

/// <summary>What a request is made of, and what its answer gives out; as Elsa names it.</summary>
internal abstract class HttpRequestInputs
{
    [FlowInput("Where to.")]
    public required string Url { get; init; }

    [FlowInput("The method.", Options = ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"])]
    public string Method { get; init; } = "GET";

    [FlowInput("The body: a text as it is, all else as JSON.")]
    public Value Content { get; init; }

    [FlowInput("The type of the body; text/plain for a text and application/json for all else where it is not given.")]
    public string? ContentType { get; init; }

    [FlowInput("The Authorization header, such as Bearer and a token.", IsSecret = true)]
    public string? Authorization { get; init; }

    [FlowInput("Further headers: an object of names and values.", Hint = "json-editor")]
    public Value RequestHeaders { get; init; }

    [FlowOutput("The status code of the answer.")]
    public int? StatusCode { get; set; }

    [FlowOutput("The body of the answer: JSON as what it says, other text as text, what is no text as base64.")]
    public Value ParsedContent { get; set; }

    [FlowOutput("The headers of the answer: an object of names and lists of values.")]
    public Value ResponseHeaders { get; set; }

    /// <summary>Refuses an address that never was one, and headers that are none.</summary>
    public static void CheckRequest(ActivityCheck drawn)
    {
        if (drawn.Known("url").AsText is { } url && HttpSender.Address(url) is null) drawn.Fault("url", "value", "is no address such as https://example.com/orders");
        if (drawn.Known("requestHeaders") is { IsNull: false, AsText: null, AsObject: null }) drawn.Fault("requestHeaders", "value", "is no object of names and values");
    }
}
