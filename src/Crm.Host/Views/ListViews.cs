using System.ComponentModel;
using Crm.Entities;
using Crm.Host.CustomFields;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Crm.Host.Views;

internal static class ListViews // GET /views?recordType=&after=&limit=
{
    public static void Map(IEndpointRouteBuilder views) => views.MapGet("", Handle).WithName(nameof(ListViews)).WithSummary("Lists one's own saved views and the shared ones");

    private static async Task<Results<Ok<Page<ViewResponse>>, ProblemHttpResult>> Handle(
        [Description("Of what they are lists."), RecordType] string? recordType, Guid? after, int? limit, CurrentRequest current, CrmDbContext db, CancellationToken ct)
    {
        if (Pages.Check(limit) is { } fault) return Problems.Faulty([fault]);
        var rows = db.Views.AsNoTracking().SeenBy(current.Actor.Id);
        if (recordType is not null) rows = rows.Where(v => v.RecordType == recordType);
        if (after is { } last) rows = rows.Where(v => v.Id > last);
        var items = await rows.OrderBy(v => v.Id).Take(Pages.Size(limit) + 1).Select(ViewResponse.Projection).ToListAsync(ct);
        return TypedResults.Ok(Pages.Of(items, limit, v => v.Id.ToString(), v => v));
    }
}
