using System.ComponentModel;
using System.Text.Json.Nodes;
using Crm.Wfm.Flows.Activities;
using Crm.Wfm.Flows.Running;
using Crm.Wfm.Http;
using Crm.Wfm.Rules;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Crm.Wfm.Flows.Http;

internal static class SignalRun // POST /runs/{id}/signals/{name}
{
    private const int MaxName = 400;

    public static void Map(IEndpointRouteBuilder runs) => runs.MapPost("/{id:guid}/signals/{name}", Handle).WithName(nameof(SignalRun))
        .WithSummary("Sends a run a signal, kept for it until it waits for that")
        .WithIdempotencyKey("signals")
        .ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<Results<Accepted<SignalRunResponse>, ProblemHttpResult>> Handle(
        Guid id, [Description("The signal's name.")] string name, Body<SignalRunRequest> body, CurrentRequest current, FlowRuns runs, IOptions<WfmOptions> options, CancellationToken ct)
    {
        if (DefinitionAnswers.Refuse(current.Actor, options.Value) is { } refused) return refused;
        if (name.Length > MaxName) return Problems.Faulty([new("", "value", $"a signal's name has at most {MaxName} characters")]);
        // Who decided, and what a run came to, is not somebody's to say.
        if (name.StartsWith(Signals.Decided(""), StringComparison.Ordinal) || name.StartsWith("run:", StringComparison.Ordinal)) return Problems.Faulty([new("", "value", "decisions are made at /approvals, and the ends of runs told by themselves")]);
        return await runs.SignalAsync(id, name, Value.From(body.Value.Payload), ct) ? TypedResults.Accepted((string?)null, new SignalRunResponse(id, name)) : Problems.NotFound("run that goes on");
    }
}

/// <summary>A signal that is on its way, or kept.</summary>
/// <param name="Run">The run's id.</param>
/// <param name="Signal">The signal's name.</param>
internal sealed record SignalRunResponse(Guid Run, string Signal);

internal sealed record SignalRunRequest([property: Description("With what it comes.")] JsonObject? Payload = null);
