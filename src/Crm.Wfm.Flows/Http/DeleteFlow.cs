using System.ComponentModel;
using Crm.Wfm.Flows.Definitions;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Crm.Wfm.Flows.Http;

internal static class DeleteFlow // DELETE /flows/{flow}
{
    public static void Map(IEndpointRouteBuilder flows) => flows.MapDelete("/{flow}", Handle).WithName(nameof(DeleteFlow))
        .WithSummary("Deletes a flow in all its versions, with the runs of it that have ended; not while runs go on")
        .ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        [Description("The flow's id.")] string flow, CurrentRequest current, FlowDefinitions definitions, IOptions<WfmOptions> options, CancellationToken ct)
    {
        if (DefinitionAnswers.Refuse(current.Actor, options.Value) is { } refused) return refused;
        return await definitions.DeleteAsync(flow, ct) switch
        {
            DeleteResult.Deleted => TypedResults.NoContent(),
            DeleteResult.ReadOnly held => DefinitionAnswers.InBundle(held.Bundle),
            DeleteResult.InUse used => Problems.Conflict($"{used.Runs} runs of it go on: end them first."),
            _ => Problems.NotFound("flow"),
        };
    }
}
