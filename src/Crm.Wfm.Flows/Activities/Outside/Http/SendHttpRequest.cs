using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Activities;

/// <summary>Sends a request and goes on by what came of it.</summary>
[FlowActivity("Elsa.FlowSendHttpRequest", "HTTP", "Sends an HTTP request and goes on by its status code.", Title = "HTTP Request (flow)",
    Outcomes = ["Done", "Unmatched status code", "Failed to connect", "Timeout"], OutcomesFrom = "expectedStatusCodes",
    Ignored = ["disableAuthorizationHeaderValidation", "enableResiliency"])]
internal sealed class FlowSendHttpRequest(HttpSender sender) : HttpRequestInputs, IOutsideActivity, ICheckedActivity
{
    private const string NoConnection = "Failed to connect";

    [FlowInput("The status codes that have a way of their own.", Hint = "multi-text")]
    public Value ExpectedStatusCodes { get; init; }

    public static void Check(ActivityCheck drawn) => CheckRequest(drawn);

    public async Task<ActivityResult> RunAsync(FlowContext flow, CancellationToken ct)
    {
        var expected = Expected();
        if (await sender.SendAsync(this, flow, expected.Contains, NoConnection, ct) is not { } status) return new ActivityResult.Completed(NoConnection);
        return expected.Count == 0 ? ActivityResult.Done : new ActivityResult.Completed(expected.Contains(status) ? $"{status}" : "Unmatched status code", "Done");
    }

    private List<int> Expected()
    {
        var codes = new List<int>();
        if (!ExpectedStatusCodes.IsNull)
        {
            foreach (var code in ForEach.ItemsOf(ExpectedStatusCodes))
                codes.Add(InputValues.TryMake(code, typeof(int), out var made, out _) && made is int number ? number : throw new FlowException($"{code} is no status code"));
        }

        return codes;
    }
}

/// <summary>Sends a request and runs the activity that lies in what came of it.</summary>
[FlowActivity("Elsa.SendHttpRequest", "HTTP", "Sends an HTTP request and runs what was drawn for its status code.", Title = "HTTP Request",
    Ports = ["expectedStatusCodes", "unmatchedStatusCode", "failedToConnect", "timeout"], Ignored = ["disableAuthorizationHeaderValidation", "enableResiliency"])]
internal sealed class SendHttpRequest(HttpSender sender) : HttpRequestInputs, IOutsideActivity, ICheckedActivity
{
    private const string NoConnection = "failedToConnect";

    [FlowInput("The status codes and what is run for each.", Hint = "http-status-codes", IsLazy = true)]
    public Value ExpectedStatusCodes { get; init; }

    public static void Check(ActivityCheck drawn) => CheckRequest(drawn);

    public async Task<ActivityResult> RunAsync(FlowContext flow, CancellationToken ct)
    {
        var cases = new List<int>();
        foreach (var expected in flow.Node.Known("expectedStatusCodes").AsList) cases.Add((int)expected["statusCode"].AsNumber);
        if (await sender.SendAsync(this, flow, cases.Contains, NoConnection, ct) is not { } status) return new ActivityResult.Completed(NoConnection);
        return new ActivityResult.Completed(cases.IndexOf(status) is var at and >= 0 ? $"expectedStatusCodes/{at}" : "unmatchedStatusCode");
    }
}
