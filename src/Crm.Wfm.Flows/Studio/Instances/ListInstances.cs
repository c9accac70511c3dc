using Crm.Wfm.Flows.Persistence;
using Crm.Wfm.Persistence;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Crm.Wfm.Flows.Studio;

internal static class ListInstances // POST /workflow-instances
{
    public sealed record Request : InstanceFilter
    {
        public int? Page { get; init; }

        public int? PageSize { get; init; }

        public string? OrderBy { get; init; }

        public string? OrderDirection { get; init; }
    }

    public static void Map(IEndpointRouteBuilder instances) => instances.MapPost("", Handle).OnlyReads();

    private static async Task<IResult> Handle(ElsaBody<Request> body, HostContext host, CancellationToken ct)
    {
        var request = body.Value;
        if (request.Condition() is not { } condition) return ElsaAnswer.Refused("This cannot be filtered by: a column or an operator is none of those there are.");
        var isAscending = "Ascending".Equals(request.OrderDirection, StringComparison.OrdinalIgnoreCase);
        var order = request.OrderBy?.ToUpperInvariant() switch { "LASTEXECUTED" or "UPDATEDAT" => "r.updated_at", "FINISHED" or "FINISHEDAT" => "r.finished_at", "NAME" => "r.name", _ => null };
        // What never is null is ordered by as its index is.
        var by = order is null ? $"r.id {(isAscending ? "asc" : "desc")}" : $"{order} {(isAscending ? "asc nulls first" : "desc nulls last")}, r.id";
        var total = (await host.Db.QueryAsync($"select count(*) {InstanceSummary.From} where {condition.Sql}", [.. condition.Parameters], r => r.GetInt64(0), ct))[0];
        var (skip, take) = request.PageSize is >= 0 and var size ? ((long)Math.Max(0, request.Page ?? 0) * size, (long?)size) : (0, null);
        var page = $"offset {skip}{(take is null ? "" : $" limit {take}")}";
        var items = await host.Db.QueryAsync($"{InstanceSummary.Select} {InstanceSummary.From} where {condition.Sql} order by {by} {page}", [.. condition.Parameters], InstanceSummary.Of, ct);
        return ElsaAnswer.Ok(new ElsaPage<InstanceSummary>(items, total));
    }
}
