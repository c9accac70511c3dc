using Crm.Entities;
using Crm.Host.Accounts;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Crm.Host.Teams;

internal static class DeleteTeam // DELETE /teams/{id}
{
    public static void Map(IEndpointRouteBuilder admins) => admins.MapDelete("/{id:guid}", Handle).WithName(nameof(DeleteTeam))
        .WithSummary("Deletes a team for good; its members stay users").ProducesProblem(StatusCodes.Status404NotFound).WithIfMatch();

    private static async Task<Results<NoContent, ProblemHttpResult>> Handle(Guid id, HttpContext http, CrmDbContext db, AccountWrites writes, CancellationToken ct)
    {
        if (ETags.Version(http, null, out var fault) is not { } version) return Problems.Faulty([fault!]);
        if (await db.Teams.SingleOrDefaultAsync(t => t.Id == id, ct) is not { } team) return Problems.NotFound("team");
        if (team.Version != version) return Problems.Stale("team", team.Version);
        db.Teams.Remove(team);
        if (await writes.SaveAsync(ct) is { } problem) return problem;
        await writes.TellAsync("crm.team.deleted", "team", id, ct);
        return TypedResults.NoContent();
    }
}
