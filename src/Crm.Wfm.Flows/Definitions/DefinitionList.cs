using Crm.Wfm.Flows.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Crm.Wfm.Flows.Definitions;

/// <summary>Lists versions as they are asked for.</summary>
internal static class DefinitionList
{
    /// <summary>Says which versions are meant, as a condition on row <c>d</c> and, where it has a parameter, that.</summary>
    public static (string Condition, object[] Number) Meant(VersionOptions version, string parameter) => version.Kind switch
    {
        VersionKind.Latest => ("d.is_latest", []),
        VersionKind.Published => ("d.is_published", []),
        VersionKind.LatestOrPublished => ("(d.is_latest or d.is_published)", []),
        VersionKind.LatestAndPublished => ("d.is_latest and d.is_published", []),
        VersionKind.Draft => ("not d.is_published", []),
        VersionKind.Number => ($"d.version = {parameter}", [version.Number]),
        _ => ("true", []),
    };

    public static async Task<DefinitionPage> PageAsync(DbContext db, DefinitionQuery query, CancellationToken ct)
    {
        var (where, parameters) = Where(query);
        var total = (await db.QueryAsync($"select count(*) from wfm_flows.definition d {where}", parameters, r => r.GetInt64(0), ct))[0];
        if (total <= query.Skip) return new([], total);
        return new(await DefinitionStore.ListAsync(db, $"{where} order by {Order(query)} offset {Math.Max(0, query.Skip)} limit {(query.Take is { } take ? Math.Max(0, take) : "all")}", parameters, ct), total);
    }

    private static (string Where, object?[] Parameters) Where(DefinitionQuery query)
    {
        var parameters = new List<object?>();
        string Parameter(object value)
        {
            parameters.Add(value);
            return $"${parameters.Count}";
        }

        var (meant, number) = Meant(query.Versions, "$1");
        parameters.AddRange(number);
        var conditions = new List<string> { meant };
        if (query.Ids is { } ids) conditions.Add($"d.id = any({Parameter(ids.ToArray())})");
        if (query.DefinitionIds is { } definitions) conditions.Add($"d.definition_id = any({Parameter(definitions.ToArray())})");
        if (query.InBundles is { } inBundles) conditions.Add(inBundles ? "d.bundle_key is not null" : "d.bundle_key is null");
        if (query.IsSystem is { } isSystem) conditions.Add(isSystem ? "d.is_system" : "not d.is_system");
        if (query.UsableAsActivity is { } usable) conditions.Add(usable ? "d.type_name is not null" : "d.type_name is null");
        if (query.Search is { Length: > 0 } search) conditions.Add($"position(lower({Parameter(search)}) in lower(concat_ws(' ', d.id, d.definition_id, d.name, d.description))) > 0");
        return ($"where {string.Join(" and ", conditions)}", [.. parameters]);
    }

    private static string Order(DefinitionQuery query)
    {
        var (column, direction) = (query.OrderBy switch { DefinitionOrder.Name => "lower(d.name)", DefinitionOrder.Version => "d.version", _ => "d.created_at" }, query.IsDescending ? "desc" : "asc");
        return $"{column} {direction}, d.definition_id {direction}, d.version {direction}";
    }
}
