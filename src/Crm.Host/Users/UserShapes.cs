using System.ComponentModel.DataAnnotations;
using System.Linq.Expressions;
using Crm.Entities;
using Crm.Entities.Users;
using Crm.Host.Accounts;
using Crm.Wfm;
using Microsoft.EntityFrameworkCore;

namespace Crm.Host.Users;

/// <summary>A user as the API shows it. Status: <c>active</c>, <c>invited</c> until the invitation is accepted, <c>deactivated</c>.</summary>
internal sealed record UserResponse(
    Guid Id, string Name, string? Email, IReadOnlyList<string> Roles, [property: AllowedValues("active", "invited", "deactivated")] string Status, bool HasAccount, int Version, DateTimeOffset CreatedAt, Guid CreatedBy, DateTimeOffset? UpdatedAt, Guid? UpdatedBy)
{
    /// <summary>Reads it in one statement.</summary>
    public static Expression<Func<User, UserResponse>> From(IQueryable<Invitation> invitations) => u => new(
        u.Id, u.Name, u.Email, u.Roles, !u.IsActive ? "deactivated" : u.AccountId == null && invitations.Any(i => i.UserId == u.Id) ? "invited" : "active",
        u.AccountId != null, u.Version, u.CreatedAt, u.CreatedBy, u.UpdatedAt, u.UpdatedBy);
}

/// <summary>Checks the roles a request gives.</summary>
internal static class RoleFaults
{
    public static async Task<IReadOnlyList<Fault>> RoleFaultsAsync(this CrmDbContext db, IReadOnlyList<string>? roles, CancellationToken ct)
    {
        if (roles is null) return [];
        var unknown = await db.UnknownRolesAsync(roles, ct);
        return [.. roles.Index().Where(r => unknown.Contains(r.Item)).Select(r => new Fault($"/roles/{r.Index}", "unknown-role", "There is no such role in this workspace."))];
    }
}

/// <summary>Sees to it that a workspace keeps somebody who can administer it.</summary>
internal static class Administrators
{
    /// <summary>Tells whether there is another administrator who can come in; until the transaction ends, none of them can cease to be one.</summary>
    public static async Task<bool> HasAnotherAdminAsync(this AccountWrites writes, CrmDbContext db, Guid user, CancellationToken ct)
    {
        // In one order, so that two who demote each other wait for one another; who has waited sees what the other did.
        var admins = await db.Users.FromSql($"""
            select u.* from crm.user u
            where {Roles.Admin} = any (u.roles) and u.is_active and u.workspace_id = {writes.Workspace}
              and (u.account_id is not null or not exists (select from crm.invitation i where i.workspace_id = u.workspace_id and i.user_id = u.id))
            order by u.id for update
            """).AsNoTracking().ToListAsync(ct);
        return admins.Any(a => a.Id != user);
    }
}
