using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Crm.Wfm.Flows.Studio;

/// <summary>A run is bound to the events, signals and transactions of the database it ran in: one of another server could not go on here, and would be no record of what happened here.</summary>
internal static class ImportInstances // POST /bulk-actions/import/workflow-instances
{
    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/bulk-actions/import/workflow-instances",
        () => ElsaAnswer.Refused("Runs cannot be imported: a run belongs to the database it ran in. Import the flow, and start it.")).Needs(ElsaRights.Run);
}
