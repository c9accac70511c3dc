using Crm.Wfm.Flows.Definitions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Crm.Wfm.Flows.Studio;

internal static class CheckName // GET /workflow-definitions/validation/is-name-unique?name=&definitionId=
{
    public static void Map(IEndpointRouteBuilder definitions) => definitions.MapGet("/validation/is-name-unique", Handle);

    private static async Task<IResult> Handle(string? name, string? definitionId, FlowDefinitions flows, CancellationToken ct) =>
        ElsaAnswer.Ok(new { isUnique = await flows.IsNameUniqueAsync(name?.Trim() ?? "", definitionId, ct) });
}
