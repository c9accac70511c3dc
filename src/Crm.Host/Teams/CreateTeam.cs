using System.ComponentModel.DataAnnotations;
using Crm.Entities;
using Crm.Entities.Teams;
using Crm.Host.Accounts;
using Crm.Wfm.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Crm.Host.Teams;

internal static class CreateTeam // POST /teams
{
    public static void Map(IEndpointRouteBuilder admins) => admins.MapPost("", Handle).WithName(nameof(CreateTeam)).WithSummary("Makes a team of users").WithIdempotencyKey("teams");

    private static async Task<Results<Created<TeamResponse>, ProblemHttpResult>> Handle(Body<CreateTeamRequest> body, HttpContext http, CrmDbContext db, AccountWrites writes, CancellationToken ct)
    {
        var team = new Team { WorkspaceId = writes.Workspace, Id = Guid.CreateVersion7(writes.Now), Name = body.Value.Name, CreatedAt = writes.Now, CreatedBy = writes.Actor.Id };
        if (await db.SetMembersAsync(team, body.Value.Members ?? [], ct) is { Count: > 0 } faults) return Problems.Faulty(faults);
        db.Teams.Add(team);
        if (await writes.SaveAsync(ct) is { } problem) return problem;
        await writes.TellAsync("crm.team.created", "team", team.Id, ct);
        http.Response.Headers.Location = $"{http.Request.Path}/{team.Id}"; // here, not by the result: HttpIdempotency keeps it
        return TypedResults.Created((string?)null, await GetTeam.ReadAsync(db, http, team.Id, ct));
    }
}

internal sealed record CreateTeamRequest([property: Required, StringLength(200)] string Name, [property: MaxLength(1000)] IReadOnlyList<Guid>? Members = null);
