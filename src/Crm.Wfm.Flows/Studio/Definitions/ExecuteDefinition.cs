using Crm.Wfm.Flows.Activities;
using Crm.Wfm.Flows.Compiling;
using Crm.Wfm.Flows.Definitions;
using Crm.Wfm.Flows.Running;
using Crm.Wfm.Http;
using Crm.Wfm.Persistence;
using Crm.Wfm.Rules;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Crm.Wfm.Flows.Studio;

/// <summary>Starts a run and says which. Studio reads the headers alone: it shows no reason why a flow does not start, which therefore stands in the body for whoever reads it.</summary>
internal static class ExecuteDefinition // POST /workflow-definitions/{definitionId}/execute
{
    public sealed record Request
    {
        public string? CorrelationId { get; init; }

        public string? TriggerActivityId { get; init; }

        public string? VersionOptions { get; init; }

        public Value Input { get; init; }
    }

    private const string Instance = "x-elsa-workflow-instance-id";
    private const string CannotStart = "x-elsa-workflow-cannot-start";

    public static void Map(IEndpointRouteBuilder definitions) => definitions.MapPost("/{definitionId}/execute", Handle).Needs(ElsaRights.Run);

    private static async Task<IResult> Handle(
        string definitionId, ElsaBody<Request> body, HttpContext http, HostContext host, FlowDefinitions flows, FlowRuns runs, CurrentRequest current, ElsaToolbox toolbox, ActivityCatalog activities, CancellationToken ct)
    {
        var request = body.Value;
        var versions = VersionOptions.Published;
        if (!string.IsNullOrEmpty(request.VersionOptions) && !VersionOptions.TryParse(request.VersionOptions, out versions)) return ElsaAnswer.Refused($"'{request.VersionOptions}' is no version.");
        var stored = await flows.FindAsync(definitionId, versions, ct);
        if (stored is { Summary.IsPublished: false })
        {
            var (faults, known) = (new List<Wfm.Fault>(), await toolbox.ReadAsync(ct));
            FlowCompiler.Compile(stored.Document, activities, a => known.ContainsKey(a.Type) && a.Type != ActivityDescriptors.NotFound, faults);
            if (faults.Count > 0) return Refused(http, DefinitionAnswers.Words(faults, stored.Document));
        }

        var started = await runs.StartAsync(new(definitionId)
        {
            By = current.Actor, Version = versions, Input = request.Input, CorrelationId = request.CorrelationId is { Length: > 0 } correlation ? correlation : null, TriggerActivityId = request.TriggerActivityId,
        }, ct);
        switch (started)
        {
            case StartResult.Started { Run: var run }:
                http.Response.Headers[Instance] = run.ToString();
                return ElsaAnswer.Ok(new { workflowState = await InstanceSummary.FindAsync(host.Db, run.ToString(), ct) });
            case StartResult.CannotStart refused:
                return Refused(http, [refused.Why]);
            case StartResult.Faulty faulty:
                return Refused(http, DefinitionAnswers.Words(faulty.Faults, stored?.Document ?? default));
            default:
                return ElsaAnswer.NotFound("flow");
        }
    }

    private static IResult Refused(HttpContext http, IReadOnlyList<string> reasons)
    {
        http.Response.Headers[CannotStart] = "true";
        return ElsaAnswer.Ok(new { workflowState = (object?)null, reasons });
    }
}
