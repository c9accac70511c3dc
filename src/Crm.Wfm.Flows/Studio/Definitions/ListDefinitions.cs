using System.Globalization;
using Crm.Wfm.Flows.Definitions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Crm.Wfm.Flows.Studio;

internal static class ListDefinitions // GET /workflow-definitions?versionOptions=&Page=&PageSize=&SearchTerm=&IsSystem=&OrderBy=&OrderDirection=&Ids=&DefinitionIds=
{
    public static void Map(IEndpointRouteBuilder definitions) => definitions.MapGet("", Handle);

    private static async Task<IResult> Handle(HttpRequest request, FlowDefinitions flows, ElsaCaller caller, CancellationToken ct)
    {
        var query = request.Query;
        if (!VersionOptions.TryParse(query["versionOptions"], out var versions)) return ElsaAnswer.Refused($"'{query["versionOptions"]}' is no version.");
        var size = Number(query["pageSize"]);
        var found = await flows.ListAsync(new()
        {
            Versions = versions,
            Search = query["searchTerm"],
            Ids = query["ids"] is { Count: > 0 } ids ? [.. ids.OfType<string>()] : null,
            DefinitionIds = query["definitionIds"] is { Count: > 0 } definitionIds ? [.. definitionIds.OfType<string>()] : null,
            IsSystem = bool.TryParse(query["isSystem"], out var isSystem) ? isSystem : null,
            UsableAsActivity = bool.TryParse(query["usableAsActivity"], out var usable) ? usable : null,
            OrderBy = Enum.TryParse<DefinitionOrder>(query["orderBy"], ignoreCase: true, out var order) ? order : DefinitionOrder.Created,
            IsDescending = "Descending".Equals(query["orderDirection"], StringComparison.OrdinalIgnoreCase),
            Skip = size is null ? 0 : (int)Math.Min(int.MaxValue, (long)(Number(query["page"]) ?? 0) * size.Value),
            Take = size,
        }, ct);
        return ElsaAnswer.Ok(new ElsaPage<DefinitionItem>([.. found.Items.Select(d => DefinitionItem.Of(d, caller))], found.TotalCount) { Links = DefinitionLinks.Of(caller) });
    }

    private static int? Number(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
