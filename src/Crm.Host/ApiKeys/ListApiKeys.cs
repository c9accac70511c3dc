using Crm.Entities;
using Crm.Host.Accounts;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Crm.Host.ApiKeys;

internal static class ListApiKeys // GET /api-keys?after=&limit=
{
    public static void Map(IEndpointRouteBuilder keys) => keys.MapGet("", Handle).WithName(nameof(ListApiKeys)).WithSummary("Lists one's own API keys by id; an admin's list has everybody's");

    private static async Task<Results<Ok<Page<ApiKeyResponse>>, ProblemHttpResult>> Handle(Guid? after, int? limit, CrmDbContext db, AccountWrites writes, CancellationToken ct)
    {
        if (Pages.Check(limit) is { } fault) return Problems.Faulty([fault]);
        var rows = db.ApiKeys.AsNoTracking();
        if (!writes.IsAdmin) rows = rows.Where(k => k.UserId == writes.Actor.Id);
        if (after is { } last) rows = rows.Where(k => k.Id > last);
        var items = await rows.OrderBy(k => k.Id).Take(Pages.Size(limit) + 1).Select(ApiKeyResponse.From).ToListAsync(ct);
        return TypedResults.Ok(Pages.Of(items, limit, k => k.Id.ToString(), k => k));
    }
}
