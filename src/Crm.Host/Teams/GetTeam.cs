using Crm.Entities;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Crm.Host.Teams;

internal static class GetTeam // GET /teams/{id}
{
    public static void Map(IEndpointRouteBuilder teams) =>
        teams.MapGet("/{id:guid}", Handle).WithName(nameof(GetTeam)).WithSummary("Shows a team with its members").ProducesProblem(StatusCodes.Status404NotFound);

    /// <summary>Reads a team for an answer, with its ETag.</summary>
    public static async Task<TeamResponse?> ReadAsync(CrmDbContext db, HttpContext http, Guid id, CancellationToken ct)
    {
        var team = await db.Teams.AsNoTracking().Where(t => t.Id == id).Select(TeamResponse.From).SingleOrDefaultAsync(ct);
        if (team is not null) http.Response.Headers.ETag = ETags.Of(team.Version);
        return team;
    }

    private static async Task<Results<Ok<TeamResponse>, ProblemHttpResult>> Handle(Guid id, HttpContext http, CrmDbContext db, CancellationToken ct) =>
        await ReadAsync(db, http, id, ct) is { } team ? TypedResults.Ok(team) : Problems.NotFound("team");
}
