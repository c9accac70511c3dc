using Crm.Wfm.Flows.Persistence;
using Crm.Wfm.Flows.Running;
using Crm.Wfm.Persistence;
using Crm.Wfm.Rules;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Crm.Wfm.Flows.Studio;

internal static class GetInstance // GET /workflow-instances/{id}
{
    public static void Map(IEndpointRouteBuilder instances) => instances.MapGet("/{id}", Handle);

    private static async Task<IResult> Handle(string id, HostContext host, RunTraces traces, CancellationToken ct)
    {
        if (await InstanceSummary.FindAsync(host.Db, id, ct) is not { } run || await traces.FindAsync(run.Id, ct) is not { } trace) return ElsaAnswer.NotFound("run");
        var kept = (await host.Db.QueryAsync("select output, error, error_activity from wfm_flows.run where id = $1", [run.Id],
            r => (Output: r.GetValue(0) as string, Error: r.GetValue(1) as string, Activity: r.GetValue(2) as string), ct))[0];
        var incidents = Incidents(trace);
        if (run.SubStatus == "Faulted" && kept.Error is { } error && !incidents.Exists(i => i.Message == error))
            incidents.Add(new(NodeIds.Root, kept.Activity ?? NodeIds.Root, Ids.Of(run.Id, 0), "Elsa.Workflow", error, ExecutionFailure.Of(error), run.UpdatedAt));
        return ElsaAnswer.Ok(new InstanceDetail(run, new()
        {
            Id = run.Id, DefinitionId = run.DefinitionId, DefinitionVersionId = run.DefinitionVersionId, DefinitionVersion = run.Version, CorrelationId = run.CorrelationId,
            Status = run.Status, SubStatus = run.SubStatus, Incidents = incidents,
            Input = Input(trace), Output = kept.Output is null ? Value.From(FactObject.Empty) : Value.Parse(kept.Output),
            CreatedAt = run.CreatedAt, UpdatedAt = run.UpdatedAt, FinishedAt = run.FinishedAt,
        }).ToValue());
    }

    // Of a run that has come to its end the journal alone is left, whose last entry is the flow's own.
    private static Value Input(RunTrace trace) => trace.State is { } state ? RunStore.Of(state.Input)
        : trace.Entries.LastOrDefault(e => e.Entry is { Execution: > 0, Parent: 0 })?.Entry.Inputs ?? Value.From(FactObject.Empty);

    private static List<InstanceIncident> Incidents(RunTrace trace) =>
    [
        .. from traced in trace.Entries
           where traced.Entry.Kind is JournalKind.Faulted or JournalKind.Retrying
           let e = traced.Execution
           select new InstanceIncident(e.ActivityId, e.NodeId, Ids.Of(trace.Run, e.Id), e.Type, traced.Entry.Message ?? "", ExecutionFailure.Of(traced.Entry.Message), traced.Entry.At),
    ];
}
