using System.ComponentModel.DataAnnotations;
using Crm.Entities;
using Crm.Host.Accounts;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Crm.Host.Teams;

internal static class UpdateTeam // PATCH /teams/{id}
{
    public static void Map(IEndpointRouteBuilder admins) => admins.MapPatch("/{id:guid}", Handle).WithName(nameof(UpdateTeam))
        .WithSummary("Changes a team's name, or all of its members").ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<Results<Ok<TeamResponse>, ProblemHttpResult>> Handle(
        Guid id, Body<UpdateTeamRequest> body, HttpContext http, CrmDbContext db, AccountWrites writes, CancellationToken ct)
    {
        var request = body.Value;
        if (ETags.Version(http, request.Version, out var fault) is not { } version) return Problems.Faulty([fault!]);
        if (await db.Teams.Include(t => t.Members).SingleOrDefaultAsync(t => t.Id == id, ct) is not { } team) return Problems.NotFound("team");
        if (team.Version != version) return Problems.Stale("team", team.Version);
        if (request.Members is { } members && await db.SetMembersAsync(team, members, ct) is { Count: > 0 } faults) return Problems.Faulty(faults);
        team.Name = request.Name ?? team.Name;
        team.Touch(writes.Actor, writes.Now);
        if (await writes.SaveAsync(ct) is { } problem) return problem;
        await writes.TellAsync("crm.team.updated", "team", id, ct);
        return TypedResults.Ok(await GetTeam.ReadAsync(db, http, id, ct));
    }
}

internal sealed record UpdateTeamRequest(
    [property: StringLength(200, MinimumLength = 1)] string? Name = null, [property: MaxLength(1000)] IReadOnlyList<Guid>? Members = null, [property: Range(0, int.MaxValue)] int? Version = null);
