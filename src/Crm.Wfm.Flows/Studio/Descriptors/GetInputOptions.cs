using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Crm.Wfm.Flows.Studio;

internal static class GetInputOptions // POST /descriptors/activities/{type}/options/{input}
{
    private static readonly Dictionary<string, object> None = [];

    public static void Map(IEndpointRouteBuilder descriptors) => descriptors.MapPost("/activities/{type}/options/{input}", Handle).OnlyReads();

    // Asked for inputs whose choices are not always the same. Ours are: no descriptor says Refresh.
    private static async Task<IResult> Handle(string type, string input, ElsaToolbox toolbox, CancellationToken ct)
    {
        if (!(await toolbox.ReadAsync(ct)).TryGetValue(type, out var activity)) return ElsaAnswer.NotFound("activity");
        return activity.Inputs.FirstOrDefault(i => i.Name.Equals(input, StringComparison.OrdinalIgnoreCase)) is { } found
            ? ElsaAnswer.Ok(new { items = found.UiSpecifications ?? None })
            : ElsaAnswer.NotFound("input");
    }
}
