using Crm.Wfm.Persistence;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Crm.Wfm.Http;

internal static class ListRecords // GET /records?type=&after=&limit=
{
    public static void Map(IEndpointRouteBuilder records) => records.MapGet("", Handle).WithName(nameof(ListRecords)).WithSummary("Lists records by id");

    private static async Task<Results<Ok<Page<RecordResponse>>, ProblemHttpResult>> Handle(string? type, Guid? after, int? limit, HostContext host, CancellationToken ct)
    {
        if (Pages.Check(limit) is { } fault) return Problems.Faulty([fault]);
        var rows = host.Db.Set<RecordRow>().AsNoTracking().Where(r => r.DeletedAt == null);
        if (type is not null) rows = rows.Where(r => r.Type == type);
        if (after is { } last) rows = rows.Where(r => r.Id > last);
        var items = await rows.OrderBy(r => r.Id).Take(Pages.Size(limit) + 1).ToListAsync(ct);
        return TypedResults.Ok(Pages.Of(items, limit, r => r.Id.ToString(), RecordResponse.Of));
    }
}
