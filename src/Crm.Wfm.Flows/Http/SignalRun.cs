using System.ComponentModel;
using System.Text.Json.Nodes;
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

    private static async Task<Results<Accepted, ProblemHttpResult>> Handle(
        Guid id, [Description("The signal's name.")] string name, Body<SignalRunRequest> body, CurrentRequest current, FlowRuns runs, IOptions<WfmOptions> options, CancellationToken ct)
    {
        if (DefinitionAnswers.Refuse(current.Actor, options.Value) is { } refused) return refused;
        if (name.Length > MaxName) return Problems.Faulty([new("", "value", $"a signal's name has at most {MaxName} characters")]);
        return await runs.SignalAsync(id, name, Value.From(body.Value.Payload), ct) ? TypedResults.Accepted((string?)null) : Problems.NotFound("run that goes on");
    }
}

internal sealed record SignalRunRequest([property: Description("With what it comes.")] JsonObject? Payload = null);
