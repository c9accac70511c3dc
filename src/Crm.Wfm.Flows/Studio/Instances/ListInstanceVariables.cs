using Crm.Wfm.Rules;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Crm.Wfm.Flows.Studio;

/// <summary>Lists what the flow's variables hold. Once a run has come to its end there are none.</summary>
internal static class ListInstanceVariables // GET /workflow-instances/{id}/variables
{
    public static void Map(IEndpointRouteBuilder instances) => instances.MapGet("/{id}/variables", Handle);

    private static async Task<IResult> Handle(string id, RunTraces traces, CancellationToken ct)
    {
        if (await traces.FindAsync(id, ct) is not { } trace) return ElsaAnswer.NotFound("run");
        var held = trace.State?.Executions.Find(e => e.Parent is null)?.Variables;
        return ElsaAnswer.List(held is null ? [] : (IReadOnlyList<VariableValue>)
            [.. trace.Flow!.Definition.Variables.Where(v => held.ContainsKey(v.Id)).Select(v => new VariableValue(v.Id, v.Name, held[v.Id]))]);
    }

    private sealed record VariableValue(string Id, string Name, Value Value);
}
