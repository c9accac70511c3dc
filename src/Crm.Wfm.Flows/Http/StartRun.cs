using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using Crm.Wfm.Flows.Definitions;
using Crm.Wfm.Flows.Running;
using Crm.Wfm.Http;
using Crm.Wfm.Rules;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Crm.Wfm.Flows.Http;

internal static class StartRun // POST /flows/{flow}/runs
{
    public static void Map(IEndpointRouteBuilder flows) => flows.MapPost("/{flow}/runs", Handle).WithName(nameof(StartRun))
        .WithSummary("Starts a run of a flow: of its published version unless asked otherwise")
        .ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async Task<Results<Accepted<StartRunResponse>, ProblemHttpResult>> Handle(
        [Description("The flow's id.")] string flow, Body<StartRunRequest> body, [FromHeader(Name = IdempotencyHeader.Name), Description("Names the run: it is started once, however often it is asked for.")] string? idempotencyKey,
        CurrentRequest current, FlowRuns runs, IOptions<WfmOptions> options, CancellationToken ct)
    {
        if (DefinitionAnswers.Refuse(current.Actor, options.Value) is { } refused) return refused;
        var request = body.Value;
        return await runs.StartAsync(new(flow)
        {
            Version = request.Version is { } number ? VersionOptions.Of(number) : VersionOptions.Published,
            By = current.Actor, Input = Value.From(request.Input), CorrelationId = request.CorrelationId, TriggerActivityId = request.Trigger, IdempotencyKey = idempotencyKey,
        }, ct) switch
        {
            StartResult.Started started => TypedResults.Accepted((string?)null, new StartRunResponse(started.Run, started.IsNew)),
            StartResult.CannotStart refusal => Problems.Conflict(refusal.Why),
            StartResult.Faulty faulty => Problems.Faulty(faulty.Faults, StatusCodes.Status422UnprocessableEntity),
            _ => Problems.NotFound("flow, or no such version of it"),
        };
    }
}

internal sealed record StartRunRequest(
    [property: Description("The inputs by name.")] JsonObject? Input = null,
    [property: StringLength(200), Description("What the run belongs to, such as a deal's id.")] string? CorrelationId = null,
    [property: Description("A version's number; a draft that has run never changes again.")] int? Version = null,
    [property: StringLength(200), Description("The id of the trigger to begin at, in place of the flow's start.")] string? Trigger = null);

/// <param name="Run">The run's id.</param>
/// <param name="IsNew">Whether this request started it; otherwise one before did, with the same key.</param>
internal sealed record StartRunResponse(Guid Run, bool IsNew);
