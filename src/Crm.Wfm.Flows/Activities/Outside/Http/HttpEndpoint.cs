using Crm.Wfm.Flows.Compiling;
using Crm.Wfm.Rules;

namespace Crm.Wfm.Flows.Activities;

/// <summary>Starts a flow when a request comes to a path, or waits for one.</summary>
[FlowActivity("Elsa.HttpEndpoint", "HTTP", "Starts the flow when a request comes to this path; in the middle of a flow it waits for one.", Title = "HTTP Endpoint", IsTrigger = true, IsPure = true,
    Ignored = ["fileSizeLimit", "allowedFileExtensions", "blockedFileExtensions", "allowedMimeTypes"])]
internal sealed class HttpEndpoint : IResumableActivity, ICheckedActivity
{
    /// <summary>The name under which a run that a request starts is given the request.</summary>
    public const string Input = "httpRequest";

    public static readonly string[] Methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

    [FlowInput("The path, such as orders/{id}.")]
    public required string Path { get; init; }

    [FlowInput("The methods; GET where none are given.", Hint = "checklist")]
    public Value SupportedMethods { get; init; }

    [FlowInput("Whether only those are let in who are signed in.")]
    public bool Authorize { get; init; }

    [FlowInput("The policy by which those are let in who are signed in.")]
    public string? Policy { get; init; }

    [FlowInput("How long the answer is waited for; as the host is configured where it is not given.")]
    public TimeSpan? RequestTimeout { get; init; }

    [FlowInput("How many bytes a body may have; never more than the host takes.")]
    public int? RequestSizeLimit { get; init; }

    [FlowOutput("The body: JSON as what it says, a form as an object, other text as text.")]
    public Value ParsedContent { get; private set; }

    [FlowOutput("The parameters of the path, by name.")]
    public Value RouteData { get; private set; }

    [FlowOutput("The query, by name: a text, or a list where it is given several times.")]
    public Value QueryStringData { get; private set; }

    [FlowOutput("The headers, by name in lower case; those that let somebody in are left out.")]
    public Value Headers { get; private set; }

    public static void Check(ActivityCheck drawn)
    {
        if (drawn.Known("path").AsText is { } path)
        {
            if (HttpRoute.Read(path, out var problem) is null) drawn.Fault("path", "value", problem!);
        }
        else if (drawn.IsTrigger)
        {
            drawn.Fault("path", "expression", "the path of a request that starts a flow is a literal");
        }

        var methods = drawn.Known("supportedMethods");
        if (drawn.IsTrigger && drawn.Has("supportedMethods") && methods.IsNull) drawn.Fault("supportedMethods", "expression", "the methods of a request that starts a flow are literal");
        else if (!methods.IsNull && (MethodsOf(methods) is not { Count: > 0 } given || given.Except(Methods).Any())) drawn.Fault("supportedMethods", "value", $"is no list of methods ({string.Join(", ", Methods)})");
        if (!drawn.IsTrigger) return;
        foreach (var input in new[] { "authorize", "policy", "requestTimeout", "requestSizeLimit" })
            if (drawn.Node.IsComputed(input)) drawn.Fault(input, "expression", "of a request that starts a flow this is literal");
    }

    /// <summary>Lists the keys of an endpoint that starts a flow, such as <c>GET orders/{}</c>; none where its flow would not have been published.</summary>
    public static IReadOnlyList<string> KeysOf(FlowNode endpoint) =>
        endpoint.Known("path").AsText is { } path && HttpRoute.Read(path, out _) is { } route && MethodsOf(endpoint.Known("supportedMethods")) is { } methods
            ? [.. methods.Select(m => HttpRoute.Key(m, route.Pattern))]
            : [];

    public Task<ActivityResult> RunAsync(FlowContext flow, CancellationToken ct)
    {
        var route = Route();
        if (flow.IsTriggerOfRun && flow.TakeInput(Input) is { IsNull: false } request) return Task.FromResult(Take(route, request));
        var methods = MethodsOf(SupportedMethods) ?? throw new FlowException("supportedMethods is no list of methods") { IsFinal = true };
        return Task.FromResult<ActivityResult>(new ActivityResult.Suspended([.. methods.Select(m => new Wait.For(Signals.Http(m, route.Pattern)))]));
    }

    public Task<ActivityResult> ResumeAsync(FlowContext flow, Happened happened, CancellationToken ct) => Task.FromResult(Take(Route(), happened.Payload));

    private HttpRoute Route() => HttpRoute.Read(Path, out var problem) ?? throw new FlowException($"the path '{Path}' {problem}") { IsFinal = true };

    private ActivityResult Take(HttpRoute route, Value request)
    {
        ParsedContent = request["content"];
        QueryStringData = request["query"];
        Headers = request["headers"];
        RouteData = route.DataOf(request["path"].AsText ?? "");
        return ActivityResult.Done;
    }

    private static List<string>? MethodsOf(Value given)
    {
        if (given.IsNull || given.AsText is "") return ["GET"];
        if (Definitions.TypeNames.Convert(given, "Object[]") is not { } list) return given.AsText is { } one ? [one.ToUpperInvariant()] : null;
        var methods = new List<string>();
        foreach (var method in list.AsList) methods.Add((method.AsText ?? "").ToUpperInvariant());
        return [.. methods.Distinct()];
    }
}
