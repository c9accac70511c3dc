using Crm.Entities;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Crm.Host.Teams;

internal static class ListTeams // GET /teams?after=&limit=
{
    public static void Map(IEndpointRouteBuilder teams) => teams.MapGet("", Handle).WithName(nameof(ListTeams)).WithSummary("Lists teams with their members by id");

    private static async Task<Results<Ok<Page<TeamResponse>>, ProblemHttpResult>> Handle(Guid? after, int? limit, CrmDbContext db, CancellationToken ct)
    {
        if (Pages.Check(limit) is { } fault) return Problems.Faulty([fault]);
        var rows = after is { } last ? db.Teams.Where(t => t.Id > last) : db.Teams;
        var items = await rows.AsNoTracking().OrderBy(t => t.Id).Take(Pages.Size(limit) + 1).Select(TeamResponse.From).ToListAsync(ct);
        return TypedResults.Ok(Pages.Of(items, limit, t => t.Id.ToString(), t => t));
    }
}
