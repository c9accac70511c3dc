using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Crm.Wfm.Flows.Studio;

internal static class ListActivities // GET /descriptors/activities
{
    public static void Map(IEndpointRouteBuilder descriptors) => descriptors.MapGet("/activities", Handle);

    private static async Task<IResult> Handle(ElsaToolbox toolbox, CancellationToken ct) =>
        ElsaAnswer.List([.. (await toolbox.ReadAsync(ct)).Values.OrderBy(d => d.TypeName, StringComparer.Ordinal)]);
}
