using System.Net;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Activities;

/// <summary>Answers the request that started the run or that it waited for; where nobody waits for an answer any more, what it was stands in the journal.</summary>
[FlowActivity("Elsa.WriteHttpResponse", "HTTP", "Answers the request that started the flow or that it waited for.", Title = "HTTP Response", IsPure = true)]
internal sealed class WriteHttpResponse : IFlowActivity, ICheckedActivity
{
    // They are the server's own.
    private static readonly string[] Refused = ["Connection", "Content-Length", "Content-Type", "Keep-Alive", "Trailer", "Transfer-Encoding", "Upgrade"];

    [FlowInput("The status code: a number, or its name such as OK.", Hint = "dropdown")]
    public Value StatusCode { get; init; } = Value.From(200);

    [FlowInput("The body: a text as it is, all else as JSON.")]
    public Value Content { get; init; }

    [FlowInput("The type of the body; text/plain for a text and application/json for all else where it is not given.")]
    public string? ContentType { get; init; }

    [FlowInput("Further headers: an object of names and values.", Hint = "json-editor")]
    public Value ResponseHeaders { get; init; }

    public static void Check(ActivityCheck drawn)
    {
        if (drawn.Known("statusCode") is { IsNull: false } code && Code(code) is null) drawn.Fault("statusCode", "value", $"{code} is no status code");
    }

    public Task<ActivityResult> RunAsync(FlowContext flow, CancellationToken ct)
    {
        var code = Code(StatusCode) ?? throw new FlowException($"{StatusCode} is no status code") { IsFinal = true };
        flow.Respond(new(code, Headers(), Content.IsNull ? null : Contents.Write(Content, ContentType)));
        return Task.FromResult(ActivityResult.Done);
    }

    private static int? Code(Value code)
    {
        var number = InputValues.TryMake(code, typeof(int), out var made, out _) ? made as int? : Enum.TryParse<HttpStatusCode>(code.AsText, ignoreCase: true, out var named) ? (int)named : null;
        return number is >= 200 and <= 599 ? number : null;
    }

    private List<KeyValuePair<string, string>> Headers()
    {
        var headers = new List<KeyValuePair<string, string>>();
        foreach (var (name, values) in HttpSender.Named(ResponseHeaders))
        {
            if (Refused.Contains(name, StringComparer.OrdinalIgnoreCase)) throw new FlowException($"the header {name} is not a flow's to set") { IsFinal = true };
            foreach (var value in values.Kind == ValueKind.List ? values.AsList.ToArray() : [values])
            {
                var text = value.AsText ?? value.ToString();
                if (name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') || text.Any(c => c is < ' ' or > '~')) throw new FlowException($"'{name}: {text}' is no header") { IsFinal = true };
                headers.Add(new(name, text));
            }
        }

        return headers;
    }
}

/// <summary>What a flow answers to a request.</summary>
/// <param name="Status">The status code.</param>
/// <param name="Headers">The headers.</param>
/// <param name="Content">The body; <c>null</c> for none.</param>
internal sealed record WrittenResponse(int Status, IReadOnlyList<KeyValuePair<string, string>> Headers, DraftContent? Content);
