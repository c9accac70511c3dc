using System.Linq.Expressions;
using Crm.Entities;
using Crm.Entities.Teams;
using Crm.Wfm;
using Microsoft.EntityFrameworkCore;

namespace Crm.Host.Teams;

/// <summary>A team as the API shows it.</summary>
internal sealed record TeamResponse(Guid Id, string Name, IReadOnlyList<Guid> Members, int Version, DateTimeOffset CreatedAt, Guid CreatedBy, DateTimeOffset? UpdatedAt, Guid? UpdatedBy)
{
    public static Expression<Func<Team, TeamResponse>> From { get; } =
        t => new(t.Id, t.Name, t.Members.OrderBy(m => m.UserId).Select(m => m.UserId).ToList(), t.Version, t.CreatedAt, t.CreatedBy, t.UpdatedAt, t.UpdatedBy);
}

/// <summary>Who is in a team.</summary>
internal static class Membership
{
    /// <summary>Makes these users the members; the faults name who is none of the workspace's.</summary>
    public static async Task<IReadOnlyList<Fault>> SetMembersAsync(this CrmDbContext db, Team team, IReadOnlyList<Guid> users, CancellationToken ct)
    {
        var known = await db.Users.Where(u => users.Contains(u.Id)).Select(u => u.Id).ToListAsync(ct);
        team.Members.RemoveAll(m => !users.Contains(m.UserId));
        team.Members.AddRange(known.Except(team.Members.Select(m => m.UserId)).Select(id => new TeamMember { WorkspaceId = team.WorkspaceId, TeamId = team.Id, UserId = id }));
        return [.. users.Index().Where(u => !known.Contains(u.Item)).Select(u => new Fault($"/members/{u.Index}", "not-found", "There is no such user."))];
    }
}
